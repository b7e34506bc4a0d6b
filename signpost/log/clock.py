"""The time, passed in: tests and `signpost converse` move it on."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, in UTC, without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class MovableClock:
    """Starts at a time and runs on from there; :meth:`advance` jumps ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The time, so far ahead of now as it was moved."""
        return utc_now() + self._ahead

    def advance(self, hours: float) -> None:
        """Moves the time on by so many hours; never back."""
        self._ahead += timedelta(hours=max(hours, 0.0))
