"""One message's way across the desk: ask, guard, store the end with the replies."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

import structlog
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session, sessionmaker

from signpost.channels.text import is_blank
from signpost.desk.assistant import Answer, Assistant, AssistantAway, AssistantRefused, Question
from signpost.desk.case import Case, case_of
from signpost.desk.ending import End, Ending, Understood
from signpost.desk.silence import EDIT, held_until, no_reply_because
from signpost.desk.unread import end_of_unseen, end_of_wordless
from signpost.force.accounts import platform_of
from signpost.force.guard import Reply, guarded
from signpost.force.mandate import Mandate
from signpost.force.translations import NO_TRANSLATIONS, Translations
from signpost.log.causes import LABELS
from signpost.log.clock import Clock
from signpost.log.database import table_of, transaction
from signpost.log.encryption import Vault
from signpost.log.messages import LANGUAGE, sealed_reasons
from signpost.log.models import ANSWERED, ENDED, FAILED, SILENT, WAITING, Conversation, InboundMessage

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=15)
PATIENCE = {"private": timedelta(seconds=60), "public": timedelta(minutes=15)}
"""How long a message waits for an assistant that is away before it ends without it. What is public would get no reply then,
so it waits longer."""
LEAST_ATTEMPTS = 6
"""And how often it was asked: what waited while everything was off gets half a minute for the assistant to start."""

CHECKED = 512
"""Answers of the assistant that are kept as checked."""

log = structlog.get_logger("signpost.desk")

_messages = table_of(InboundMessage)
_message = _messages.c
_LATER = (
    update(_messages)
    .where(_message.id == bindparam("message"), _message.state != ENDED)
    .values(
        attempts=_message.attempts + bindparam("more"),
        due_at=bindparam("due_at"),
        claimed_by=None,
        claimed_until=None,
    )
)
_REPLIES_OFF = (
    update(table_of(Conversation))
    .where(table_of(Conversation).c.id == bindparam("conversation"))
    .values(replies_off_at=bindparam("at"))
)
_UNSEEN = (
    select(_message.id)
    .where(
        _message.attempts >= LEAST_ATTEMPTS,
        # Said so that, with the order below, no index seems better than that of the attempts, where few are so many: most
        # messages have ended, and most are no part of another.
        _message.state != WAITING,
        _message.label.is_(None),
        (_message.part_of_id + 0).is_(None),
        _message.text_encrypted.is_not(None),
    )
    .order_by(_message.attempts, _message.id)
    .limit(1)
)


@dataclass(frozen=True)
class Result:
    """What came of a turn: whether the log has all it should, how many replies are due, whether nobody could be asked.

    Where the assistant is away there is no hurry to ask about another message.
    """

    settled: bool
    replies: int = 0
    away: bool = False


SETTLED = Result(settled=True)


@dataclass(frozen=True)
class Turn:
    """Takes claimed messages to their end. Everything it needs is passed in."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    mandate: Mandate
    assistant: Assistant
    ending: Ending
    clock: Clock
    translations: Translations = NO_TRANSLATIONS
    replies_to: Callable[[str, str, str | None, tuple[tuple[str, str], ...]], tuple[Reply, ...]] = field(init=False)
    """The replies that may be sent, given channel, label, language and what the assistant said. It says the same few
    things again and again, and they are checked once."""

    def __post_init__(self) -> None:
        """Nothing is known to be right yet."""
        object.__setattr__(self, "replies_to", lru_cache(CHECKED)(self._replies_to))

    def take(self, message_id: int) -> Result:
        """Takes a message to its end (:meth:`take_case`)."""
        with transaction(self.reads) as connection:
            case = case_of(connection, message_id)
        return self.take_case(case)

    def take_case(self, case: Case) -> Result:
        """Asks about the message and stores its end, or puts it back for later. The reply isn't delivered here."""
        text, before = case.text(self.vault), case.answered_as
        if is_blank(text):
            return self._end_without(case, end_of_wordless(case, self.mandate, self.clock()))
        until = None if before else held_until(case, text, self.clock())
        try:
            answer = self.assistant.ask(_question(case, text, before or ("not_report" if until else "")))
        except AssistantRefused as refusal:
            return self._end_unseen(case, str(refusal))
        except AssistantAway as fault:
            return self._put_back(case, str(fault))
        if answer.held and until is not None:
            return self._hold(case, until)
        if answer.held:
            return self._end_without(case, End(SILENT, EDIT))
        return self._end(case, answer)

    def _end(self, case: Case, answer: Answer) -> Result:
        said = tuple((reply.response, reply.text) for reply in answer.replies)
        replies = self.replies_to(case.channel, answer.label, answer.language, said)
        understood = self._understood(case, answer)
        with transaction(self.sessions) as connection:
            standing = self.ending.look(connection, case.id)
            if standing is None:
                return SETTLED  # Our claim ran out and another worker was quicker; its replies stand.
            self._turn_replies_off_or_on(connection, case, answer, off=standing.replies_off_at is not None)
            silent = no_reply_because(case, answer.label, standing.staff_until, self.clock())
            if silent or not replies:
                end = End(SILENT, silent or "no reply is due by rule")
            elif not self.ending.ways(case.channel, case.account):
                end = End(SILENT, "replies are switched off for this account here")
            else:
                end = End(ANSWERED, None, replies)
            settled = self.ending.store(connection, case, standing, end, understood, logging=answer.logging)
        for reply in replies:
            if reply.faults:
                log.error("reply_replaced", message=case.key, response=reply.response, faults=reply.faults)
        return Result(settled, replies=self._due_at_once(case, end))

    def _replies_to(
        self, channel_key: str, label: str, language: str | None, said: tuple[tuple[str, str], ...]
    ) -> tuple[Reply, ...]:
        channel = self.mandate.channel(channel_key)
        checked = guarded(self.mandate, channel, label, list(said))
        return tuple(self.translations.added_to(checked, language, channel))

    def _turn_replies_off_or_on(self, connection: Connection, case: Case, answer: Answer, *, off: bool) -> None:
        if answer.intent == "stop":
            connection.execute(_REPLIES_OFF, {"conversation": case.conversation_id, "at": self.clock()})
        elif answer.label in LABELS and off:
            # Somebody who reports is talking to us again.
            connection.execute(_REPLIES_OFF, {"conversation": case.conversation_id, "at": None})

    def _understood(self, case: Case, answer: Answer) -> Understood:
        written_in = [{"word": answer.language, "speaks": LANGUAGE}] if answer.language else []
        reasons = [*answer.reasons, *written_in]
        return Understood(
            label=answer.label,
            intent=answer.intent,
            unsure=answer.unsure,
            scores=dict(answer.scores),
            ranking=list(answer.ranking),
            # No crime type is derived for X, whatever the assistant says (X's developer policy).
            crime_kind=answer.kind if answer.label in LABELS and platform_of(case.channel) != "x" else None,
            model=answer.model,
            reasons=reasons,
            sealed=sealed_reasons(self.vault, reasons),
        )

    def _end_without(self, case: Case, end: End) -> Result:
        settled = True
        with transaction(self.sessions) as connection:
            standing = self.ending.look(connection, case.id)
            if standing is not None:
                # Nobody understood it, so somebody should look at it.
                settled = self.ending.store(connection, case, standing, end, unsure=end.end != SILENT)
        if end.end == FAILED:
            log.error("message_failed", message=case.key, reason=end.reason)
        return Result(settled, replies=self._due_at_once(case, end))

    def _due_at_once(self, case: Case, end: End) -> int:
        """On each way a reply travels, the first."""
        return len(self.ending.ways(case.channel, case.account)) if end.replies else 0

    def _end_unseen(self, case: Case, reason: str) -> Result:
        end = end_of_unseen(case, self.mandate, reason)
        taken = self._end_without(case, end)
        if end.end == ANSWERED:
            log.error("message_answered_unseen", message=case.key, reason=reason)
        return taken

    def understand_late(self) -> bool:
        """Understands one message that ended while the assistant was away, for the log; false when there is none.

        Its sender hears nothing more: they have had the guidance, or it is too late to answer in public.
        """
        with transaction(self.reads) as connection:
            message_id = connection.scalar(_UNSEEN)
            if message_id is None:
                return False
            case = case_of(connection, message_id)
        try:
            answer = self.assistant.ask(_question(case, case.text(self.vault), hold="emergency"))
        except AssistantAway:
            return False
        except AssistantRefused:
            answer = None
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, case.id)
            stored.attempts = 0
            if answer is not None:
                has_text = stored.text_encrypted is not None
                for name, value in self._understood(case, answer).columns(has_text=has_text).items():
                    setattr(stored, name, value)
                # It ended without having been understood, so it is still somebody's to look at.
                stored.unsure, stored.settled = True, False
        log.info("understood_late", message=case.key)
        return True

    def _hold(self, case: Case, until: datetime) -> Result:
        """A few words that are no report: the rest may follow, and then they are understood together."""
        self._later(case, until, attempts=0)
        return SETTLED

    def _put_back(self, case: Case, reason: str) -> Result:
        """Later again, with growing pauses, until patience ends."""
        if case.attempts >= LEAST_ATTEMPTS and self.clock() - case.received_at >= PATIENCE[case.visibility]:
            return replace(self._end_unseen(case, reason), away=True)
        pause = min(FIRST_PAUSE * 2 ** min(case.attempts, 10), LONGEST_PAUSE)
        self._later(case, self.clock() + pause, attempts=1)
        log.warning("assistant_away", message=case.key, reason=reason)
        return Result(settled=True, away=True)

    def _later(self, case: Case, due_at: datetime, *, attempts: int) -> None:
        """Gives up the claim on the message and its parts; they are due again at that time."""
        with transaction(self.sessions) as connection:
            if self.ending.look(connection, case.id) is None:
                return  # Our claim ran out and another worker was quicker.
            later = {"due_at": due_at, "more": attempts}
            connection.execute(_LATER, [{"message": one, **later} for one in (case.id, *case.parts)])


def _question(case: Case, text: str, hold: str) -> Question:
    return Question(
        message_id=case.key,
        conversation_id=case.conversation_key,
        channel=case.channel,
        visibility=case.visibility,
        text=text,
        guided=case.guided or "nothing",
        replies="off_by_request" if case.replies_off else "on_request",
        hold=hold,
    )
