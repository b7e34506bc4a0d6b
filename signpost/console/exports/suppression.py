"""Small numbers aren't published: one or two reports of a rare kind in a month may point to a person.

The rule is the one that public bodies use for tables: counts from 1 to 4 aren't given, and where only one count of a group
is held back, the next smallest is too, since the total would tell what it was (ICO, Anonymisation; ONS disclosure control).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 5
"""The smallest count that is given, other than none."""
FEWER: Final = f"fewer than {SMALLEST}"
WITHHELD: Final = "not given"
NOTES: Final = {
    FEWER: f"From 1 to {SMALLEST - 1}: so few might point to a person",
    WITHHELD: "Else a smaller number could be worked out from the total",
}


@dataclass(frozen=True)
class Figure:
    """A count as it may be given: the number, or the words that stand in its place with the reason."""

    number: int | None
    words: str = ""

    @property
    def note(self) -> str:
        """Why it isn't given; empty where it is."""
        return NOTES.get(self.words, "")

    def __str__(self) -> str:
        """As it is shown."""
        return self.words if self.number is None else f"{self.number:,}"


def figure(count: int) -> Figure:
    """A count that stands alone, such as a total."""
    return Figure(None, FEWER) if 0 < count < SMALLEST else Figure(count)


def group(counts: Mapping[str, int]) -> dict[str, Figure]:
    """The counts of one group, whose total is given too."""
    figures = {name: figure(count) for name, count in counts.items()}
    hidden = [name for name, one in figures.items() if one.number is None]
    if len(hidden) == 1:
        others = [(count, name) for name, count in counts.items() if count >= SMALLEST]
        if others:
            figures[min(others)[1]] = Figure(None, WITHHELD)
    return figures
