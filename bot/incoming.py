"""What the desk hands over, checked: a message, or texts whose urgency it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.labels import LABELS
from bot.nlu.context import GUIDED, REPLIES, VISIBILITIES
from bot.text import MAX_CHARACTERS, clean, defuse

LOGGED, SAID = "logged", "said"
LONGEST_ID = 255
MOST_TEXTS = 64


class Refusal(Exception):
    """A request that can't be taken: a sentence for the caller and an HTTP status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True)
class Incoming:
    """One message as the desk hands it over. Ids are opaque; only ``text`` is anything a person wrote."""

    message_id: str
    conversation_id: str
    channel: str
    visibility: str
    text: str
    guided: str
    replies: str
    hold: str
    answer_when: str = LOGGED

    @property
    def context(self) -> dict[str, str]:
        """What the understanding and the rules may know besides the text (bot/nlu/context.py)."""
        return {
            "channel": self.channel,
            "visibility": self.visibility,
            "guided": self.guided,
            "replies": self.replies,
        }


def read_incoming(body: Any) -> Incoming:
    """Checks a request's JSON. Raises :class:`Refusal` (400, or 413 for too long a text)."""
    if not isinstance(body, dict):
        raise Refusal("Send a JSON object.")
    for name in ("message_id", "conversation_id", "channel"):
        value = body.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
            raise Refusal(f"{name} must be a string of 1 to {LONGEST_ID} characters.")
    text = body.get("text")
    if not isinstance(text, str):
        raise Refusal("text must be a string.")
    if len(text) > MAX_CHARACTERS:
        raise Refusal(f"text is longer than {MAX_CHARACTERS:,} characters.", 413)
    cleaned = clean(text)
    if not cleaned:
        raise Refusal("text is empty.")
    return Incoming(
        body["message_id"],
        body["conversation_id"],
        body["channel"],
        _choice(body, "visibility", VISIBILITIES, required=True),
        defuse(cleaned),
        _choice(body, "guided", GUIDED),
        _choice(body, "replies", REPLIES),
        _choice(body, "hold", ("", *LABELS)),
        _choice(body, "answer_when", (LOGGED, SAID)),
    )


def read_texts(body: Any) -> list[str]:
    """The texts of a request for their urgency. Raises :class:`Refusal`."""
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(isinstance(text, str) for text in texts):
        raise Refusal(f"texts must be a list of at most {MOST_TEXTS} strings.")
    return texts


def _choice(body: dict[str, Any], name: str, allowed: tuple[str, ...], *, required: bool = False) -> str:
    value = body.get(name, None if required else allowed[0])
    if value not in allowed:
        raise Refusal(f"{name} must be one of: {', '.join(allowed)}.")
    return str(value)
