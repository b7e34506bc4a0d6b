"""The tables of the record. Times are UTC without a zone, as SQLite keeps them; migrations/ makes the tables."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
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
UNREVIEWED, REVIEWED = "unreviewed", "reviewed"

REPORT, UNSURE, FAILURE, UNREADABLE, ABUSE = "report", "unsure", "failed", "unreadable", "abuse"
CAUSES = (REPORT, UNSURE, FAILURE, UNREADABLE, ABUSE)
"""Why a person should look at a message: it reads like a report; it may be one; it or its reply failed; it came
encrypted; it is abuse, which is never answered (policy: considered by CCE)."""
UNKNOWN = "unknown"
"""The label of an escalation whose message nobody understood."""
URGENT, DOUBTFUL, ORDINARY = 0, 1, 2
"""The order in which people review: emergencies and failed deliveries, then the unsure, then the rest."""


def new_key() -> str:
    """An opaque key, for addresses and logs."""
    return str(uuid.uuid4())


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
        # Holds the few that are under way, however large the record grows.
        Index(
            "ix_inbound_message_unsettled",
            "id",
            sqlite_where=text("settled = 0"),
            postgresql_where=text("NOT settled"),
        ),
        Index("ix_inbound_message_received_at", "received_at"),
        # A message can't go without a look for its later wordings; few have any.
        Index(
            "ix_inbound_message_edits",
            "edit_of_id",
            sqlite_where=text("edit_of_id IS NOT NULL"),
            postgresql_where=text("edit_of_id IS NOT NULL"),
        ),
        # What retention looks through: only what still has a text, however much has none any more.
        Index(
            "ix_inbound_message_with_text",
            "received_at",
            "id",
            sqlite_where=text("text_encrypted IS NOT NULL"),
            postgresql_where=text("text_encrypted IS NOT NULL"),
        ),
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
    settled: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its end has reached the log, where it belongs there: nobody needs to look at it again."""

    conversation: Mapped[Conversation] = relationship()
    replies: Mapped[list["OutboundMessage"]] = relationship(order_by="OutboundMessage.position")
    escalation: Mapped["Escalation | None"] = relationship(back_populates="message")


BESIDE = text("way != 'message'")
"""Of replies: about what stands under a post, in public or in private. As it stands in the index, which only so is used."""


