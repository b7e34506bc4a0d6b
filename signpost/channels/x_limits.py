"""How long an account must rest, from the headers that X sends with every answer."""

import re
from collections.abc import Mapping
from datetime import datetime, timezone

LONGEST_REST = 900.0
"""Seconds. X's shortest windows are 15 minutes long; a longer one is asked about again after as long."""
UNKNOWN_REST = 60.0
"""Seconds, where X says that there is a limit but not, in words that can be read, until when."""
_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")


def rest_seconds(headers: Mapping[str, str], now: datetime) -> float:
    """Until the windows that have nothing left begin anew; 0 when all have something left, or none is told.

    ``headers`` have names in lower case; ``now`` is UTC without a zone. X tells the limit, what remains and when, in
    seconds since 1970, the window begins anew (X API documentation, rate limits).
    """
    used_up = [name for name in _WINDOWS if _number(headers, f"{name}-remaining") == 0]
    return max((_until(headers, f"{name}-reset", now) for name in used_up), default=0.0)


def retry_seconds(headers: Mapping[str, str], now: datetime) -> float:
    """How long to wait after X refused for a limit: more than nothing, and no longer than :data:`LONGEST_REST`."""
    asked = _number(headers, "retry-after")
    if asked is not None:
        return min(float(asked), LONGEST_REST) or UNKNOWN_REST
    # A window that has begun anew by our clock, though X still refuses, means that the two clocks differ.
    return rest_seconds(headers, now) or _until(headers, "x-rate-limit-reset", now) or UNKNOWN_REST


def _until(headers: Mapping[str, str], name: str, now: datetime) -> float:
    reset = _number(headers, name)
    if reset is None:
        return UNKNOWN_REST
    return min(max(reset - now.replace(tzinfo=timezone.utc).timestamp(), 0.0), LONGEST_REST)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    told = headers.get(name, "").strip()
    return int(told) if _WHOLE_NUMBER.fullmatch(told) else None
