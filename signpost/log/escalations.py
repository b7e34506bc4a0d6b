"""Writing an escalation, once a message, whoever comes first: the assistant's action, or the desk in its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import COLLECTION, SERVICE, Act, Trail
from signpost.log.causes import LABELS
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.ended import settle, taken_from_end
from signpost.log.messages import text_of
from signpost.log.models import CAUSES, REPORT, Base, Escalation, InboundMessage
from signpost.log.priority import set_priority
from signpost.log.reference import new_reference
from signpost.log.states import raise_due_alerts
from signpost.mistakes import Mistake

LOGGED = "escalation_logged"
DRAWS = 20
WITHHELD = "<the text could not be redacted, so it is not shown here>"
log = structlog.get_logger("signpost.log")
_MESSAGE_TABLE, _TABLE = (Base.metadata.tables[model.__tablename__] for model in (InboundMessage, Escalation))
_MESSAGES, _ESCALATIONS = _MESSAGE_TABLE.c, _TABLE.c
# Made once: to build a statement costs as much as to run it.
_MESSAGE = (
    select(
        _MESSAGES.id.label("inbound_message_id"),
        _MESSAGES.channel,
        _MESSAGES.account,
        _MESSAGES.received_at,
        _MESSAGES.text_encrypted,
        _MESSAGES.reference.label("drawn"),
        _ESCALATIONS.reference.label("known"),
    )
    .outerjoin_from(_MESSAGE_TABLE, _TABLE)
    .where(_MESSAGES.key == bindparam("key"))
)
_PARTS = select(_MESSAGES.text_encrypted).where(_MESSAGES.part_of_id == bindparam("id")).order_by(_MESSAGES.id)
_KNOWN = select(_ESCALATIONS.reference).where(_ESCALATIONS.inbound_message_id == bindparam("id"))
_ADD = insert(_TABLE)
_ADD_IF_ABSENT = postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_ESCALATIONS.id)


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

    Redaction takes milliseconds, so it happens before the database is locked. Where the message has ended before its
    escalation is written, that says at once what came of it (:mod:`signpost.log.ended`).
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
        return self._write_together((finding,))[finding.message_key]

    def write_all(self, findings: Sequence[Finding]) -> list[str]:
        """As :meth:`write`, several in one transaction: the reference of each. What is wrong with one keeps all from being written."""
        references = self._write_together(findings)
        return [references[finding.message_key] for finding in findings]

    def _write_together(self, findings: Sequence[Finding]) -> dict[str, str]:
        """The reference of each message, by its key."""
        for finding in findings:
            _check(finding)
        # What was found of a message first stands.
        by_key = {finding.message_key: finding for finding in reversed(findings)}
        with self.reads() as session:
            seen = [self._look(session.connection(), key) for key in by_key]
        references = {one.key: one.reference for one in seen if one.reference is not None}
        # Whoever writes several takes them in the same order, so that no two wait for each other.
        missing = sorted((one for one in seen if one.reference is None), key=lambda one: one.row["inbound_message_id"])
        redacted = {one.key: self._redacted(one.text, one.key) for one in missing}
        if not missing:
            return references
        with self.sessions.begin() as session:
            now, connection = self.clock(), session.connection()
            new: list[Escalation] = []
            whole: list[int] = []
            for one in missing:
                row = {**one.row, **_columns(by_key[one.key]), "redacted_text": redacted[one.key], "logged_at": now}
                message_id = row["inbound_message_id"]
                end = taken_from_end(connection, message_id, row["cause"], row["redacted_text"], self.vault)
                references[one.key], escalation = self._insert(connection, {**row, **(end or {})}, one.drawn)
                if escalation is not None:
                    new.append(escalation)
                    whole += [message_id] if end is not None else []
            settle(connection, whole)
            for escalation in new:
                raise_due_alerts(session, escalation, now)
            if new:
                self.trail.write_all(session, [_collected(escalation) for escalation in new], now)
        return references

    def _look(self, connection: Connection, key: str) -> "_Seen":
        message: Any = connection.execute(_MESSAGE, {"key": key}).first()
        if message is None:
            raise Mistake(f"There is no message {key} to escalate.")
        if message.known is not None:
            return _Seen(key, {}, "", None, message.known)
        row = {name: getattr(message, name) for name in ("inbound_message_id", "channel", "account", "received_at")}
        parts: list[Any] = [*connection.execute(_PARTS, {"id": message.inbound_message_id})]
        return _Seen(key, row, text_of(message, parts, self.vault), message.drawn, None)

    def _redacted(self, text: str, message_key: str) -> str:
        try:
            return self.redactor().redact(text)
        except Exception as fault:  # noqa: BLE001  # an escalation without its text is worth more than none
            log.error("redaction_failed", message=message_key, fault=type(fault).__name__)
            return WITHHELD

    def _insert(self, connection: Connection, row: dict[str, Any], drawn: str | None) -> tuple[str, Escalation | None]:
        """The reference of the message's escalation, and the escalation where it is new."""
        for draw in range(DRAWS):
            # The one that was drawn for the message, and may stand in its reply; a new one where there is none.
            escalation = Escalation(**row, reference=(drawn if draw == 0 else None) or new_reference())
            set_priority(escalation)
            more = {"reference": escalation.reference, "priority": escalation.priority}
            added = _added(connection, {**row, **more})
            if added is not None:
                escalation.id = added
                return escalation.reference, escalation
            # Either somebody else escalated the message meanwhile, or the reference is taken: look, else draw again.
            known = connection.execute(_KNOWN, {"id": row["inbound_message_id"]}).first()
            if known is not None:
                return known.reference, None
        raise Mistake("No free reference was found for an escalation; lengthen it in signpost/log/reference.py.")


def _added(connection: Connection, row: dict[str, Any]) -> int | None:
    """The id of the new row; none where another stands in its way."""
    if connection.dialect.name == "postgresql":
        return connection.execute(_ADD_IF_ABSENT, row).scalar()
    try:
        # SQLite takes back the one statement that failed, not the transaction. The other way is compiled anew each time.
        key: Any = connection.execute(_ADD, row).inserted_primary_key
    except IntegrityError:
        return None
    return int(key.id)


@dataclass(frozen=True)
class _Seen:
    """A message that is to be escalated: what its escalation takes over, or the reference of the one that it has."""

    key: str
    row: dict[str, Any]
    text: str
    drawn: str | None
    reference: str | None


def _check(finding: Finding) -> None:
    if finding.cause not in CAUSES:
        raise Mistake(f"A message is not escalated because of {finding.cause!r}.")
    if finding.cause == REPORT and finding.label not in LABELS:
        raise Mistake(f"A message labelled {finding.label!r} is not escalated.")


def _columns(finding: Finding) -> dict[str, Any]:
    columns = {name: getattr(finding, name) for name in ("cause", "label", "unsure", "scores", "model", "written_by")}
    return {**columns, "confidence": (finding.scores or {}).get(finding.label)}


def _collected(escalation: Escalation) -> Act:
    detail = {name: getattr(escalation, name) for name in ("channel", "label", "cause", "written_by")}
    return Act(SERVICE, COLLECTION, LOGGED, subject=escalation.reference, detail=detail)


def escalation_of(session: Session, message_id: int) -> Escalation | None:
    """The escalation of an inbound message, if it has one."""
    return session.scalars(select(Escalation).filter_by(inbound_message_id=message_id)).first()
