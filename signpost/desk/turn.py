"""One message's way across the desk: ask, guard, store the end with the replies."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from signpost.channels.events import ATTACHMENT, UNREADABLE
from signpost.channels.text import is_blank
from signpost.desk.assistant import Answer, Assistant, AssistantAway, AssistantRefused, Question
from signpost.desk.ending import End, Ending
from signpost.desk.silence import EDIT, STAFF, answered_as, held_until, no_reply_because, staff_has
from signpost.force.accounts import platform_of
from signpost.force.guard import Reply, guarded
from signpost.force.mandate import FULL_KINDS, GUIDANCE, Mandate
from signpost.force.translations import NO_TRANSLATIONS, Translations
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.escalations import LABELS
from signpost.log.messages import LANGUAGE, guidance_given, keep_reasons, parts_of, text_of
from signpost.log.models import ANSWERED, ENDED, FAILED, SILENT, InboundMessage

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=15)
PATIENCE = {"private": timedelta(seconds=60), "public": timedelta(minutes=15)}
"""How long a message waits for an assistant that is away before it ends without it. What is public would get no reply then,
so it waits longer."""
LEAST_ATTEMPTS = 6
"""And how often it was asked: what waited while everything was off gets half a minute for the assistant to start."""

NO_WORDS = "it holds no text"
TAKEN_BACK = "it was taken back before it was read"
ONLY_ATTACHMENT = "it holds a picture, a recording or the like and no words"
NOT_READABLE = "it can't be read here (encrypted, or of a form the platform doesn't pass on); read it on the platform"
log = structlog.get_logger("signpost.desk")


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

    def take(self, message_id: int) -> bool:
        """Asks about the message and stores its end, or puts it back for later. The reply isn't delivered here.

        False when the assistant is away: then there is no hurry to ask about another.
        """
        with self.reads() as session:
            message = session.get_one(InboundMessage, message_id)
            text = text_of(message, parts_of(session, message_id), self.vault)
            before = answered_as(session, message)
            until = None if before else held_until(message, text, self.clock())
            question = self._question(session, message, text, before or ("not_report" if until else ""))
        if is_blank(text):
            self._end_wordless(message)
            return True
        try:
            answer = self.assistant.ask(question)
        except AssistantRefused as refusal:
            self._end_unseen(message, str(refusal))
        except AssistantAway as fault:
            self._put_back(message, str(fault))
            return False
        else:
            if answer.held and until is not None:
                self._hold(message, until)
            elif answer.held:
                self._end_without(message, End(SILENT, EDIT))
            else:
                self._end(message, answer)
        return True

    def _question(self, session: Session, message: InboundMessage, text: str, hold: str) -> Question:
        off = message.conversation.replies_off_at is not None
        return Question(
            message_id=message.key,
            conversation_id=message.conversation.key,
            channel=message.channel,
            visibility=message.visibility,
            text=text,
            guided=guidance_given(session, message, FULL_KINDS) or "nothing",
            replies="off_by_request" if off else "on_request",
            hold=hold,
        )

    def _end(self, message: InboundMessage, answer: Answer) -> None:
        channel = self.mandate.channel(message.channel)
        said = [(reply.response, reply.text) for reply in answer.replies]
        checked = guarded(self.mandate, channel, answer.label, said)
        replies = tuple(self.translations.added_to(checked, answer.language, channel))
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            if stored.state == ENDED:
                return  # Our claim ran out and another worker was quicker; its replies stand.
            self._keep(stored, answer)
            if answer.intent == "stop":
                stored.conversation.replies_off_at = self.clock()
            elif answer.label in LABELS:
                # Somebody who reports is talking to us again.
                stored.conversation.replies_off_at = None
            silent = no_reply_because(session, stored, answer.label, self.clock())
            if silent or not replies:
                self.ending.store(session, stored, End(SILENT, silent or "no reply is due by rule"))
            elif not self.ending.ways(stored.channel, stored.account):
                self.ending.store(session, stored, End(SILENT, "replies are switched off for this account here"))
            else:
                self.ending.store(session, stored, End(ANSWERED, None, replies))
        for reply in replies:
            if reply.faults:
                log.error("reply_replaced", message=message.key, response=reply.response, faults=reply.faults)

    def _keep(self, stored: InboundMessage, answer: Answer) -> None:
        """What was understood. A text that was taken back meanwhile leaves no words behind."""
        stored.label, stored.intent, stored.unsure = answer.label, answer.intent, answer.unsure
        stored.scores, stored.ranking = dict(answer.scores), list(answer.ranking)
        # No crime type is derived for X, whatever the assistant says (X's developer policy).
        said = answer.kind if answer.label in LABELS and platform_of(stored.channel) != "x" else None
        stored.crime_kind, stored.model = said, answer.model
        if stored.text_encrypted is not None:
            written_in = [{"word": answer.language, "speaks": LANGUAGE}] if answer.language else []
            keep_reasons(stored, self.vault, [*answer.reasons, *written_in])

    def _end_without(self, message: InboundMessage, end: End) -> None:
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            if stored.state != ENDED:
                # Nobody understood it, so somebody should look at it.
                stored.unsure = end.end != SILENT
                self.ending.store(session, stored, end)
        if end.end == FAILED:
            log.error("message_failed", message=message.key, reason=end.reason)

    def _end_wordless(self, message: InboundMessage) -> None:
        """A picture may be of a crime, and a recording a call for help: in private their sender is told whom to call."""
        if message.text_encrypted is None:
            self._end_without(message, End(SILENT, TAKEN_BACK))
        elif message.kind == UNREADABLE:
            self._end_without(message, End(FAILED, NOT_READABLE))
        elif message.kind == ATTACHMENT and message.visibility == "private":
            self._end_attachment(message)
        else:
            self._end_without(message, End(SILENT, NO_WORDS))

    def _end_attachment(self, message: InboundMessage) -> None:
        with self.reads() as session:
            told = guidance_given(session, message, FULL_KINDS)
        if told:
            self._end_without(message, End(SILENT, f"{ONLY_ATTACHMENT}; its sender has had the guidance"))
        elif staff_has(message, self.clock()):
            self._end_without(message, End(SILENT, f"{ONLY_ATTACHMENT}; {STAFF}"))
        else:
            self._end_without(message, self._unseen(message, ONLY_ATTACHMENT))

    def _end_unseen(self, message: InboundMessage, reason: str) -> None:
        """Ends a message that nobody could understand: a private one gets the guidance all the same.

        Guidance that wasn't called for is a small harm, and an emergency answered by silence is a great one. In
        public it stays silent, since everybody reads it; staff see the message among the failed.
        """
        if message.visibility != "private":
            self._end_without(message, End(FAILED, reason))
            return
        self._end_without(message, self._unseen(message, reason))
        log.error("message_answered_unseen", message=message.key, reason=reason)

    def _unseen(self, message: InboundMessage, reason: str) -> End:
        text = self.mandate.canonical_text(GUIDANCE, self.mandate.channel(message.channel))
        return End(
            ANSWERED, f"{reason}; the guidance was sent without it", (Reply(text, GUIDANCE, "canonical", (reason,)),)
        )

    def understand_late(self) -> bool:
        """Understands one message that ended while the assistant was away, for the log; false when there is none.

        Its sender hears nothing more: they have had the guidance, or it is too late to answer in public.
        """
        with self.reads() as session:
            message = session.scalars(_unseen_by_the_assistant()).first()
            if message is None:
                return False
            text = text_of(message, parts_of(session, message.id), self.vault)
            question = self._question(session, message, text, hold="emergency")
        try:
            answer = self.assistant.ask(question)
        except AssistantAway:
            return False
        except AssistantRefused:
            answer = None
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            stored.attempts = 0
            if answer is not None:
                self._keep(stored, answer)
                # It ended without having been understood, so it is still somebody's to look at.
                stored.unsure, stored.settled = True, False
        log.info("understood_late", message=message.key)
        return True

    def _hold(self, message: InboundMessage, until: datetime) -> None:
        """A few words that are no report: the rest may follow, and then they are understood together."""
        self._later(message, until, attempts=0)

    def _put_back(self, message: InboundMessage, reason: str) -> None:
        """Later again, with growing pauses, until patience ends."""
        if message.attempts >= LEAST_ATTEMPTS and self.clock() - message.received_at >= PATIENCE[message.visibility]:
            self._end_unseen(message, reason)
            return
        pause = min(FIRST_PAUSE * 2 ** min(message.attempts, 10), LONGEST_PAUSE)
        self._later(message, self.clock() + pause, attempts=1)
        log.warning("assistant_away", message=message.key, reason=reason)

    def _later(self, message: InboundMessage, due_at: datetime, *, attempts: int) -> None:
        """Gives up the claim on the message and its parts; they are due again at that time."""
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            if stored.state == ENDED:
                return  # Our claim ran out and another worker was quicker.
            for one in (stored, *parts_of(session, message.id)):
                if one.state != ENDED:
                    one.attempts += attempts
                    one.due_at = due_at
                    one.claimed_by, one.claimed_until = None, None


def _unseen_by_the_assistant() -> Select[tuple[InboundMessage]]:
    return (
        select(InboundMessage)
        .where(
            InboundMessage.attempts >= LEAST_ATTEMPTS,
            InboundMessage.state == ENDED,
            InboundMessage.label.is_(None),
            InboundMessage.part_of_id.is_(None),
            InboundMessage.text_encrypted.is_not(None),
        )
        .order_by(InboundMessage.id)
        .limit(1)
    )
