"""What stands in a table's cells: the same value reads one way on a page and another in a spreadsheet."""

from dataclasses import dataclass
from datetime import date

NONE = "–"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_WHOLE_FROM = 10
"""From this number on, halves and tenths of a unit tell nobody more."""


@dataclass(frozen=True)
class Share:
    """A part of a whole, 0 to 1; none where there is no whole."""

    value: float | None

    @classmethod
    def of(cls, part: int, whole: int) -> "Share":
        """``part`` of ``whole``."""
        return cls(part / whole if whole else None)


@dataclass(frozen=True)
class Seconds:
    """How long something took; none where nothing did."""

    value: float | None


Cell = str | int | date | Share | Seconds | None


def shown(cell: Cell) -> str:
    """For people: 1,234 and 12.5% and 3.2 hours and 7 March 2026."""
    if isinstance(cell, Share):
        return NONE if cell.value is None else f"{cell.value:.1%}"
    if isinstance(cell, Seconds):
        return NONE if cell.value is None else duration(cell.value)
    if isinstance(cell, date):
        return f"{cell.day} {cell:%B %Y}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell or ""


def plain(cell: Cell) -> str:
    """For a spreadsheet: 1234 and 0.1254 and seconds and 2026-03-07; nothing for none."""
    value = cell.value if isinstance(cell, (Share, Seconds)) else cell
    if isinstance(value, float):
        return f"{value:.4f}"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def duration(seconds: float) -> str:
    """Such as 0.8 seconds, 12 minutes or 2.5 days."""
    for length, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second")):
        # Up to two of a unit, the next smaller one says it better: 90 minutes.
        if seconds >= 2 * length or length in {seconds, 1}:
            number = f"{seconds / length:.0f}" if seconds / length >= _WHOLE_FROM else f"{seconds / length:.1f}"
            number = number.removesuffix(".0")
            return f"{number} {name}" if number == "1" else f"{number} {name}s"
    raise AssertionError
