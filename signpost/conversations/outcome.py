"""What came of a conversation test: each turn's expectation beside what was got, as JSON can keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class TurnOutcome:
    """One turn. ``faults`` are sentences: what was expected and what came; empty when all was as it should be.

    ``expected`` holds what the test asserts: of ``label, intent, escalation, cause, replies, words``. ``got`` holds
    ``label, intent, escalation`` (a reference or none), ``cause, rule`` (its title or none), ``slots`` (what the rules could
    ask), ``said`` (the responses the rule gave), ``end`` (why it ended so, or none), ``scores``, and ``replies``: what went
    out, each ``{response, text, faults}``.
    """

    says: tuple[str, ...]
    expected: dict[str, Any]
    got: dict[str, Any]
    faults: tuple[str, ...] = ()
    about: str = ""
    """What else happened, in words: an attachment, a pause, a member of staff; empty when nothing did."""


@dataclass(frozen=True)
class Outcome:
    """One test on one channel (its key)."""

    title: str
    file: str
    channel: str
    passed: bool
    turns: tuple[TurnOutcome, ...]

    def as_json(self) -> dict[str, Any]:
        """The same in lists and mappings, which :meth:`from_json` reads again."""
        return {**asdict(self), "turns": [_turn_as_json(turn) for turn in self.turns]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Outcome":
        """What :meth:`as_json` gave. Raises ``KeyError`` or ``TypeError`` for anything else."""
        turns = tuple(_turn_from_json(turn) for turn in data["turns"])
        return cls(data["title"], data["file"], data["channel"], bool(data["passed"]), turns)


def failed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those that didn't pass, in order."""
    return [one for one in outcomes if not one.passed]


def _turn_as_json(turn: TurnOutcome) -> dict[str, Any]:
    return {**asdict(turn), "says": list(turn.says), "faults": list(turn.faults)}


def _turn_from_json(data: Mapping[str, Any]) -> TurnOutcome:
    said, faults = tuple(data["says"]), tuple(data["faults"])
    return TurnOutcome(said, dict(data["expected"]), dict(data["got"]), faults, str(data.get("about", "")))
