"""What the retention page shows: what the next run would erase, what a legal hold keeps, and how the last runs went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from signpost.log.duties import when_due
from signpost.log.models import AuditEntry, Escalation, StaffAccount
from signpost.log.retention import AUDIT, DIALOGUES, KINDS, NAMES, Limits
from signpost.log.retention_claim import DUTY
from signpost.log.retention_finding import Due, rule_for
from signpost.log.retention_run import BEGUN, ENDED, SUBJECT, audit_due

MOST_COUNTED = 1000
MOST_HELD = 50
MOST_RUNS = 20


@dataclass(frozen=True)
class Kind:
    """One kind of data: how long it is kept, from when on it is due, and how much is; none where the page can't count it."""

    name: str
    kept_for: str
    before: datetime
    due: Due | None


@dataclass(frozen=True)
class Held:
    """A record under a legal hold."""

    reference: str
    reason: str
    since: datetime | None
    by: str | None


@dataclass(frozen=True)
class Run:
    """One run: when it began and ended, what began it, and what it erased. Without an end it was cut short, or goes on."""

    began: datetime
    by: str
    ended: datetime | None
    erased: Sequence[tuple[str, int]]


def kinds(session: Session, limits: Limits, now: datetime) -> list[Kind]:
    """Each kind. No more than :data:`MOST_COUNTED` of any are counted; the assistant's own store isn't looked at here."""
    return [
        Kind(
            NAMES[kind], limits.in_words(kind), limits.cutoff(kind, now), _due(session, kind, limits.cutoff(kind, now))
        )
        for kind in KINDS
    ]


def _due(session: Session, kind: str, cutoff: datetime) -> Due | None:
    if kind == DIALOGUES:
        return None
    return (
        audit_due(session, cutoff, MOST_COUNTED)
        if kind == AUDIT
        else rule_for(kind, cutoff).count(session, MOST_COUNTED)
    )


def held(session: Session) -> tuple[list[Held], bool]:
    """The records under a legal hold, those held longest first, and whether there are more than are listed."""
    rows = session.execute(
        select(Escalation.reference, Escalation.hold_reason, Escalation.hold_at, StaffAccount.name)
        .outerjoin(StaffAccount, StaffAccount.id == Escalation.hold_by_id)
        .where(Escalation.hold_reason.is_not(None))
        .order_by(Escalation.id)
        .limit(MOST_HELD + 1)
    ).all()
    return [Held(*row) for row in rows[:MOST_HELD]], len(rows) > MOST_HELD


def next_run(session: Session, limits: Limits, now: datetime) -> datetime | None:
    """When retention runs next; none when it runs only by hand."""
    if limits.runs_at is None:
        return None
    return when_due(session, DUTY) or limits.next_run(now)


def runs(session: Session) -> list[Run]:
    """The last runs, the newest first, as the audit trail tells them."""
    entries = session.execute(
        select(AuditEntry.event, AuditEntry.at, AuditEntry.detail)
        .where(AuditEntry.subject == SUBJECT)
        .order_by(AuditEntry.sequence.desc())
        .limit(2 * MOST_RUNS)
    ).all()
    found: list[Run] = []
    end: Row[Any] | None = None
    for entry in entries:
        if entry.event == ENDED:
            end = entry
        elif entry.event == BEGUN:
            found.append(_run(entry, end))
            end = None
    return found[:MOST_RUNS]


def _run(begun: Row[Any], end: Row[Any] | None) -> Run:
    counts = (end.detail or {}) if end is not None else {}
    erased = [(NAMES[kind], counts[kind]) for kind in KINDS if counts.get(kind)]
    return Run(begun.at, str((begun.detail or {}).get("by", "")), end.at if end is not None else None, erased)
