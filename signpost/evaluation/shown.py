"""Figures as people read them: per cent with one digit, and what isn't known as a dash."""

from signpost.estimates import Estimate

NOT_KNOWN = "–"
SPACE = "\u00a0"
"""Between a number and its sign: no line ends there."""


def percent(value: float | None) -> str:
    """A share from 0 to 1 in per cent."""
    return NOT_KNOWN if value is None else f"{value * 100:.1f}{SPACE}%"


def decimal(value: float | None) -> str:
    """A figure that is no share of messages, with three digits."""
    return NOT_KNOWN if value is None else f"{value:.3f}"


def signed(value: float | None) -> str:
    """A difference, with its sign and three digits."""
    return NOT_KNOWN if value is None else f"{value:+.3f}".replace("-", "\u2212")


def value_of(estimate: Estimate) -> str:
    """In per cent when it is a share of messages, and as a decimal otherwise."""
    return decimal(estimate.value) if estimate.of is None else percent(estimate.value)


def span(low: float | None, high: float | None) -> str:
    """From one share to another, in per cent; empty when either isn't known."""
    return "" if low is None or high is None else f"{low * 100:.1f} to {high * 100:.1f}{SPACE}%"


def interval_of(estimate: Estimate) -> str:
    """From low to high in the form of :func:`value_of`; empty when there is none."""
    if estimate.of is not None:
        return span(estimate.low, estimate.high)
    return "" if estimate.low is None or estimate.high is None else f"{estimate.low:.3f} to {estimate.high:.3f}"


def counts_of(estimate: Estimate) -> str:
    """How many of how many messages; empty when it isn't a share of messages."""
    return "" if estimate.of is None else f"{estimate.hits:,} of {estimate.of:,}"


def amount(number: float) -> str:
    """A number of messages: with a digit where there are few."""
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:,.0f}"  # noqa: PLR2004  # from ten on a tenth of a message is noise


def chance(value: float) -> str:
    """How unlikely: two digits, or that it is less than can be told apart."""
    return "less than 0.0001" if value < 0.0001 else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"  # noqa: PLR2004  # digits people read


def one_in(value: float | None) -> str:
    """A share as one in so many; empty where that says no more than the per cent."""
    return f"1 in {1 / value:,.0f}" if value and value <= 1 / 2 else ""
