"""Slows down whoever is refused again and again, or asks too often; webhooks that are rightly signed are never slowed."""

import threading
import time
from collections.abc import Callable

from flask import request
from werkzeug.exceptions import TooManyRequests

MOST, SECONDS = 60, 60.0
"""So many in so many seconds from one address."""


class Brake:
    """Counts by the caller's address, in this process's memory. Over the rate, the answer becomes a 429.

    Only what was refused is counted, after the refusal: platforms deliver from few addresses, or all through one proxy,
    and a stranger behind the same address must not be able to shut them out. What is taken isn't looked at here at all.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._refused, self._asked = Counts(seconds), Counts(seconds)

    def refused(self) -> None:
        """A webhook without a right signature. Raises Werkzeug's TooManyRequests (429) over the rate."""
        self._refused.add(request.remote_addr or "")

    def asked(self) -> None:
        """A request that anybody can make. Raises Werkzeug's TooManyRequests (429) over the rate."""
        self._asked.add(request.remote_addr or "")


class Counts:
    """How many came from each address since the first of them, for :data:`SECONDS` from then on; for several threads."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, int]] = {}
        self._forget_at = 0.0

    def add(self, address: str) -> None:
        """One more. Raises Werkzeug's TooManyRequests when there are over :data:`MOST`."""
        now = self._seconds()
        with self._lock:
            if now >= self._forget_at:
                self._known = {one: of for one, of in self._known.items() if now - of[0] < SECONDS}
                self._forget_at = now + SECONDS
            since, before = self._known.get(address, (now, 0))
            if now - since >= SECONDS:
                since, before = now, 0
            self._known[address] = since, before + 1
        if before >= MOST:
            raise TooManyRequests
