"""Slows down whoever is refused again and again, or asks too often; webhooks that are rightly signed are never slowed."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

RATE = "60 per minute"


class Brake:
    """Counts by the caller's address, in this process's memory. Over :data:`RATE`, the answer becomes a 429.

    Only what was refused is counted, after the refusal: platforms deliver from few addresses, or all through one proxy,
    and a stranger behind the same address must not be able to shut them out.
    """

    def __init__(self, app: Flask) -> None:
        limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
        self._refused = limiter.shared_limit(RATE, scope="refused")
        self._asked = limiter.shared_limit(RATE, scope="asked")

    def refused(self) -> None:
        """A webhook without a right signature. Raises Werkzeug's TooManyRequests (429) over the rate."""
        with self._refused:
            return

    def asked(self) -> None:
        """A request that anybody can make. Raises Werkzeug's TooManyRequests (429) over the rate."""
        with self._asked:
            return
