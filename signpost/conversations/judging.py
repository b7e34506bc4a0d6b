"""Holds what came of a turn to what the test expects: each fault is a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from signpost.conversations.domain import Domain
from signpost.conversations.holding import Heard
from signpost.conversations.outcome import TurnOutcome
from signpost.conversations.reading import ASKED_TO_STOP, STAFF_REPLIED, Turn
from signpost.conversations.rules import Rule, rule_that_answered
from signpost.force.guard import Reply, with_reference
from signpost.force.mandate import GUIDANCE, Channel, Mandate
from signpost.force.translations import NO_TRANSLATIONS, Translations

NOT_REPORT = "not_report"
TRANSLATION = "translation_"
"""How the name of a reply begins that is a translation of the one before (signpost/force/translations.py)."""
CANONICAL = "canonical"
"""In place of a response: the guidance that the desk itself sends to what holds no words."""


@dataclass(frozen=True)
class Judge:
    """Everything that an expectation is held to."""

    domain: Domain
    rules: tuple[Rule, ...]
    mandate: Mandate
    translations: Translations = NO_TRANSLATIONS

    def turn(self, turn: Turn, heard: Heard, channel: Channel) -> TurnOutcome:
        """The turn's outcome on a channel."""
        got = self._got(heard)
        faults = (*_understood(turn, got), *_recorded(turn, got), *self._said(turn, heard, channel))
        return TurnOutcome(turn.says, turn.expected(), got, faults, about(turn))

    def _got(self, heard: Heard) -> dict[str, Any]:
        answer = heard.answer
        rule, said = None, []
        if answer is not None and not answer.held:
            said = [reply.response for reply in answer.replies]
            rule = rule_that_answered(self.rules, answer.intent, answer.slots, said)
        return {
            # What nobody could understand is no report.
            "label": heard.label or NOT_REPORT,
            "intent": answer.intent if answer else None,
            "escalation": heard.escalation,
            "cause": heard.cause,
            "rule": rule.title if rule else None,
            "slots": dict(answer.slots) if answer else {},
            "said": said,
            "end": heard.end,
            "scores": dict(answer.scores) if answer else None,
            "replies": [
                {"response": one.response, "text": one.text, "faults": list(one.faults)} for one in heard.replies
            ],
        }

    def _said(self, turn: Turn, heard: Heard, channel: Channel) -> Iterator[str]:
        if turn.replies is not None:
            said = tuple(reply.response for reply in heard.replies if not reply.response.startswith(TRANSLATION))
            if said != turn.replies:
                yield f"The reply should be {_listed(turn.replies)}, and was {_listed(said)}."
            else:
                yield from self._words(turn.replies, heard, channel)
        yield from _missing(turn.words, " ".join(reply.text for reply in heard.replies))

    def _words(self, names: Sequence[str], heard: Heard, channel: Channel) -> Iterator[str]:
        unknown = [name for name in names if name != CANONICAL and name not in self.domain.responses]
        replaced = [reply for reply in heard.replies if reply.faults and reply.response != CANONICAL]
        yield from (f"There is no response {name} in domain/." for name in unknown)
        for reply in replaced:
            for fault in reply.faults:
                yield f"The words of {reply.response} were replaced before they were sent: {fault}."
        if unknown or replaced:
            return
        language = heard.answer.language if heard.answer else None
        due = self.translations.added_to([self._due(name, channel) for name in names], language, channel)
        for wanted, reply in zip_longest(
            (with_reference(channel, one.text, heard.reference) for one in due), heard.replies
        ):
            if reply is None or reply.text != wanted:
                name = reply.response if reply else "A further reply"
                yield f'{name} should read "{wanted}" on this channel, and reads "{reply.text if reply else ""}".'

    def _due(self, name: str, channel: Channel) -> Reply:
        """A response as it is to be sent, with what the force approved to follow it."""
        if name == CANONICAL:
            return Reply(self.mandate.canonical_text(GUIDANCE, channel), GUIDANCE, name)
        text = self.mandate.with_routes(name, self.domain.text(name, channel.key) or "", channel)
        return Reply(text, self.mandate.kind_of(name), name)


def about(turn: Turn) -> str:
    """What else happens in a turn, in words; empty when nothing does."""
    parts = []
    if turn.gap_hours:
        parts.append(f"{turn.gap_hours:g} {'hour' if turn.gap_hours == 1 else 'hours'} later.")
    if turn.before == STAFF_REPLIED:
        parts.append("A member of staff has just written in the conversation.")
    if turn.before == ASKED_TO_STOP:
        parts.append("The person has asked us to stop.")
    if turn.attachment:
        parts.append(f"They send an attachment ({turn.attachment}) without words.")
    return " ".join(parts)


def _understood(turn: Turn, got: dict[str, Any]) -> Iterator[str]:
    if turn.label is not None and got["label"] != turn.label:
        yield f"The label should be {turn.label}, and was {got['label']}{_scored(got['scores'])}."
    if turn.intent is not None and got["intent"] != turn.intent:
        yield f"The intent should be {turn.intent}, and was {got['intent'] or 'none'}."


def _recorded(turn: Turn, got: dict[str, Any]) -> Iterator[str]:
    if turn.escalation is True and not got["escalation"]:
        yield "A report should be recorded, and none was."
    if turn.escalation is False and got["escalation"]:
        yield "No report should be recorded, and one was."
    if turn.cause is not None and got["cause"] != turn.cause:
        came = f"it was for {got['cause']}" if got["cause"] else "it was not recorded"
        yield f"The message should be recorded for the cause {turn.cause}, and {came}."


def _missing(words: Sequence[str], said: str) -> Iterator[str]:
    place = 0
    for one in words:
        found = said.find(one, place)
        if found < 0:
            where = " after the words before it" if one in said else ""
            yield f'The reply should hold "{one}"{where}, and it reads: {said or "(nothing)"}'
            return
        place = found + len(one)


def _scored(scores: dict[str, float] | None) -> str:
    if not scores:
        return ""
    return f" ({', '.join(f'{name} {score:.2f}' for name, score in scores.items())})"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "silence"
