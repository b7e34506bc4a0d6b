"""Erases what was found due, one batch in one transaction: what goes, and what the audit trail says of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from signpost.log.audit import ERASURE, SERVICE, Act
from signpost.log.erasing import ORIGINAL_ERASED, RECORD_ERASED
from signpost.log.messages import erase_texts
from signpost.log.models import (
    Alert,
    Conversation,
    Correction,
    DeliveryAttempt,
    Escalation,
    InboundMessage,
    OutboundMessage,
    StaffSession,
)
from signpost.log.retention import ALERTS, CONVERSATIONS, MESSAGES, ORIGINALS, RECORDS, SIGN_INS

PURPOSE = "Its retention has ended"
Ids = Sequence[int]


@dataclass(frozen=True)
class Erased:
    """How many of its kind are gone, and the acts of erasure to be logged with them.

    A record's erasure is an act of its own, under its reference (DPA 2018 s.62(1)(f)); of what has no reference, a batch
    is one act.
    """

    count: int
    acts: tuple[Act, ...]


def erase(kind: str, session: Session, ids: Ids, now: datetime) -> Erased:
    """Erases these of the kind. They were found due in this same transaction."""
    return _ERASERS[kind](session, ids, now)


def batch_act(kind: str, count: int) -> Act:
    """What is logged of so many that have no reference."""
    return Act(SERVICE, ERASURE, f"{kind}_erased", purpose=PURPOSE, detail={"count": count})


def _originals(session: Session, ids: Ids, now: datetime) -> Erased:
    records = session.execute(
        select(Escalation.inbound_message_id, Escalation.reference)
        .where(Escalation.inbound_message_id.in_(ids))
        .order_by(Escalation.id)
        .with_for_update()
    ).all()
    leads = [row.inbound_message_id for row in records]
    # What belongs to a record loses its words with it, as when it is erased on request (signpost.log.erasing).
    with_records = erase_texts(session, _with_their_own(session, leads))
    session.execute(
        update(Escalation)
        .where(Escalation.inbound_message_id.in_(leads), Escalation.original_erased_at.is_(None))
        .values(original_erased_at=now)
    )
    others = erase_texts(session, [one for one in ids if one not in leads])
    acts = [Act(SERVICE, ERASURE, ORIGINAL_ERASED, row.reference, PURPOSE) for row in records]
    return Erased(with_records + others, (*acts, *([batch_act(ORIGINALS, others)] if others else ())))


def _messages(session: Session, ids: Ids, _now: datetime) -> Erased:
    count = _delete_messages(session, [*ids, *_parts(session, ids)])
    return Erased(count, (batch_act(MESSAGES, count),) if count else ())


def _records(session: Session, ids: Ids, _now: datetime) -> Erased:
    records = session.execute(
        select(Escalation.id, Escalation.reference, Escalation.inbound_message_id).where(Escalation.id.in_(ids))
    ).all()
    messages = _with_their_own(session, [row.inbound_message_id for row in records])
    session.execute(delete(Alert).where(Alert.escalation_id.in_(ids)))
    # A proposal made of the record's text; what trainers accepted was written to the training data by then.
    session.execute(delete(Correction).where(Correction.escalation_id.in_(ids)))
    session.execute(delete(Escalation).where(Escalation.id.in_(ids)))
    _delete_messages(session, messages)
    acts = tuple(Act(SERVICE, ERASURE, RECORD_ERASED, row.reference, PURPOSE) for row in records)
    return Erased(len(records), acts)


def _conversations(session: Session, ids: Ids, _now: datetime) -> Erased:
    count = _delete_if_empty(session, ids)
    return Erased(count, (batch_act(CONVERSATIONS, count),) if count else ())


def _alerts(session: Session, ids: Ids, _now: datetime) -> Erased:
    session.execute(delete(Alert).where(Alert.id.in_(ids)))
    return Erased(len(ids), (batch_act(ALERTS, len(ids)),))


def _sign_ins(session: Session, ids: Ids, _now: datetime) -> Erased:
    session.execute(delete(StaffSession).where(StaffSession.id.in_(ids)))
    return Erased(len(ids), (batch_act(SIGN_INS, len(ids)),))


def _parts(session: Session, leads: Ids) -> Ids:
    """The earlier messages of their bursts."""
    return session.scalars(select(InboundMessage.id).where(InboundMessage.part_of_id.in_(leads))).all()


def _with_their_own(session: Session, leads: Ids) -> Ids:
    """Records' messages with what belongs to them: the parts of their bursts, and later wordings.

    A later wording that was a record of its own is erased as such, when its time comes.
    """
    burst = [*leads, *_parts(session, leads)]
    own_record = exists().where(Escalation.inbound_message_id == InboundMessage.id)
    edits = select(InboundMessage.id).where(InboundMessage.edit_of_id.in_(burst), ~own_record)
    return [*burst, *session.scalars(edits)]


def _delete_messages(session: Session, ids: Ids) -> int:
    """Takes the messages away with their replies, the deliveries' history, and the conversations that are empty then."""
    chosen = InboundMessage.id.in_(ids)
    conversations = session.scalars(select(InboundMessage.conversation_id).where(chosen).distinct()).all()
    replies = select(OutboundMessage.id).where(OutboundMessage.inbound_message_id.in_(ids))
    session.execute(delete(DeliveryAttempt).where(DeliveryAttempt.outbound_message_id.in_(replies)))
    session.execute(delete(OutboundMessage).where(OutboundMessage.inbound_message_id.in_(ids)))
    session.execute(update(InboundMessage).where(InboundMessage.edit_of_id.in_(ids)).values(edit_of_id=None))
    gone = session.execute(delete(InboundMessage).where(chosen).returning(InboundMessage.id)).all()
    _delete_if_empty(session, conversations)
    return len(gone)


def _delete_if_empty(session: Session, ids: Ids) -> int:
    """Takes the conversations away that no message is in: with each, the platform's id of its person."""
    said = exists().where(InboundMessage.conversation_id == Conversation.id)
    # On PostgreSQL a webhook may be about to store a message in one of them: the lock makes it wait, and it is sent again.
    empty = select(Conversation.id).where(Conversation.id.in_(ids), ~said).with_for_update(skip_locked=True)
    chosen = session.scalars(empty).all()
    session.execute(delete(Conversation).where(Conversation.id.in_(chosen)))
    return len(chosen)


_ERASERS: dict[str, Callable[[Session, Ids, datetime], Erased]] = {
    ORIGINALS: _originals,
    MESSAGES: _messages,
    RECORDS: _records,
    CONVERSATIONS: _conversations,
    ALERTS: _alerts,
    SIGN_INS: _sign_ins,
}
