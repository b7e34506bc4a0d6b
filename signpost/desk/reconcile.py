"""Sees that every report has its escalation, whole: what the action could not write is written here."""

import re
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.escalations import LABELS, EscalationLog, Finding
from signpost.log.messages import reasons_of
from signpost.log.models import ENDED, Escalation, InboundMessage, OutboundMessage
from signpost.log.replies import note_delivery

log = structlog.get_logger("signpost.desk")
AT_ONCE = 50
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Reconciler:
    """Compares the messages that ended with the log."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    escalations: EscalationLog

    def settle(self, message_id: int | None = None) -> int:
        """Writes missing escalations and fills in what only the desk knows; returns how many were touched."""
        touched, last = 0, 0
        while True:
            with self.reads() as session:
                unsettled = self._unsettled(session, message_id, last)
            for message in unsettled:
                try:
                    self._settle(message)
                except Exception as fault:  # noqa: BLE001  # one that can't be logged must not keep the others from it
                    log.error("escalation_failed", message=message.key, fault=type(fault).__name__)
            touched += len(unsettled)
            if len(unsettled) < AT_ONCE:
                return touched
            last = unsettled[-1].id

    def _unsettled(self, session: Session, message_id: int | None, after: int) -> list[InboundMessage]:
        query = (
            select(InboundMessage)
            .outerjoin(Escalation, Escalation.inbound_message_id == InboundMessage.id)
            .where(InboundMessage.state == ENDED, InboundMessage.label.in_(LABELS), Escalation.answered_at.is_(None))
            .where(InboundMessage.id > after)
            .order_by(InboundMessage.id)
            .limit(AT_ONCE)
        )
        if message_id is not None:
            query = query.where(InboundMessage.id == message_id)
        return list(session.scalars(query))

    def _settle(self, message: InboundMessage) -> None:
        finding = Finding(message.key, message.label or "", message.scores, message.model, written_by="desk")
        reference = self.escalations.write(finding)
        reasons = reasons_of(message, self.escalations.vault)
        with self.sessions.begin() as session:
            escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
            replies = list(
                session.scalars(
                    select(OutboundMessage).filter_by(inbound_message_id=message.id).order_by(OutboundMessage.position)
                )
            )
            escalation.answered_at = message.ended_at
            escalation.reasons = _without_personal_data(reasons, escalation.redacted_text)
            escalation.crime_kind = message.crime_kind
            # The same words may travel in public and in private.
            escalation.reply = "\n\n".join(dict.fromkeys(reply.text for reply in replies)) or None
            note_delivery(session, escalation)
        if escalation.written_by == "desk":
            log.warning("escalation_written_by_desk", message=message.key, reference=reference)


def _without_personal_data(reasons: list[dict[str, str]], redacted: str) -> list[dict[str, str]]:
    """The reasons whose word survived redaction: a name may move a decision, but it isn't for the log."""
    kept = set(_WORDS.findall(redacted.casefold()))
    return [reason for reason in reasons if set(_WORDS.findall(reason["word"].casefold())) <= kept]
