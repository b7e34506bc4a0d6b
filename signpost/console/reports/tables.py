"""A report in parts, each a table with, mostly, a chart beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from signpost.console.reports.cells import Cell

LONG = 15
"""A table with more rows scrolls in a box of its own on a screen; on paper it is there whole."""


@dataclass(frozen=True)
class Table:
    """``head`` names the columns; each row's first cell is its heading."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def is_long(self) -> bool:
        """Whether it scrolls."""
        return len(self.rows) > LONG


@dataclass(frozen=True)
class Section:
    """``name`` is the section's place on the page; ``notes`` are sentences about how to read it."""

    name: str
    title: str
    table: Table
    chart: Markup | None = None
    notes: Sequence[str] = ()
    detailed: Table | None = None
    """What a spreadsheet has in place of ``table``: the same day by day, with days as days."""


@dataclass(frozen=True)
class Report:
    """``figures`` are those that matter most, each a name, a figure and what it is of."""

    title: str
    figures: Sequence[tuple[str, str, str]] = ()
    sections: Sequence[Section] = field(default_factory=tuple)
