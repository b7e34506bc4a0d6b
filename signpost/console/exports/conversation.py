"""One conversation, whole, for a request about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from signpost.log.erasing import GONE
from signpost.log.models import ENDED, Conversation, Correction, Escalation, InboundMessage


@dataclass(frozen=True)
class Outline:
    """What a request is about, without a word of it."""

    reference: str
    conversation_id: int
    channel: str
    account: str
    messages: int
    texts: int
    """Messages whose original text is still kept."""
    references: tuple[str, ...]
    held: tuple[str, ...]
    under_way: bool
    erased: bool
    """Whether it was erased on request, so that only empty shells are left."""
    first_at: datetime
    last_at: datetime
    proposed: int
    """Proposed corrections that hold a redacted text of it."""
    taught: int
    """Of these, accepted into the training data."""


def outline_of(session: Session, reference: str) -> Outline | None:
    """The conversation of the record with this reference; none when there is no such record (any more)."""
    row = session.execute(
        select(Conversation.id, Conversation.channel, Conversation.account, Conversation.person)
        .join(InboundMessage, InboundMessage.conversation_id == Conversation.id)
        .join(Escalation, Escalation.inbound_message_id == InboundMessage.id)
        .where(Escalation.reference == reference)
    ).first()
    if row is None:
        return None
    within = InboundMessage.conversation_id == row.id
    counts = session.execute(
        select(
            func.count().label("messages"),
            func.count(InboundMessage.text_encrypted).label("texts"),
            func.min(InboundMessage.received_at).label("first_at"),
            func.max(InboundMessage.received_at).label("last_at"),
        ).where(within)
    ).one()
    records = session.execute(
        select(Escalation.id, Escalation.reference, Escalation.hold_reason)
        .join(InboundMessage, InboundMessage.id == Escalation.inbound_message_id)
        .where(within)
        .order_by(InboundMessage.id)
    ).all()
    ids = [one.id for one in records]
    states = session.scalars(
        select(Correction.state).where(Correction.escalation_id.in_(ids), Correction.text != "")
    ).all()
    return Outline(
        reference=reference,
        conversation_id=row.id,
        channel=row.channel,
        account=row.account,
        references=tuple(one.reference for one in records),
        held=tuple(one.reference for one in records if one.hold_reason is not None),
        under_way=session.scalar(select(InboundMessage.id).where(within, InboundMessage.state != ENDED).limit(1))
        is not None,
        erased=row.person.startswith(GONE),
        proposed=len(states),
        taught=states.count("accepted"),
        **_named(counts),
    )


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name


def messages_of(session: Session, conversation_id: int) -> Sequence[InboundMessage]:
    """All its messages, oldest first, with replies and records."""
    query = (
        select(InboundMessage)
        .filter_by(conversation_id=conversation_id)
        .options(selectinload(InboundMessage.replies), selectinload(InboundMessage.escalation))
        .order_by(InboundMessage.id)
    )
    return session.scalars(query).all()
