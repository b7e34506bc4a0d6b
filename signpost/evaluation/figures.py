"""Every figure of an evaluation, worked out once and then only shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from signpost.estimates import Estimate
from signpost.evaluation.base_rates import Day, days
from signpost.evaluation.calibration import Calibration, calibration_of
from signpost.evaluation.comparison import Comparison
from signpost.evaluation.decisions import confusion, decision_figures
from signpost.evaluation.gold import UNSURE
from signpost.evaluation.mistaken import Mistaken, false_alarms, misses
from signpost.evaluation.predictions import Case
from signpost.evaluation.ranking import Ranking, ranking_of
from signpost.evaluation.resampling import Heard
from signpost.evaluation.slices import Slice, breakdowns
from signpost.evaluation.thresholds import Thresholds
from signpost.evaluation.wording import FIGURES


@dataclass(frozen=True)
class About:
    """What was held to what, and when. ``gold_sha256`` tells one version of a file from another."""

    gold: str
    gold_sha256: str
    predictions: str
    compared_with: str | None
    channel: str
    channel_name: str
    visibility: str
    thresholds: Thresholds
    model_made_from: str | None
    made_at: str
    counts: Mapping[str, int]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """``days`` once with all other messages of the set, and ``everyday_days`` with those alone that talk of no crime."""

    about: About
    decisions: Mapping[str, Estimate]
    ranking: Ranking
    days: tuple[Day, ...]
    everyday_days: tuple[Day, ...]
    calibration: Calibration
    confusion: Mapping[str, Mapping[str, int]]
    breakdowns: Mapping[str, tuple[Slice, ...]]
    misses: tuple[Mistaken, ...]
    false_alarms: tuple[Mistaken, ...]
    comparison: Comparison | None

    def by_name(self) -> dict[str, Estimate]:
        """Each figure of :data:`signpost.evaluation.wording.FIGURES`, in that order."""
        known = {
            **self.decisions,
            "auc": self.ranking.auc,
            "average_precision": self.ranking.average_precision,
            **{f"recall_at_{one.limit}": one.found for one in self.ranking.recall_at},
            "calibration_error": Estimate(self.calibration.error),
            "brier": Estimate(self.calibration.brier),
        }
        return {name: known[name] for name in FIGURES}


def work_out(about: About, cases: Sequence[Case], fields: Sequence[str], heard: Heard, *, with_texts: bool) -> Figures:
    """All but the comparison, which needs the other model. Messages without a right answer count in their own line only."""
    decided = [case for case in cases if case.message.label != UNSURE]
    decisions = decision_figures(cases)
    return Figures(
        about=about,
        decisions=decisions,
        ranking=ranking_of(decided, heard),
        days=days(decisions["recall"], decisions["false_positives"]),
        everyday_days=days(decisions["recall"], decisions["everyday_flagged"]),
        calibration=calibration_of(decided),
        confusion=confusion(decided),
        breakdowns=breakdowns(decided, fields),
        misses=misses(decided, with_texts=with_texts),
        false_alarms=false_alarms(decided, with_texts=with_texts),
        comparison=None,
    )


def as_json(figures: Figures) -> dict[str, Any]:
    """Every number, for other programs; texts never."""
    whole = asdict(figures)
    for one in (*whole["misses"], *whole["false_alarms"]):
        del one["text"]
    curve = whole["ranking"].pop("curve")
    del whole["decisions"]
    return {
        "about": whole.pop("about"),
        "figures": {name: asdict(estimate) for name, estimate in figures.by_name().items()},
        **whole,
        "curve": curve,
    }
