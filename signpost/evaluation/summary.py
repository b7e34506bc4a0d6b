"""The short table that `signpost evaluate` prints."""

from rich.table import Table

from signpost.evaluation.base_rates import OF
from signpost.evaluation.figures import Figures
from signpost.evaluation.shown import amount, counts_of, interval_of, percent, signed, span, value_of
from signpost.evaluation.wording import FIGURES


def summary(figures: Figures) -> Table:
    """A line for each figure that could be worked out; at the end what a day would look like."""
    table = Table("figure", "value", "95 % interval", "messages", box=None, pad_edge=False)
    for name, estimate in figures.by_name().items():
        if estimate.value is not None:
            table.add_row(FIGURES[name].name, value_of(estimate), interval_of(estimate), counts_of(estimate))
    for day in figures.days:
        interval = span(day.precision.low, day.precision.high)
        flags = f"{amount(day.found + day.alarms)} in {OF:,}"
        table.add_row(f"Flags right at {percent(day.base_rate)} reports", percent(day.precision.value), interval, flags)
    if figures.comparison:
        difference = figures.comparison.auc_difference
        interval = f"{signed(difference.low)} to {signed(difference.high)}"
        table.add_row("Ranked above, less the other model", signed(difference.value), interval, "")
    return table
