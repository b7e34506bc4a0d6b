"""How much of what the assistant can understand and do is reached by a test that asserts the words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from signpost.conversations.domain import Domain
from signpost.conversations.outcome import Outcome, TurnOutcome
from signpost.conversations.reading import Conversation
from signpost.conversations.rules import Rule
from signpost.force.mandate import Mandate

INTENTS, RULES, RESPONSES, PLACES, CHANNELS, TESTS = (
    "intents",
    "rules",
    "responses",
    "responses on their channels",
    "channels",
    "tests that passed",
)
VISIBILITY = "visibility"


@dataclass(frozen=True)
class Share:
    """What of one sort there is to reach, and what of it was; both in order."""

    name: str
    reached: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where there is nothing to reach."""
        total = len(self.reached) + len(self.missing)
        return len(self.reached) / total if total else 1.0


@dataclass(frozen=True)
class Coverage:
    """A share for each sort."""

    shares: tuple[Share, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not any(one.missing for one in self.shares)

    def as_json(self) -> dict[str, Any]:
        """Shares with what is missing, by sort."""
        return {
            "complete": self.complete,
            "shares": {
                one.name: {"share": one.share, "reached": list(one.reached), "missing": list(one.missing)}
                for one in self.shares
            },
        }


def measure(
    suite: Sequence[Conversation],
    outcomes: Sequence[Outcome] | None,
    domain: Domain,
    rules: Sequence[Rule],
    mandate: Mandate,
) -> Coverage:
    """Measured from what really came of the tests; without outcomes nothing was reached.

    Only a turn that asserts its replies and is without fault counts. An intent is reached when the assistant understood it,
    a rule when the assistant's answer came from it and went out, a response when it went out with its own words.
    """
    turns = [(one.channel, turn) for one in outcomes or () for turn in one.turns if _asserted(turn)]
    intents = {turn.got["intent"] for _channel, turn in turns}
    fired = {turn.got["rule"] for _channel, turn in turns if _went_out(turn, rules)}
    said = {(reply["response"], channel) for channel, turn in turns for reply in turn.got["replies"]}
    places = list(occurrences(domain, rules, mandate))
    passed = {one.title for one in outcomes or ()} - {one.title for one in outcomes or () if not one.passed}
    return Coverage(
        (
            _share(INTENTS, domain.intents, intents),
            _share(RULES, (rule.title for rule in rules), fired),
            _share(RESPONSES, domain.responses, {response for response, _channel in said}),
            _share(PLACES, (_place(*one) for one in places), {_place(*one) for one in said}),
            _share(CHANNELS, mandate.channels, {channel for channel, _turn in turns}),
            _share(TESTS, (one.title for one in suite), passed),
        )
    )


def occurrences(domain: Domain, rules: Iterable[Rule], mandate: Mandate) -> Iterator[tuple[str, str]]:
    """Each response with each channel on which some rule can say it, by the rule's condition on who can read there."""
    visibilities: dict[str, set[str]] = {}
    every = {one.visibility for one in mandate.channels.values()}
    for rule in rules:
        wanted = dict(rule.condition).get(VISIBILITY)
        for response in rule.responses:
            visibilities.setdefault(response, set()).update({wanted} if wanted else every)
    for response in domain.responses:
        for channel in mandate.channels.values():
            if channel.visibility in visibilities.get(response, ()):
                yield response, channel.key


def _asserted(turn: TurnOutcome) -> bool:
    return not turn.faults and "replies" in turn.expected and bool(turn.got)


def _went_out(turn: TurnOutcome, rules: Sequence[Rule]) -> bool:
    """Whether what was sent is what the rule says: a member of staff may have had the conversation, say."""
    sent = tuple(reply["response"] for reply in turn.got["replies"])
    return any(rule.title == turn.got["rule"] and rule.responses == sent for rule in rules)


def _share(name: str, all_of_it: Iterable[str], reached: set[Any]) -> Share:
    every = list(dict.fromkeys(all_of_it))
    return Share(name, tuple(one for one in every if one in reached), tuple(one for one in every if one not in reached))


def _place(response: str, channel: str) -> str:
    return f"{response} on {channel}"
