"""What was decided at the thresholds in use: how much was found, how much was flagged in error, and what as what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from signpost.estimates import Estimate, share
from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, LABELS, NOT_REPORT, UNSURE
from signpost.evaluation.predictions import Case


def decision_figures(cases: Sequence[Case]) -> dict[str, Estimate]:
    """Shares by name (signpost/evaluation/wording.py says what each means); ``unsure`` messages have one of their own."""
    of = {label: [case for case in cases if case.message.label == label] for label in (*LABELS, UNSURE)}
    others = of[NOT_REPORT]
    return {
        "recall": _flagged(of[EMERGENCY] + of[CRIME_REPORT]),
        "false_positives": _flagged(others),
        "emergencies_flagged": _flagged(of[EMERGENCY]),
        "emergencies_called": _called_emergency(of[EMERGENCY]),
        "crime_reports_flagged": _flagged(of[CRIME_REPORT]),
        "near_misses_flagged": _flagged(case for case in others if case.message.near_miss),
        "everyday_flagged": _flagged(case for case in others if case.message.near_miss is False),
        "others_called_emergencies": _called_emergency(others),
        "crime_reports_called_emergencies": _called_emergency(of[CRIME_REPORT]),
        "unsure_flagged": _flagged(of[UNSURE]),
    }


def confusion(cases: Iterable[Case]) -> Mapping[str, Mapping[str, int]]:
    """How many messages of each right label were given each label."""
    seen = Counter((case.message.label, case.prediction.label) for case in cases)
    return {right: {given: seen[right, given] for given in LABELS} for right in LABELS}


def _flagged(cases: Iterable[Case]) -> Estimate:
    decided = [case.flagged for case in cases]
    return share(sum(decided), len(decided))


def _called_emergency(cases: Iterable[Case]) -> Estimate:
    decided = [case.prediction.label == EMERGENCY for case in cases]
    return share(sum(decided), len(decided))
