"""Intervals by drawing the messages again and again (bootstrap), reports and other messages each among themselves."""

import random
from collections.abc import Callable, Iterator, Sequence

DRAWS = 2000
SEED = 20_260_101
"""Fixed, so that the same messages and scores always give the same interval."""

Heard = Callable[[int], None]
"""Told after each draw how many are done, for a progress bar."""


def draws(kinds: Sequence[bool], times: int = DRAWS) -> Iterator[list[int]]:
    """Places in ``kinds``, drawn with replacement; as many of each kind as there are."""
    source = random.Random(SEED)
    pools = [[place for place, kind in enumerate(kinds) if kind is wanted] for wanted in (True, False)]
    for _ in range(times):
        yield [place for pool in pools for place in source.choices(pool, k=len(pool))]


def middle_95(values: Sequence[float]) -> tuple[float, float]:
    """The values that leave 2.5 % of all below and 2.5 % above."""
    in_order = sorted(values)
    return _quantile(in_order, 0.025), _quantile(in_order, 0.975)


def _quantile(in_order: Sequence[float], share: float) -> float:
    exact = share * (len(in_order) - 1)
    below = int(exact)
    above = min(below + 1, len(in_order) - 1)
    return in_order[below] + (exact - below) * (in_order[above] - in_order[below])
