"""When each account was last heard of: noted in the record now and then, rather than with every webhook."""

from collections.abc import Iterable
from datetime import datetime, timedelta

NOTED_EVERY = timedelta(seconds=10)
"""How far the record may lag behind: it is for alerts about hours of silence, and for whoever looks."""

Who = tuple[str, str]
"""A platform and an account's id there."""


class Heard:
    """What this process has noted. Two threads that note at once do no harm."""

    def __init__(self) -> None:
        self._noted_at: dict[Who, datetime] = {}

    def due(self, accounts: Iterable[Who], now: datetime) -> set[Who]:
        """Those of the accounts whose note in the record is out of date."""
        return {one for one in accounts if not self._is_fresh(one, now)}

    def noted(self, accounts: Iterable[Who], now: datetime) -> None:
        """They are in the record as heard of now, on disk."""
        self._noted_at.update(dict.fromkeys(accounts, now))

    def _is_fresh(self, who: Who, now: datetime) -> bool:
        at = self._noted_at.get(who)
        # A clock that was set back must not keep an account quiet.
        return at is not None and timedelta() <= now - at < NOTED_EVERY
