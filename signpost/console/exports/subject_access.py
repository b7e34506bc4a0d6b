"""All that is held of one conversation, for the person whose it is (DPA 2018 s.45; UK GDPR Article 15).

What is still kept word for word is given word for word. Members of staff aren't named: their names are their own data.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from bot.nlu.language_list import languages
from signpost.channels.text import storable
from signpost.console.exports.cells import moment
from signpost.console.exports.conversation import Outline, messages_of
from signpost.console.queue.wording import Word
from signpost.console.times import day_and_time
from signpost.console.words import words
from signpost.log.encryption import Vault
from signpost.log.erasing import GONE, is_erased
from signpost.log.messages import LANGUAGE, reasons_of
from signpost.log.models import REVIEWED, Conversation, Escalation, InboundMessage, OutboundMessage

AS_WRITTEN: Final = "as it was written"
REDACTED: Final = "with personal data taken out; the original is erased"
NO_TEXT: Final = "erased, or there was none"
Fields = dict[str, Any]
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")


@dataclass(frozen=True)
class Held:
    """What is held, as plain values under names that people understand."""

    about: Fields
    messages: tuple[Fields, ...]

    def as_json(self) -> str:
        """For another program."""
        return json.dumps({**self.about, "messages": self.messages}, ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True)
class Gatherer:
    """Gathers it. ``staff_notes``: whether what reviewers wrote goes with it."""

    vault: Vault
    word: Word
    staff_notes: bool

    def gather(self, session: Session, outline: Outline, now: datetime) -> Held:
        """All of the conversation. Raises :class:`signpost.mistakes.Mistake` where a text can't be decrypted."""
        conversation = session.get_one(Conversation, outline.conversation_id)
        person = conversation.person
        about = {
            "about": f"All that is held of the conversation that record {outline.reference} is part of",
            "made": moment(now),
            "channel": self.word("channel", outline.channel),
            "account": self.word("account", outline.account),
            "your id on the platform": None if person.startswith(GONE) else person,
            "you asked for replies to stop": moment(conversation.replies_off_at) or None,
            "staff took over until": moment(conversation.staff_until) or None,
        }
        messages = messages_of(session, outline.conversation_id)
        return Held(
            {name: value for name, value in about.items() if value}, tuple(self._message(one) for one in messages)
        )

    def _message(self, message: InboundMessage) -> Fields:
        text, how = self._text(message)
        return _without_nothing(
            {
                "received": moment(message.received_at),
                "sent": moment(message.sent_at),
                "kind": message.kind,
                "visibility": message.visibility,
                "id on the platform": None if message.platform_id.startswith(GONE) else message.platform_id,
                "text": text,
                "the text is": how,
                "understood as": self._understanding(message),
                "what became of it": words(message.end, "end") if message.end else None,
                "why": message.end_reason,
                "replies": [self._reply(one) for one in message.replies],
                "record": self._record(message.escalation) if message.escalation else None,
            }
        )

    def _text(self, message: InboundMessage) -> tuple[str | None, str]:
        if message.text_encrypted is not None:
            return storable(self.vault.decrypt(message.text_encrypted)), AS_WRITTEN
        if message.escalation is not None and not is_erased(message.escalation):
            return storable(message.escalation.redacted_text), REDACTED
        return None, NO_TEXT

    def _understanding(self, message: InboundMessage) -> Fields | None:
        if message.label is None:
            return None
        reasons = reasons_of(message, self.vault)
        return _without_nothing(
            {
                "label": words(message.label, "label"),
                "intent": words(message.intent, "intent") if message.intent else None,
                "unsure": message.unsure or None,
                "kind of crime": message.crime_kind,
                "scores": message.scores,
                "words that weighed most": [_reason(one) for one in reasons if one.get("speaks") != LANGUAGE],
                "language": next(
                    (languages().name_of(one["word"]) for one in reasons if one.get("speaks") == LANGUAGE), None
                ),
                "model": message.model,
            }
        )

    def _reply(self, reply: OutboundMessage) -> Fields:
        return _without_nothing(
            {
                "text": reply.text,
                "made": moment(reply.created_at),
                "delivery": words(reply.state, "delivery"),
                "delivered": moment(reply.delivered_at),
            }
        )

    def _record(self, escalation: Escalation) -> Fields:
        found = {
            "reference": escalation.reference,
            "logged": moment(escalation.logged_at),
            "here because": words(escalation.cause, "cause"),
            "reviewed by a member of staff": moment(escalation.reviewed_at) or "not yet",
            "legal hold": "yes" if escalation.hold_reason is not None else None,
        }
        if escalation.review_state == REVIEWED:
            found |= {
                "was it a report": words(escalation.was_report, "judgement"),
                "was it an emergency": words(escalation.was_emergency, "judgement"),
                "was the reply right": words(escalation.reply_right, "judgement"),
                "outcome": words(escalation.outcome, "outcome"),
            }
        if self.staff_notes:
            found |= {"Niche reference": escalation.niche_reference, "reviewers’ notes": escalation.notes}
        return _without_nothing(found)


def lines(values: Mapping[str, Any] | Sequence[Any] | Any) -> list[tuple[str, str]]:
    """Values in a line each, for the page: a name and a text."""
    if not isinstance(values, Mapping):
        return [("", said(values))]
    return [(name[:1].upper() + name[1:], said(value)) for name, value in values.items()]


def said(value: Any) -> str:
    """A value as people read it; times on the clocks of Great Britain."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return day_and_time(datetime.fromisoformat(value[:-1]))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {said(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(said(one) for one in value)
    return str(value)


def _reason(reason: Mapping[str, str]) -> str:
    return f"{storable(reason['word'])} ({reason.get('speaks', 'for')})"


def _without_nothing(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
