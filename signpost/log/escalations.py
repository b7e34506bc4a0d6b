"""Writing an escalation, once a message, whoever comes first: the assistant's action, or the desk in its place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import COLLECTION, SERVICE, Act, Trail
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.messages import parts_of, text_of
from signpost.log.models import CAUSES, REPORT, Escalation, InboundMessage
from signpost.log.priority import set_priority
from signpost.log.reference import new_reference
from signpost.log.states import raise_due_alerts
from signpost.mistakes import Mistake

LABELS = frozenset({"emergency", "crime_report"})
"""Of messages that are escalated for what they are. Others are for their cause: a doubt, a failure, abuse."""
LOGGED = "escalation_logged"
DRAWS = 20
WITHHELD = "<the text could not be redacted, so it is not shown here>"
log = structlog.get_logger("signpost.log")


class Redactor(Protocol):
    """Takes personal data out of a text (signpost.log.redaction)."""

    def redact(self, text: str) -> str:
        """The text with each find replaced by its kind."""


@dataclass(frozen=True)
class Finding:
    """What was understood of a message that is to be escalated, why, and who says so: ``action`` or ``desk``.

    ``cause`` is one of :data:`signpost.log.models.CAUSES`.
    """

    message_key: str
    label: str
    scores: dict[str, Any] | None
    model: str | None
    written_by: str
    cause: str = REPORT
    unsure: bool = False


@dataclass(frozen=True)
class EscalationLog:
    """Writes escalations, each with its entry in the audit trail: either both are on disk, or neither.

    Redaction takes tens of milliseconds, so it happens before the database is locked.
    """

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    redactor: Callable[[], Redactor]
    clock: Clock
    trail: Trail

    def write(self, finding: Finding) -> str:
        """The reference of the message's escalation: the one that exists, or a new one, on disk when this returns.

        Raises :class:`Mistake` for a message that doesn't exist, an unknown cause, or a label that is no report's where
        the cause is that it reads like one.
        """
        if finding.cause not in CAUSES:
            raise Mistake(f"A message is not escalated because of {finding.cause!r}.")
        if finding.cause == REPORT and finding.label not in LABELS:
            raise Mistake(f"A message labelled {finding.label!r} is not escalated.")
        with self.reads() as session:
            message = session.scalars(select(InboundMessage).filter_by(key=finding.message_key)).first()
            if message is None:
                raise Mistake(f"There is no message {finding.message_key} to escalate.")
            known = escalation_of(session, message.id)
            if known is not None:
                return known.reference
            text = text_of(message, parts_of(session, message.id), self.vault)
        redacted = self._redacted(text, message.key)
        with self.sessions.begin() as session:
            return self._insert(session, message, finding, redacted)

    def _redacted(self, text: str, message_key: str) -> str:
        try:
            return self.redactor().redact(text)
        except Exception as fault:  # noqa: BLE001  # an escalation without its text is worth more than none
            log.error("redaction_failed", message=message_key, fault=type(fault).__name__)
            return WITHHELD

    def _insert(self, session: Session, message: InboundMessage, finding: Finding, redacted: str) -> str:
        for draw in range(DRAWS):
            escalation = Escalation(
                # The one that was drawn for the message, and may stand in its reply; a new one where there is none.
                reference=(message.reference if draw == 0 else None) or new_reference(),
                inbound_message_id=message.id,
                cause=finding.cause,
                channel=message.channel,
                account=message.account,
                received_at=message.received_at,
                logged_at=self.clock(),
                redacted_text=redacted,
                label=finding.label,
                unsure=finding.unsure,
                scores=finding.scores,
                confidence=(finding.scores or {}).get(finding.label),
                model=finding.model,
                written_by=finding.written_by,
            )
            set_priority(escalation)
            try:
                with session.begin_nested():
                    session.add(escalation)
            except IntegrityError:
                # Either somebody else escalated the message meanwhile, or the reference is taken: look, else draw again.
                known = escalation_of(session, message.id)
                if known is not None:
                    return known.reference
            else:
                self.trail.write(session, _collected(escalation), escalation.logged_at)
                raise_due_alerts(session, escalation, escalation.logged_at)
                return escalation.reference
        raise Mistake("No free reference was found for an escalation; lengthen it in signpost/log/reference.py.")


def _collected(escalation: Escalation) -> Act:
    detail = {name: getattr(escalation, name) for name in ("channel", "label", "cause", "written_by")}
    return Act(SERVICE, COLLECTION, LOGGED, subject=escalation.reference, detail=detail)


def escalation_of(session: Session, message_id: int) -> Escalation | None:
    """The escalation of an inbound message, if it has one."""
    return session.scalars(select(Escalation).filter_by(inbound_message_id=message_id)).first()
