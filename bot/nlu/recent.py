"""Remembers, for a while and in memory only, what was found in a text: in a flood each is read for its urgency and then again."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

MOST = 1_024
SECONDS = 120.0
Found = TypeVar("Found")


class Recent(Generic[Found]):
    """Keeps what was found under a hash of the text, never the text, and no more than :data:`MOST` of them."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[bytes, tuple[float, Found]] = OrderedDict()

    def of(self, text: str, find: Callable[[str], Found]) -> Found:
        """What ``find`` says of the text, or said within the last :data:`SECONDS`. The text must hold no lone surrogate."""
        now = self._clock()
        self._forget(now)
        key = hashlib.blake2b(text.encode(), digest_size=16).digest()
        if key in self._kept:
            return self._kept[key][1]
        found = find(text)
        self._kept[key] = now, found
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def _forget(self, now: float) -> None:
        while self._kept:
            since, _found = next(iter(self._kept.values()))
            if now - since < self._seconds:
                return
            self._kept.popitem(last=False)
