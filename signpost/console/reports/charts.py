"""Draws the report's charts: columns over time, and bars with their words. Black on white, so they print and copy well."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from signpost.drawing import BLUE, INK, PAPER, SMALL, SOFT, Frame, Sheet

WIDTH = 400
LEFT, TOP, HEIGHT, BELOW = 48, 12, 180, 30
ROW, BAR = 44, 14
MOST_BARS = 12
PALE = "#a9bdd6"
"""Of a bar that a line is drawn over."""
_WORDS_ACROSS = 4
"""Words below the columns, at most, so that they don't run into one another."""


def columns(name: str, title: str, values: Sequence[tuple[str, int]]) -> Markup:
    """A column for each value, in their order."""
    highest = max((number for _words, number in values), default=0)
    scale, step = nice_scale(highest)
    about = f"From 0 to {highest:,}. The table beside the picture has the figures."
    sheet = Sheet(name, title, about, WIDTH, TOP + HEIGHT + BELOW)
    frame = Frame(sheet, LEFT, TOP, WIDTH - LEFT - 12, HEIGHT, max(len(values), 1), scale)
    ticks = [(at * step, _short(at * step, scale)) for at in range(round(scale / step) + 1)]
    every = max(1, math.ceil(len(values) / _WORDS_ACROSS))
    frame.grid([], ticks)
    width = frame.width / max(len(values), 1)
    gap = min(3.0, width * 0.2)
    for place, (words, number) in enumerate(values):
        left, top = frame.at(place, number)
        sheet.box((left + gap / 2, top), (width - gap, frame.at(0, 0)[1] - top), fill=BLUE)
        if place % every == 0:
            sheet.words((left, TOP + HEIGHT + 19), words, colour=SOFT, size=SMALL)
            sheet.line((left, TOP + HEIGHT), (left, TOP + HEIGHT + 5), colour=SOFT)
    return _svg(sheet)


def bars(name: str, title: str, values: Sequence[tuple[str, float, str]]) -> Markup:
    """A bar for each value with its words above it and, at the right, the figure as people read it.

    Of many only the first are drawn: give the largest first.
    """
    drawn = values[:MOST_BARS]
    highest = max((number for _words, number, _figure in drawn), default=0.0) or 1.0
    about = "The table beside the picture has the figures."
    if len(values) > len(drawn):
        about = f"The {len(drawn)} largest. {about}"
    sheet = Sheet(name, title, about, WIDTH, ROW * len(drawn) + 8)
    for place, (words, number, figure) in enumerate(drawn):
        top = ROW * place + 18
        sheet.words((8, top), _cut(words), size=SMALL)
        sheet.words((WIDTH - 8, top), figure, anchor="end", size=SMALL, bold=True)
        sheet.box((8, top + 7), (WIDTH - 16, BAR), fill=PAPER, edge=SOFT)
        sheet.box((8, top + 7), ((WIDTH - 16) * number / highest, BAR), fill=BLUE)
    return _svg(sheet)


def shares(name: str, title: str, values: Sequence[tuple[str, float, float | None, float | None]]) -> Markup:
    """A bar for each share (0 to 1) of a whole, with the interval that holds it, where one is given, as a line."""
    sheet = Sheet(name, title, "The table beside the picture has the figures.", WIDTH, ROW * len(values) + 8)
    wide = WIDTH - 16
    for place, (words, value, low, high) in enumerate(values):
        top = ROW * place + 18
        sheet.words((8, top), _cut(words), size=SMALL)
        sheet.words((WIDTH - 8, top), f"{value:.1%}", anchor="end", size=SMALL, bold=True)
        sheet.box((8, top + 7), (wide, BAR), fill=PAPER, edge=SOFT)
        known = low is not None and high is not None
        sheet.box((8, top + 7), (wide * value, BAR), fill=PALE if known else BLUE, edge=BLUE)
        if low is not None and high is not None:
            left, right, middle = 8 + wide * low, 8 + wide * high, top + 7 + BAR / 2
            sheet.line((left, middle), (right, middle), colour=INK, width=2)
            for end in (left, right):
                sheet.line((end, middle - 4), (end, middle + 4), colour=INK, width=2)
    return _svg(sheet)


def nice_scale(highest: float) -> tuple[float, float]:
    """(the scale's end, the step between its lines): round numbers, the end no lower than the highest value."""
    step = 1.0
    power = 10.0 ** math.floor(math.log10(max(highest, 1) / 4)) if highest > 4 else 1.0  # noqa: PLR2004  # four lines
    for times in (1, 2, 5, 10):
        step = power * times
        if step * 5 >= highest:
            break
    return max(step, step * math.ceil(highest / step)), step


def _short(number: float, scale: float) -> str:
    """The figure beside a line, in thousands where the scale is too long for its figures in full."""
    return f"{number:,.0f}" if scale < 10_000 or not number else f"{number / 1000:,.0f}k"  # noqa: PLR2004


def _cut(words: str) -> str:
    """As much as there is room for beside the figure; the table has the rest."""
    return words if len(words) <= 40 else f"{words[:38].rstrip()} …"  # noqa: PLR2004


def _svg(sheet: Sheet) -> Markup:
    return Markup(sheet.svg())  # noqa: S704  # the sheet escapes all words it is given
