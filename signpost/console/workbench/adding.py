"""A trainer's own example: its place in the training messages, reviewed before it is written, and audited."""

import hashlib
from dataclasses import dataclass

from signpost.console.corrections.known import KnownMessages
from signpost.console.corrections.reviewed import EXAMPLE, NAME, ChangedSince, Reviewed
from signpost.console.parts import Parts
from signpost.console.whole_file import stamp_of
from signpost.console.workbench.diffing import DiffLine, diff
from signpost.corpus.nearest import Like
from signpost.log.audit import ALTERATION, Act

ADDED = "example_added"
ALIKE = 0.3
"""From this share of common pieces on, a message is shown for comparison."""
MOST_ALIKE = 8
LABELS = ("emergency", "crime_report", "not_report")


@dataclass(frozen=True)
class Proposed:
    """The change as the trainer says yes to it; ``seen`` stamps the file that it is made to."""

    file: str
    seen: str
    lines: list[DiffLine]


def intents_of(known: KnownMessages) -> list[str]:
    """Every intent that has messages, in order. Raises :class:`signpost.mistakes.Mistake`."""
    return sorted({intent for label in LABELS for intent in known.intents_of(label)})


def like(known: KnownMessages, line: str) -> list[Like]:
    """The training messages that share most of its words. Raises :class:`signpost.mistakes.Mistake`."""
    return known.like(line, ALIKE)[:MOST_ALIKE] if line else []


def propose(parts: Parts, intent: str, line: str) -> Proposed:
    """What would be written. Raises :class:`signpost.console.corrections.reviewed.NotWritten`."""
    before, after = _file(parts).proposed(_mark(intent, line), intent, line)
    return Proposed(f"data/nlu/{NAME}", stamp_of(before), diff(before, after))


def add(parts: Parts, username: str, intent: str, line: str, seen: str) -> None:
    """Writes the example, and logs who did; first the file, and it stands there once however often it is done.

    Raises :class:`signpost.console.corrections.reviewed.NotWritten`; ``ChangedSince`` when the file isn't as it was seen.
    """
    mark = _mark(intent, line)
    if not seen:
        raise ChangedSince("This page had grown too old, so nothing was written.")
    with parts.sessions.begin() as session:
        _file(parts).write(mark, intent, line, seen)
        act = Act(username, ALTERATION, ADDED, detail={"example": mark, "intent": intent})
        parts.trail.write(session, act, parts.clock())


def _file(parts: Parts) -> Reviewed:
    return Reviewed(parts.training_folder, EXAMPLE)


def _mark(intent: str, line: str) -> str:
    return hashlib.sha256(f"example {intent} {line}".encode("utf-8", "replace")).hexdigest()[:12]
