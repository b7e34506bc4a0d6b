"""A figure and how far it can be trusted: shares with Wilson's interval."""

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""Standard errors either side of the middle that hold 95 % of a normal distribution."""


@dataclass(frozen=True)
class Estimate:
    """A figure from 0 to 1 with its 95 % interval; for a share, ``hits`` of ``of`` messages.

    ``value`` is none where there was nothing to work it out from; ``low`` and ``high`` where no interval is known.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    of: int | None = None


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927): it holds its promise in small sets, and at 0 and 1."""
    share, squared = hits / of, Z * Z
    middle = share + squared / (2 * of)
    half = Z * math.sqrt(share * (1 - share) / of + squared / (4 * of * of))
    whole = 1 + squared / of
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def share(hits: int, of: int) -> Estimate:
    """``hits`` of ``of`` as an estimate; without a value when ``of`` is 0."""
    if of == 0:
        return Estimate(None, hits=0, of=0)
    return Estimate(hits / of, *wilson(hits, of), hits=hits, of=of)