class OutboundMessage(Base):
    """A reply, stored in the same transaction as the end of the message it answers."""

    __tablename__ = "outbound_message"
    __table_args__ = (
        UniqueConstraint("inbound_message_id", "position"),
        Index("ix_outbound_message_queue", "state", "due_at"),
        # Echoes and comments that may be ours are looked for among these; replies to messages are found by their reader.
        Index("ix_outbound_message_beside", "created_at", sqlite_where=BESIDE, postgresql_where=BESIDE),
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


class DeliveryAttempt(Base):
    """One try to deliver a reply, and what came of it, for the record's page."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (Index("ix_delivery_attempt_reply", "outbound_message_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_message_id: Mapped[int] = mapped_column(ForeignKey("outbound_message.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    """``delivered``, ``later`` (it will be tried again), or ``failed``."""
    detail: Mapped[str | None] = mapped_column(Text)
    """A sentence for staff; never anything a person wrote."""


class Escalation(Base):
    """A message that a person at CCE should look at, above all one that appears to report a crime. One a message.

    ``cause`` says why it is here; ``report`` is what the policy calls an escalation.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        # The queue, in its order, so that a page of it is read without sorting.
        Index("ix_escalation_queue", "review_state", "priority", "received_at", "id"),
        Index("ix_escalation_received_at", "received_at", "id"),
        Index("ix_escalation_label", "label", "received_at"),
        Index("ix_escalation_channel", "channel", "received_at"),
        Index("ix_escalation_account", "account", "received_at"),
        Index("ix_escalation_reviewed_at", "reviewed_at"),
        # The few under a legal hold, which retention asks for again and again.
        Index(
            "ix_escalation_held",
            "id",
            sqlite_where=text("hold_reason IS NOT NULL"),
            postgresql_where=text("hold_reason IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    inbound_message_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"), unique=True)
    cause: Mapped[str] = mapped_column(String(16), default=REPORT, server_default=REPORT)
    """One of :data:`CAUSES`."""
    priority: Mapped[int] = mapped_column(default=ORDINARY, server_default=str(ORDINARY))
    """:data:`URGENT`, :data:`DOUBTFUL` or :data:`ORDINARY`; :func:`signpost.log.priority.set_priority` keeps it true."""
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    received_at: Mapped[datetime]
    logged_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    redacted_text: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(16))
    unsure: Mapped[bool] = mapped_column(default=False, server_default=false())
    crime_kind: Mapped[str | None] = mapped_column(String(32))
    scores: Mapped[dict[str, Any] | None]
    confidence: Mapped[float | None]
    """The score of ``label``, 0 to 1; kept beside ``scores`` so that the queue can be filtered by it."""
    reasons: Mapped[list[Any] | None]
    model: Mapped[str | None] = mapped_column(String(64))
    written_by: Mapped[str] = mapped_column(String(16))
    """``action`` (the rule's own), or ``desk`` (the action server was away, or no rule logs it)."""
    reply: Mapped[str | None] = mapped_column(Text)
    delivery_state: Mapped[str] = mapped_column(String(16), default=WAITING)

    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often staff changed it. A form that was opened at an older version is never saved over a newer one."""
    review_state: Mapped[str] = mapped_column(String(16), default=UNREVIEWED)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("staff_account.id"))
    reviewed_at: Mapped[datetime | None]
    was_report: Mapped[str | None] = mapped_column(String(8))
    """``yes``, ``no`` or ``unclear``, as the reviewer judged; so are the next two."""
    was_emergency: Mapped[str | None] = mapped_column(String(8))
    reply_right: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(32))
    """``signposted``, ``control_room``, ``niche``, ``block_considered`` or ``no_action``."""
    niche_reference: Mapped[str | None] = mapped_column(String(64))
    notes: Mapped[str | None] = mapped_column(Text)
    hold_reason: Mapped[str | None] = mapped_column(Text)
    """Why nothing of this record may be erased (legal hold); none when there is no hold."""
    hold_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_account.id"))
    hold_at: Mapped[datetime | None]
    original_erased_at: Mapped[datetime | None]
    """When the original text was erased, at the end of its retention, on request, or because the platform said so."""

    message: Mapped[InboundMessage] = relationship(back_populates="escalation")
    reviewer: Mapped["StaffAccount | None"] = relationship(foreign_keys=[reviewer_id])
    hold_by: Mapped["StaffAccount | None"] = relationship(foreign_keys=[hold_by_id])


class Correction(Base):
    """What a reviewer overturned, as a proposal for trainers. The text is the redacted one."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_state", "state", "proposed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalation.id", ondelete="SET NULL"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    old_label: Mapped[str] = mapped_column(String(16))
    new_label: Mapped[str] = mapped_column(String(16))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open")
    """``open``, ``accepted`` or ``refused``."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_account.id"))
    decided_at: Mapped[datetime | None]
    intent: Mapped[str | None] = mapped_column(String(64))
    """Under which intent an accepted one was written to data/nlu/reviewed.yml."""
    note: Mapped[str | None] = mapped_column(Text)


class StaffAccount(Base):
    """Somebody who signs in to the console: by a local password and a code, or through the force's identity provider."""

    __tablename__ = "staff_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, default=new_key)
    """Opaque; stands for the person in addresses and in logs."""
    username: Mapped[str] = mapped_column(String(128), unique=True)
    """Lower case; an e-mail address or a short name."""
    name: Mapped[str] = mapped_column(String(128))
    roles: Mapped[list[Any]]
    """Of :data:`signpost.console.roles.ROLES`."""
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_temporary: Mapped[bool] = mapped_column(default=False)
    """Whether the next sign-in must choose a new password."""
    totp_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The secret of the code's app, encrypted; none until it is set up, or after a reset."""
    totp_last_step: Mapped[int | None]
    """The time step of the last code that was taken: no code is good twice."""
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    """Who the identity provider says it is; both are none for a local account."""


class StaffSession(Base):
    """One sign-in, kept here so that it can be ended from here. The browser holds only a token, this only its hash."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_staff", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class KeptForm(Base):
    """What somebody had typed when their sign-in ended: kept for a day, so that nothing typed is lost."""

    __tablename__ = "kept_form"
    __table_args__ = (Index("ix_kept_form_kept_at", "kept_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, default=new_key)
    """Opaque; stands for it in addresses."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), index=True)
    """Who typed it: nobody else is ever shown it."""
    kept_at: Mapped[datetime]
    content_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    """Where it was to be sent and the fields, encrypted; never a password or a code."""


