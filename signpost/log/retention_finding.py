"""What is due to be erased: found a little at a time, and never what a legal hold keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from signpost.log.models import WAITING, Alert, Conversation, Escalation, InboundMessage, StaffSession
from signpost.log.retention import ALERTS, CONVERSATIONS, MESSAGES, ORIGINALS, RECORDS, SIGN_INS

Cursor = tuple[datetime | None, int]
"""The time and the id of what was found last; a kind without a time goes by its id."""
NEAR = 5000
"""Rows that a quick count looks at."""


@dataclass(frozen=True)
class Due:
    """How much is due, and between which times. ``more``: that is only what was counted, there may be more."""

    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    more: bool = False


@dataclass(frozen=True)
class Rule:
    """What of one kind is due: rows of a table, by a time where they have one, all of them older than the cutoff.

    ``near`` finds the time (or the id) down to which a quick count looks, where most rows before the cutoff aren't due:
    what became due since the last run lies right before it.
    """

    query: Select[Any]
    id: InstrumentedAttribute[int]
    at: InstrumentedAttribute[Any] | None
    near: Select[Any] | None = None

    def find(self, session: Session, after: Cursor | None, most: int) -> list[Cursor]:
        """The next that are due, oldest first."""
        query = self.query if after is None else self.query.where(self._later(after))
        order = (self.id,) if self.at is None else (self.at, self.id)
        rows = session.execute(query.order_by(*order).limit(most)).all()
        return [(row[1] if self.at is not None else None, row[0]) for row in rows]

    def _later(self, after: Cursor) -> ColumnElement[bool]:
        at, last = after
        if self.at is None or at is None:
            return self.id > last
        # The first term is for the index, which no database uses for an "or".
        return and_(self.at >= at, or_(self.at > at, self.id > last))

    def again(self, session: Session, ids: Sequence[int]) -> list[int]:
        """Those of them that are still due, for the transaction that erases them: a hold may have come in between."""
        return [row[0] for row in session.execute(self.query.where(self.id.in_(ids)).order_by(self.id))]

    def count(self, session: Session, most: int | None = None) -> Due:
        """How many are due. With ``most``, no more than so many are counted, nor rows far from the cutoff looked at."""
        rows = self.query if most is None else self.query.limit(most)
        if most is not None and self.near is not None:
            # Asked for by itself: as a part of the query, PostgreSQL would look through the whole table for it.
            furthest = session.scalar(self.near)
            if furthest is not None:
                rows = rows.where((self.id if self.at is None else self.at) >= furthest)
        found = rows.subquery()
        count = func.count()
        if self.at is None:
            number = session.scalar(select(count).select_from(found)) or 0
            return Due(number, more=most is not None and number >= most)
        at = list(found.c)[1]
        number, oldest, newest = session.execute(select(count, func.min(at), func.max(at)).select_from(found)).one()
        return Due(number, oldest, newest, more=most is not None and number >= most)


def rule_for(kind: str, cutoff: datetime) -> Rule:
    """What of the kind is older than the cutoff, ended, and under no legal hold."""
    return _RULES[kind](cutoff)


def held_conversations() -> Select[tuple[int]]:
    """The conversations with a record under a legal hold: nothing of them is erased."""
    return (
        select(InboundMessage.conversation_id)
        .join(Escalation, Escalation.inbound_message_id == InboundMessage.id)
        .where(Escalation.hold_reason.is_not(None))
    )


def held_keys(session: Session) -> set[str]:
    """By what the assistant knows those conversations."""
    return set(session.scalars(select(Conversation.key).where(Conversation.id.in_(held_conversations()))))


def held_references(session: Session) -> set[str]:
    """The references of the records under a legal hold."""
    return set(session.scalars(select(Escalation.reference).where(Escalation.hold_reason.is_not(None))))


def _of_a_record(message: Any) -> ColumnElement[bool]:
    """Whether the message has a record, or belongs to one: as an earlier part of its burst, or a later wording."""
    return exists().where(Escalation.inbound_message_id.in_((message.id, message.part_of_id, message.edit_of_id)))


def _originals(cutoff: datetime) -> Rule:
    lead = aliased(InboundMessage)
    # What was understood with a later message is erased with it, so that a record loses all its words at once.
    waits = exists().where(lead.id == InboundMessage.part_of_id, lead.received_at >= cutoff)
    query = select(InboundMessage.id, InboundMessage.received_at).where(
        # "Not waiting" rather than "ended", here and below: without statistics, SQLite would take the queue's index.
        InboundMessage.text_encrypted.is_not(None),
        InboundMessage.received_at < cutoff,
        InboundMessage.state != WAITING,
        ~waits,
        InboundMessage.conversation_id.not_in(held_conversations()),
    )
    return Rule(query, InboundMessage.id, InboundMessage.received_at)


def _messages(cutoff: datetime) -> Rule:
    query = select(InboundMessage.id, InboundMessage.received_at).where(
        InboundMessage.received_at < cutoff,
        InboundMessage.state != WAITING,
        # The parts of a burst go with their last message. Said so that no index but the one by time seems to help.
        func.coalesce(InboundMessage.part_of_id, 0) == 0,
        ~_of_a_record(InboundMessage),
        InboundMessage.conversation_id.not_in(held_conversations()),
    )
    near = (
        select(InboundMessage.received_at)
        .where(InboundMessage.received_at < cutoff)
        .order_by(InboundMessage.received_at.desc())
        .offset(NEAR)
        .limit(1)
    )
    return Rule(query, InboundMessage.id, InboundMessage.received_at, near)


def _records(cutoff: datetime) -> Rule:
    query = (
        select(Escalation.id, Escalation.received_at)
        .join(InboundMessage, InboundMessage.id == Escalation.inbound_message_id)
        .where(
            Escalation.received_at < cutoff,
            InboundMessage.state != WAITING,
            InboundMessage.conversation_id.not_in(held_conversations()),
        )
    )
    return Rule(query, Escalation.id, Escalation.received_at)


def _conversations(cutoff: datetime) -> Rule:
    said = exists().where(InboundMessage.conversation_id == Conversation.id)
    over = or_(Conversation.staff_until.is_(None), Conversation.staff_until < cutoff)
    near = select(Conversation.id).order_by(Conversation.id.desc()).offset(NEAR).limit(1)
    return Rule(select(Conversation.id).where(~said, over), Conversation.id, None, near)


def _alerts(cutoff: datetime) -> Rule:
    held = select(Escalation.id).where(Escalation.hold_reason.is_not(None))
    query = select(Alert.id, Alert.cleared_at).where(
        Alert.cleared_at < cutoff, or_(Alert.escalation_id.is_(None), Alert.escalation_id.not_in(held))
    )
    return Rule(query, Alert.id, Alert.cleared_at)


def _sign_ins(cutoff: datetime) -> Rule:
    # No sign-in lasts longer than a day, so each was over for as long as that less a day.
    query = select(StaffSession.id, StaffSession.created_at).where(StaffSession.created_at < cutoff)
    return Rule(query, StaffSession.id, StaffSession.created_at)


_RULES = {
    ORIGINALS: _originals,
    MESSAGES: _messages,
    RECORDS: _records,
    CONVERSATIONS: _conversations,
    ALERTS: _alerts,
    SIGN_INS: _sign_ins,
}
