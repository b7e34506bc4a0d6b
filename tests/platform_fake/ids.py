"""Ids as each platform makes them, never the same twice, not even after a new start."""

import hashlib
import secrets
import threading
import time

_X_EPOCH_MS = 1_288_834_974_657


class Ids:
    """Makes the ids of what is written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = time.time_ns() // 1000

    def _number(self) -> int:
        """Grows with the time, in microseconds; ahead of it where more are asked for than it has."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last

    def messenger(self) -> str:
        return f"m_{secrets.token_urlsafe(60)}"

    def instagram_message(self) -> str:
        return f"aWdfZAG1faXRlbTox{secrets.token_urlsafe(60)}ZD"

    def facebook_comment(self, post: str) -> str:
        return f"{post}_{self._number()}"

    def instagram_comment(self) -> str:
        return f"18{self._number() % 10**15:015d}"

    def x(self) -> str:
        """As X's snowflakes: milliseconds since its own beginning, and 22 bits more."""
        number = self._number()
        return str(((number // 1000 - _X_EPOCH_MS) << 22) + number % 1000)


def person_id(platform: str, account: str, who: str) -> str:
    """The platform's id of a person: figures stand for themselves, a name always gives the same id.

    Meta's are scoped to the page or profile, X's are the same everywhere.
    """
    if who.isdecimal():
        return who
    scope = "" if platform == "x" else account
    digest = int.from_bytes(hashlib.sha256(f"{platform}:{scope}:{who}".encode()).digest()[:8], "big")
    return str(10**18 + digest % 10**18) if platform == "x" else str(10**15 + digest % (9 * 10**15))
