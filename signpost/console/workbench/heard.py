"""A conversation that was held in the simulator, turn by turn: what was said, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from signpost.channels.simulated import ACCOUNT
from signpost.console.simulator.thread import text_of
from signpost.log.encryption import Vault
from signpost.log.escalations import Redactor
from signpost.log.messages import parts_of
from signpost.log.models import ENDED, FAILED, REPORT, Conversation, InboundMessage

MOST_TURNS = 30
HOUR = 3600
LEAST_GAP_HOURS = 0.05
"""Shorter pauses are how long somebody took to type."""


@dataclass(frozen=True)
class HeardTurn:
    """What was said at once, with personal data taken out, and what came of it.

    ``gap_hours`` since the turn before. ``cause``: for which other cause than a report it is recorded, none for none.
    ``replies``: (response, text) in order. ``trouble``: why it can't be asked for in a test, empty for nothing.
    """

    says: tuple[str, ...]
    gap_hours: float
    label: str | None
    intent: str | None
    is_escalated: bool
    cause: str | None
    replies: tuple[tuple[str, str], ...]
    trouble: str = ""


@dataclass(frozen=True)
class Held:
    """The whole conversation."""

    key: str
    channel: str
    visibility: str
    turns: tuple[HeardTurn, ...]

    @property
    def trouble(self) -> str:
        """Why no test can be made of it; empty for nothing."""
        if not self.turns:
            return "Nothing was said in it yet."
        if len(self.turns) > MOST_TURNS:
            return f"It has more than {MOST_TURNS} turns. Begin a new one with “New person”, and make it shorter."
        return next((turn.trouble for turn in self.turns if turn.trouble), "")


def held(session: Session, key: str, vault: Vault, redactor: Redactor) -> Held | None:
    """The simulator's conversation of that key; none of any other account's, whoever asks."""
    conversation = session.scalars(select(Conversation).filter_by(key=key, account=ACCOUNT)).first()
    if conversation is None:
        return None
    query = (
        select(InboundMessage)
        .filter_by(conversation_id=conversation.id, part_of_id=None)
        .order_by(InboundMessage.id)
        .limit(MOST_TURNS + 1)
        .options(selectinload(InboundMessage.replies), selectinload(InboundMessage.escalation))
    )
    messages = list(session.scalars(query))
    bursts = [[*parts_of(session, message.id), message] for message in messages]
    turns, before = [], None
    for burst in bursts:
        turns.append(_turn(burst, before, vault, redactor))
        before = burst[-1].received_at
    visibility = messages[0].visibility if messages else "private"
    return Held(conversation.key, conversation.channel, visibility, tuple(turns))


def _turn(burst: Sequence[InboundMessage], before: datetime | None, vault: Vault, redactor: Redactor) -> HeardTurn:
    message, logged = burst[-1], burst[-1].escalation
    return HeardTurn(
        says=tuple(redactor.redact(text_of(one, vault)) for one in burst if one.text_encrypted is not None),
        gap_hours=_gap(before, burst[0].received_at),
        label=message.label,
        intent=message.intent,
        is_escalated=logged is not None and logged.cause == REPORT,
        cause=logged.cause if logged is not None and logged.cause != REPORT else None,
        replies=tuple((reply.response, reply.text) for reply in message.replies),
        trouble=_trouble(burst),
    )


def _gap(before: datetime | None, now: datetime) -> float:
    hours = round((now - before).total_seconds() / HOUR, 2) if before else 0.0
    return hours if hours >= LEAST_GAP_HOURS else 0.0


def _trouble(burst: Sequence[InboundMessage]) -> str:
    message = burst[-1]
    if any(one.text_encrypted is None for one in burst):
        return "A message in it was erased, as the time for which it may be kept is over."
    if message.state != ENDED:
        return "A message in it has no answer yet. Wait a moment, and load this page again."
    if message.end == FAILED or message.label is None:
        return "A message in it wasn’t understood, so nobody knows what to ask for."
    if any(reply.faults for reply in message.replies):
        return "The approved text stood in for a response in it. Put that response right first: signpost check"
    return ""
