"""What the assistant says of the model it runs."""

from typing import Any, Final

import httpx

from signpost.console.workbench.assistant import HEALTH_SECONDS, Assistant
from signpost.workbench.shelf import Model

RUNS, LOADING, REFUSED, AWAY = "runs", "loading", "refused", "away"
SENTENCES: Final = {
    RUNS: "It runs this model",
    LOADING: "Loading: it answers with the model before, until this one is ready",
    REFUSED: "It can’t load this model and goes on with the one before. Roll back, or promote another",
    AWAY: "It doesn’t answer just now, so nobody knows which model it runs. See: signpost status",
}


def how_it_runs(assistant: Assistant | None, running: Model) -> str:
    """One of the states above, by what the assistant's health address says."""
    said = _health(assistant) if assistant else {}
    if said.get("model") == running.key:
        return RUNS
    if not said.get("ready"):
        return AWAY
    return REFUSED if said.get("next") == REFUSED else LOADING


def _health(assistant: Assistant) -> dict[str, Any]:
    try:
        said = assistant.client.get(f"{assistant.url}/", timeout=HEALTH_SECONDS).json()
    except (httpx.HTTPError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
