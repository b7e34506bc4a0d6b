"""What a tried message's page shows: the understanding in words and per cent, the rule, the replies, what it is like."""

from dataclasses import dataclass

from bot.labels import LABELS
from bot.nlu.language_list import languages
from signpost.console.corrections.known import KnownMessages
from signpost.console.parts import Parts
from signpost.console.record.understanding import percent, share, words_that_speak
from signpost.console.workbench.assistant import Tried, Understood
from signpost.console.workbench.likening import NearExample, near_examples
from signpost.console.workbench.replying import Sent, replies_to
from signpost.conversations.domain import Domain, load_domain
from signpost.conversations.rules import Rule, load_rules, rule_that_answered
from signpost.mistakes import Mistake

MOST_RANKED = 5
LOGS = "action_log_escalation"


@dataclass(frozen=True)
class Shown:
    """``troubles``: what couldn't be read, a sentence each; the rest is shown all the same."""

    tried: Tried
    understood: Understood
    language: str | None
    """That of the message, in words, where it isn't English."""
    scores: tuple[tuple[str, str], ...]
    ranking: tuple[tuple[str, str], ...]
    words_for: tuple[str, ...]
    words_against: tuple[str, ...]
    rule: Rule | None
    replies: tuple[Sent, ...]
    near: tuple[NearExample, ...] | None
    troubles: tuple[str, ...]

    @property
    def is_logged(self) -> bool:
        """Whether the rules would write a record of a report."""
        return LOGS in self.understood.actions


def shown(parts: Parts, known: KnownMessages, tried: Tried, understood: Understood) -> Shown:
    """All there is to say of a tried message."""
    troubles: list[str] = []
    rule, domain, near = None, Domain((), {}), None
    try:
        rules = load_rules(parts.bench.rules_folder)
        said = [one.response for one in understood.replies]
        rule = rule_that_answered(rules, understood.intent, understood.slots, said)
        domain = load_domain(parts.bench.domain_folder)
    except Mistake as mistake:
        troubles.append(mistake.sentence)
    replies = replies_to(parts.mandate, parts.bench.translations, tried.channel, understood, domain)
    try:
        if understood.nearest is not None:
            near = tuple(near_examples(understood.nearest, known.all()))
    except Mistake as mistake:
        troubles.append(mistake.sentence)
    except OSError as fault:
        troubles.append(f"The training messages can’t be read here ({fault.strerror}).")
    return Shown(
        tried=tried,
        understood=understood,
        language=languages().name_of(understood.language) if understood.language else None,
        scores=tuple((label, percent(share(understood.scores.get(label)))) for label in LABELS),
        ranking=tuple(
            (str(one.get("name", "")), percent(share(one.get("confidence"))))
            for one in understood.ranking[:MOST_RANKED]
        ),
        words_for=words_that_speak(understood.reasons, "for"),
        words_against=words_that_speak(understood.reasons, "against"),
        rule=rule,
        replies=replies,
        near=near,
        troubles=tuple(troubles),
    )
