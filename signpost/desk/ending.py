"""Stores a message's end with its replies, in one transaction, and the ends of the parts it was understood with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from signpost.desk.case import Case
from signpost.force.guard import Reply, with_reference
from signpost.force.mandate import Mandate
from signpost.log.causes import Outcome, cause_of
from signpost.log.clock import Clock
from signpost.log.completing import Told, completed
from signpost.log.database import session_in, table_of
from signpost.log.models import (
    ENDED,
    SILENT,
    WAITING,
    Conversation,
    Escalation,
    InboundMessage,
    OutboundMessage,
)
from signpost.log.priority import priority_of
from signpost.log.states import raise_due_alerts

Ways = Callable[[str, str], tuple[str, ...]]
"""How a reply travels from an account (second) on a channel (first): :data:`signpost.channels.transport.WAYS`."""
LOGGED_WITHIN = timedelta(seconds=3)
"""The assistant gives up on the action after a second (bot/quiet.py); what isn't in the log by then, the desk writes."""
TOGETHER = "it was understood and answered together with the message after it"

_messages, _escalations = table_of(InboundMessage), table_of(Escalation)
_message, _escalation = _messages.c, _escalations.c
_conversation = table_of(Conversation).c
_STANDING = (
    select(
        _message.state,
        _message.text_encrypted.is_not(None).label("has_text"),
        _conversation.replies_off_at,
        _conversation.staff_until,
        _escalation.id.label("escalation_id"),
        _escalation.cause,
        _escalation.label,
        _escalation.reasons,
        _escalation.redacted_text,
        _escalation.delivery_state,
    )
    .join_from(_messages, table_of(Conversation), _conversation.id == _message.conversation_id)
    .outerjoin(_escalations, _escalation.inbound_message_id == _message.id)
    .where(_message.id == bindparam("message"))
    .with_for_update(of=_messages)
)
_END = update(_messages).where(_message.id == bindparam("message"))
_END_PART = update(_messages).where(_message.id == bindparam("message"), _message.state == WAITING)
_REPLY = insert(table_of(OutboundMessage))
_COMPLETE = update(_escalations).where(_escalation.id == bindparam("escalation"))


@dataclass(frozen=True)
class End:
    """How a message ends: one of the ends of :mod:`signpost.log.models`, a reason for staff, and the replies."""

    end: str
    reason: str | None = None
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What was understood of a message, as it is kept; ``sealed`` are the reasons, encrypted like the text they come from."""

    label: str
    intent: str
    unsure: bool
    scores: dict[str, Any]
    ranking: list[Any]
    crime_kind: str | None
    model: str
    reasons: list[dict[str, str]]
    sealed: bytes

    def columns(self, *, has_text: bool) -> dict[str, Any]:
        """The message's columns. A text that was taken back meanwhile leaves no words behind."""
        columns = {
            "label": self.label,
            "intent": self.intent,
            "unsure": self.unsure,
            "scores": self.scores,
            "ranking": self.ranking,
            "crime_kind": self.crime_kind,
            "model": self.model,
        }
        return {**columns, "reasons_encrypted": self.sealed} if has_text else columns


@dataclass(frozen=True)
class Ending:
    """What is needed to end messages."""

    mandate: Mandate
    ways: Ways
    clock: Clock

    def look(self, connection: Connection, message_id: int) -> Row[Any] | None:
        """How the message, its conversation and its escalation stand, locked; none when another worker has ended it."""
        standing = connection.execute(_STANDING, {"message": message_id}).one()
        return None if standing.state == ENDED else standing

    def store(  # noqa: PLR0913  # each is said at the call
        self,
        connection: Connection,
        case: Case,
        standing: Row[Any],
        end: End,
        understood: Understood | None = None,
        *,
        unsure: bool = False,
        logging: bool = False,
    ) -> bool:
        """Ends the message and its parts; whether that is all, and nothing is left to :mod:`signpost.desk.reconcile` now.

        The replies are due at once; nothing is sent here. What nobody needs to look at is settled by its end, and so is
        what stands in the log already, whose entry is completed here. ``unsure`` is for what was not understood. ``logging``:
        the action is writing the entry, and takes from the message what it should say; the desk looks again a while later.
        """
        now = self.clock()
        columns = understood.columns(has_text=standing.has_text) if understood else {"unsure": unsure}
        outcome = _outcome(case, end, understood, unsure=unsure)
        replies = self._replies(case, end, now)
        settled = standing.escalation_id is not None or cause_of(outcome) is None
        later = {"due_at": now + LOGGED_WITHIN} if logging and not settled else {}
        columns |= {**_ended(end.end, end.reason, now), "settled": settled, **later}
        connection.execute(_END, {"message": case.id, **columns})
        if case.parts:
            together = {**_ended(SILENT, TOGETHER, now), "settled": True}
            connection.execute(_END_PART, [{"message": one, **together} for one in case.parts])
        if replies:
            connection.execute(_REPLY, replies)
        if standing.escalation_id is not None:
            said = [one["text"] for one in replies]
            _complete(connection, standing, _told(outcome, said, now, understood, standing), now)
        return settled or logging

    def _replies(self, case: Case, end: End, now: datetime) -> list[dict[str, Any]]:
        ways = self.ways(case.channel, case.account)
        channel = self.mandate.channel(case.channel)
        return [
            {
                "inbound_message_id": case.id,
                "position": position,
                "way": way,
                "kind": reply.kind,
                "response": reply.response,
                "text": with_reference(channel, reply.text, case.reference),
                "faults": list(reply.faults) or None,
                "created_at": now,
                "due_at": now,
            }
            for position, (reply, way) in enumerate(product(end.replies, ways))
        ]


def _outcome(case: Case, end: End, understood: Understood | None, *, unsure: bool) -> Outcome:
    if understood is None:
        return Outcome(case.kind, end.end, unsure=unsure)
    return Outcome(case.kind, end.end, understood.label, understood.intent, understood.unsure)


def _ended(end: str, reason: str | None, now: datetime) -> dict[str, Any]:
    ended = {"state": ENDED, "end": end, "end_reason": reason, "ended_at": now}
    return {**ended, "claimed_by": None, "claimed_until": None}


def _told(
    outcome: Outcome, replies: list[str], now: datetime, understood: Understood | None, standing: Row[Any]
) -> Told:
    if understood is None:
        return Told(outcome, now, replies=replies)
    reasons = [one for one in understood.reasons if "word" in one] if standing.has_text else None
    return Told(
        outcome, now, understood.scores, understood.model, understood.crime_kind, reasons=reasons, replies=replies
    )


def _complete(connection: Connection, standing: Row[Any], told: Told, now: datetime) -> None:
    """Fills in the entry that the action has written. Its replies have only just been stored, so they are on their way."""
    columns = completed(standing.cause, standing.reasons, standing.redacted_text, told)
    state = WAITING if told.replies else standing.delivery_state
    label, cause = columns.get("label", standing.label), columns.get("cause", standing.cause)
    columns |= {"delivery_state": state, "priority": priority_of(label, state, cause, unsure=columns["unsure"])}
    connection.execute(_COMPLETE, {"escalation": standing.escalation_id, **columns})
    if (label, cause) != (standing.label, standing.cause):
        # What it called for before, whoever wrote it has seen to.
        with session_in(connection) as session:
            raise_due_alerts(session, session.get_one(Escalation, standing.escalation_id), now)
