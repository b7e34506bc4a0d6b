"""Makes a conversation test of what was heard in the simulator, shows it as a change of ``recorded.yml``, and writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from signpost.console.parts import Parts
from signpost.console.whole_file import alone_in, replace_whole, stamp_of
from signpost.console.workbench.diffing import DiffLine, diff
from signpost.console.workbench.heard import Held
from signpost.console.workbench.wording import RECORDED
from signpost.conversations.reading import Conversation, Turn, load_suite
from signpost.conversations.writing import added
from signpost.log.audit import ALTERATION, Act
from signpost.mistakes import Mistake

NAME = "recorded.yml"


class NotRecorded(Exception):
    """The file can't be written; it is as it was before. The text is a sentence for the trainer."""


class ChangedSince(NotRecorded):
    """The file isn't as it was shown to whoever said yes."""


@dataclass(frozen=True)
class Proposed:
    """The change as the trainer says yes to it; ``seen`` stamps the file that it is made to."""

    file: str
    seen: str
    lines: list[DiffLine]


def test_of(held: Held, title: str, channels: str, texts: Sequence[Sequence[str]]) -> Conversation:
    """The test: the texts as the trainer left them, and what came of each turn as what must come."""
    turns = tuple(
        Turn(
            says=tuple(says),
            gap_hours=turn.gap_hours,
            label=turn.label,
            escalation=turn.is_escalated,
            cause=turn.cause,
            replies=tuple(response for response, _text in turn.replies),
        )
        for turn, says in zip(held.turns, texts, strict=True)
    )
    return Conversation(" ".join(title.split()), NAME, (channels,), turns)


def propose(folder: Path, test: Conversation) -> Proposed:
    """What would be written. Raises :class:`Mistake` where the title is taken, or a file of tests is broken."""
    before = _contents(folder)
    return Proposed(f"tests/conversation/{NAME}", stamp_of(before), diff(before, _with(folder, before, test)))


def record(parts: Parts, username: str, test: Conversation, seen: str) -> None:
    """Writes the test and logs who did, the file first.

    Raises :class:`Mistake` as :func:`propose`, :class:`NotRecorded` where it can't be written, and
    :class:`ChangedSince` when the file isn't as it was seen.
    """
    folder = parts.bench.suite_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with parts.sessions.begin() as session, alone_in(folder):
            before = _contents(folder)
            if stamp_of(before) != seen:
                raise ChangedSince
            replace_whole(folder / NAME, _with(folder, before, test))
            act = Act(username, ALTERATION, RECORDED, detail={"file": NAME, "turns": len(test.turns)})
            parts.trail.write(session, act, parts.clock())
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        raise NotRecorded(f"The conversation tests can’t be written here ({why}), so nothing was recorded.") from None


def _with(folder: Path, before: str, test: Conversation) -> str:
    taken = next((one for one in load_suite(folder) if one.title == test.title), None)
    if taken is not None:
        raise Mistake(f"There is already a test of this title, in {taken.file}. Give it another.")
    return added(before, test)


def _contents(folder: Path) -> str:
    try:
        return (folder / NAME).read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as fault:
        why = getattr(fault, "strerror", None) or "it isn’t UTF-8"
        raise NotRecorded(f"{NAME} can’t be read here ({why}), so nothing was recorded.") from None
