"""Which alerts people are told of now, and what became of it: the record's side of :mod:`signpost.alerts.teller`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from signpost.log.models import Alert, Escalation

AT_ONCE = 1000
"""Alerts told in one notice; a notice lists the first of them and counts the others."""


@dataclass(frozen=True)
class DueNotice:
    """An alert that is to be told, with its record's reference and channel where it has one."""

    alert: Alert
    reference: str
    channel: str


def anything_due(session: Session, now: datetime) -> bool:
    """A look that locks nothing."""
    return session.scalars(select(Alert.id).where(_due(now)).limit(1)).first() is not None


def claim_due(
    session: Session, now: datetime, until: datetime, not_before: Callable[[Alert], datetime]
) -> list[DueNotice]:
    """The alerts that are due, each put off until then so that nobody else tells it meanwhile; a crash gives them back.

    What must wait (``not_before``, for its quiet hours) is put off that far, and isn't among them.
    """
    due = session.scalars(
        select(Alert)
        .where(_due(now))
        .order_by(Alert.urgent.desc(), Alert.notice_due_at, Alert.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    told = []
    for alert in due:
        earliest = not_before(alert)
        if earliest > now:
            alert.notice_due_at = earliest
        else:
            alert.notice_due_at = until
            told.append(alert)
    records = _records(session, [one.escalation_id for one in told if one.escalation_id is not None])
    return [DueNotice(one, *records.get(one.escalation_id or 0, ("", ""))) for one in told]


def note_told(session: Session, ids: Sequence[int], failure: str | None, again: Callable[[Alert], datetime]) -> None:
    """People were told of these; ``failure`` says which way they weren't. Each is told again unless somebody has seen it."""
    for alert in _each(session, ids):
        alert.notices += 1
        alert.notice_failure = failure
        if _is_open(alert):
            alert.notice_due_at = again(alert)


def note_failed(session: Session, ids: Sequence[int], failure: str, again: datetime) -> None:
    """Nobody could be told of these; it is tried again at that time."""
    for alert in _each(session, ids):
        alert.notice_failure = failure
        if _is_open(alert):
            alert.notice_due_at = again


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(Alert.acknowledged_at.is_(None), Alert.notice_due_at <= now, Alert.cleared_at.is_(None))


def _is_open(alert: Alert) -> bool:
    return alert.acknowledged_at is None and alert.cleared_at is None


def _each(session: Session, ids: Sequence[int]) -> Iterable[Alert]:
    for chunk in _chunks(ids):
        yield from session.scalars(select(Alert).where(Alert.id.in_(chunk)).with_for_update())


def _records(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    columns = select(Escalation.id, Escalation.reference, Escalation.channel)
    return {
        row.id: (row.reference, row.channel)
        for chunk in _chunks(ids)
        for row in session.execute(columns.where(Escalation.id.in_(chunk)))
    }


def _chunks(ids: Sequence[int], size: int = 200) -> Iterable[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
