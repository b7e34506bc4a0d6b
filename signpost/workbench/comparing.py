"""A candidate beside the model that runs: figures, changed decisions, conversations, and what all that comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from signpost.estimates import Estimate
from signpost.evaluation.curve import curve_of
from signpost.evaluation.decisions import confusion, decision_figures
from signpost.evaluation.delong import auc_estimate
from signpost.evaluation.gate import Held, hold, read_gate
from signpost.evaluation.predictions import Case
from signpost.evaluation.wording import FIGURES
from signpost.processes import PROJECT
from signpost.settings import Settings
from signpost.workbench.judging import Judged, judge_both
from signpost.workbench.rehearsing import hold_conversations
from signpost.workbench.shelf import Model
from signpost.workbench.work import Work

if TYPE_CHECKING:
    from signpost.conversations.outcome import Outcome

GATE = PROJECT / "tests" / "detection" / "gate.yml"
SHOWN = (
    "recall",
    "emergencies_flagged",
    "emergencies_called",
    "false_positives",
    "near_misses_flagged",
    "everyday_flagged",
    "others_called_emergencies",
    "auc",
)
BETTER, WORSE, SAME, OTHER = "better", "worse", "same", "other"
SMALLEST = 0.00005
"""Differences below what four digits show are none."""


@dataclass(frozen=True)
class Figure:
    """One figure of detection, of both models, from 0 to 1; none where it couldn't be worked out.

    ``bound``: what the gate asks for, ``at_least`` or at most; ``passed``: whether the candidate reaches it. Both are none
    where the gate asks for nothing. ``went``: ``better``, ``worse`` or ``same``.
    """

    name: str
    title: str
    meaning: str
    now: float | None
    candidate: float | None
    went: str
    bound: float | None = None
    at_least: bool | None = None
    passed: bool | None = None


@dataclass(frozen=True)
class Changed:
    """A message of the project's own that the two give different labels; ``right`` is the one a person gave.

    ``went``: ``better`` when the candidate is right, ``worse`` when the other was, ``other`` when both are wrong.
    """

    place: str
    held_back: bool
    text: str
    right: str
    now: str
    candidate: str
    went: str


@dataclass(frozen=True)
class Conversations:
    """How many tests were held with the candidate, each on each of its channels, and how many failed.

    ``failures``: those, as :class:`signpost.conversations.outcome.Outcome` reads them.
    """

    total: int
    failed: int
    failures: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All of it. ``missed``: a sentence for each bound of the gate that the candidate misses.

    ``confusion``: of the held-back messages, by model (``now``, ``candidate``), how many of each right label got which.
    """

    now: str
    candidate: str
    judged: int
    figures: tuple[Figure, ...]
    missed: tuple[str, ...]
    changed: tuple[Changed, ...]
    confusion: Mapping[str, Mapping[str, Mapping[str, int]]]
    conversations: Conversations | None
    fit: bool
    verdict: str

    def as_json(self) -> dict[str, Any]:
        """In lists and mappings, as a job's result holds it."""
        return asdict(self)


def compare(
    settings: Settings, now: Model, candidate: Model, work: Work, *, with_conversations: bool = True
) -> Comparison:
    """Judges with both, and holds the conversation tests with the candidate.

    Raises :class:`signpost.mistakes.Mistake` when a model or a file won't do, :class:`signpost.workbench.work.Stopped`.
    """
    judged = judge_both(settings, now, candidate, work)
    conversations = _summed_up(hold_conversations(settings, candidate, work)) if with_conversations else None
    return weigh(now.key, candidate.key, judged, read_gate(GATE), conversations)


def weigh(
    now: str,
    candidate: str,
    judged: Sequence[Judged],
    gate: Mapping[str, float],
    conversations: Conversations | None,
) -> Comparison:
    """The comparison of what both made of the messages."""
    held_back = [one for one in judged if one.held_back]
    cases = {"now": [one.now for one in held_back], "candidate": [one.candidate for one in held_back]}
    before, after = figures_of(cases["now"]), figures_of(cases["candidate"])
    bounds = {one.name: one for one in hold(gate, after)}
    missed = tuple(_in_words(one) for one in bounds.values() if not one.passed)
    changed = tuple(_changed(one) for one in judged if one.now.prediction.label != one.candidate.prediction.label)
    fit = not missed and (conversations is None or not conversations.failed)
    return Comparison(
        now=now,
        candidate=candidate,
        judged=len(judged),
        figures=tuple(_figure(name, before[name], after[name], bounds.get(name)) for name in SHOWN),
        missed=missed,
        changed=changed,
        confusion={name: confusion(those) for name, those in cases.items()},
        conversations=conversations,
        fit=fit,
        verdict=verdict(len(judged), changed, missed, conversations),
    )


def figures_of(cases: Sequence[Case]) -> dict[str, Estimate]:
    """The figures of detection by their names, of messages that all have a right answer."""
    curve = curve_of((case.score, case.message.is_report) for case in cases)
    return {**decision_figures(cases), "auc": auc_estimate(curve)}


def verdict(judged: int, changed: Sequence[Changed], missed: Sequence[str], conversations: Conversations | None) -> str:
    """What it comes to, for people: the outcome first, then why."""
    better, worse = (sum(one.went == went for one in changed) for went in (BETTER, WORSE))
    said = [f"Better on {better:,} and worse on {worse:,} of {judged:,} messages."]
    if not changed:
        said = [f"It decides all {judged:,} messages as the model that runs does."]
    if missed:
        said.append(f"It misses the gate: {' '.join(missed)}")
    else:
        said.append("It reaches every figure the gate asks for.")
    if conversations is None or not conversations.total:
        said.append("No conversation was held with it.")
    elif conversations.failed:
        said.append(f"{conversations.failed:,} of {conversations.total:,} conversation tests failed with it.")
    else:
        said.append(f"All {conversations.total:,} conversation tests passed with it.")
    fit = not missed and (conversations is None or not conversations.failed)
    said.append("It may be promoted." if fit else "It should not be promoted, but a person decides.")
    return " ".join(said)


def _summed_up(outcomes: Sequence["Outcome"]) -> Conversations:
    failures = tuple(one.as_json() for one in outcomes if not one.passed)
    return Conversations(len(outcomes), len(failures), failures)


def _figure(name: str, now: Estimate, candidate: Estimate, held: Held | None) -> Figure:
    wording = FIGURES[name]
    went = SAME
    if now.value is not None and candidate.value is not None and abs(candidate.value - now.value) >= SMALLEST:
        went = BETTER if (candidate.value > now.value) == wording.more_is_better else WORSE
    figure = Figure(name, wording.name, wording.meaning, now.value, candidate.value, went)
    if held is None:
        return figure
    bound = {"bound": held.bound, "at_least": held.at_least, "passed": held.passed}
    return Figure(**{**asdict(figure), **bound})


def _in_words(held: Held) -> str:
    name = FIGURES[held.name].name
    asked = f"{'at least' if held.at_least else 'at most'} {held.bound:.1%}"
    if held.value is None:
        return f"{name} can’t be worked out, and {asked} is asked for."
    return f"{name}: {held.value:.1%}, where {asked} is asked for."


def _changed(one: Judged) -> Changed:
    right, now, candidate = one.now.message.label, one.now.prediction.label, one.candidate.prediction.label
    went = BETTER if candidate == right else WORSE if now == right else OTHER
    return Changed(one.place, one.held_back, one.now.message.text, right, now, candidate, went)
