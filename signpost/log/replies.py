"""What becomes of a stored reply: taken by the platform, or refused; and what the escalation then says."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.log.escalations import escalation_of
from signpost.log.models import (
    DELIVERED,
    FAILED,
    WAITING,
    DeliveryAttempt,
    Escalation,
    InboundMessage,
    OutboundMessage,
)
from signpost.log.priority import set_priority
from signpost.log.states import REPLY_FAILED, clear_record_alert, raise_due_alerts

LATER = "later"
"""The outcome of an attempt after which there will be another; the others are ``delivered`` and ``failed``."""
TAKEN = "The platform took it."
ECHOED = "Its echo came back from the platform, which proves that it arrived."


def mark_delivered(session: Session, reply: OutboundMessage, platform_id: str, now: datetime, how: str = TAKEN) -> None:
    """The platform has it. Whoever learns it second (its answer, or its echo) changes nothing but a missing id."""
    if reply.state == DELIVERED:
        reply.platform_id = reply.platform_id or platform_id or None
        return
    reply.state, reply.platform_id, reply.failure = DELIVERED, platform_id or None, None
    reply.delivered_at, reply.attempted_at = now, None
    note_attempt(session, reply, DELIVERED, how, now)
    _tell_escalation(session, reply, now)


def mark_failed(session: Session, reply: OutboundMessage, why: str, now: datetime) -> None:
    """It won't be delivered; ``why`` is a sentence for staff.

    Somebody should look at that, so its message is no longer settled: the desk sees to it that it is in the log.
    """
    if reply.state == DELIVERED:
        return
    reply.state, reply.failure, reply.attempted_at = FAILED, why, None
    session.get_one(InboundMessage, reply.inbound_message_id).settled = False
    note_attempt(session, reply, FAILED, why, now)
    _tell_escalation(session, reply, now)


def note_attempt(session: Session, reply: OutboundMessage, outcome: str, detail: str, now: datetime) -> None:
    """Keeps what came of one attempt, for the record's page, in the transaction of what came of it."""
    session.add(DeliveryAttempt(outbound_message_id=reply.id, at=now, outcome=outcome, detail=detail))


def _tell_escalation(session: Session, reply: OutboundMessage, now: datetime) -> None:
    escalation = escalation_of(session, reply.inbound_message_id)
    if escalation is not None:
        session.flush()
        note_delivery(session, escalation)
        if escalation.delivery_state != FAILED:
            clear_record_alert(session, REPLY_FAILED, escalation.id, now)
        raise_due_alerts(session, escalation, now)


def note_delivery(session: Session, escalation: Escalation) -> None:
    """Copies to the escalation how far its replies are: any under way, else any that arrived, else failed.

    Its place in the queue changes with that.
    """
    query = select(OutboundMessage).filter_by(inbound_message_id=escalation.inbound_message_id)
    replies = list(session.scalars(query))
    if not replies:
        return
    states = {reply.state for reply in replies}
    escalation.delivery_state = next(state for state in (WAITING, DELIVERED, FAILED) if state in states)
    escalation.delivered_at = min((one.delivered_at for one in replies if one.delivered_at), default=None)
    set_priority(escalation)


def reply_by_key(session: Session, key: str) -> OutboundMessage | None:
    """The reply whose key was sent along with it (``message key`` + hyphen + position)."""
    message_key, _, position = key.rpartition("-")
    if not position.isascii() or not position.isdigit() or len(position) > 4:  # noqa: PLR2004  # a few replies a message
        return None
    query = (
        select(OutboundMessage)
        .join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
        .where(InboundMessage.key == message_key, OutboundMessage.position == int(position))
    )
    return session.scalars(query).first()


def key_of(message: InboundMessage, reply: OutboundMessage) -> str:
    """The key that travels with a reply and comes back with its echo; the same at every attempt."""
    return f"{message.key}-{reply.position}"
