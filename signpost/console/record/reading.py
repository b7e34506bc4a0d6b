"""One record, read whole: everything its page shows, as it was at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from signpost.channels.text import storable
from signpost.console.parts import Parts
from signpost.console.record.conversation import Conversation, Window, conversation_around
from signpost.console.record.happenings import OPENED
from signpost.console.record.timeline import Timeline, attempts_at, timeline_of
from signpost.console.record.understanding import Understanding, understanding_of
from signpost.log.audit import CONSULTATION, Act
from signpost.log.erasing import is_erased
from signpost.log.models import Correction, DeliveryAttempt, Escalation, InboundMessage


@dataclass(frozen=True)
class Look:
    """What the page shows of a record."""

    escalation: Escalation
    understanding: Understanding
    conversation: Conversation
    attempts: Mapping[int, list[DeliveryAttempt]]
    """By the id of the reply."""
    timeline: Timeline
    burst: int
    """How many messages were understood and answered as this one."""
    correction: Correction | None

    @property
    def is_erased(self) -> bool:
        """Whether only the empty shell of the record is left."""
        return is_erased(self.escalation)

    @property
    def text(self) -> str:
        """What the person wrote, as it was redacted."""
        return storable(self.escalation.redacted_text)

    @property
    def answered_in(self) -> str:
        """How long the person waited for the answer; empty where there is none."""
        return took(self.escalation.received_at, self.escalation.answered_at)

    @property
    def delivered_in(self) -> str:
        """How long it was until the platform had the answer; empty where it hasn't."""
        return took(self.escalation.received_at, self.escalation.delivered_at)


def find(session: Session, reference: str) -> Escalation | None:
    """The record of that reference, with its message, replies and people."""
    query = (
        select(Escalation)
        .filter_by(reference=reference)
        .options(
            joinedload(Escalation.message).selectinload(InboundMessage.replies),
            selectinload(Escalation.reviewer),
            selectinload(Escalation.hold_by),
        )
    )
    return session.scalars(query).first()


def look(session: Session, escalation: Escalation, window: Window) -> Look:
    """The record as its page shows it."""
    parts = select(func.count()).select_from(InboundMessage).filter_by(part_of_id=escalation.inbound_message_id)
    attempts = attempts_at(session, escalation.message.replies)
    return Look(
        escalation=escalation,
        understanding=understanding_of(escalation),
        conversation=conversation_around(session, escalation, window),
        attempts=attempts,
        timeline=timeline_of(session, escalation, attempts),
        burst=1 + (session.scalar(parts) or 0),
        correction=session.scalars(select(Correction).filter_by(escalation_id=escalation.id)).first(),
    )


def note_look(parts: Parts, username: str, shown: Look) -> None:
    """Writes to the audit trail who looked, and which other records of the conversation they saw with it.

    Before anything is shown: what can't be logged isn't shown.
    """
    own = shown.escalation.reference
    others = [line.reference for line in shown.conversation.lines if line.reference not in {None, own}]
    act = Act(username, CONSULTATION, OPENED, own, detail={"also_shown": others} if others else None)
    with parts.sessions.begin() as session:
        parts.trail.write(session, act, parts.clock())


def took(since: datetime, until: datetime | None) -> str:
    """How long that was, such as "in 3 seconds"; empty when it isn't over."""
    if until is None:
        return ""
    seconds = max((until - since) / timedelta(seconds=1), 0.0)
    if seconds < 1:
        return "in under a second"
    for length, name in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= length:
            count = int(seconds // length)
            return f"in {count:,} {name}{'' if count == 1 else 's'}"
    raise AssertionError("a second is always within a second")
