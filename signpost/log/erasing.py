"""Taking what people wrote out of the record: one record's original text, a whole record, or a whole conversation.

Nothing here writes to the audit trail or commits: whoever erases says in the same transaction who did it and why. What is
under a legal hold is never erased (:class:`Held`).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from signpost.log.messages import erase_text
from signpost.log.models import ENDED, Conversation, Correction, Escalation, InboundMessage, OutboundMessage
from signpost.mistakes import Mistake

ORIGINAL_ERASED, RECORD_ERASED, CONVERSATION_ERASED = "original_erased", "record_erased", "conversation_erased"
"""The audit trail's events."""
GONE = "erased:"
"""What stands before our own key in the place of a platform's id that was erased; no platform gives out such an id."""


class Held(Mistake):
    """A legal hold keeps it: DPA 2018 s.47(2), data that must be kept as evidence is restricted, not erased."""


class UnderWay(Mistake):
    """A message of the conversation is still being answered."""


def erase_original(session: Session, escalation: Escalation, now: datetime) -> int:
    """Erases what the person wrote, word for word; what was made of it stays, and so does the redacted text.

    The earlier messages of a burst and the later wordings that belong to it are erased with it. Returns how many messages
    still had a text. Raises :class:`Held`.
    """
    _refuse_held([escalation])
    erased = 0
    for message in _messages_of(session, escalation):
        erased += message.text_encrypted is not None
        erase_text(message)
    if escalation.original_erased_at is None:
        escalation.original_erased_at = now
    return erased


def erase_record(session: Session, escalation: Escalation, now: datetime) -> int:
    """Erases the original and all that tells of the person: redacted text, reasons, notes, Niche reference, platform ids.

    An empty shell stays under the record's reference, so that the audit trail still leads somewhere: when, on which channel,
    what it was judged to be, and what became of it. Returns how many messages still had a text. Raises :class:`Held`.
    """
    erased = erase_original(session, escalation, now)
    for message in _messages_of(session, escalation):
        _empty_message(session, message)
    _empty_record(session, escalation, now)
    return erased


def erase_conversation(session: Session, conversation_id: int, now: datetime) -> int:
    """Erases every record and every other message of a conversation, and the platform's id of the person.

    Returns how many messages still had a text. Raises :class:`Held` when any of its records is under a legal hold, and
    :class:`UnderWay` while one of its messages is still being answered: then nothing is erased.
    """
    conversation = session.get_one(Conversation, conversation_id)
    messages = messages_in(session, conversation_id)
    escalations = escalations_in(session, conversation_id)
    _refuse_held(escalations)
    if any(message.state != ENDED for message in messages):
        raise UnderWay("A message of this conversation is still being answered. Try again in a minute.")
    erased = 0
    for message in messages:
        erased += message.text_encrypted is not None
        erase_text(message)
        _empty_message(session, message)
    for escalation in escalations:
        _empty_record(session, escalation, now)
    forget_person(conversation)
    return erased


def forget_person(conversation: Conversation) -> None:
    """Takes the platform's id of the person away: a new message of theirs begins a new conversation."""
    conversation.person = f"{GONE}{conversation.key}"
    conversation.replies_off_at = conversation.staff_until = None


def is_erased(escalation: Escalation) -> bool:
    """Whether only the empty shell of a record is left."""
    return escalation.original_erased_at is not None and not escalation.redacted_text


def messages_in(session: Session, conversation_id: int) -> Sequence[InboundMessage]:
    """All messages of a conversation, oldest first."""
    query = select(InboundMessage).filter_by(conversation_id=conversation_id).order_by(InboundMessage.id)
    return session.scalars(query).all()


def escalations_in(session: Session, conversation_id: int) -> Sequence[Escalation]:
    """All records of a conversation, oldest first."""
    query = (
        select(Escalation)
        .join(InboundMessage, InboundMessage.id == Escalation.inbound_message_id)
        .where(InboundMessage.conversation_id == conversation_id)
        .order_by(InboundMessage.id)
    )
    return session.scalars(query).all()


def _refuse_held(escalations: Sequence[Escalation]) -> None:
    held = [one.reference for one in escalations if one.hold_reason is not None]
    if held:
        raise Held(f"{', '.join(held)} is under a legal hold, so nothing was erased. Lift the hold first.")


def _messages_of(session: Session, escalation: Escalation) -> Sequence[InboundMessage]:
    """The record's message with its burst and its later wordings. By conversation, for that has an index."""
    message = session.get_one(InboundMessage, escalation.inbound_message_id)
    query = select(InboundMessage).where(
        InboundMessage.conversation_id == message.conversation_id,
        or_(
            InboundMessage.id == message.id,
            InboundMessage.part_of_id == message.id,
            InboundMessage.edit_of_id == message.id,
        ),
    )
    return session.scalars(query).all()


def _empty_message(session: Session, message: InboundMessage) -> None:
    message.platform_id = message.reply_target = f"{GONE}{message.key}"
    session.execute(update(OutboundMessage).filter_by(inbound_message_id=message.id).values(platform_id=None))


def _empty_record(session: Session, escalation: Escalation, now: datetime) -> None:
    # The search's index follows by itself: by trigger on SQLite, as a generated column on PostgreSQL.
    escalation.redacted_text = ""
    escalation.reasons = escalation.notes = escalation.niche_reference = None
    if escalation.original_erased_at is None:
        escalation.original_erased_at = now
    # Whoever has its form open must see that it changed.
    escalation.version += 1
    session.execute(update(Correction).filter_by(escalation_id=escalation.id).values(text=""))
    session.execute(
        update(Correction)
        .filter_by(escalation_id=escalation.id, state="open")
        .values(state="refused", decided_at=now, note="The record was erased.")
    )
