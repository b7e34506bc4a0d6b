"""The platforms' time: what they stamp messages with, and a faster one for all that they wait for."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from signpost.log.clock import utc_now


def epoch(at: datetime) -> float:
    """Seconds since 1970 of a time in UTC without a zone."""
    return at.replace(tzinfo=timezone.utc).timestamp()


class PlatformClock:
    """Runs with the clock it is given until it is moved on.

    Waiting (retries, the hour after which an app is unsubscribed, the next check of a webhook) goes by :meth:`fast`,
    which runs ``factor`` times as fast, so that an hour of failures can be had in a minute while messages keep honest times.
    """

    def __init__(self, base: Callable[[], datetime] = utc_now, factor: float = 1.0) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._ahead = timedelta()
        self._factor = factor
        self._since, self._gone = base(), 0.0

    def __call__(self) -> datetime:
        """The time, UTC without a zone."""
        return self._base() + self._ahead

    @property
    def factor(self) -> float:
        """How many of the waiting's seconds go into a real one."""
        return self._factor

    def fast(self) -> float:
        """Seconds of waiting since the start."""
        with self._lock:
            return self._gone + (self._base() - self._since).total_seconds() * self._factor

    def set_factor(self, factor: float) -> None:
        """From now on, waiting runs so many times as fast."""
        so_far = self.fast()
        with self._lock:
            self._since, self._gone, self._factor = self._base(), so_far, factor

    def advance(self, seconds: float) -> None:
        """Moves both times on."""
        with self._lock:
            self._ahead += timedelta(seconds=seconds)
            self._gone += seconds
