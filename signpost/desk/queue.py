"""The database as the queue: claiming the most urgent messages, one conversation at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from signpost.channels.events import TEXT
from signpost.log.clock import Clock
from signpost.log.models import WAITING, Conversation, InboundMessage
from signpost.log.reference import new_reference

CLAIM = timedelta(seconds=60)
"""How long a worker may keep a message; one that died gives it up after this."""
BURST_GAP = timedelta(seconds=10)
"""Short messages that follow one another within this are one thing said in pieces."""
LONGEST_BURST = 20
VERY_URGENT = 50
"""A hint from here on is more likely right than wrong: fewer than 1 in 100 of the held-back set's other messages reach it, and 4 in 5 emergencies."""
DRAWS = 20


def claim_next(  # noqa: PLR0913  # what narrows the choice is named at each call
    session: Session,
    clock: Clock,
    worker: str,
    *,
    conversation_id: int | None = None,
    only_urgent: bool = False,
    draw: Callable[[], str] = new_reference,
) -> InboundMessage | None:
    """The next message to understand, now this worker's; none when nothing is due.

    The most urgent first, by the hint from its text, then the one that has waited longest. A conversation belongs to one
    worker at a time, and within it what was written first is answered first: so what is claimed may be an earlier message
    than the urgent one. Messages of one burst are claimed together: the last of them is returned, the others are its parts.
    With ``conversation_id``, only that conversation's messages are looked at; with ``only_urgent``, only the very urgent.
    """
    now = clock()
    query = (
        select(InboundMessage)
        .where(_due(now), ~_being_worked_on(now))
        .order_by(InboundMessage.urgency.desc(), InboundMessage.due_at, InboundMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=InboundMessage)
    )
    if conversation_id is not None:
        query = query.where(InboundMessage.conversation_id == conversation_id)
    if only_urgent:
        query = query.where(InboundMessage.urgency >= VERY_URGENT)
    candidate = session.scalars(query).first()
    if candidate is None or not _lock_conversation(session, candidate, now):
        return None
    burst = _burst(session, candidate.conversation_id)
    message = burst[-1]
    for one in burst:
        one.claimed_by, one.claimed_until = worker, now + CLAIM
        one.part_of_id = None if one is message else message.id
    _give_reference(session, message, draw)
    return message


def anything_due(session: Session, clock: Clock) -> bool:
    """A look that locks nothing, for idle workers."""
    return session.scalar(select(InboundMessage.id).where(_due(clock())).limit(1)) is not None


def _due(now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(InboundMessage.claimed_until.is_(None), InboundMessage.claimed_until < now)
    return and_(InboundMessage.state == WAITING, InboundMessage.due_at <= now, unclaimed)


def _being_worked_on(now: datetime) -> ColumnElement[bool]:
    other = aliased(InboundMessage)
    return exists().where(
        and_(
            other.conversation_id == InboundMessage.conversation_id,
            other.state == WAITING,
            other.claimed_until >= now,
        )
    )


def _lock_conversation(session: Session, message: InboundMessage, now: datetime) -> bool:
    """Whether the conversation is this transaction's: on PostgreSQL another may be about to claim another of its messages."""
    locked = session.scalars(
        select(Conversation).filter_by(id=message.conversation_id).with_for_update(skip_locked=True)
    ).first()
    if locked is None:
        return False
    claimed = select(InboundMessage.id).where(
        InboundMessage.conversation_id == message.conversation_id,
        InboundMessage.state == WAITING,
        InboundMessage.claimed_until >= now,
    )
    return session.scalars(claimed.limit(1)).first() is None


def _burst(session: Session, conversation_id: int) -> list[InboundMessage]:
    """The conversation's first waiting message with those that followed it at once."""
    waiting = list(
        session.scalars(
            select(InboundMessage)
            .where(InboundMessage.conversation_id == conversation_id, InboundMessage.state == WAITING)
            .order_by(InboundMessage.id)
            .limit(LONGEST_BURST)
        )
    )
    burst = waiting[:1]
    for later in waiting[1:]:
        if not (_joins(burst[-1]) and _joins(later) and later.received_at - burst[-1].received_at <= BURST_GAP):
            break
        burst.append(later)
    return burst


def _joins(message: InboundMessage) -> bool:
    """Public comments each stand under a post of their own, and an edit is judged beside what it was before."""
    return message.visibility == "private" and message.kind == TEXT and message.edit_of_id is None


def _give_reference(session: Session, message: InboundMessage, draw: Callable[[], str]) -> None:
    """Draws the reference its escalation would have, so that a reply can hold it whoever writes the escalation."""
    session.flush()
    for _ in range(DRAWS):
        if message.reference is not None:
            return
        try:
            with session.begin_nested():
                message.reference = draw()
        except IntegrityError:
            # Taken. Rolling back to the savepoint has given the message its old state again.
            continue
    # None was free: the message is answered without one, and its escalation draws again.
