"""Rate limits: so many calls in so many seconds, and what an answer's headers say about it."""

import math
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """How full a bucket is: ``reset`` is when it is emptied, in seconds since 1970."""

    limit: int
    remaining: int
    reset: int
    refused: bool

    def headers(self, prefix: str = "x-rate-limit") -> dict[str, str]:
        return {
            f"{prefix}-limit": str(self.limit),
            f"{prefix}-remaining": str(self.remaining),
            f"{prefix}-reset": str(self.reset),
        }


class Buckets:
    """Fixed windows, one for each key, begun by the first call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, ...], tuple[float, int]] = {}

    def take(self, key: tuple[str, ...], now: float, limit: int, seconds: float) -> Level:
        """Counts one call, unless the bucket is full."""
        with self._lock:
            ends, used = self._windows.get(key, (0.0, 0))
            if now >= ends:
                ends, used = now + seconds, 0
            refused = used >= limit
            used += not refused
            self._windows[key] = (ends, used)
            return Level(limit, limit - used, math.ceil(ends), refused)

    def used(self, key: tuple[str, ...], now: float) -> int:
        """Calls counted in the present window."""
        with self._lock:
            ends, used = self._windows.get(key, (0.0, 0))
            return used if now < ends else 0
