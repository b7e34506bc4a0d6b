"""What becomes of a stored reply: taken by the platform, or refused; and what the escalation then says."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from signpost.channels.transport import SENDING_ALERTS
from signpost.log.completing import delivery_of
from signpost.log.database import session_in, table_of
from signpost.log.escalations import escalation_of
from signpost.log.models import (
    DELIVERED,
    FAILED,
    FAILURE,
    UNREADABLE,
    WAITING,
    Alert,
    DeliveryAttempt,
    Escalation,
    InboundMessage,
    OutboundMessage,
)
from signpost.log.priority import priority_of, set_priority
from signpost.log.states import REPLY_FAILED, clear_record_alert, raise_due_alerts

LATER = "later"
"""The outcome of an attempt after which there will be another; the others are ``delivered`` and ``failed``."""
TAKEN = "The platform took it."
ECHOED = "Its echo came back from the platform, which proves that it arrived."

_replies, _escalations = table_of(OutboundMessage), table_of(Escalation)
_reply, _escalation, _message = _replies.c, _escalations.c, table_of(InboundMessage).c
_alert = table_of(Alert).c
_ALERTED = exists().where(
    _alert.cleared_at.is_(None),
    or_(*(_alert.kind == kind for kind in sorted(SENDING_ALERTS))),
    _alert.account == _message.account,
)
_STANDING = (
    select(
        _reply.state,
        _reply.inbound_message_id,
        _escalation.id.label("escalation_id"),
        _escalation.label,
        _escalation.cause,
        _escalation.unsure,
        _escalation.delivery_state,
        _ALERTED.label("alerted"),
    )
    .join_from(_replies, table_of(InboundMessage), _message.id == _reply.inbound_message_id)
    .outerjoin(_escalations, _escalation.inbound_message_id == _message.id)
    .where(_reply.id == bindparam("reply"))
    .with_for_update(of=_replies)
)
_DELIVERED = (
    update(_replies)
    .where(_reply.id == bindparam("reply"))
    .values(
        state=DELIVERED,
        platform_id=bindparam("platform"),
        delivered_at=bindparam("now"),
        failure=None,
        attempted_at=None,
    )
)
_ATTEMPT = insert(table_of(DeliveryAttempt))
_REPLIES = select(_reply.state, _reply.delivered_at).where(_reply.inbound_message_id == bindparam("message"))
_TELL = (
    update(_escalations)
    .where(_escalation.id == bindparam("escalation"))
    .values(delivery_state=bindparam("state"), delivered_at=bindparam("at"), priority=bindparam("priority"))
)


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
    """Copies to the escalation how far its replies are (:func:`signpost.log.completing.delivery_of`); its place in the queue changes with that."""
    replies = session.connection().execute(_REPLIES, {"message": escalation.inbound_message_id}).tuples().all()
    if replies:
        escalation.delivery_state, escalation.delivered_at = delivery_of(replies)
        set_priority(escalation)


def note_taken(connection: Connection, reply_id: int, platform_id: str, now: datetime, how: str = TAKEN) -> bool:
    """As :func:`mark_delivered`, in few statements: for each reply that a platform takes.

    Returns whether an alert of the account is open that this puts an end to (:data:`SENDING_ALERTS`).
    """
    found = connection.execute(_STANDING, {"reply": reply_id}).one()
    if found.state != WAITING or not _goes_well(found):
        with session_in(connection) as session:
            mark_delivered(session, session.get_one(OutboundMessage, reply_id), platform_id, now, how)
        return bool(found.alerted)
    connection.execute(_DELIVERED, {"reply": reply_id, "platform": platform_id or None, "now": now})
    attempt = {"outbound_message_id": reply_id, "at": now, "outcome": DELIVERED, "detail": how}
    connection.execute(_ATTEMPT, attempt)
    if found.escalation_id is not None:
        replies = connection.execute(_REPLIES, {"message": found.inbound_message_id}).tuples().all()
        state, at = delivery_of(replies)
        priority = priority_of(found.label, state, found.cause, unsure=found.unsure)
        told = {"escalation": found.escalation_id, "state": state, "at": at, "priority": priority}
        connection.execute(_TELL, told)
    return bool(found.alerted)


def _goes_well(found: Row[Any]) -> bool:
    """Whether no reply to the message has failed, so that there is no alert of its record to raise or to clear."""
    if found.escalation_id is None:
        return True
    return found.delivery_state != FAILED and found.cause not in {FAILURE, UNREADABLE}


def split_key(key: str) -> tuple[str, int] | None:
    """The message's key and the reply's position out of a reply's key, as it travels with it; none where it is no such key."""
    message_key, _, position = key.rpartition("-")
    if not position.isascii() or not position.isdigit() or len(position) > 4:  # noqa: PLR2004  # a few replies a message
        return None
    return message_key, int(position)
