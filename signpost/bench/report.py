"""What a bench found, as a table for people and as JSON."""

from statistics import median
from typing import Any

from rich.table import Table

from signpost.bench.figures import OWN, STOCK, Figures, Measure, summary
from signpost.bench.measures import GROUPS

MET = {True: "met", False: "missed", None: ""}


def table(figures: Figures) -> Table:
    """A row for each measure that was taken."""
    shown = Table(box=None, pad_edge=False)
    shown.add_column("measure", min_width=26)
    for name in ("Signpost", "stock", "ratio", "of rounds", "goal"):
        shown.add_column(name, justify="right", no_wrap=True)
    for measures in GROUPS.values():
        taken = [one for one in measures if figures.of(one.key, OWN) or figures.of(one.key, STOCK)]
        for measure in taken:
            shown.add_row(*_row(figures, measure))
        if taken:
            shown.add_section()
    return shown


def as_json(figures: Figures) -> dict[str, Any]:
    """Every measure that was taken, with all its rounds."""
    found: dict[str, Any] = {}
    for measure in (one for measures in GROUPS.values() for one in measures):
        own, stock = summary(figures.of(measure.key, OWN)), summary(figures.of(measure.key, STOCK))
        if own is None and stock is None:
            continue
        ratio, goal = figures.ratio(measure.key), measure.goal
        found[measure.key] = {
            "title": measure.title,
            "unit": measure.unit,
            OWN: own,
            STOCK: stock,
            "ratio": None if ratio is None else {"median": ratio.middle, "least": ratio.least, "most": ratio.most},
            "goal": None if goal is None else {"at_least" if goal.at_least else "at_most": goal.ratio},
            "met": figures.verdict(measure),
        }
    return found


def faults(figures: Figures) -> list[str]:
    """A sentence for each product whose messages went wrong."""
    said = []
    for key, name in ((OWN, "Signpost"), (STOCK, "Stock Rasa")):
        failed, wrong = sum(figures.of("failed", key)), sum(figures.of("wrong", key))
        if failed:
            said.append(f"{name} left {failed:.0f} messages without a reply; they count for nothing.")
        if wrong:
            said.append(
                f"{name} answered {wrong:.0f} reports with something other than the guidance; they count all the same."
            )
    return said


def _row(figures: Figures, measure: Measure) -> list[str]:
    own, stock, ratio = figures.of(measure.key, OWN), figures.of(measure.key, STOCK), figures.ratio(measure.key)
    goal = measure.goal
    return [
        f"{measure.title}, {measure.unit}",
        _shown(median(own)) if own else "",
        _shown(median(stock)) if stock else "",
        _shown(ratio.middle) if ratio else "",
        f"{_shown(ratio.least)}-{_shown(ratio.most)}" if ratio else "",
        f"{'>=' if goal.at_least else '<='} {goal.ratio:.2g} {MET[figures.verdict(measure)]}" if goal else "",
    ]


def _shown(value: float) -> str:
    """Three digits that say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004  # from here on no digit is lost
