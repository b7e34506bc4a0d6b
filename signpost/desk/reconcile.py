"""Sees that whatever a person should look at is in the log, whole: what the action could not write is written here."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from signpost.log.causes import cause_of, outcome_of
from signpost.log.completing import completed, told_of
from signpost.log.database import table_of
from signpost.log.encryption import Vault
from signpost.log.escalations import EscalationLog, Finding
from signpost.log.models import REPORT, UNKNOWN, WAITING, Escalation, InboundMessage
from signpost.log.priority import set_priority
from signpost.log.replies import note_delivery
from signpost.log.states import raise_due_alerts

log = structlog.get_logger("signpost.desk")
AT_ONCE = 50
_message = table_of(InboundMessage).c
# "Not settled" as the index has it, and "not waiting" so that no other index seems better: then only what isn't settled is read.
_ENDED = ~_message.settled & (_message.state != WAITING)
_DUE = _ENDED & (_message.due_at <= bindparam("now"))
"""Without those that the action is logging just now (:data:`signpost.desk.ending.LOGGED_WITHIN`)."""
_ALL = (
    select(InboundMessage)
    .options(selectinload(InboundMessage.replies), selectinload(InboundMessage.escalation))
    .where(_message.id > bindparam("after"))
    .order_by(InboundMessage.id)
    .limit(bindparam("most", type_=Integer))
)
_UNSETTLED = _ALL.where(_DUE)
_UNSETTLED_ONE = _ALL.where(_ENDED, _message.id == bindparam("message"))
_ANY = select(_message.id).where(_DUE).limit(1)


@dataclass(frozen=True)
class Reconciler:
    """Compares the messages that ended with the log."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    escalations: EscalationLog

    def settle(self, message_id: int | None = None) -> int:
        """Writes what is missing and fills in what only the desk knows; returns how many entries were touched.

        Looks only at what isn't settled, so that it costs the same however large the record is.
        """
        touched, last = 0, 0
        while True:
            with self.reads() as session:
                unsettled = self._unsettled(session, message_id, last)
            due = [message for message in unsettled if _cause(message)]
            self._let_go(message.id for message in unsettled if not _cause(message))
            for message in due:
                try:
                    self._settle(message)
                except Exception as fault:  # noqa: BLE001  # one that can't be logged must not keep the others from it
                    log.error("escalation_failed", message=message.key, fault=type(fault).__name__)
            touched += len(due)
            if len(unsettled) < AT_ONCE:
                return touched
            last = unsettled[-1].id

    def _unsettled(self, session: Session, message_id: int | None, after: int) -> list[InboundMessage]:
        if message_id is None:
            now = self.escalations.clock()
            if session.connection().scalar(_ANY, {"now": now}) is None:
                return []  # Most often: then nothing is loaded at all.
            return list(session.scalars(_UNSETTLED, {"after": after, "most": AT_ONCE, "now": now}))
        return list(session.scalars(_UNSETTLED_ONE, {"after": after, "most": AT_ONCE, "message": message_id}))

    def _let_go(self, ids: Iterable[int]) -> None:
        """Settles what nobody needs to look at, all in one transaction."""
        ids = list(ids)
        if not ids:
            return
        with self.sessions.begin() as session:
            query = select(InboundMessage).where(InboundMessage.id.in_(ids)).order_by(InboundMessage.id)
            for message in session.scalars(query.with_for_update()):
                # A reply may have failed meanwhile; then it is found again.
                message.settled = _cause(message) is None

    def _settle(self, seen: InboundMessage) -> None:
        reference = self._written(seen)
        with self.sessions.begin() as session:
            # Locked before anything is read, so that no reply fails unseen between the look and the mark.
            message = session.get_one(InboundMessage, seen.id, with_for_update=True)
            escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
            _complete(escalation, message, self.escalations.vault)
            note_delivery(session, escalation)
            set_priority(escalation)
            raise_due_alerts(session, escalation, self.escalations.clock())
            message.settled = True
        if seen.escalation is None and escalation.cause == REPORT and escalation.written_by == "desk":
            log.warning("escalation_written_by_desk", message=message.key, reference=reference)

    def _written(self, message: InboundMessage) -> str:
        """The reference of the message's entry, which is written if there is none."""
        if message.escalation is not None:
            return message.escalation.reference
        finding = Finding(
            message.key,
            message.label or UNKNOWN,
            message.scores,
            message.model,
            written_by="desk",
            cause=_cause(message) or REPORT,
            unsure=message.unsure,
        )
        return self.escalations.write(finding)


def _cause(message: InboundMessage) -> str | None:
    """Why it is in the log, or should be."""
    return cause_of(outcome_of(message, message.replies)) or (message.escalation.cause if message.escalation else None)


def _complete(escalation: Escalation, message: InboundMessage, vault: Vault) -> None:
    told = told_of(message, message.replies, vault)
    for name, value in completed(escalation.cause, escalation.reasons, escalation.redacted_text, told).items():
        setattr(escalation, name, value)
