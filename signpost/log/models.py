"""The tables of the record. Times are UTC without a zone, as SQLite keeps them; migrations/ makes the tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

WAITING, ENDED = "waiting", "ended"
ANSWERED, SILENT, FAILED = "answered", "silent", "failed"
DELIVERED = "delivered"
UNREVIEWED = "unreviewed"


class Base(DeclarativeBase):
    """All tables; constraints are named, so that migrations can change them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012  # SQLAlchemy reads a class attribute


class Conversation(Base):
    """One person's exchange with one account on one channel. ``key`` is opaque and is all that Rasa is told."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "account", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    person: Mapped[str] = mapped_column(String(255))
    """The platform's id of the person. Personal data: never logged, never given to Rasa."""
    replies_off_at: Mapped[datetime | None]
    """When the person asked us to stop."""


class InboundMessage(Base):
    """A message as it came in: stored before it is acknowledged, and never without an end."""

    __tablename__ = "inbound_message"
    __table_args__ = (
        UniqueConstraint("channel", "platform_id"),
        Index("ix_inbound_message_queue", "state", "due_at"),
        Index("ix_inbound_message_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    """Opaque; stands for the message in logs, in Rasa and in addresses."""
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    platform_id: Mapped[str] = mapped_column(String(255))
    visibility: Mapped[str] = mapped_column(String(8))
    received_at: Mapped[datetime]
    text_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the person wrote, encrypted; none once its retention has ended or the platform says it was deleted."""

    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    due_at: Mapped[datetime]
    """Not to be taken before: the time of receipt, later after a failed attempt."""
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)

    label: Mapped[str | None] = mapped_column(String(16))
    intent: Mapped[str | None] = mapped_column(String(64))
    scores: Mapped[dict[str, Any] | None]
    ranking: Mapped[list[Any] | None]
    reasons_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The words that weighed most. They are words of the text, so they are kept as it is."""
    unsure: Mapped[bool] = mapped_column(default=False)
    model: Mapped[str | None] = mapped_column(String(64))

    end: Mapped[str | None] = mapped_column(String(16))
    end_reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship()
    replies: Mapped[list["OutboundMessage"]] = relationship(order_by="OutboundMessage.position")
    escalation: Mapped["Escalation | None"] = relationship(back_populates="message")


class OutboundMessage(Base):
    """A reply, stored in the same transaction as the end of the message it answers."""

    __tablename__ = "outbound_message"
    __table_args__ = (
        UniqueConstraint("inbound_message_id", "position"),
        Index("ix_outbound_message_queue", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inbound_message_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    response: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    faults: Mapped[list[Any] | None]
    """Why the assistant's own words were replaced; none when they weren't."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    platform_id: Mapped[str | None] = mapped_column(String(255))
    failure: Mapped[str | None] = mapped_column(Text)


class Escalation(Base):
    """A message that appears to report a crime or an emergency, for CCE to review. One a message, whoever writes it."""

    __tablename__ = "escalation"
    __table_args__ = (Index("ix_escalation_review", "review_state", "label", "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    inbound_message_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"), unique=True)
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    received_at: Mapped[datetime]
    logged_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    redacted_text: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(16))
    scores: Mapped[dict[str, Any] | None]
    reasons: Mapped[list[Any] | None]
    model: Mapped[str | None] = mapped_column(String(64))
    written_by: Mapped[str] = mapped_column(String(16))
    """``action`` (the rule's own), or ``desk`` (the action server was away)."""
    reply: Mapped[str | None] = mapped_column(Text)
    delivery_state: Mapped[str] = mapped_column(String(16), default=WAITING)
    review_state: Mapped[str] = mapped_column(String(16), default=UNREVIEWED)
    reviewer: Mapped[str | None] = mapped_column(String(128))
    outcome: Mapped[str | None] = mapped_column(String(32))
    niche_reference: Mapped[str | None] = mapped_column(String(64))
    notes: Mapped[str | None] = mapped_column(Text)

    message: Mapped[InboundMessage] = relationship(back_populates="escalation")


class KeyCheck(Base):
    """A known text encrypted with the installation's key: says at start-up whether the key is the right one."""

    __tablename__ = "key_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
