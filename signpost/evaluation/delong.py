"""The interval of the area under the ROC curve, by DeLong's method.

E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), 837-845; worked out from ranks, as X. Sun
and W. Xu showed in IEEE Signal Processing Letters 21 (2014), 1389-1393.
"""

import math
from collections.abc import Sequence
from statistics import variance

from signpost.estimates import Estimate, Z
from signpost.evaluation.curve import Curve, auc

LEAST = 2
"""Messages of each kind without which nothing can be said about how far they scatter."""


def auc_estimate(curve: Curve) -> Estimate:
    """The area with its 95 % interval, worked out on the logit scale so that it stays between 0 and 1.

    Without an interval where the sample shows no scatter: too few messages, or not one in the wrong order.
    """
    value = auc(curve.reports, curve.others)
    error = _standard_error(curve.reports, curve.others)
    if not 0 < value < 1 or not error:
        return Estimate(value)
    middle, half = math.log(value / (1 - value)), Z * error / (value * (1 - value))
    return Estimate(value, _from_logit(middle - half), _from_logit(middle + half))


def _standard_error(reports: Sequence[int], others: Sequence[int]) -> float:
    """The root of the variance that the reports bring and the variance that the other messages bring."""
    all_reports, all_others = sum(reports), sum(others)
    if min(all_reports, all_others) < LEAST:
        return 0.0
    beaten: list[float] = []  # of each report: the share of other messages that score lower
    beating: list[float] = []  # of each other message: the share of reports that score higher
    reports_above = others_above = 0
    for report, other in zip(reports, others, strict=True):
        beaten += [1 - (others_above + other / 2) / all_others] * report
        beating += [(reports_above + report / 2) / all_reports] * other
        reports_above, others_above = reports_above + report, others_above + other
    return math.sqrt(variance(beaten) / all_reports + variance(beating) / all_others)


def _from_logit(value: float) -> float:
    return 1 / (1 + math.exp(-value))
