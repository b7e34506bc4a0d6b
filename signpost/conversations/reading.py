"""Reads the conversation tests: ``tests/conversation/*.yml``, one file a topic. docs/training.md shows the form."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from signpost.log.models import CAUSES, REPORT
from signpost.mistakes import Mistake

LABELS = ("emergency", "crime_report", "not_report")
STAFF_REPLIED, ASKED_TO_STOP = "staff_replied", "asked_to_stop"
BEFORE = (STAFF_REPLIED, ASKED_TO_STOP)
ATTACHMENTS = ("image", "video", "audio", "file", "sticker")
GROUPS = ("private", "public", "all")
"""Names for several channels at once, by who can read them."""
LONGEST_GAP_HOURS = 24 * 366
_CONVERSATION = {"conversation", "channels", "turns"}
_TURN = {"says", "gap_hours", "before", "attachment", "label", "intent", "escalation", "cause", "replies", "words"}


@dataclass(frozen=True)
class Turn:
    """What a person says at once, and what must come of it. What is none isn't asserted.

    ``says`` are the texts of a burst, empty for an attachment without words. ``gap_hours``: hours since the turn before.
    ``before``: what happened just before, one of :data:`BEFORE`. ``escalation``: whether a report is recorded. ``cause``:
    for which other cause it is recorded, of :data:`signpost.log.models.CAUSES`. ``replies``: names of responses, in order;
    empty is silence. ``words`` stand in the reply, in this order.
    """

    says: tuple[str, ...] = ()
    gap_hours: float = 0.0
    before: str = ""
    attachment: str = ""
    label: str | None = None
    intent: str | None = None
    escalation: bool | None = None
    cause: str | None = None
    replies: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()

    def expected(self) -> dict[str, Any]:
        """What is asserted, and nothing else; good as JSON."""
        wanted = asdict(self)
        names = ("label", "intent", "escalation", "cause", "replies", "words")
        found = {name: wanted[name] for name in names if wanted[name] not in (None, ())}
        if self.replies == ():
            found["replies"] = ()
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


@dataclass(frozen=True)
class Conversation:
    """A test: its title, the name of its file, on which channels it is held, and its turns."""

    title: str
    file: str
    channels: tuple[str, ...]
    turns: tuple[Turn, ...] = field(default=())


def load_suite(folder: Path) -> list[Conversation]:
    """All tests of a folder, by file and then as they stand there; none where there is no file.

    Raises :class:`Mistake` with the first fault: the file, the title and what to do.
    """
    suite = [one for file in sorted(folder.glob("*.y*ml")) for one in load_file(file)]
    seen: dict[str, str] = {}
    for one in suite:
        if one.title in seen:
            raise Mistake(
                f'{one.file}: the title "{one.title}" is already used in {seen[one.title]}; give each its own.'
            )
        seen[one.title] = one.file
    return suite


def load_file(file: Path) -> list[Conversation]:
    """The tests of one file. Raises :class:`Mistake` as :func:`load_suite`, and where the file can't be read."""
    try:
        text = file.read_text("utf-8")
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise Mistake(f"{file} can't be read: it isn't UTF-8.") from None
    return read_text(text, file.name)


def read_text(text: str, name: str) -> list[Conversation]:
    """The tests that a file's text holds; ``name`` is the file's. Raises :class:`Mistake`."""
    try:
        contents = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        where = getattr(fault, "problem_mark", None)
        raise Mistake(f"{name}{f', line {where.line + 1}' if where else ''}: this isn't valid YAML.") from None
    entries = contents.get("conversations") if isinstance(contents, dict) else None
    if not isinstance(contents, dict) or contents.keys() != {"conversations"} or not isinstance(entries, list):
        raise Mistake(f"{name}: it should hold one list, named conversations, and nothing else.")
    return [_conversation(entry, name, place) for place, entry in enumerate(entries, 1)]


