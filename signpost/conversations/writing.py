"""Writes a conversation test into the text of a file of tests, leaving what stands there as it is."""

import re
from typing import Any

import yaml

from signpost.conversations.reading import Conversation, Turn, read_text
from signpost.mistakes import Mistake

_ITEM = re.compile(r"^( *)- ", re.MULTILINE)
_EMPTY = re.compile(r"^conversations:\s*(\[\s*\])?\s*\Z", re.MULTILINE)
WIDTH = 10_000
"""One line a text, however long: a test is read as a difference."""


def added(text_of_file: str, conversation: Conversation) -> str:
    """The file's text with the test at its end; an empty text becomes a file of tests.

    Raises :class:`Mistake` where the file can't be read, the title is taken in it, or the test couldn't be read again.
    """
    text = text_of_file if text_of_file.strip() else "conversations:\n"
    known = [] if _EMPTY.search(text) else read_text(text, conversation.file)
    if any(one.title == conversation.title for one in known):
        raise Mistake(
            f'{conversation.file}: there is already a test called "{conversation.title}"; give it another name.'
        )
    head = _EMPTY.sub("conversations:\n", text) if not known else text.rstrip("\n") + "\n"
    indent = _ITEM.search(head)
    block = yaml.safe_dump(
        [_as_entry(conversation)], sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    space = indent.group(1) if indent else ""
    whole = head + "".join(f"{space}{line}\n" if line else "\n" for line in block.splitlines())
    if read_text(whole, conversation.file) != [*known, conversation]:
        raise Mistake(f"{conversation.file}: the test could not be written so that it reads the same again.")
    return whole


def _as_entry(conversation: Conversation) -> dict[str, Any]:
    return {
        "conversation": conversation.title,
        "channels": list(conversation.channels),
        "turns": [_as_turn(turn) for turn in conversation.turns],
    }


def _as_turn(turn: Turn) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if turn.says:
        said["says"] = turn.says[0] if len(turn.says) == 1 else list(turn.says)
    for name in ("attachment", "gap_hours", "before"):
        if getattr(turn, name):
            said[name] = getattr(turn, name)
    return {**said, **turn.expected()}