class SavedView(Base):
    """A set of filters that somebody gave a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    name: Mapped[str] = mapped_column(String(64))
    query: Mapped[str] = mapped_column(Text)
    """The filters as they stand in the address of the queue; never free text somebody searched for."""


class AuditEntry(Base):
    """One act that the law wants logged (DPA 2018 s.62). Append-only and chained: :mod:`signpost.log.audit`."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "sequence"),
        Index("ix_audit_entry_actor", "actor", "sequence"),
        Index("ix_audit_entry_action", "action", "sequence"),
        Index("ix_audit_entry_subject", "subject", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 … without a gap."""
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(160))
    """A staff account's username, or ``signpost`` for what the service does by itself."""
    action: Mapped[str] = mapped_column(String(16))
    """One of :data:`signpost.log.audit.ACTIONS`."""
    event: Mapped[str] = mapped_column(String(48))
    """What was done, finer than ``action``: ``escalation_logged``, ``original_shown`` …"""
    subject: Mapped[str | None] = mapped_column(String(160))
    """What it was done to: an escalation's reference, a staff account's username, an account's id."""
    purpose: Mapped[str | None] = mapped_column(Text)
    """Why, where the law or the product asks for it."""
    detail: Mapped[dict[str, Any] | None]
    """More, as ids, counts and choices; never anything a person wrote in a message."""
    digest: Mapped[str] = mapped_column(String(64))
    """HMAC-SHA256 over the entry and the digest before it, in hexadecimal."""


class AuditHead(Base):
    """The end of the chain: how many entries there are and the last one's digest, under a seal of its own."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    """Always 1."""
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class AuditCut(Base):
    """Where retention took the oldest entries away: the chain is verified from here on."""

    __tablename__ = "audit_cut"

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(unique=True)
    """The last entry that is gone."""
    digest: Mapped[str] = mapped_column(String(64))
    """Its digest, which the next entry builds on."""
    at: Mapped[datetime]
    seal: Mapped[str] = mapped_column(String(64))


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
    """Something that a person must see: about an account, or about one record (an emergency, a reply that failed).

    One a kind, account and record is open at a time. It is told again until somebody acknowledges it or it clears.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_open", "cleared_at", "kind", "account"),
        Index("ix_alert_notice", "acknowledged_at", "notice_due_at"),
        # The few that nobody has acknowledged: every page counts them.
        Index(
            "ix_alert_waiting",
            "urgent",
            "id",
            sqlite_where=text("cleared_at IS NULL AND acknowledged_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL AND acknowledged_at IS NULL"),
        ),
        # One a record and kind, whoever raises it first: those of accounts have no escalation, and none is like another.
        Index("ix_alert_escalation", "escalation_id", "kind", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, default=new_key)
    """Opaque; stands for the alert in addresses."""
    kind: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalation.id", ondelete="SET NULL"))
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is told in quiet hours too."""
    detail: Mapped[str] = mapped_column(Text)
    """A sentence for staff; never anything a person wrote."""
    raised_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    cleared_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_account.id"))
    notices: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often people were told."""
    notice_due_at: Mapped[datetime | None]
    """When people are told (again); none when nobody is to be told any more."""
    notice_failure: Mapped[str | None] = mapped_column(Text)
    """Why the last notice couldn't be sent; none when it could."""


class Duty(Base):
    """Work done on schedule by one process at a time, however many run: telling people, retention, the audit's anchor."""

    __tablename__ = "duty"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    due_at: Mapped[datetime]
    """Not to be done before."""
    claimed_until: Mapped[datetime | None]
    """Until when the process that does it has it for itself; one that died loses it then."""
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    """When it was last done to its end."""


class WorkbenchJob(Base):
    """Long work that a trainer asked for: a training with its comparison, or a run of the conversations.

    One at a time is under way, whoever asks: the assistant's machine has other things to do.
    """

    __tablename__ = "workbench_job"
    __table_args__ = (Index("ix_workbench_job_asked", "kind", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, default=new_key)
    """Opaque; stands for the job in addresses."""
    kind: Mapped[str] = mapped_column(String(16))
    """``train`` or ``conversations``."""
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    """``waiting``, ``running``, ``done``, ``failed`` or ``stopped``."""
    under_way: Mapped[bool | None] = mapped_column(default=True, unique=True)
    """True until it has ended, and none from then on: the database itself lets only one be true."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_account.id"))
    """Who asked in the console; none for the command line."""
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    """When the process that does it last showed that it lives."""
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    stop_at: Mapped[datetime | None]
    """When somebody asked it to stop; none when nobody did."""
    ended_at: Mapped[datetime | None]
    step: Mapped[str | None] = mapped_column(String(255))
    """What it is doing, a sentence for people."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """Of how many; 0 where that isn't known."""
    model_key: Mapped[str | None] = mapped_column(String(64))
    """The model it made or tried."""
    result: Mapped[dict[str, Any] | None]
    """What came of it; texts in it are the project's own, never anybody's message."""
    fault: Mapped[str | None] = mapped_column(Text)
    """Why it failed, a sentence for people; never anything a person wrote in a message."""

    asked_by: Mapped[StaffAccount | None] = relationship()


class DayFigure(Base):
    """What happened on one day in Europe/London, counted: :mod:`signpost.log.figures`. Nothing in it tells of a person.

    A day has a row for each channel and account on which anything happened, and one each with an empty channel, an empty
    account, or both, which hold all of them together.
    """

    __tablename__ = "day_figure"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(128), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    over: Mapped[bool] = mapped_column(default=False)
    """Whether it was counted after the week in which people may write again was over."""
    escalations: Mapped[int]
    """How many; so is the next. Beside ``figures``, so that a year's days can be read without all that they come to."""
    messages: Mapped[int]
    figures: Mapped[dict[str, Any]]


class MonthFigure(Base):
    """The days of a month together, made when first asked for and thrown away when one of them is counted again."""

    __tablename__ = "month_figure"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(128), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    figures: Mapped[dict[str, Any]]


class StaleDay(Base):
    """A day that changed since its figures were counted. The database itself marks it, by triggers."""

    __tablename__ = "stale_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    reach: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """For how many days before it the change may count too."""
    writer: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """PostgreSQL: the transaction that changed it, so that no two wait for each other, and no mark is lost. SQLite: 0."""