def _conversation(entry: Any, name: str, place: int) -> Conversation:
    title = entry.get("conversation") if isinstance(entry, dict) else None
    if not isinstance(title, str) or not title.strip():
        raise Mistake(f"{name}: test {place} has no title; begin it with conversation: and a sentence.")
    title = " ".join(title.split())
    for fault in _conversation_faults(entry):
        raise Mistake(f'{name}: "{title}": {fault}.')
    turns = tuple(_turn(turn) for turn in entry["turns"])
    return Conversation(title, name, tuple(entry["channels"]), turns)


def _turn(entry: dict[str, Any]) -> Turn:
    says = entry.get("says", [])
    values = {
        **entry,
        "says": (says,) if isinstance(says, str) else tuple(says),
        "gap_hours": float(entry.get("gap_hours") or 0),
        "words": tuple(entry.get("words") or ()),
        "replies": tuple(entry["replies"]) if entry.get("replies") is not None else None,
    }
    return Turn(**values)


def _conversation_faults(entry: dict[str, Any]) -> Iterator[str]:
    for unknown in _unknown(entry, _CONVERSATION):
        yield f"{unknown} is no part of a test; there are {', '.join(sorted(_CONVERSATION))}"
    if not _texts(entry.get("channels")):
        yield "channels must be a list, such as [private] or [messenger, x_dm]"
    turns = entry.get("turns")
    if not isinstance(turns, list) or not turns:
        yield "turns must be a list with something in it"
        return
    for place, turn in enumerate(turns, 1):
        if not isinstance(turn, dict):
            yield f"turn {place}: begin it with says: and what the person writes"
            continue
        yield from (f"turn {place}: {fault}" for fault in (*_said_faults(turn), *_expected_faults(turn)))


def _said_faults(turn: dict[str, Any]) -> Iterator[str]:
    for unknown in _unknown(turn, _TURN):
        yield f"{unknown} is no part of a turn; there are {', '.join(sorted(_TURN))}"
    says, attachment = turn.get("says"), turn.get("attachment")
    if attachment is not None and attachment not in ATTACHMENTS:
        yield f"attachment must be one of {', '.join(ATTACHMENTS)}"
    if (says is None) == (attachment is None):
        yield "it needs says, or an attachment in its place, which holds no words"
    elif says is not None and not isinstance(says, str) and not _texts(says):
        yield 'says must be a text or a list of texts; put a number or a bare yes or no in "quotes"'
    gap = gap_fault(turn.get("gap_hours") or 0)
    if gap:
        yield gap
    if turn.get("before", "") not in ("", *BEFORE):
        yield f"before must be one of {', '.join(BEFORE)}"


def gap_fault(gap: Any) -> str | None:
    """What is wrong with a turn's ``gap_hours``; none when nothing is."""
    if isinstance(gap, bool) or not isinstance(gap, (int, float)) or not 0 <= gap <= LONGEST_GAP_HOURS:
        return f"gap_hours must be a number from 0 to {LONGEST_GAP_HOURS}"
    return None


def _expected_faults(turn: dict[str, Any]) -> Iterator[str]:
    if not turn.keys() & {"label", "intent", "escalation", "cause", "replies", "words"}:
        yield "it expects nothing; say at least which replies must come"
    if turn.get("label", LABELS[0]) not in LABELS:
        yield f"label must be one of {', '.join(LABELS)}"
    if not isinstance(turn.get("intent", ""), str):
        yield "intent must be the name of an intent"
    if not isinstance(turn.get("escalation", True), bool):
        yield "escalation must be yes or no, without quotes"
    others = [cause for cause in CAUSES if cause != REPORT]
    if turn.get("cause", others[0]) not in others:
        yield f"cause must be one of {', '.join(others)}; for a report, escalation: yes"
    if turn.get("escalation") and turn.get("cause"):
        yield "it can't be a report (escalation: yes) and be recorded for another cause"
    if "replies" in turn and turn["replies"] != [] and not _texts(turn["replies"]):
        yield "replies must be a list of names of responses; [] means silence"
    if "words" in turn and not _texts(turn["words"]):
        yield 'words must be a list of texts; put numbers in "quotes"'
    elif turn.get("words") and turn.get("replies") == []:
        yield "words can't stand in a reply where silence is expected"


def _unknown(entry: dict[Any, Any], known: set[str]) -> list[str]:
    return sorted(map(str, entry.keys() - known))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)
