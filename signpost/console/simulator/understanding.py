"""What Signpost understood of a message and what it made of it, in plain words."""

from dataclasses import dataclass
from typing import Any

from signpost.console.simulator.thread import text_of
from signpost.console.simulator.wording import ENDS, INTENTS, KINDS, LABELS, NO_LABEL, spoken, words_for
from signpost.log import causes
from signpost.log.encryption import Vault
from signpost.log.messages import reasons_of
from signpost.log.models import REPORT, WAITING, InboundMessage

MOST_RANKED = 5
LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Bar:
    """A number from 0 to 1 with what it is of; ``code`` is the record's own name for it."""

    words: str
    code: str
    value: float

    @property
    def percent(self) -> str:
        """As people read it. Never 0% or 100%: nothing here is certain."""
        if 0 < self.value < 0.01:  # noqa: PLR2004  # a hundredth is a percent
            return "under 1%"
        if 0.99 < self.value < 1:  # noqa: PLR2004
            return "over 99%"
        return f"{self.value:.0%}"


@dataclass(frozen=True)
class SentReply:
    """The kind of a reply, and why the approved text stands in place of the assistant's words; none when it doesn't."""

    kind: str
    response: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """All there is to show of one message beside the thread."""

    key: str
    quote: str
    waiting: bool
    label: str
    label_words: str
    unsure: bool
    scores: tuple[Bar, ...]
    intent: str | None
    intent_words: str
    words_for: tuple[str, ...]
    words_against: tuple[str, ...]
    ranking: tuple[Bar, ...]
    escalates: bool
    reference: str | None
    reference_spoken: str
    replies: tuple[SentReply, ...]
    end_words: str
    end_reason: str | None
    milliseconds: int | None


def understanding_of(message: InboundMessage, vault: Vault) -> Understanding:
    """The message's understanding; mostly empty while it waits."""
    scores, logged = message.scores or {}, message.escalation
    reference = logged.reference if logged and logged.cause == REPORT else None
    took = message.ended_at - message.received_at if message.ended_at else None
    return Understanding(
        key=message.key,
        quote=_shortened(text_of(message, vault)),
        waiting=message.state == WAITING,
        label=message.label or "none",
        label_words=words_for(LABELS, message.label) if message.label else NO_LABEL,
        unsure=message.unsure,
        scores=tuple(Bar(words, code, _number(scores.get(code))) for code, words in LABELS.items()) if scores else (),
        intent=message.intent,
        intent_words=words_for(INTENTS, message.intent) if message.intent else "",
        words_for=_words(message, vault, "for"),
        words_against=_words(message, vault, "against"),
        ranking=tuple(_ranked(place) for place in (message.ranking or [])[:MOST_RANKED]),
        escalates=message.label in causes.LABELS,
        reference=reference,
        reference_spoken=spoken(reference) if reference else "",
        replies=tuple(
            SentReply(words_for(KINDS, reply.kind), reply.response, tuple(map(str, reply.faults or ())))
            for reply in message.replies
        ),
        end_words=words_for(ENDS, message.end) if message.end else "",
        end_reason=message.end_reason,
        milliseconds=round(took.total_seconds() * 1000) if took is not None else None,
    )


def _ranked(place: Any) -> Bar:
    code = str(place.get("name", ""))
    return Bar(words_for(INTENTS, code), code, _number(place.get("confidence")))


def _number(value: Any) -> float:
    """A score between 0 and 1, whatever the model gave: a bar can't show anything else."""
    return min(max(float(value), 0.0), 1.0) if isinstance(value, (int, float)) and value == value else 0.0  # noqa: PLR0124  # NaN isn't itself


def _words(message: InboundMessage, vault: Vault, speaks: str) -> tuple[str, ...]:
    return tuple(str(reason["word"]) for reason in reasons_of(message, vault) if reason.get("speaks") == speaks)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rstrip()} …"
