"""How soon people were answered, and how soon somebody looked."""

from collections.abc import Sequence

from signpost.console.reports.cells import Cell, Seconds, Share, duration
from signpost.console.reports.charts import shares
from signpost.console.reports.tables import Section, Table
from signpost.log import figures as names
from signpost.log.figures import Tally, times, total

INEXACT = "The median and the 95% figure are exact to within 2.5% of themselves. The shares are exact."


def replies(tally: Tally) -> Section:
    """From receipt until the platform had the reply."""
    taken = times(tally.get(names.REPLY_TIME, {}))
    rows: list[tuple[str, Cell]] = [
        ("Escalations", total(tally, names.ESCALATIONS)),
        ("With a reply that arrived", taken.count),
        ("Median", Seconds(taken.median)),
        ("95% arrived within", Seconds(taken.most)),
    ]
    return _section("replies", "Time to reply", rows, taken.count, _limits(tally, names.REPLIED_WITHIN, names.PROMPT), (
        "From when the message came in until the platform had the reply. What is never answered, such as abuse, isn’t counted.",
        INEXACT,
    ))  # fmt: skip


def reviews(tally: Tally) -> Section:
    """From receipt until a reviewer recorded an outcome."""
    taken = times(tally.get(names.REVIEW_TIME, {}))
    escalations = total(tally, names.ESCALATIONS)
    rows: list[tuple[str, Cell]] = [
        ("Escalations", escalations),
        ("Reviewed", taken.count),
        ("Not yet reviewed", escalations - taken.count),
        ("Median", Seconds(taken.median)),
        ("95% reviewed within", Seconds(taken.most)),
    ]
    return _section("reviews", "Time to review", rows, taken.count, _limits(tally, names.REVIEWED_WITHIN, names.TIMELY), (
        "From when the message came in until its latest review was saved, nights and weekends included. Shares are of those reviewed.",
        INEXACT,
    ))  # fmt: skip


def _limits(tally: Tally, name: str, limits: Sequence[int]) -> list[tuple[str, int]]:
    kept = tally.get(name, {})
    return [(f"Within {duration(limit)}", kept.get(str(limit), 0)) for limit in limits]


def _section(  # noqa: PLR0913, PLR0917  # what a section is made of
    name: str,
    title: str,
    rows: list[tuple[str, Cell]],
    whole: int,
    limits: list[tuple[str, int]],
    notes: tuple[str, ...],
) -> Section:
    table: list[tuple[Cell, ...]] = [(words, value, None) for words, value in rows]
    table += [(words, number, Share.of(number, whole)) for words, number in limits]
    chart = shares(name, title, [(words, number / whole, None, None) for words, number in limits]) if whole else None
    return Section(name, title, Table(title, ("Measure", "Figure", "Share"), table), chart, notes)
