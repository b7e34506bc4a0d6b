"""Figures by measure, product and round, and what becomes of them: medians, their ratio, and how far rounds differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

OWN, STOCK = "signpost", "stock"


@dataclass(frozen=True)
class Goal:
    """What the ratio of this product to stock has to be: at least or at most so much."""

    ratio: float
    at_least: bool = False

    def met_by(self, ratio: float) -> bool:
        """Whether it is."""
        return ratio >= self.ratio if self.at_least else ratio <= self.ratio


@dataclass(frozen=True)
class Measure:
    """One thing that is measured. ``own_only``: a figure of this product without a like of stock's, held to the goal itself."""

    key: str
    title: str
    unit: str
    goal: Goal | None = None
    own_only: bool = False


@dataclass(frozen=True)
class Ratio:
    """Ours divided by stock's: of the medians, and the least and most of any one round."""

    middle: float
    least: float
    most: float


@dataclass
class Figures:
    """All that was measured."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, key: str, product: str, value: float) -> None:
        """Adds a round's figure."""
        self.values.setdefault(key, {}).setdefault(product, []).append(value)

    def of(self, key: str, product: str) -> Sequence[float]:
        """A measure's figures by round; empty when it wasn't taken."""
        return self.values.get(key, {}).get(product, [])

    def ratio(self, key: str) -> Ratio | None:
        """Ours to stock's; none where one of them is missing or nothing."""
        own, stock = self.of(key, OWN), self.of(key, STOCK)
        if not own or not stock or not all(stock):
            return None
        # Rounds stand beside each other: what slows the machine down in one of them slows both.
        by_round = [one / other for one, other in zip(own, stock, strict=False)]
        return Ratio(median(own) / median(stock), min(by_round), max(by_round))

    def verdict(self, measure: Measure) -> bool | None:
        """Whether the goal is met; none where there is none, or nothing to hold to it."""
        if measure.goal is None:
            return None
        if measure.own_only:
            own = self.of(measure.key, OWN)
            return measure.goal.met_by(median(own)) if own else None
        ratio = self.ratio(measure.key)
        return None if ratio is None else measure.goal.met_by(ratio.middle)


def summary(values: Sequence[float]) -> dict[str, Any] | None:
    """Median, least, most and every round, for JSON; none for no values."""
    if not values:
        return None
    return {"median": median(values), "least": min(values), "most": max(values), "rounds": list(values)}
