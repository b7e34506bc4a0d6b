"""The curves in figures, for the tables that stand beside their pictures."""

from dataclasses import dataclass

from signpost.evaluation.curve import Curve, best_within

FALSE_ALARMS = (0.01, 0.02, 0.05, 0.1, 0.12, 0.2, 0.3, 0.5)
RECALLS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Row:
    """At this ``threshold``: the share of reports found, of other messages flagged, and of flags that are right.

    ``wanted`` is what the threshold was chosen for. Where no threshold keeps to it, the threshold is none.
    """

    wanted: float
    threshold: float | None
    found: float
    alarms: float
    precision: float | None


def roc_rows(curve: Curve) -> list[Row]:
    """The most reports that can be found with so many false alarms."""
    return [_row(curve, most, *best_within(curve.reports, curve.others, most)) for most in FALSE_ALARMS]


def precision_rows(curve: Curve) -> list[Row]:
    """The highest threshold that still finds so many of the reports."""
    reports = sum(curve.reports)
    steps = list(curve.steps())
    rows = []
    for least in RECALLS:
        taken, step = next((n, one) for n, one in enumerate(steps, 1) if one.found >= least * reports - 1e-9)
        rows.append(_row(curve, least, taken, step.found, step.alarms))
    return rows


def _row(curve: Curve, wanted: float, taken: int, found: int, alarms: int) -> Row:
    reports, others = sum(curve.reports), sum(curve.others)
    precision = found / (found + alarms) if found + alarms else None
    threshold = curve.scores[taken - 1] if taken else None
    return Row(wanted, threshold, found / reports, alarms / others, precision)
