"""How much came in, and when: by day, by hour of the day, and in or out of office hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from signpost.console.reports.cells import Share, shown
from signpost.console.reports.charts import bars, columns
from signpost.console.reports.tables import Section, Table
from signpost.log import figures as names
from signpost.log.figures import Tally, by_half_hour
from signpost.log.figures_reading import DayCount
from signpost.office_hours import OfficeHours

DAILY, WEEKLY = 92, 2 * 366
"""Up to so many days are shown day by day, and week by week; more, month by month."""
COUNTS = ("Messages", "Escalations", "Share escalated")
_DAY, _WEEK = timedelta(days=1), 7


@dataclass(frozen=True)
class Span:
    """Some days in a row, in words, and a shorter word for the chart."""

    words: str
    short: str
    first: date
    last: date


def by_day(days: Sequence[DayCount], first: date, last: date, today: date) -> Section:
    """Day by day, or in weeks or months, where there are too many days to look at."""
    length = (last - first).days + 1
    unit = "day" if length <= DAILY else "week" if length <= WEEKLY else "month"
    counts = {one.day: one for one in days}
    rows: list[tuple[str | date, int, int, Share]] = []
    values: list[tuple[str, int]] = []
    for span in _spans(first, last, unit):
        of_span = [counts[day] for day in _days(span.first, span.last) if day in counts]
        messages, escalations = sum(one.messages for one in of_span), sum(one.escalations for one in of_span)
        rows.append((span.words, messages, escalations, Share.of(escalations, messages)))
        values.append((span.short, escalations))
    every = [
        (
            day,
            *((one.messages, one.escalations, Share.of(one.escalations, one.messages)) if one else (0, 0, Share(None))),
        )
        for day in _days(first, last)
        for one in [counts.get(day)]
    ]
    title = f"Escalations by {unit}"
    return Section(
        "days",
        f"By {unit}",
        Table(f"Messages and escalations by {unit}", (unit.capitalize(), *COUNTS), rows),
        columns("days", title, values),
        ("Today isn’t over yet.",) if last == today else (),
        Table("Messages and escalations by day", ("Day", *COUNTS), every),
    )


def by_hour(tally: Tally) -> Section:
    """Which hours of the day they come in, whichever the day."""
    messages, escalations = (_hours(by_half_hour(tally, name)) for name in (names.MESSAGES, names.ESCALATIONS))
    rows = [
        (
            f"{hour:02}:00 to {hour:02}:59",
            messages[hour],
            escalations[hour],
            Share.of(escalations[hour], messages[hour]),
        )
        for hour in range(24)
    ]
    return Section(
        "hours",
        "By hour of the day",
        Table("Messages and escalations by hour of the day, UK time", ("Hour", *COUNTS), rows),
        columns(
            "hours", "Escalations by hour of the day", [(f"{hour:02}:00", n) for hour, n in enumerate(escalations)]
        ),
    )


def outside(tally: Tally, office: OfficeHours) -> Section:
    """What came while nobody was in."""
    counted = {name: _in_and_out(tally, name, office) for name in (names.MESSAGES, names.ESCALATIONS)}
    whole = {name: sum(pair) for name, pair in counted.items()}
    rows = []
    for place, words in ((1, "Outside office hours"), (0, "In office hours")):
        row: list[str | int | Share] = [words]
        for name in (names.MESSAGES, names.ESCALATIONS):
            row += [counted[name][place], Share.of(counted[name][place], whole[name])]
        rows.append(row)
    escalated = counted[names.ESCALATIONS]
    return Section(
        "office",
        "Outside office hours",
        Table(
            "Messages and escalations in and outside office hours",
            ("When", "Messages", "Share of messages", "Escalations", "Share of escalations"),
            rows,
        ),
        bars(
            "office",
            "Escalations in and outside office hours",
            [
                ("Outside office hours", escalated[1], shown(escalated[1])),
                ("In office hours", escalated[0], shown(escalated[0])),
            ],
        ),
        (f"Office hours are {office}, UK time. Bank holidays count as any other day.",),
    )


def outside_share(tally: Tally, name: str, office: OfficeHours) -> tuple[int, int]:
    """How many came outside office hours, and how many in all."""
    inside, out = _in_and_out(tally, name, office)
    return out, inside + out


def _in_and_out(tally: Tally, name: str, office: OfficeHours) -> tuple[int, int]:
    inside = sum(number for key, number in tally.get(name, {}).items() if office.are_in(int(key)))
    return inside, sum(tally.get(name, {}).values()) - inside


def _hours(half_hours: Sequence[int]) -> list[int]:
    return [half_hours[at] + half_hours[at + 1] for at in range(0, len(half_hours), 2)]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _spans(first: date, last: date, unit: str) -> Iterator[Span]:
    """The days, weeks (Monday to Sunday) or months; the first and the last may be cut short, and say so."""
    start = first
    while start <= last:
        end = min(_end(start, unit), last)
        length = (end - start).days + 1
        whole = unit == "day" or (length == _WEEK if unit == "week" else start.day == 1 and (end + _DAY).day == 1)
        words = f"{start:%B %Y}" if unit == "month" else f"{start.day} {start:%b %Y}"
        part = "" if whole else f" ({length} day{'' if length == 1 else 's'})"
        short = f"{start:%b %y}" if unit == "month" else f"{start.day} {start:%b}"
        yield Span(("Week from " if unit == "week" else "") + words + part, short, start, end)
        start = end + _DAY


def _end(start: date, unit: str) -> date:
    if unit == "week":
        return start + timedelta(days=6 - start.weekday())
    return start if unit == "day" else (start.replace(day=1) + timedelta(days=32)).replace(day=1) - _DAY
