"""What a day would look like: how many flags are right where only a few messages in a thousand are reports."""

from dataclasses import dataclass

from signpost.estimates import Estimate

BASE_RATES = (0.002, 0.01, 0.05)
"""Shares of reports among all messages. What a force's own share is, only its record can say."""
OF = 1000


@dataclass(frozen=True)
class Day:
    """Of :data:`OF` messages ``reports`` are reports; ``found`` of them are flagged, and ``alarms`` others.

    ``precision``: the share of flags that are right. Its interval reaches from the worst of recall and false
    positives together to the best of both, and so holds the truth in more than 95 of 100 cases.
    """

    base_rate: float
    reports: float
    found: float
    alarms: float
    precision: Estimate


def days(recall: Estimate, false_positives: Estimate) -> tuple[Day, ...]:
    """A day at each of :data:`BASE_RATES`; none where one of the two shares is unknown."""
    if recall.value is None or false_positives.value is None:
        return ()
    return tuple(_day(rate, recall, false_positives) for rate in BASE_RATES)


def _day(rate: float, recall: Estimate, false_positives: Estimate) -> Day:
    assert recall.value is not None  # noqa: S101  # for the type checker: `days` asked
    assert false_positives.value is not None  # noqa: S101  # the same
    precision = Estimate(
        _precision(rate, recall.value, false_positives.value),
        _precision(rate, recall.low or 0.0, false_positives.high or 0.0),
        _precision(rate, recall.high or 0.0, false_positives.low or 0.0),
    )
    return Day(rate, OF * rate, OF * rate * recall.value, OF * (1 - rate) * false_positives.value, precision)


def _precision(rate: float, recall: float, false_positives: float) -> float | None:
    """The share of flags that are right; none when nothing at all is flagged."""
    right, wrong = rate * recall, (1 - rate) * false_positives
    return right / (right + wrong) if right + wrong else None
