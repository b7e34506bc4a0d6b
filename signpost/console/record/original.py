"""A record's original text, decrypted for somebody who said why: never without an entry in the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.channels.text import storable
from signpost.console.parts import Parts
from signpost.console.record.happenings import SHOWN
from signpost.log.audit import CONSULTATION, ERASURE, Act
from signpost.log.erasing import CONVERSATION_ERASED, RECORD_ERASED
from signpost.log.messages import parts_of
from signpost.log.models import AuditEntry, Escalation

ON_PLATFORM = "The person deleted the message on the platform, so Signpost deleted its copy."
RETENTION_OVER = "The time for which original texts are kept is over."
ON_REQUEST = "It was erased on request."


@dataclass(frozen=True)
class Said:
    """One message of the record, as it was written. ``text`` is none where it was erased, empty where there was none."""

    at: datetime
    kind: str
    text: str | None


def is_there(session: Session, escalation: Escalation) -> bool:
    """Whether any of the record's texts can still be shown."""
    messages = [*parts_of(session, escalation.inbound_message_id), escalation.message]
    return any(one.text_encrypted is not None for one in messages)


def show_original(session: Session, parts: Parts, escalation: Escalation, username: str, purpose: str) -> list[Said]:
    """The texts of the whole burst, oldest first, in one transaction with the audit entry: both happen, or neither.

    Raises :class:`signpost.mistakes.Mistake` where they can't be decrypted.
    """
    act = Act(username, CONSULTATION, SHOWN, escalation.reference, purpose=purpose)
    parts.trail.write(session, act, parts.clock())
    messages = [*parts_of(session, escalation.inbound_message_id), escalation.message]
    return [
        Said(
            one.received_at,
            one.kind,
            None if one.text_encrypted is None else storable(parts.vault.decrypt(one.text_encrypted)),
        )
        for one in messages
    ]


def why_erased(session: Session, escalation: Escalation) -> str:
    """Why the original text is gone, as far as the audit trail says."""
    query = (
        select(AuditEntry)
        .filter_by(subject=escalation.reference, action=ERASURE)
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    )
    act = session.scalars(query).first()
    if act is None:
        return RETENTION_OVER if escalation.original_erased_at is not None else ON_PLATFORM
    if act.purpose:
        return f"Reason: {act.purpose.rstrip('.')}."
    return ON_REQUEST if act.event in {RECORD_ERASED, CONVERSATION_ERASED} else RETENTION_OVER
