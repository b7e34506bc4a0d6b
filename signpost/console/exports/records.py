"""Reads the records that filters ask for, oldest first, without ever holding more than a few thousand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.orm import Session, sessionmaker

from signpost.console.queue.filters import Filters
from signpost.log.models import Escalation

AT_ONCE: Final = 2000
LOOK_THROUGH: Final = 20_000
"""Records that are counted through for a page; all of them are counted when they are exported."""
COLUMNS: Final = (
    Escalation.id, Escalation.reference, Escalation.received_at, Escalation.channel, Escalation.account, Escalation.cause,
    Escalation.label, Escalation.confidence, Escalation.unsure, Escalation.crime_kind, Escalation.redacted_text,
    Escalation.reply, Escalation.delivery_state, Escalation.answered_at, Escalation.delivered_at, Escalation.model,
    Escalation.review_state, Escalation.reviewed_at, Escalation.was_report, Escalation.was_emergency,
    Escalation.reply_right, Escalation.outcome, Escalation.hold_reason.is_not(None).label("held"),
    Escalation.original_erased_at,
)  # fmt: skip
"""What is exported: never the original text, and nothing that staff wrote, which may tell of people."""
_KEY = (Escalation.received_at, Escalation.id)


@dataclass(frozen=True)
class Count:
    """``among``: of so many of the newest records; none where all were looked through."""

    number: int
    among: int | None = None


def count_for_page(session: Session, filters: Filters) -> Count:
    """How many records match, as far as a page has time to count."""
    dialect = session.get_bind().dialect.name
    # From the index of the days alone: so many records back from the newest.
    days = replace(filters, chosen={}, least=None, most=None).where(dialect)
    newest = select(*_KEY).where(*days).order_by(*(column.desc() for column in _KEY))
    end = session.execute(newest.offset(LOOK_THROUGH).limit(1)).first()
    if end is None:
        conditions = filters.where(dialect)
    else:
        conditions = [*_after_first_day(filters).where(dialect), tuple_(*_KEY) > tuple_(*end)]
    number = session.scalar(select(func.count()).select_from(Escalation).where(*conditions)) or 0
    return Count(number, LOOK_THROUGH if end is not None else None)


def count_all(session: Session, filters: Filters) -> tuple[int, int]:
    """How many records match, exactly, and the newest record's id: what comes later isn't counted and isn't exported."""
    newest = session.scalar(select(func.max(Escalation.id))) or 0
    query = select(func.count()).select_from(Escalation).where(*_conditions(session, filters, newest))
    return session.scalar(query) or 0, newest


def all_records(reads: sessionmaker[Session], filters: Filters, newest: int) -> Iterator[Row[Any]]:
    """The records that match, oldest first; each few thousand in a transaction of their own, so that nobody waits."""
    beyond: list[ColumnElement[bool]] = []
    while True:
        with reads() as session:
            conditions = [*_conditions(session, filters, newest), *beyond]
            rows = session.execute(select(*COLUMNS).where(*conditions).order_by(*_KEY).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        filters = _after_first_day(filters)
        beyond = [tuple_(*_KEY) > tuple_(rows[-1].received_at, rows[-1].id)]


def _after_first_day(filters: Filters) -> Filters:
    """The filters for going on from a record: of two beginnings SQLite would take the first, and look through all again."""
    return replace(filters, first_day=None)


def _conditions(session: Session, filters: Filters, newest: int) -> list[ColumnElement[bool]]:
    dialect = session.get_bind().dialect.name
    return [*filters.where(dialect), Escalation.id + 0 <= newest]
