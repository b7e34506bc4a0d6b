"""A record with a past, for the tests of retention: messages of any age, with replies, records, holds and the rest."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fakes import TRAIL_KEY
from sqlalchemy import create_engine, func, select, text

from signpost.log.audit import Trail
from signpost.log.models import (
    ENDED,
    Alert,
    AuditEntry,
    Conversation,
    Correction,
    DeliveryAttempt,
    Escalation,
    InboundMessage,
    OutboundMessage,
    StaffAccount,
    StaffSession,
)
from signpost.log.retention import Limits
from signpost.log.retention_dialogues import Dialogues
from signpost.log.retention_run import Retention
from signpost.log.states import acknowledge_for, raise_record_alert

REFERENCE = "CDFGHKLMRWXY"


@dataclass
class Kept:
    """Puts things into the record as of now; the tests move the clock on and let retention run."""

    record: Any
    limits: Limits = field(default_factory=Limits)
    dialogues: Dialogues = field(default_factory=lambda: Dialogues(None))
    count: int = 0

    def retention(self) -> Retention:
        record = self.record
        return Retention(record.sessions, record.reads, Trail(TRAIL_KEY), self.limits, self.dialogues, record.clock)

    def run(self, **more: Any) -> dict[str, int]:
        return self.retention().run("test", **more, rest=lambda _seconds: None)

    def message(self, said: str = "my bike's gone", *, person: str = "p1", **columns: Any) -> int:
        """A message that was answered and delivered."""
        self.count += 1
        message_id: int = self.record.receive(said, person=person)
        now = self.record.clock()
        with self.record.sessions.begin() as session:
            message = session.get_one(InboundMessage, message_id)
            message.state, message.end, message.ended_at, message.settled = ENDED, "answered", now, True
            message.reasons_encrypted = self.record.vault.encrypt("[]")
            for name, value in columns.items():
                setattr(message, name, value)
            reply = OutboundMessage(
                inbound_message_id=message_id,
                position=0,
                kind="guidance",
                response="utter_guidance",
                text="Call 101.",
                created_at=now,
                due_at=now,
                state="delivered",
            )
            session.add(reply)
            session.flush()
            session.add(DeliveryAttempt(outbound_message_id=reply.id, at=now, outcome="delivered", detail=None))
        return message_id

    def escalation(
        self, said: str = "my bike's gone", *, redacted: str = "", person: str = "p1", **columns: Any
    ) -> str:
        """A record of a message of its own, with an alert; returns its reference."""
        return self.escalate(self.message(said, person=person), redacted or said, **columns)

    def escalate(self, message_id: int, redacted: str = "my bike's gone", **columns: Any) -> str:
        """The record of a message that is there."""
        digits = [REFERENCE[(message_id // len(REFERENCE) ** place) % len(REFERENCE)] for place in range(5)]
        reference = f"{''.join(digits[:3])}-{''.join(digits[3:])}"
        now = self.record.clock()
        with self.record.sessions.begin() as session:
            escalation = Escalation(
                reference=reference,
                inbound_message_id=message_id,
                channel="messenger",
                account="page",
                received_at=session.get_one(InboundMessage, message_id).received_at,
                logged_at=now,
                redacted_text=redacted,
                label="emergency",
                written_by="desk",
                **columns,
            )
            session.add(escalation)
            raise_record_alert(session, "emergency", escalation, now)
        return reference

    def hold(self, reference: str, reason: str | None = "a court asked") -> None:
        with self.record.sessions.begin() as session:
            session.scalars(select(Escalation).filter_by(reference=reference)).one().hold_reason = reason

    def staff(self) -> int:
        account = StaffAccount(username="anna", name="Anna", roles=["reviewer"], created_at=self.record.clock())
        with self.record.sessions.begin() as session:
            session.add(account)
        return account.id

    def sign_in(self, staff_id: int) -> None:
        self.count += 1
        now = self.record.clock()
        with self.record.sessions.begin() as session:
            session.add(StaffSession(token_hash=f"{self.count}", staff_id=staff_id, created_at=now, last_seen_at=now))

    def correct(self, reference: str, staff_id: int) -> None:
        with self.record.sessions.begin() as session:
            escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
            session.add(
                Correction(
                    escalation_id=escalation.id,
                    text=escalation.redacted_text,
                    old_label="emergency",
                    new_label="crime_report",
                    proposed_by_id=staff_id,
                    proposed_at=self.record.clock(),
                )
            )

    def acknowledge(self, reference: str, staff_id: int) -> None:
        with self.record.sessions.begin() as session:
            escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
            acknowledge_for(session, escalation.id, staff_id, self.record.clock())

    def left(self) -> dict[str, int]:
        """How many rows are left in each table that has any."""
        tables = (
            InboundMessage, OutboundMessage, DeliveryAttempt, Escalation, Conversation, Alert, Correction, StaffSession,
        )  # fmt: skip
        with self.record.reads() as session:
            counts = {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}
        return {name: count for name, count in counts.items() if count}

    def texts(self) -> list[bool]:
        """Of each message, oldest first, whether it still has its text."""
        with self.record.reads() as session:
            query = select(InboundMessage.text_encrypted).order_by(InboundMessage.id)
            return [one is not None for one in session.scalars(query)]

    def audited(self, event: str) -> list[AuditEntry]:
        with self.record.reads() as session:
            return list(session.scalars(select(AuditEntry).filter_by(event=event).order_by(AuditEntry.sequence)))

    def record_of(self, reference: str) -> Escalation | None:
        with self.record.reads() as session:
            return session.scalars(select(Escalation).filter_by(reference=reference)).first()


@dataclass
class RasaStore:
    """Rasa's own table, as Rasa makes it, in a file of its own."""

    url: str

    def __post_init__(self) -> None:
        self.engine = create_engine(self.url)
        with self.engine.begin() as connection:
            connection.execute(
                text(
                    "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL,"
                    " type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255),"
                    " action_name VARCHAR(255), data TEXT)"
                    if self.url.startswith("sqlite")
                    else "CREATE TABLE events (id SERIAL PRIMARY KEY, sender_id VARCHAR(255) NOT NULL,"
                    " type_name VARCHAR(255) NOT NULL, timestamp DOUBLE PRECISION, intent_name VARCHAR(255),"
                    " action_name VARCHAR(255), data TEXT)"
                )
            )

    def add(self, key: str, at: datetime, kind: str = "user", data: str = "{}") -> None:
        from datetime import timezone

        with self.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:key, :kind, :at, :data)"),
                {"key": key, "kind": kind, "at": at.replace(tzinfo=timezone.utc).timestamp(), "data": data},
            )

    def kinds(self) -> list[tuple[str, str]]:
        with self.engine.connect() as connection:
            return [
                (row[0], row[1])
                for row in connection.execute(text("SELECT sender_id, type_name FROM events ORDER BY id"))
            ]
