"""Whether a probability can be taken at its word: of the messages at 70 %, are seven in ten reports?"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from signpost.estimates import Estimate, share
from signpost.evaluation.predictions import Case

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The messages with a score from ``low`` to below ``high`` (the last holds 1 as well)."""

    low: float
    high: float
    mean_score: float | None
    reports: Estimate


@dataclass(frozen=True)
class Calibration:
    """``error``: the mean distance between score and share of reports, weighted by messages, from 0 to 1.

    ``brier``: the mean squared distance between score and truth (0 or 1); ``brier_of_the_mean``: what somebody would
    get who gave every message the share of reports in the set.
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float
    brier_of_the_mean: float


def calibration_of(cases: Sequence[Case]) -> Calibration:
    """Ten bins of equal width, the expected calibration error over them, and the Brier score."""
    held: list[list[Case]] = [[] for _ in range(BINS)]
    for case in cases:
        held[min(int(case.score * BINS), BINS - 1)].append(case)
    bins = tuple(_bin(place, inside) for place, inside in enumerate(held))
    gaps = (
        abs(one.mean_score - one.reports.value) * (one.reports.of or 0)
        for one in bins
        if one.mean_score is not None and one.reports.value is not None
    )
    reports = fmean(case.message.is_report for case in cases)
    brier = fmean((case.score - case.message.is_report) ** 2 for case in cases)
    return Calibration(bins, sum(gaps) / len(cases), brier, reports * (1 - reports))


def _bin(place: int, inside: Sequence[Case]) -> Bin:
    mean = fmean(case.score for case in inside) if inside else None
    reports = sum(case.message.is_report for case in inside)
    return Bin(place / BINS, (place + 1) / BINS, mean, share(reports, len(inside)))
