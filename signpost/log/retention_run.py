"""One run of retention: kind after kind, batch after batch, so short that intake and desk go on, and safe to be killed.

Whatever a batch erases is logged in the same transaction. A run that was cut short has erased less than it might; the next
one goes on from there, for nothing is remembered between batches but the record itself.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import ADMINISTRATION, ERASURE, SERVICE, Act, Trail
from signpost.log.audit_cutting import cut
from signpost.log.clock import Clock
from signpost.log.figures_keeping import FigureKeeper
from signpost.log.models import AuditEntry, KeptForm
from signpost.log.retention import AUDIT, DIALOGUES, KINDS, RECORDS, Limits
from signpost.log.retention_dialogues import Dialogues
from signpost.log.retention_erasing import PURPOSE, batch_act, erase
from signpost.log.retention_finding import Cursor, Due, held_keys, held_references, rule_for
from signpost.log.retention_traces import empty_write_ahead_log, remove_traces

SUBJECT = "retention"
BEGUN, ENDED = "retention_begun", "retention_ended"
AT_ONCE = 50
RECORDS_AT_ONCE = 20
"""In one transaction. A record takes longer: its words leave the search's index too."""
AUDIT_AT_ONCE = 1000
LONGEST_REST = 0.25
KEPT_FORMS = timedelta(days=1)
"""Forms that were kept for somebody whose sign-in ended are theirs for so long."""
log = structlog.get_logger("signpost.retention")


@dataclass(frozen=True)
class Retention:
    """What a run works with."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    trail: Trail
    limits: Limits
    dialogues: Dialogues
    clock: Clock

    def look(self, most: int | None = None) -> Iterator[tuple[str, Due]]:
        """What a run would erase now, kind by kind; nothing is changed."""
        now = self.clock()
        for kind in KINDS:
            yield kind, self._due(kind, now, most)

    def run(
        self,
        by: str,
        stopped: Callable[[], bool] = lambda: False,
        told: Callable[[str, int], None] = lambda _kind, _count: None,
        rest: Callable[[float], object] = time.sleep,
    ) -> dict[str, int]:
        """Erases what is due and returns how many of each kind; fewer when it was ``stopped``.

        ``by`` says in the audit trail what began it; ``told`` hears how many of a kind are gone so far, at least once a
        kind; ``rest`` waits so many seconds between batches, shorter when the process is to stop.
        """
        now = self.clock()
        run = _Run(self, now, stopped, told, rest)
        self.note(Act(SERVICE, ADMINISTRATION, BEGUN, SUBJECT, detail={"by": by}))
        # Messages that led to no record are counted for the reports while they are there.
        FigureKeeper(self.sessions, self.reads, self.clock).refresh_all(rest, stopped)
        for kind in KINDS:
            run.erase(kind)
        with self.sessions.begin() as session:
            session.execute(delete(KeptForm).where(KeptForm.kept_at < now - KEPT_FORMS))
        clean = remove_traces(self.sessions, rest)
        if not stopped():
            self.note(Act(SERVICE, ERASURE, ENDED, SUBJECT, PURPOSE, detail={"by": by, **run.counts}))
        log.info("retention_ended", by=by, stopped=stopped(), traces_removed=clean, **run.counts)
        return run.counts

    def note(self, act: Act) -> None:
        """Logs an act in a transaction of its own."""
        with self.sessions.begin() as session:
            self.trail.write(session, act, self.clock())

    def _due(self, kind: str, now: datetime, most: int | None) -> Due:
        cutoff = self.limits.cutoff(kind, now)
        with self.reads() as session:
            if kind == DIALOGUES:
                return self.dialogues.count(cutoff, held_keys(session))
            if kind == AUDIT:
                return audit_due(session, cutoff, most)
            return rule_for(kind, cutoff).count(session, most)


@dataclass
class _Run:
    """One run under way."""

    of: Retention
    now: datetime
    stopped: Callable[[], bool]
    told: Callable[[str, int], None]
    rest: Callable[[float], object]
    counts: dict[str, int] = field(default_factory=dict)

    def erase(self, kind: str) -> None:
        """Erases all that is due of a kind."""
        cutoff = self.of.limits.cutoff(kind, self.now)
        batches = {DIALOGUES: self._dialogues, AUDIT: self._audit}.get(kind)
        self.counts[kind] = 0
        began = time.monotonic()
        for count in batches(cutoff) if batches else self._rows(kind, cutoff):
            self.counts[kind] += count
            self.told(kind, self.counts[kind])
            if self.stopped():
                return
            # As long as the batch took: half of the time is others'.
            self.rest(min(time.monotonic() - began, LONGEST_REST))
            began = time.monotonic()
        self.told(kind, self.counts[kind])

    def _rows(self, kind: str, cutoff: datetime) -> Iterator[int]:
        rule, most = rule_for(kind, cutoff), RECORDS_AT_ONCE if kind == RECORDS else AT_ONCE
        after: Cursor | None = None
        while not self.stopped():
            # Found without holding up anybody, and looked at again in the transaction that erases.
            with self.of.reads() as session:
                found = rule.find(session, after, most)
            if not found:
                return
            after = found[-1]
            with self.of.sessions.begin() as session:
                due = rule.again(session, [one for _at, one in found])
                if not due:
                    continue
                erased = erase(kind, session, due, self.of.clock())
                if erased.acts:
                    self.of.trail.write_all(session, erased.acts, self.of.clock())
            yield erased.count

    def _dialogues(self, cutoff: datetime) -> Iterator[int]:
        dialogues, after = self.of.dialogues, ""
        if not dialogues.is_there():
            return
        while not self.stopped():
            with self.of.reads() as session:
                held = held_keys(session)
            due, last = dialogues.find(cutoff, after, held)
            if due:
                # Logged first, since the two databases share no transaction: rather told twice than erased untold.
                self.of.note(batch_act(DIALOGUES, len(due)))
                dialogues.erase(due, cutoff)
                yield len(due)
            if last is None:
                break
            after = last
        if self.counts[DIALOGUES] and dialogues.engine is not None and dialogues.engine.dialect.name == "sqlite":
            empty_write_ahead_log(dialogues.engine)

    def _audit(self, cutoff: datetime) -> Iterator[int]:
        while not self.stopped():
            with self.of.sessions.begin() as session:
                held = held_references(session)
                gone = cut(session, self.of.trail, cutoff, self.of.clock(), held=held, most=AUDIT_AT_ONCE)
            if not gone:
                return
            yield gone


def audit_due(session: Session, cutoff: datetime, most: int | None) -> Due:
    """How many audit entries are due: those before the first that is about a record under a legal hold."""
    old = select(AuditEntry.sequence, AuditEntry.at).where(AuditEntry.at < cutoff)
    held = held_references(session)
    if held:
        first = session.scalar(select(func.min(AuditEntry.sequence)).where(AuditEntry.subject.in_(held)))
        old = old if first is None else old.where(AuditEntry.sequence < first)
    found = (old if most is None else old.limit(most)).subquery()
    count, oldest, newest = session.execute(
        select(func.count(), func.min(found.c.at), func.max(found.c.at)).select_from(found)
    ).one()
    return Due(count, oldest, newest, more=most is not None and count >= most)
