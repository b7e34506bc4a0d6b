"""Which record a reviewer takes next."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from signpost.console.queue.order import TO_REVIEW
from signpost.log.models import Escalation


def next_reference(session: Session, after: str | None = None, newest: int | None = None) -> str | None:
    """The reference of the next record to review; none when there is no other.

    After a record comes whatever more urgent came in since the reviewer last looked, when ``newest`` was the number of the
    newest record; then what follows it in the queue; past the end, the queue's first, which was passed over before.
    """
    if after is None:
        return _first(session)
    here = session.execute(select(*TO_REVIEW.columns).where(Escalation.reference == after)).first()
    if here is None:
        return _first(session)
    meanwhile = None
    if newest is not None:
        meanwhile = _first(session, Escalation.priority < here.priority, Escalation.id > newest)
    return meanwhile or _first(session, TO_REVIEW.beyond(tuple(here))) or _first(session, Escalation.id != here.id)


def _first(session: Session, *conditions: ColumnElement[bool]) -> str | None:
    query = select(Escalation.reference).where(TO_REVIEW.condition, *conditions)
    return session.scalars(TO_REVIEW.sorted(query).limit(1)).first()
