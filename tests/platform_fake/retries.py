"""How long each platform waits before it delivers again, and when it gives up."""

META_TIMEOUT, X_TIMEOUT = 20.0, 10.0
"""Seconds within which 200 must come (Messenger's FAQ; X's webhook documentation)."""
META_GIVES_UP = 36 * 3600.0
UNSUBSCRIBES_AFTER = 3600.0
"""Seconds of nothing but failures after which Meta unsubscribes the app from a page."""
X_GIVES_UP = 300.0
CRC_EVERY = 3600.0
CRC_TOLERATED = 28 * 3600.0
_META_PAUSES = (0.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1800.0)
_X_PAUSES = (2.0, 5.0, 15.0, 30.0, 60.0)


def pause(platform: str, attempts: int, age: float) -> float | None:
    """Seconds until the next attempt after so many; none where the platform gives up.

    ``age``: seconds since the first. Meta tries again at once, then ever more rarely over 36 hours (Meta's webhook
    documentation). How often X tries isn't documented; what it gave up comes with a replay.
    """
    pauses, gives_up = (_X_PAUSES, X_GIVES_UP) if platform == "x" else (_META_PAUSES, META_GIVES_UP)
    wait = pauses[min(attempts, len(pauses)) - 1]
    return wait if age + wait <= gives_up else None
