"""What any threshold would bring: the curve through all of them, and the figures that sum it up."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """At this threshold and above: ``found`` reports and ``alarms`` other messages are flagged."""

    threshold: float
    found: int
    alarms: int


@dataclass(frozen=True)
class Curve:
    """How many reports and how many other messages have each score; scores fall, and each stands once."""

    scores: tuple[float, ...]
    reports: tuple[int, ...]
    others: tuple[int, ...]

    def steps(self) -> Iterator[Step]:
        """From the highest threshold that flags anything to the lowest."""
        found = alarms = 0
        for score, reports, others in zip(self.scores, self.reports, self.others, strict=True):
            found, alarms = found + reports, alarms + others
            yield Step(score, found, alarms)


def curve_of(scored: Iterable[tuple[float, bool]]) -> Curve:
    """The curve of (score, whether it is a report)."""
    counts = Counter(scored)
    scores = sorted({score for score, _ in counts}, reverse=True)
    reports, others = (tuple(counts[score, kind] for score in scores) for kind in (True, False))
    return Curve(tuple(scores), reports, others)


def auc(reports: Sequence[int], others: Sequence[int]) -> float:
    """The area under the ROC curve: how often a report scores above another message, a draw being half.

    Both are counts by falling score; each must have at least one message.
    """
    above, wins = 0, 0.0
    for report, other in zip(reports, others, strict=True):
        wins += other * (above + report / 2)
        above += report
    return wins / (above * sum(others))


def average_precision(reports: Sequence[int], others: Sequence[int]) -> float:
    """The mean, over all reports, of the share of reports among the messages that score no lower."""
    found = flagged = 0
    total = 0.0
    for report, other in zip(reports, others, strict=True):
        found, flagged = found + report, flagged + report + other
        if report:
            total += report * found / flagged
    return total / found


def best_within(reports: Sequence[int], others: Sequence[int], most_alarms: float) -> tuple[int, int, int]:
    """The lowest threshold at which no more than ``most_alarms`` of the others (a share) are flagged.

    As (how many scores of the curve it takes in, reports found, alarms); no line is drawn between two thresholds,
    so what is said here can be had.
    """
    allowed = most_alarms * sum(others) + 1e-9
    found = alarms = 0
    best = (0, 0, 0)
    for taken, (report, other) in enumerate(zip(reports, others, strict=True), 1):
        found, alarms = found + report, alarms + other
        if alarms > allowed:
            break
        best = (taken, found, alarms)
    return best
