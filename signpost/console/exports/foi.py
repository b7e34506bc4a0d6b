"""Figures for a request under the Freedom of Information Act 2000: counts by month, without anybody's data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.channels.simulated import ACCOUNT
from signpost.console.exports.cells import MARK, line
from signpost.console.exports.suppression import FEWER, SMALLEST, Figure, figure, group
from signpost.console.queue.wording import Word
from signpost.console.times import start_of_day
from signpost.console.words import words
from signpost.log import figures as names
from signpost.log.figures import Tally, times, total
from signpost.log.models import Escalation

HEAD: Final = ("Month", "Broken down by", "What", "Number", "Why it isn’t given")
RECORDS, OUTCOME, TO_REPLY, TO_REVIEW = "Records", "Outcome of the review", "Time to reply", "Time to review"
NONE: Final = "none"
BREAKDOWNS: Final = (
    ("Channel", names.CHANNEL, "channel"),
    ("Understood as", names.LABEL, "label"),
    ("Here because", names.CAUSE, "cause"),
    ("Kind of crime", names.KIND, "kind"),
)
"""Each: its name, under which name the day's figures have it, and the table of its words."""
DURATIONS: Final = ((TO_REPLY, names.REPLY_TIME), (TO_REVIEW, names.REVIEW_TIME))
MEDIAN, MOST = "Half were within", "95% were within"


@dataclass(frozen=True)
class Month:
    """A month's figures as the record has them. ``outcomes`` by code, "" for none."""

    first: date
    tally: Tally
    outcomes: dict[str, int]

    @property
    def name(self) -> str:
        """Such as October 2026."""
        return f"{self.first:%B %Y}"


@dataclass(frozen=True)
class Table:
    """One breakdown: a row a value, a column a month."""

    title: str
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]


@dataclass(frozen=True)
class Figures:
    """What is given."""

    months: tuple[str, ...]
    tables: tuple[Table, ...]

    @property
    def held_back(self) -> int:
        """How many numbers aren't given."""
        return sum(
            one.number is None and bool(one.note) for table in self.tables for _, row in table.rows for one in row
        )

    def spreadsheet(self) -> Iterator[str]:
        """CSV, a line a number, for Excel and for others."""
        yield MARK + line(HEAD)
        for table in self.tables:
            for name, row in table.rows:
                for month, one in zip(self.months, row, strict=True):
                    value = one.words if one.number is None else one.number
                    yield line((month, table.title, name, value, one.note))


def outcomes_of(session: Session, month: date) -> dict[str, int]:
    """How many records of the month came to which outcome, by code; the simulator's aren't counted."""
    end = (month + timedelta(days=32)).replace(day=1)
    rows: Any = session.execute(
        select(func.coalesce(Escalation.outcome, ""), func.count())
        .where(Escalation.received_at >= start_of_day(month), Escalation.received_at < start_of_day(end))
        .where(Escalation.account != ACCOUNT)
        .group_by(Escalation.outcome)
    )
    return dict(rows.tuples().all())


def figures_of(months: list[Month], word: Word) -> Figures:
    """The months as they may be given, small numbers held back."""
    totals = tuple(figure(total(month.tally, names.ESCALATIONS)) for month in months)
    tables = [Table(RECORDS, (("All", totals),))]
    for title, name, table in BREAKDOWNS:
        counted = [dict(month.tally.get(name, {})) for month in months]
        tables.append(_table(title, counted, lambda code, table=table: word(table, code)))
    tables.append(_table(OUTCOME, [month.outcomes for month in months], lambda code: words(code, "outcome")))
    tables.extend(_durations(title, [month.tally.get(name, {}) for month in months]) for title, name in DURATIONS)
    return Figures(tuple(month.name for month in months), tuple(one for one in tables if one.rows))


def _table(title: str, counted: list[dict[str, int]], say: Any) -> Table:
    codes = sorted({code for month in counted for code, count in month.items() if count})
    by_month = [group({code: month.get(code, 0) for code in codes}) for month in counted]
    return Table(title, tuple((say(code), tuple(month[code] for month in by_month)) for code in codes))


def _durations(title: str, buckets: list[dict[str, int]]) -> Table:
    found = [times(one) for one in buckets]
    rows = []
    for name, part in ((MEDIAN, "median"), (MOST, "most")):
        cells = []
        for one in found:
            if one.count < SMALLEST:
                cells.append(Figure(None, FEWER if one.count else NONE))
            else:
                cells.append(Figure(None, duration(getattr(one, part))))
        rows.append((name, tuple(cells)))
    return Table(title, tuple(rows) if any(one.count for one in found) else ())


def duration(seconds: float) -> str:
    """Such as 0.8 seconds, 3 minutes or 2.5 hours."""
    for length, name in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= length:
            return f"{seconds / length:.1f} {name}"
    return f"{seconds:.1f} seconds"
