"""Text as Rasa may be given it: whatever the public typed, made safe to tokenise and never read as a command."""

import re

MAX_CHARACTERS = 20_000
"""Longer than any platform lets a message be; a channel that sends more is at fault."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without control characters, byte order marks and lone surrogates, stripped."""
    return _LONE_SURROGATES.sub("\ufffd", _UNPRINTABLE.sub(" ", text)).strip()


def defuse(text: str) -> str:
    """The text such that Rasa doesn't take it for a command: ``/restart`` would wipe the conversation."""
    return f"\u200b{text}" if text.startswith("/") else text


def stand_in_for(message_id: str | None) -> str:
    """What Rasa keeps, logs and sends in place of a message's text (docs/decisions/0004)."""
    return f"message {message_id}"
