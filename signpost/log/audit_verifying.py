"""Verifies the audit trail: every entry, their order, both ends, and what the anchor file says was there before.

Streams: a few thousand entries are in memory at a time, however long the log is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import ADMINISTRATION, FIRST, Act, Trail
from signpost.log.audit_anchor import RESTORED, Anchor, AnchorFile
from signpost.log.audit_faults import (
    ALTERED,
    ANCHOR_DAMAGED,
    ANCHOR_GONE,
    BEFORE_CUT,
    BEYOND_END,
    END_REMOVED,
    FORGED_CUT,
    FORGED_HEAD,
    MISSING,
    MOST_NAMED,
    OUT_OF_ORDER,
    REPLACED,
    Faults,
    Verdict,
)
from signpost.log.audit_order import Doubt, settle
from signpost.log.models import AuditCut, AuditEntry, AuditHead

VERIFIED = "log_verified"
CHAIN = "audit-chain"
"""The subject of what is done to the log as a whole."""
AT_ONCE = 5_000
_ENTRIES = AuditEntry.__table__
Progress = Callable[[int, int], object]
"""Told (entries looked at, entries there are)."""


def verify(
    reads: sessionmaker[Session],
    trail: Trail,
    anchors: AnchorFile | None = None,
    *,
    newest: int | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Looks at the whole trail, or at its ``newest`` entries, and at its ends.

    Entries that are written meanwhile are looked at as well. Without ``anchors``, a trail that was put back to an earlier
    state can't be told.
    """
    return _Verification(reads, trail, anchors, newest, progress or (lambda _done, _all: None)).run()


def verified(verdict: Verdict, actor: str) -> Act:
    """The act of verifying, for the trail itself."""
    detail = {
        "result": "holds" if verdict.holds else "broken",
        "entries": verdict.entries,
        "first": verdict.first,
        "last": verdict.last,
        "faults": verdict.fault_count,
    }
    return Act(actor, ADMINISTRATION, VERIFIED, CHAIN, detail=detail)


