"""What was taken for what: a square for each pair of the right answer and the model's."""

from collections.abc import Mapping

from signpost.drawing import INK, PAPER, SMALL, SOFT, Sheet
from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, LABELS, NOT_REPORT

NAMES = {EMERGENCY: "emergency", CRIME_REPORT: "crime", NOT_REPORT: "other"}
LEFT, TOP, SIDE_X, SIDE_Y = 106, 60, 104, 86
LIGHT, DARK = (255, 255, 255), (22, 54, 95)
DARK_FROM = 0.45
"""From this share on a square is dark enough for its words to be white."""


def confusion_picture(confusion: Mapping[str, Mapping[str, int]], name: str = "confusion") -> str:
    """A row for each right answer; the darker a square, the larger its share of the row.

    ``name`` tells one such picture on a page from another.
    """
    sheet = Sheet(
        name,
        "The model's answers beside the right ones",
        "A row for each right answer, a column for each of the model's. The table beside the picture has its figures.",
        420,
        324,
    )
    sheet.words((LEFT + SIDE_X * len(LABELS) / 2, 20), "the model said", anchor="middle")
    sheet.words((16, TOP + SIDE_Y * len(LABELS) / 2), "the right answer", anchor="middle", upwards=True)
    for place, label in enumerate(LABELS):
        sheet.words((LEFT + SIDE_X * (place + 0.5), TOP - 10), NAMES[label], anchor="middle", colour=SOFT, size=SMALL)
        middle = TOP + SIDE_Y * (place + 0.5)
        sheet.words((LEFT - 8, middle + 5), NAMES[label], anchor="end", colour=SOFT, size=SMALL)
        _row(sheet, TOP + SIDE_Y * place, confusion[label])
    return sheet.svg()


def _row(sheet: Sheet, top: float, row: Mapping[str, int]) -> None:
    whole = sum(row.values())
    for place, label in enumerate(LABELS):
        share = row[label] / whole if whole else 0.0
        left = LEFT + SIDE_X * place
        sheet.box((left, top), (SIDE_X - 2, SIDE_Y - 2), fill=_shade(share), edge=SOFT)
        colour = PAPER if share >= DARK_FROM else INK
        middle = left + SIDE_X / 2 - 1
        sheet.words((middle, top + SIDE_Y / 2), str(row[label]), anchor="middle", colour=colour, bold=True, size=18)
        sheet.words((middle, top + SIDE_Y / 2 + 20), f"{share:.0%}".replace("%", " %"), anchor="middle", colour=colour)


def _shade(share: float) -> str:
    mixed = (round(light + (dark - light) * share) for light, dark in zip(LIGHT, DARK, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
