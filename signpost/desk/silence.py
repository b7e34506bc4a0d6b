"""When a message gets no reply, or not yet. An emergency always gets one, at once."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from signpost.channels.events import TEXT
from signpost.force.mandate import FULL_KINDS
from signpost.log.models import FAILED, InboundMessage, OutboundMessage

RANK = {"not_report": 0, "crime_report": 1, "emergency": 2}
STAFF = "a member of staff has this conversation"
EDIT = "the message was edited, and is no more urgent than it was"
JUST_ANSWERED = "this person was sent the guidance a moment ago"
FRAGMENT_CHARACTERS = 40
QUIET = timedelta(seconds=3)
"""How long a few words that are no report wait for the rest of what their writer is typing."""


def held_until(message: InboundMessage, text: str, now: datetime) -> datetime | None:
    """Until when to wait for more, should the text be no report; none for what looks whole, or has waited."""
    until = message.received_at + QUIET
    fragment = message.visibility == "private" and message.kind == TEXT and len(text) <= FRAGMENT_CHARACTERS
    return until if fragment and message.edit_of_id is None and now < until else None


def answered_as(session: Session, message: InboundMessage) -> str | None:
    """The most urgent label that the earlier wordings of an edited message had; none for what is no edit."""
    if message.edit_of_id is None:
        return None
    same = or_(InboundMessage.id == message.edit_of_id, InboundMessage.edit_of_id == message.edit_of_id)
    versions = session.scalars(select(InboundMessage).where(same, InboundMessage.id < message.id)).all()
    # What was a part of a burst has no label of its own, but that of the burst.
    leads = session.scalars(
        select(InboundMessage).where(InboundMessage.id.in_([one.part_of_id for one in versions if one.part_of_id]))
    ).all()
    return max((one.label for one in (*versions, *leads) if one.label), key=RANK.__getitem__, default="not_report")


def no_reply_because(session: Session, message: InboundMessage, label: str, now: datetime) -> str | None:
    """Why a message that was understood gets no reply, in words for staff; none when it gets one."""
    if label == "emergency":
        return None
    if staff_has(message, now):
        return STAFF
    if message.visibility == "private" and _just_answered(session, message, label):
        return JUST_ANSWERED
    return None


def staff_has(message: InboundMessage, now: datetime) -> bool:
    """Whether a member of staff wrote in this conversation of late, or it was handed over."""
    return message.conversation.staff_until is not None and message.conversation.staff_until > now


def _just_answered(session: Session, message: InboundMessage, label: str) -> bool:
    """Whether full guidance for something as urgent went out while this was being typed: nobody reads it so fast."""
    before = session.scalars(
        select(InboundMessage)
        .join(OutboundMessage, OutboundMessage.inbound_message_id == InboundMessage.id)
        .where(
            InboundMessage.conversation_id == message.conversation_id,
            InboundMessage.id < message.id,
            OutboundMessage.created_at >= message.received_at - QUIET,
            OutboundMessage.kind.in_(FULL_KINDS),
            OutboundMessage.state != FAILED,
        )
        .limit(1)
    ).first()
    return before is not None and RANK.get(before.label or "", 0) >= RANK[label]
