"""Corrections as the pages show them: a page of them, and one with all that belongs to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from signpost.log.correcting import OPEN, STATES
from signpost.log.models import Correction, Escalation, StaffAccount

AT_ONCE = 25
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Place:
    """From where on to read: after or before this correction in the list's order, or from its start."""

    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Proposal:
    """A correction with its record and the names of those who proposed and decided it."""

    correction: Correction
    reference: str | None
    reviewed_again: bool
    """Whether its record was reviewed again after it was decided."""
    proposed_by: str | None
    decided_by: str | None


@dataclass(frozen=True)
class Page:
    """One page of the list; the two ids lead to the pages before and after it, where there are any."""

    proposals: tuple[Proposal, ...]
    before: int | None
    after: int | None


def page_of(session: Session, state: str, place: Place) -> Page:
    """A page of the corrections in a state: those to decide with the oldest first, the others with the newest first."""
    rows, more = _rows(session, state, place)
    back = place.before is not None
    proposals = tuple(_proposal(row) for row in (reversed(rows) if back else rows))
    if not proposals:
        return Page((), None, None)
    first, last = proposals[0].correction.id, proposals[-1].correction.id
    return Page(
        proposals,
        before=first if (more if back else place.after is not None) else None,
        after=last if (back or more) else None,
    )


def counts(session: Session) -> dict[str, int]:
    """How many there are in each state, up to :data:`MOST_COUNTED`."""
    return {
        state: session.scalar(
            select(func.count()).select_from(
                select(Correction.id).filter_by(state=state).limit(MOST_COUNTED).subquery()
            )
        )
        or 0
        for state in STATES
    }


def find(session: Session, correction_id: int) -> Proposal | None:
    """One correction."""
    row = session.execute(_query().where(Correction.id == correction_id)).first()
    return _proposal(row) if row is not None else None


def _rows(session: Session, state: str, place: Place) -> tuple[list[Row[Any]], bool]:
    query = _query().where(Correction.state == state)
    here = place.before if place.before is not None else place.after
    rising = (state == OPEN) != (place.before is not None)
    key = tuple_(Correction.proposed_at, Correction.id)
    if here is not None:
        found = session.get(Correction, here)
        if found is not None:
            mark = tuple_(literal(found.proposed_at), literal(found.id))
            query = query.where(key > mark if rising else key < mark)
    columns = (Correction.proposed_at, Correction.id)
    query = query.order_by(*(columns if rising else (column.desc() for column in columns))).limit(AT_ONCE + 1)
    rows = list(session.execute(query))
    return rows[:AT_ONCE], len(rows) > AT_ONCE


def _query() -> Select[Any]:
    proposer, decider = aliased(StaffAccount), aliased(StaffAccount)
    return (
        select(Correction, Escalation.reference, Escalation.reviewed_at, proposer.name, decider.name)
        .outerjoin(Escalation, Escalation.id == Correction.escalation_id)
        .outerjoin(proposer, proposer.id == Correction.proposed_by_id)
        .outerjoin(decider, decider.id == Correction.decided_by_id)
    )


def _proposal(row: Row[Any]) -> Proposal:
    correction, reference, reviewed_at, proposed_by, decided_by = row
    decided_at = correction.decided_at
    again = decided_at is not None and reviewed_at is not None and reviewed_at > decided_at
    return Proposal(correction, reference, again, proposed_by, decided_by)
