"""Where the scores lie, and whether they can be taken at their word."""

from collections.abc import Sequence

from signpost.drawing import BLUE, INK, ORANGE, SMALL, SOFT, Frame, Sheet
from signpost.evaluation.calibration import Calibration
from signpost.evaluation.curve import Curve

BINS = 20
TENTHS = tuple((fifth / 5, f"{fifth / 5:.1f}") for fifth in range(6))
FIFTHS = tuple((fifth / 5, f"{fifth * 20} %") for fifth in range(6))
GAP = 1.0
"""Between two columns, so that they can be told apart."""


def histogram(curve: Curve) -> list[tuple[float, int, int]]:
    """(lowest score, reports, other messages) of twenty bins of equal width."""
    bins = [[0, 0] for _ in range(BINS)]
    for score, reports, others in zip(curve.scores, curve.reports, curve.others, strict=True):
        one = bins[min(int(score * BINS), BINS - 1)]
        one[0], one[1] = one[0] + reports, one[1] + others
    return [(place / BINS, one[0], one[1]) for place, one in enumerate(bins)]


def scores_picture(curve: Curve, threshold: float) -> str:
    """How many reports, and how many other messages, have which score; the threshold is marked."""
    sheet = Sheet(
        "scores",
        "How many messages have which score, reports above and other messages below",
        f"The threshold in use, {threshold:g}, is marked. The table beside the picture has its figures.",
        420,
        360,
    )
    bins = histogram(curve)
    _columns(sheet, 30, [one[1] for one in bins], (BLUE, "reports"), threshold)
    _columns(sheet, 192, [one[2] for one in bins], (ORANGE, "other messages"), threshold)
    x, left = 66 + 328 * threshold, threshold > 1 / 2
    sheet.words(
        (x - 6 if left else x + 6, 44), f"threshold {threshold:g}", anchor="end" if left else "start", size=SMALL
    )
    sheet.words((230, 346), "score: probability of a report", anchor="middle")
    return sheet.svg()


def reliability_picture(calibration: Calibration) -> str:
    """The share of reports at each score; on the dotted line a score means what it says."""
    sheet = Sheet(
        "reliability",
        "Share of messages that are reports, at each score",
        f"The calibration error is {calibration.error:.3f}. The table beside the picture has its figures.",
        420,
        360,
    )
    frame = Frame(sheet, 66, 14, 328, 288)
    frame.grid(TENTHS, FIFTHS)
    frame.names("score: probability of a report", "messages that are reports")
    sheet.line(frame.at(0, 0), frame.at(1, 1), colour=SOFT, dashes="2 4")
    for one in calibration.bins:
        reports = one.reports
        if one.mean_score is None or reports.value is None:
            continue
        low, high = frame.at(one.mean_score, reports.low or 0.0), frame.at(one.mean_score, reports.high or 0.0)
        sheet.line(low, high, colour=BLUE, width=2)
        sheet.dot(frame.at(one.mean_score, reports.value), 5.5, fill=BLUE)
    return sheet.svg()


def _columns(sheet: Sheet, top: float, counts: Sequence[int], look: tuple[str, str], threshold: float) -> None:
    colour, name = look
    most = _round_up(max(counts))
    frame = Frame(sheet, 66, top, 328, 106, most_y=most)
    frame.grid(TENTHS, [(0, "0"), (most / 2, f"{most / 2:g}"), (most, str(most))])
    for place, count in enumerate(counts):
        if count:
            x, y = frame.at(place / BINS, count)
            sheet.box((x + GAP / 2, y), (frame.width / BINS - GAP, frame.top + frame.height - y), fill=colour)
    sheet.line(frame.at(threshold, 0), frame.at(threshold, most), colour=INK, width=1.5, dashes="4 3")
    sheet.words((frame.left, top - 8), name, bold=True)


def _round_up(count: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100 and so on: its half is a whole number."""
    step = 1
    while True:
        for most in (2 * step, 4 * step, 10 * step):
            if count <= most:
                return most
        step *= 10
