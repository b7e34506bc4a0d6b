"""What the assistant says of the model it runs, for trainers."""

from typing import Final

from signpost.console.workbench.assistant import HEALTH_SECONDS, Assistant
from signpost.workbench.shelf import Model
from signpost.workbench.standing import AWAY, LOADING, REFUSED, RUNS, ask_at, state_of

SENTENCES: Final = {
    RUNS: "It runs this model",
    LOADING: "Loading: it answers with the model before, until this one is ready",
    REFUSED: "It can’t load this model and goes on with the one before. Roll back, or promote another",
    AWAY: "It doesn’t answer just now, so nobody knows which model it runs. See: signpost status",
}


def how_it_runs(assistant: Assistant | None, running: Model) -> str:
    """A sentence, by what the assistant's health address says."""
    standing = ask_at(assistant.client, assistant.url, HEALTH_SECONDS) if assistant else None
    return SENTENCES[state_of(running, standing)]
