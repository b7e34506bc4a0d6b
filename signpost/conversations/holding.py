"""Holds one person's conversation with a desk, on a clock of its own, and tells what came of each turn."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from signpost.channels.events import ATTACHMENT, TEXT
from signpost.channels.simulated import ACCOUNT
from signpost.channels.text import storable
from signpost.desk.assistant import Answer, Assistant, Question
from signpost.desk.case import RANK
from signpost.desk.silence import QUIET
from signpost.desk.worker import Desk
from signpost.force.mandate import Channel
from signpost.log.clock import MovableClock
from signpost.log.escalations import escalation_of
from signpost.log.messages import NewMessage, conversation_of, store_inbound
from signpost.log.models import ENDED, REPORT, Conversation, InboundMessage
from signpost.mistakes import Mistake

GIVE_UP_SECONDS = 120
READING_HOURS = 10 / 3600
"""Between two turns at least: nobody reads a reply and answers it sooner."""
STAFF_PAUSE = timedelta(hours=12)
"""For how long a member of staff who wrote has the conversation, as accounts have it by default."""


@dataclass(frozen=True)
class Sent:
    """One reply as it went out. ``faults``: why the assistant's own words were replaced; empty when they weren't."""

    response: str
    text: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What came of one turn, by its most urgent message (its key).

    ``answer``: the assistant's, of the turn's most urgent text; none where it wasn't asked. ``label`` is none then, too.
    ``cause``: for what it is in the record, none where it isn't; ``escalation``: its reference if that is a report.
    ``reference``: the one a reply may hold. ``end``: why the message ended as it did, for staff.
    """

    message: str
    label: str | None
    answer: Answer | None
    replies: tuple[Sent, ...]
    escalation: str | None
    cause: str | None
    reference: str | None
    end: str | None


class Overheard(Assistant):
    """The assistant, with its last answer to each message kept by the message's id."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.answers: dict[str, Answer] = {}

    def urgency_of(self, texts: list[str]) -> list[int]:
        """As the assistant says."""
        return self._assistant.urgency_of(texts)

    def ask(self, question: Question) -> Answer:
        """As the assistant says."""
        answer = self._assistant.ask(question)
        self.answers[question.message_id] = answer
        return answer


class Talk:
    """A new person's conversation on a channel. What is said is stored, answered and delivered as a platform's would be.

    ``desk`` is shared; the clock that moves on with the conversation isn't.
    """

    def __init__(self, desk: Desk, channel: Channel) -> None:
        self._clock = MovableClock()
        self._assistant = Overheard(desk.turn.assistant)
        self._desk = _on(desk, self._clock, self._assistant)
        self._channel = channel
        self._person = f"person-{uuid.uuid4()}"

    def later(self, hours: float) -> None:
        """Time passes: so many hours, and at least what it takes to read a reply."""
        self._clock.advance(max(hours, READING_HOURS))

    def staff_replied(self) -> None:
        """A member of staff writes in the conversation, and so has it for a while."""
        with self._desk.sessions.begin() as session:
            self._conversation(session).staff_until = self._clock() + STAFF_PAUSE

    def asked_to_stop(self) -> None:
        """The person asked us to stop, some time ago."""
        with self._desk.sessions.begin() as session:
            self._conversation(session).replies_off_at = self._clock()

    def say(self, texts: Sequence[str]) -> Heard:
        """The texts of a burst, one after the other, and what came of them once all have ended.

        Raises :class:`Mistake` when one comes to no end.
        """
        return self._finish([self._receive(text, TEXT) for text in texts])

    def attach(self) -> Heard:
        """A picture, a recording or the like without a word."""
        return self._finish([self._receive("", ATTACHMENT)])

    def _conversation(self, session: Session) -> Conversation:
        return conversation_of(session, self._channel.key, ACCOUNT, self._person)

    def _receive(self, text: str, kind: str) -> InboundMessage:
        new = NewMessage(
            channel=self._channel.key,
            account=ACCOUNT,
            person=self._person,
            platform_id=str(uuid.uuid4()),
            visibility=self._channel.visibility,
            text=storable(text),
            received_at=self._clock(),
            kind=kind,
        )
        with self._desk.sessions.begin() as session:
            message, _is_new = store_inbound(session, self._desk.turn.vault, new)
            return message

    def _finish(self, messages: list[InboundMessage]) -> Heard:
        # The whole burst is there, so nothing more has to be waited for.
        self._clock.advance(QUIET.total_seconds() / 3600)
        ids = [message.id for message in messages]
        open_ones = select(InboundMessage.id).where(InboundMessage.id.in_(ids), InboundMessage.state != ENDED).limit(1)
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while self._any(open_ones):
            if not self._desk.finish_next(messages[0].conversation_id):
                time.sleep(0.1)
            if time.monotonic() > deadline:
                raise Mistake(f"A message had no end after {GIVE_UP_SECONDS} s; the assistant may be overloaded.")
        heard = [heard_of(self._desk, message_id) for message_id in ids]
        return together([replace(one, answer=self._assistant.answers.get(one.message)) for one in heard])

    def _any(self, query: Select[tuple[int]]) -> bool:
        with self._desk.reads() as session:
            return session.scalar(query) is not None


def heard_of(desk: Desk, message_id: int, answer: Answer | None = None) -> Heard:
    """What came of a message that has ended; ``answer`` is what the assistant answered about it."""
    with desk.reads() as session:
        message = session.get_one(InboundMessage, message_id)
        logged = escalation_of(session, message_id)
        return Heard(
            message.key,
            message.label,
            answer,
            tuple(Sent(one.response, one.text, tuple(one.faults or ())) for one in message.replies),
            # What is logged for another cause, such as a doubt, is no escalation in the policy's sense.
            logged.reference if logged and logged.cause == REPORT else None,
            logged.cause if logged else None,
            message.reference,
            message.end_reason,
        )


def together(heard: Sequence[Heard]) -> Heard:
    """A turn of several texts is as urgent as its most urgent text, and holds the replies of all."""
    most = max(heard, key=lambda one: RANK.get(one.label or "", -1))
    return replace(most, replies=tuple(reply for one in heard for reply in one.replies))


def _on(desk: Desk, clock: MovableClock, assistant: Assistant) -> Desk:
    return replace(
        desk,
        clock=clock,
        turn=replace(desk.turn, clock=clock, assistant=assistant, ending=replace(desk.turn.ending, clock=clock)),
        deliverer=replace(desk.deliverer, clock=clock),
        reconciler=replace(desk.reconciler, escalations=replace(desk.reconciler.escalations, clock=clock)),
    )
