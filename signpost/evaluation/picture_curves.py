"""Two curves through all thresholds: reports found against false alarms, and how many flags are right."""

from collections.abc import Callable

from signpost.drawing import BLUE, ORANGE, PAPER, SMALL, SOFT, Frame, Point, Sheet
from signpost.evaluation.curve import Curve
from signpost.evaluation.figures import Figures

FIFTHS = tuple((fifth / 5, f"{fifth * 20} %") for fifth in range(6))
GUESS_DASHES, OTHER_DASHES = "2 4", "7 5"
LINE = 21
"""Between two lines of a legend."""


def roc_points(curve: Curve) -> list[Point]:
    """(share of other messages flagged, share of reports found) for each threshold, from none to all."""
    reports, others = sum(curve.reports), sum(curve.others)
    return [(0.0, 0.0), *((step.alarms / others, step.found / reports) for step in curve.steps())]


def precision_points(curve: Curve) -> list[Point]:
    """(share of reports found, share of reports among what is flagged) for each threshold."""
    reports = sum(curve.reports)
    return [(step.found / reports, step.found / (step.found + step.alarms)) for step in curve.steps()]


def roc_picture(figures: Figures) -> str:
    """Reports found against other messages flagged."""
    frame = _frame(
        "roc",
        "Reports found against other messages flagged, at every threshold",
        f"The area under the curve is {figures.ranking.auc.value:.3f}. The table beside the picture has its figures.",
    )
    frame.names("other messages flagged", "reports found")
    frame.sheet.line(frame.at(0, 0), frame.at(1, 1), colour=SOFT, dashes=GUESS_DASHES)
    _curves(frame, figures, roc_points)
    recall, alarms = figures.decisions["recall"], figures.decisions["false_positives"]
    frame.sheet.dot(frame.at(alarms.value or 0.0, recall.value or 0.0), 6, fill=ORANGE)
    _legend(frame, figures, left=0.38, guess="guessing")
    return frame.sheet.svg()


def precision_recall_picture(figures: Figures) -> str:
    """How many flags are right against reports found."""
    frame = _frame(
        "precision-recall",
        "How many flags are right against how many reports are found, at every threshold",
        f"Average precision is {figures.ranking.average_precision.value:.3f}. The table beside the picture has its figures.",
    )
    frame.names("reports found", "flags that are right, in this set")
    curve = figures.ranking.curve
    reports = sum(curve.reports)
    guess = reports / (reports + sum(curve.others))
    frame.sheet.line(frame.at(0, guess), frame.at(1, guess), colour=SOFT, dashes=GUESS_DASHES)
    _curves(frame, figures, precision_points)
    right, wrong = figures.decisions["recall"].hits or 0, figures.decisions["false_positives"].hits or 0
    if right + wrong:
        frame.sheet.dot(frame.at(right / reports, right / (right + wrong)), 6, fill=ORANGE)
    _legend(frame, figures, left=0.05, guess="flagging everything")
    return frame.sheet.svg()


def _frame(name: str, title: str, description: str) -> Frame:
    frame = Frame(Sheet(name, title, description, 420, 360), 66, 14, 328, 288)
    frame.grid(FIFTHS, FIFTHS)
    return frame


def _curves(frame: Frame, figures: Figures, points: Callable[[Curve], list[Point]]) -> None:
    if figures.comparison:
        through = [frame.at(*point) for point in points(figures.comparison.other_curve)]
        frame.sheet.path(through, colour=ORANGE, dashes=OTHER_DASHES)
    frame.sheet.path([frame.at(*point) for point in points(figures.ranking.curve)], colour=BLUE, width=2.5)


def _legend(frame: Frame, figures: Figures, *, left: float, guess: str) -> None:
    entries = [(BLUE, "", "this model"), (SOFT, GUESS_DASHES, guess), (ORANGE, None, "at the thresholds in use")]
    if figures.comparison:
        entries.insert(1, (ORANGE, OTHER_DASHES, "the other model"))
    x = frame.at(left, 0)[0]
    y = frame.top + frame.height - LINE * len(entries) - 4
    frame.sheet.box((x - 6, y - 4), (206, LINE * len(entries) + 4), fill=PAPER)
    for place, (colour, dashes, text) in enumerate(entries):
        middle = y + LINE * place + 8
        if dashes is None:
            frame.sheet.dot((x + 11, middle), 6, fill=colour)
        else:
            frame.sheet.line((x, middle), (x + 22, middle), colour=colour, width=2, dashes=dashes)
        frame.sheet.words((x + 30, middle + 5), text, size=SMALL)
