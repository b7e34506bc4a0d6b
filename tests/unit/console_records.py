"""Records for the tests of the record's page and of corrections: a message, its replies, its escalation."""

from typing import Any

from fakes import TRAIL_KEY
from sqlalchemy import select

from signpost.log.audit import Trail
from signpost.log.models import (
    ANSWERED,
    DELIVERED,
    ENDED,
    WAITING,
    AuditEntry,
    Escalation,
    InboundMessage,
    OutboundMessage,
    StaffAccount,
    new_key,
)
from signpost.log.priority import set_priority
from signpost.log.reviewing import By, Review, save_review

TRAIL = Trail(TRAIL_KEY)
SCORES = {"emergency": 0.08, "crime_report": 0.82, "not_report": 0.1}


def report(  # noqa: PLR0913  # what a test may want otherwise
    record: Any,
    text: str = "my shop window was smashed, I'm on <phone number>",
    reference: str = "KMR-4C7",
    *,
    label: str = "crime_report",
    original: str = "my shop window was smashed, I'm on 07700 900123",
    replied: bool = True,
    channel: str = "messenger",
    person: str = "p1",
    **more: Any,
) -> Escalation:
    """A message that was understood, answered and logged."""
    message_id = record.receive(original, person=person, channel=channel)
    received = record.clock()
    record.clock.advance(seconds=2)
    now = record.clock()
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.state, message.end, message.ended_at = ENDED, ANSWERED, now
        message.label, message.scores, message.reference = label, SCORES, reference
        if replied:
            session.add(
                OutboundMessage(
                    inbound_message_id=message_id,
                    position=0,
                    kind="guidance",
                    response="utter_guidance",
                    text="Call 101 in a non-emergency, or 999 in an emergency.",
                    created_at=now,
                    due_at=now,
                    state=DELIVERED,
                    delivered_at=now,
                )
            )
        fields = {
            "scores": SCORES,
            "confidence": SCORES.get(label),
            "reasons": [{"word": "smashed", "speaks": "for"}, {"word": "shop", "speaks": "against"}],
            "model": "model-1",
            "written_by": "action",
            "answered_at": now,
            "delivered_at": now if replied else None,
            "delivery_state": DELIVERED if replied else WAITING,
            "reply": "Call 101 in a non-emergency, or 999 in an emergency." if replied else None,
            **more,
        }
        escalation = Escalation(
            reference=reference,
            inbound_message_id=message_id,
            channel=channel,
            account="page",
            received_at=received,
            logged_at=now,
            redacted_text=text,
            label=label,
            **fields,
        )
        set_priority(escalation)
        session.add(escalation)
    return escalation


def stored_record(record: Any, reference: str = "KMR-4C7") -> Escalation:
    """The escalation as the record has it now."""
    with record.reads() as session:
        return session.query(Escalation).filter_by(reference=reference).one()


def two_reviewers(record: Any) -> list[StaffAccount]:
    """Ann and Bob, who review."""
    accounts = [
        StaffAccount(
            key=new_key(), username=name, name=name.capitalize(), roles=["reviewer"], created_at=record.clock()
        )
        for name in ("ann", "bob")
    ]
    with record.sessions.begin() as session:
        session.add_all(accounts)
    return accounts


def by(record: Any, account: StaffAccount, version: int) -> By:
    """The account, now, having looked at that version."""
    return By(account.id, account.username, version, record.clock())


def save(record: Any, review: Review, who: By) -> None:
    """Saves a review of the only record."""
    with record.sessions.begin() as session:
        save_review(session, TRAIL, session.scalars(select(Escalation)).one(), review, who)


def entries(record: Any) -> list[AuditEntry]:
    """The audit trail, oldest first."""
    with record.reads() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))
