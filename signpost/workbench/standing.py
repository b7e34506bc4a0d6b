"""Which model the running assistant really has, as it says itself: a promoted one takes it some seconds."""

from dataclasses import dataclass

import httpx

from signpost.workbench.shelf import Model

SECONDS = 2.0
RUNS, LOADING, REFUSED, AWAY = "runs", "loading", "refused", "away"
IN_WORDS = {
    RUNS: "running",
    LOADING: "promoted, loading",
    REFUSED: "can't be loaded, so the one before goes on; roll back, or promote another",
    AWAY: "the assistant doesn't answer",
}


@dataclass(frozen=True)
class Standing:
    """``key``: the model that answers. ``next``: :data:`LOADING` or :data:`REFUSED` of one that was promoted, else none."""

    key: str
    next: str | None = None


def ask_assistant(client: httpx.Client, port: int) -> Standing | None:
    """What the assistant on this machine says; none when it doesn't answer, or has no model."""
    return ask_at(client, f"http://127.0.0.1:{port}/webhooks/signpost", SECONDS)


def ask_at(client: httpx.Client, url: str, seconds: float) -> Standing | None:
    """The same of the assistant at this address, within so many seconds."""
    try:
        answer = client.get(f"{url}/", timeout=seconds).json()
        key, found = answer["model"], answer.get("next")
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Standing(key, found if found in (LOADING, REFUSED) else None) if isinstance(key, str) else None


def in_words(model: Model | None, standing: Standing | None) -> str:
    """Whether the model that should run does, in a sentence without the model's name."""
    return IN_WORDS[state_of(model, standing)] if model else "there is no model"


def state_of(model: Model, standing: Standing | None) -> str:
    """:data:`RUNS`, :data:`LOADING`, :data:`REFUSED`, or :data:`AWAY` where the assistant doesn't answer."""
    if standing is None:
        return AWAY
    if standing.key == model.key:
        return RUNS
    return REFUSED if standing.next == REFUSED else LOADING
