"""One message's way across the desk: ask, guard, store the end with the replies."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.channels.text import is_blank
from signpost.desk.assistant import Answer, Assistant, AssistantAway, AssistantRefused, Question
from signpost.force.guard import Reply, guarded, with_reference
from signpost.force.mandate import FULL_KINDS, GUIDANCE, Mandate
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.escalations import LABELS
from signpost.log.messages import guidance_given, keep_reasons
from signpost.log.models import ANSWERED, ENDED, FAILED, SILENT, InboundMessage, OutboundMessage

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=15)
PATIENCE = timedelta(seconds=60)
"""How long a message waits for an assistant that is away before it ends without it."""
LEAST_ATTEMPTS = 6
"""And how often it was asked: what waited while everything was off gets half a minute for the assistant to start."""

log = structlog.get_logger("signpost.desk")


@dataclass(frozen=True)
class Turn:
    """Takes claimed messages to their end. Everything it needs is passed in."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    mandate: Mandate
    assistant: Assistant
    clock: Clock

    def take(self, message_id: int) -> None:
        """Asks about the message and stores its end, or puts it back for later. The reply isn't delivered here."""
        with self.reads() as session:
            message = session.get_one(InboundMessage, message_id)
            text = self.vault.decrypt(message.text_encrypted) if message.text_encrypted else ""
            question = self._question(session, message, text)
        if is_blank(text):
            self._end_without(message, SILENT, "it holds no text")
            return
        try:
            answer = self.assistant.ask(question)
        except AssistantRefused as refusal:
            self._end_unseen(message, str(refusal))
        except AssistantAway as fault:
            self._put_back(message, str(fault))
        else:
            self._end(message, answer)

    def _question(self, session: Session, message: InboundMessage, text: str) -> Question:
        off = message.conversation.replies_off_at is not None
        return Question(
            message_id=message.key,
            conversation_id=message.conversation.key,
            channel=message.channel,
            visibility=message.visibility,
            text=text,
            guided=guidance_given(session, message, FULL_KINDS) or "nothing",
            replies="off_by_request" if off else "on_request",
        )

    def _end(self, message: InboundMessage, answer: Answer) -> None:
        channel = self.mandate.channel(message.channel)
        said = [(reply.response, reply.text) for reply in answer.replies]
        replies = guarded(self.mandate, channel, answer.label, said)
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            if stored.state == ENDED:
                return  # Our claim ran out and another worker was quicker; its replies stand.
            stored.label, stored.intent, stored.unsure = answer.label, answer.intent, answer.unsure
            stored.scores, stored.ranking = dict(answer.scores), list(answer.ranking)
            keep_reasons(stored, self.vault, answer.reasons)
            stored.model = answer.model
            if answer.intent == "stop":
                stored.conversation.replies_off_at = self.clock()
            elif answer.label in LABELS:
                # Somebody who reports is talking to us again.
                stored.conversation.replies_off_at = None
            reason = None if replies else "no reply is due by rule"
            self._store_end(session, stored, replies, ANSWERED if replies else SILENT, reason, answer.escalation)
        for reply in replies:
            if reply.faults:
                log.error("reply_replaced", message=message.key, response=reply.response, faults=reply.faults)

    def _store_end(  # noqa: PLR0913, PLR0917  # these are the end
        self,
        session: Session,
        stored: InboundMessage,
        replies: list[Reply],
        end: str,
        reason: str | None,
        reference: str | None = None,
    ) -> None:
        now = self.clock()
        channel = self.mandate.channel(stored.channel)
        stored.state, stored.end, stored.end_reason, stored.ended_at = ENDED, end, reason, now
        stored.claimed_by, stored.claimed_until = None, None
        for position, reply in enumerate(replies):
            session.add(
                OutboundMessage(
                    inbound_message_id=stored.id,
                    position=position,
                    kind=reply.kind,
                    response=reply.response,
                    text=with_reference(channel, reply.text, reference),
                    faults=list(reply.faults) or None,
                    created_at=now,
                    due_at=now,
                )
            )

    def _end_without(self, message: InboundMessage, end: str, reason: str, replies: list[Reply] | None = None) -> None:
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            if stored.state != ENDED:
                # Nobody understood it, so somebody should look at it.
                stored.unsure = end != SILENT
                self._store_end(session, stored, replies or [], end, reason)
        if end == FAILED:
            log.error("message_failed", message=message.key, reason=reason)

    def _end_unseen(self, message: InboundMessage, reason: str) -> None:
        """Ends a message that nobody could understand: a private one gets the guidance all the same.

        Guidance that wasn't called for is a small harm, and an emergency answered by silence is a great one. In
        public it stays silent, since everybody reads it; staff see the message among the failed.
        """
        if message.visibility != "private":
            self._end_without(message, FAILED, reason)
            return
        text = self.mandate.canonical_text(GUIDANCE, self.mandate.channel(message.channel))
        unseen = [Reply(text, GUIDANCE, "canonical", (reason,))]
        self._end_without(message, ANSWERED, f"{reason}; the guidance was sent without it", unseen)
        log.error("message_answered_unseen", message=message.key, reason=reason)

    def _put_back(self, message: InboundMessage, reason: str) -> None:
        """Later again, with growing pauses, until patience ends."""
        if message.attempts >= LEAST_ATTEMPTS and self.clock() - message.received_at >= PATIENCE:
            self._end_unseen(message, reason)
            return
        with self.sessions.begin() as session:
            stored = session.get_one(InboundMessage, message.id)
            if stored.state == ENDED:
                return  # Our claim ran out and another worker was quicker.
            stored.attempts += 1
            pause = min(FIRST_PAUSE * 2 ** min(stored.attempts - 1, 10), LONGEST_PAUSE)
            stored.due_at = self.clock() + pause
            stored.claimed_by, stored.claimed_until = None, None
        log.warning("assistant_away", message=message.key, reason=reason)
