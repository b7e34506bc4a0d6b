"""Which model the running assistant really has, as it says itself: a promoted one takes it some seconds."""

from dataclasses import dataclass

import httpx

from signpost.workbench.shelf import Model

SECONDS = 2.0
LOADING, REFUSED = "loading", "refused"


@dataclass(frozen=True)
class Standing:
    """``key``: the model that answers. ``next``: :data:`LOADING` or :data:`REFUSED` of one that was promoted, else none."""

    key: str
    next: str | None = None


def ask_assistant(client: httpx.Client, port: int) -> Standing | None:
    """What the assistant on this machine says; none when it doesn't answer."""
    try:
        answer = client.get(f"http://127.0.0.1:{port}/webhooks/signpost/", timeout=SECONDS).json()
        key, found = answer["model"], answer.get("next")
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Standing(key, found if found in (LOADING, REFUSED) else None) if isinstance(key, str) else None


def in_words(model: Model | None, standing: Standing | None) -> str:
    """Whether the model that should run does, in a sentence without the model's name."""
    if model is None:
        return "there is no model"
    if standing is None:
        return "the assistant doesn't answer"
    if standing.key == model.key:
        return "running"
    if standing.next == REFUSED:
        return "can't be loaded, so the one before goes on; roll back, or promote another"
    return "promoted, loading"
