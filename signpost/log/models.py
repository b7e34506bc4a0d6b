"""The tables of the record. Times are UTC without a zone, as SQLite keeps them; migrations/ makes the tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
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
    staff_until: Mapped[datetime | None]
    """Until when a member of staff has the conversation, and Signpost keeps out of it (emergencies excepted)."""


class InboundMessage(Base):
    """A message as it came in: stored before it is acknowledged, and never without an end."""

    __tablename__ = "inbound_message"
    __table_args__ = (
        UniqueConstraint("channel", "platform_id"),
        # In the order in which messages are taken, so that the first can be found without looking at all.
        Index("ix_inbound_message_queue", "state", text("urgency DESC"), "due_at"),
        Index("ix_inbound_message_attempts", "attempts"),
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
    kind: Mapped[str] = mapped_column(String(16), default="text")
    """What the platform sent: one of :data:`signpost.channels.events.KINDS`."""
    reply_target: Mapped[str] = mapped_column(String(255))
    """The platform's id of what a reply answers: the message's own, or that of the one it is an edit of."""
    received_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """When the person sent it, as the platform says."""
    text_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the person wrote, encrypted; none once its retention has ended or the platform says it was deleted."""

    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    urgency: Mapped[int] = mapped_column(default=0)
    """A cheap hint from the text, for the order in which messages are taken: higher is taken earlier."""
    looked_through: Mapped[bool] = mapped_column(default=False)
    """Whether the assistant has said how urgent it is, which it is asked in a flood only."""
    due_at: Mapped[datetime]
    """Not to be taken before: the time of receipt, later after a failed attempt."""
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"), index=True)
    """The later message of a burst with which this one is understood and answered."""
    edit_of_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"))
    """The message of which this one is a later wording."""
    reference: Mapped[str | None] = mapped_column(String(16), unique=True)
    """The reference its escalation has, or would have: drawn before anybody is answered, so that a reply can hold it."""
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
    crime_kind: Mapped[str | None] = mapped_column(String(32))
    """What a report is about, for the record; none where that isn't said, and always on X."""
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
    way: Mapped[str] = mapped_column(String(16), default="message")
    """How it travels: one of :data:`signpost.channels.transport.WAYS`."""
    kind: Mapped[str] = mapped_column(String(32))
    response: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    faults: Mapped[list[Any] | None]
    """Why the assistant's own words were replaced; none when they weren't."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None]
    """When an attempt began whose outcome isn't known yet; none once it is."""
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
    crime_kind: Mapped[str | None] = mapped_column(String(32))
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


class AccountState(Base):
    """What is known of an account from one moment to the next, shared by all processes."""

    __tablename__ = "account_state"
    __table_args__ = (UniqueConstraint("platform", "account"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    watched_since: Mapped[datetime]
    last_received_at: Mapped[datetime | None]
    """When intake last took a webhook for it."""
    rest_until: Mapped[datetime | None]
    """Nothing is sent for it before: the platform asked for a rest, or its token has expired."""
    checked_at: Mapped[datetime | None]
    """When its subscription on the platform was last looked at."""


class Alert(Base):
    """Something about an account that a person must put right. One a kind and account is open at a time."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_open", "cleared_at", "kind", "account"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    detail: Mapped[str] = mapped_column(Text)
    """A sentence for staff; never anything a person wrote."""
    raised_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    cleared_at: Mapped[datetime | None]
