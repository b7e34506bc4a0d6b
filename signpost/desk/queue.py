"""The database as the queue: claiming the next message, one at a time per conversation."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from signpost.log.clock import Clock
from signpost.log.models import WAITING, InboundMessage

CLAIM = timedelta(seconds=60)
"""How long a worker may keep a message; one that died gives it up after this."""


def claim_next(session: Session, clock: Clock, worker: str) -> InboundMessage | None:
    """The message that has waited longest, now this worker's; none when nothing is due.

    A message waits while an earlier one of its conversation hasn't ended: people's messages are answered in order.
    """
    now = clock()
    earlier = aliased(InboundMessage)
    first_in_line = ~exists().where(
        and_(
            earlier.conversation_id == InboundMessage.conversation_id,
            earlier.state == WAITING,
            earlier.id < InboundMessage.id,
        )
    )
    message = session.scalars(
        select(InboundMessage)
        .where(_due(now), first_in_line)
        .order_by(InboundMessage.due_at, InboundMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=InboundMessage)
    ).first()
    if message is not None:
        message.claimed_by = worker
        message.claimed_until = now + CLAIM
    return message


def anything_due(session: Session, clock: Clock) -> bool:
    """A look that locks nothing, for idle workers."""
    return session.scalar(select(InboundMessage.id).where(_due(clock())).limit(1)) is not None


def _due(now: object) -> ColumnElement[bool]:
    unclaimed = or_(InboundMessage.claimed_until.is_(None), InboundMessage.claimed_until < now)
    return and_(InboundMessage.state == WAITING, InboundMessage.due_at <= now, unclaimed)
