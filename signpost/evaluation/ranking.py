"""How well the scores put reports above other messages, whatever the threshold, each figure with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from signpost.estimates import Estimate, share
from signpost.evaluation.curve import Curve, average_precision, best_within, curve_of
from signpost.evaluation.delong import auc_estimate
from signpost.evaluation.predictions import Case
from signpost.evaluation.resampling import Heard, draws, middle_95

FALSE_ALARM_LIMITS = (5, 10, 12)
"""Per cent of other messages flagged at which recall is told."""


@dataclass(frozen=True)
class RecallAt:
    """The share of reports found at the lowest ``threshold`` that flags at most ``limit`` % of other messages.

    ``threshold`` is none where every threshold flags more; then nothing is found.
    """

    limit: int
    threshold: float | None
    found: Estimate
    alarms: Estimate


@dataclass(frozen=True)
class Ranking:
    """The curve through all thresholds and what sums it up."""

    curve: Curve
    auc: Estimate
    average_precision: Estimate
    recall_at: tuple[RecallAt, ...]


def ranking_of(cases: Sequence[Case], heard: Heard) -> Ranking:
    """Works all of it out; ``heard`` is told of each of :data:`signpost.evaluation.resampling.DRAWS` draws."""
    kinds = [case.message.is_report for case in cases]
    curve = curve_of((case.score, kind) for case, kind in zip(cases, kinds, strict=True))
    places = places_on(curve, cases)
    precisions: list[float] = []
    recalls: dict[int, list[float]] = {limit: [] for limit in FALSE_ALARM_LIMITS}
    for done, drawn in enumerate(draws(kinds), 1):
        reports, others = counts(drawn, places, kinds, len(curve.scores))
        precisions.append(average_precision(reports, others))
        for limit, values in recalls.items():
            values.append(best_within(reports, others, limit / 100)[1] / sum(reports))
        heard(done)
    precision = Estimate(average_precision(curve.reports, curve.others), *middle_95(precisions))
    return Ranking(curve, auc_estimate(curve), precision, tuple(_recall_at(curve, *entry) for entry in recalls.items()))


def places_on(curve: Curve, cases: Sequence[Case]) -> list[int]:
    """Of each message: which of the curve's scores it has."""
    place_of = {score: place for place, score in enumerate(curve.scores)}
    return [place_of[case.score] for case in cases]


def counts(
    drawn: Sequence[int], places: Sequence[int], kinds: Sequence[bool], length: int
) -> tuple[list[int], list[int]]:
    """Of the messages drawn: how many reports and how many others have each of the curve's scores."""
    reports, others = [0] * length, [0] * length
    for one in drawn:
        (reports if kinds[one] else others)[places[one]] += 1
    return reports, others


def _recall_at(curve: Curve, limit: int, drawn: Sequence[float]) -> RecallAt:
    taken, found, alarms = best_within(curve.reports, curve.others, limit / 100)
    low, high = middle_95(drawn)
    estimate = replace(share(found, sum(curve.reports)), low=low, high=high)
    threshold = curve.scores[taken - 1] if taken else None
    return RecallAt(limit, threshold, estimate, share(alarms, sum(curve.others)))