@dataclass
class _Verification:
    """One run. ``before`` holds the digests the entry before may have: two where what is stored isn't what it should be."""

    reads: sessionmaker[Session]
    trail: Trail
    anchors: AnchorFile | None
    newest: int | None
    progress: Progress
    faults: Faults = field(default_factory=Faults)
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    anchored: dict[int, Anchor] = field(default_factory=dict)
    before: tuple[str, ...] = (FIRST,)
    last: int = 0
    """The sequence of the entry before the next."""
    entries: int = 0
    first: Row[Any] | None = None
    newest_row: Row[Any] | None = None
    unproven: Row[Any] | None = None
    """The entry after a gap, until the next one has spoken for it."""
    cut_at: int = 0
    verified_before: bool = False
    total: int = 0

    def run(self) -> Verdict:
        self._read_anchors()
        self._begin()
        while True:
            for row in self._rows():
                self._step(row)
            if self._at_end():
                break
        self._settle_doubts()
        self._hold_against_anchors()
        return Verdict(
            entries=self.entries,
            first=self.first.sequence if self.first else None,
            last=self.newest_row.sequence if self.newest_row else None,
            first_at=self.first.at if self.first else None,
            last_at=self.newest_row.at if self.newest_row else None,
            cut_at=self.cut_at,
            anchors=len(self.anchored),
            faults=tuple(sorted(self.faults.named, key=lambda one: one.sequence or 0)),
            fault_count=self.faults.count,
            notes=tuple(self.notes),
        )

    # The beginning

    def _begin(self) -> None:
        """Where to begin: after the newest cut, or so many entries before the end."""
        with self.reads() as session:
            cuts = session.scalars(select(AuditCut).order_by(AuditCut.sequence)).all()
            self._check_cuts(cuts)
            if cuts:
                self.cut_at = self.last = cuts[-1].sequence
                self.before = (cuts[-1].digest,)
            leftover = session.scalar(select(func.min(AuditEntry.sequence))) or self.last + 1
            if leftover <= self.last:
                sentence = f"Entry {leftover} is there, although all up to {self.last} were erased by retention."
                self.faults.add(BEFORE_CUT, leftover, sentence)
            end = session.scalar(select(func.max(AuditEntry.sequence))) or 0
            if self.newest is not None and end - self.newest > self.last:
                known = session.execute(select(AuditEntry.digest).filter_by(sequence=end - self.newest)).scalar()
                self.last, self.before = end - self.newest, (known,) if known else ()
            self.total = end - self.last

    def _check_cuts(self, cuts: Sequence[AuditCut]) -> None:
        before = 0
        for one in cuts:
            if one.seal != self.trail.cut_seal(before, one.sequence, one.digest, one.at):
                sentence = f"The cut at entry {one.sequence} was not made by Signpost, or was changed since."
                self.faults.add(FORGED_CUT, one.sequence, sentence)
            before = one.sequence

    # The entries

    def _rows(self) -> Iterator[Row[Any]]:
        while True:
            query = select(_ENTRIES).where(_ENTRIES.c.sequence > self.last).order_by(_ENTRIES.c.sequence).limit(AT_ONCE)
            with self.reads() as session:
                rows = session.execute(query).all()
            if not rows:
                return
            yield from rows
            self.progress(self.entries, max(self.total, self.entries))

    def _step(self, row: Row[Any]) -> None:
        if row.sequence != self.last + 1 and not self._cut_meanwhile(row.sequence):
            self._missing(self.last + 1, row.sequence - 1)
            # It can't be proven, having nothing before it. If the next one follows from what stands before the gap, it was
            # never ours.
            self.unproven, self.before = row, (row.digest, *self.before)
        else:
            self._prove(row)
        anchor = self.anchored.get(row.sequence)
        if anchor is not None and anchor.digest != row.digest:
            sentence = f"Entry {row.sequence} is not the one that line {anchor.line} of the anchor file tells of."
            self.faults.add(REPLACED, row.sequence, sentence)
        self.entries, self.last, self.newest_row = self.entries + 1, row.sequence, row
        self.first = self.first or row
        self.verified_before = self.verified_before or row.event == VERIFIED

    def _prove(self, row: Row[Any]) -> None:
        digests = tuple(self.trail.digest(one, row) for one in self.before)
        if digests and row.digest not in digests:
            self._doubt(row)
            self.before = (row.digest, *digests)
        else:
            if self.unproven and row.digest != digests[0]:
                self.faults.add(ALTERED, self.unproven.sequence, _altered(self.unproven))
            self.before = (row.digest,)
        self.unproven = None

    def _cut_meanwhile(self, sequence: int) -> bool:
        """Whether retention took the entries before this one while we were at the very beginning."""
        if self.entries:
            return False
        with self.reads() as session:
            cut = session.scalars(select(AuditCut).filter_by(sequence=sequence - 1)).first()
        if cut is None or self.cut_at >= cut.sequence:
            return False
        self.cut_at, self.before = cut.sequence, (cut.digest,)
        return True

    def _missing(self, first: int, last: int) -> None:
        which = f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
        self.faults.add(MISSING, first, f"{which} missing.")

    def _doubt(self, row: Row[Any]) -> None:
        if len(self.doubts) < MOST_NAMED:
            self.doubts.append(Doubt(row, self.before))
        else:
            self.faults.add(ALTERED, row.sequence, _altered(row))

    def _settle_doubts(self) -> None:
        for row, belongs_at in settle(self.doubts, self.trail):
            if belongs_at is None:
                self.faults.add(ALTERED, row.sequence, _altered(row))
            else:
                sentence = f"Entry {row.sequence} is out of order: it was written as entry {belongs_at}."
                self.faults.add(OUT_OF_ORDER, row.sequence, sentence)

    # The end

    def _at_end(self) -> bool:
        """Whether all has been looked at; if so, the end is held against the head."""
        # One statement, so that an entry that is written just now is in both or in neither.
        newest = select(func.max(AuditEntry.sequence)).scalar_subquery()
        with self.reads() as session:
            head = session.execute(
                select(AuditHead.sequence, AuditHead.digest, AuditHead.seal, newest.label("newest")).filter_by(id=1)
            ).first()
        if head is None:
            if self.entries or self.cut_at:
                self.faults.add(FORGED_HEAD, None, "The record of the log's end is gone.")
            return True
        if (head.newest or 0) > self.last:
            return False
        self._check_head(head)
        return True

    def _check_head(self, head: Row[Any]) -> None:
        if head.seal != self.trail.head_seal(head.sequence, head.digest):
            sentence = "The record of the log's end is forged: it doesn't bear Signpost's seal."
            self.faults.add(FORGED_HEAD, head.sequence, sentence)
        if head.sequence > self.last:
            self._end_removed(self.last + 1, head.sequence, "by the record of its end")
        elif head.sequence < self.last:
            sentence = f"What comes after entry {head.sequence} lies beyond the log's recorded end."
            self.faults.add(BEYOND_END, head.sequence + 1, sentence)
        elif head.digest not in (self.before or (head.digest,)):
            sentence = f"Entry {head.sequence} is not the one that the record of the log's end tells of."
            self.faults.add(FORGED_HEAD, head.sequence, sentence)

    def _end_removed(self, first: int, last: int, by: str) -> None:
        which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
        self.faults.add(END_REMOVED, first, f"The end was removed: {by}, {which} gone.")

    # The anchors

    def _read_anchors(self) -> None:
        for one in self.anchors.lines() if self.anchors else ():
            if isinstance(one, int):
                sentence = f"Line {one} of the anchor file is damaged, or was not written by Signpost."
                self.faults.add(ANCHOR_DAMAGED, None, sentence)
                continue
            if one.kind == RESTORED:
                self._forget_anchors(one)
            self.anchored[one.sequence] = one

    def _forget_anchors(self, restored: Anchor) -> None:
        self.anchored.clear()
        self.faults = Faults()
        self.notes.append(
            f"A restore from a backup was noted on {restored.at[:10]}: what was anchored before isn't held against the log."
        )

    def _hold_against_anchors(self) -> None:
        if self.anchors is None:
            return
        if not self.anchors.exists():
            self._without_anchors()
            return
        latest = max(self.anchored.values(), key=lambda one: one.sequence, default=None)
        if latest is not None and latest.sequence > self.last:
            self._end_removed(self.last + 1, latest.sequence, f"on {latest.at[:10]} the log went on")

    def _without_anchors(self) -> None:
        if self.verified_before:
            sentence = "The anchor file is gone, although this log was verified before: its end can't be relied on."
            self.faults.add(ANCHOR_GONE, None, sentence)
        else:
            self.notes.append(
                "There was no anchor file yet, so the log's end was held against nothing outside the database."
            )


def _altered(row: Row[Any]) -> str:
    return f"Entry {row.sequence}, of {_day(row.at)}, was altered."


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d")
