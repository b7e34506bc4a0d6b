"""Delivers webhooks until they are acknowledged, and keeps count of each."""

import itertools
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import retries
from .clock import PlatformClock
from .journal import Journal
from .timetable import Timetable

PENDING, FAILING, ACKNOWLEDGED, LOST = "pending", "failing", "acknowledged", "lost"
Post = Callable[[str, str, bytes, Mapping[str, str], float], tuple[int, bytes]]
"""Method, URL, body, headers, seconds to status and body; raises :class:`OSError`."""


@dataclass(frozen=True)
class Letter:
    """What is to be delivered. ``about``: the platform's ids of what it tells of."""

    platform: str
    url: str
    body: bytes
    headers: dict[str, str]
    accounts: tuple[str, ...]
    about: tuple[str, ...]


@dataclass
class Parcel:
    """A letter on its way. ``began``: when it was first tried, by the fast clock."""

    number: int
    letter: Letter
    state: str = PENDING
    attempts: int = 0
    last_status: int = 0
    began: float = 0.0


class Courier:
    """``on_unsubscribed`` is told the account that Meta took the app off."""

    def __init__(
        self,
        timetable: Timetable,
        clock: PlatformClock,
        post: Post,
        journal: Journal,
        on_unsubscribed: Callable[[str], None],
    ) -> None:
        self._timetable = timetable
        self._clock = clock
        self._post = post
        self._journal = journal
        self._on_unsubscribed = on_unsubscribed
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._open: dict[int, Parcel] = {}
        self._counts: Counter[str] = Counter()
        self._milliseconds: deque[float] = deque(maxlen=20_000)
        self._failing_since: dict[str, float] = {}
        self._acknowledged: set[str] = set()

    def offer(self, letter: Letter, in_seconds: float = 0.0) -> None:
        """Has this delivered, in so many seconds of waiting."""
        parcel = Parcel(next(self._numbers), letter)
        with self._lock:
            self._open[parcel.number] = parcel
            self._counts["offered"] += 1
        self._timetable.add(lambda: self._attempt(parcel), in_seconds)

    def forget(self, account: str) -> None:
        """Gives up what is on its way for an account that is no longer subscribed."""
        with self._lock:
            for parcel in [one for one in self._open.values() if account in one.letter.accounts]:
                self._lose(parcel)
            self._failing_since.pop(account, None)

    def acknowledged(self, platform_id: str) -> bool:
        """Whether a delivery that told of this has been acknowledged."""
        return platform_id in self._acknowledged

    def summary(self) -> dict[str, Any]:
        """How many deliveries are where, and how long answers took, in milliseconds."""
        with self._lock:
            states = Counter(parcel.state for parcel in self._open.values())
            times = sorted(self._milliseconds)
            failing = [parcel for parcel in self._open.values() if parcel.state == FAILING][:20]
            return {
                "offered": self._counts["offered"],
                "attempts": self._counts["attempts"],
                "pending": states[PENDING],
                "failing": states[FAILING],
                "acknowledged": self._counts[ACKNOWLEDGED],
                "lost": self._counts[LOST],
                "milliseconds": {
                    name: round(times[min(int(len(times) * share), len(times) - 1)], 1) if times else None
                    for name, share in (("half", 0.5), ("most", 0.95), ("slowest", 1.0))
                },
                "failures": [
                    {
                        "delivery": one.number,
                        "attempts": one.attempts,
                        "status": one.last_status,
                        "about": one.letter.about,
                    }
                    for one in failing
                ],
            }

    def _attempt(self, parcel: Parcel) -> None:
        if parcel.state == LOST:
            return
        letter = parcel.letter
        if not parcel.attempts:
            parcel.began = self._clock.fast()
        parcel.attempts += 1
        timeout = retries.X_TIMEOUT if letter.platform == "x" else retries.META_TIMEOUT
        started = time.perf_counter()
        try:
            status, _body = self._post("POST", letter.url, letter.body, letter.headers, timeout)
        except OSError:
            status = 0
        took = (time.perf_counter() - started) * 1000
        parcel.last_status = status
        if status == 200:
            self._acknowledge(parcel, took)
        else:
            self._fail(parcel, status)

    def _acknowledge(self, parcel: Parcel, took: float) -> None:
        with self._lock:
            parcel.state = ACKNOWLEDGED
            self._open.pop(parcel.number, None)
            self._counts["attempts"] += 1
            self._counts[ACKNOWLEDGED] += 1
            self._milliseconds.append(took)
            self._acknowledged.update(parcel.letter.about)
            for account in parcel.letter.accounts:
                self._failing_since.pop(account, None)
        self._journal.write(
            "acknowledged", self._clock(), delivery=parcel.number, about=parcel.letter.about, attempts=parcel.attempts
        )

    def _fail(self, parcel: Parcel, status: int) -> None:
        now = self._clock.fast()
        wait = retries.pause(parcel.letter.platform, parcel.attempts, now - parcel.began)
        with self._lock:
            self._counts["attempts"] += 1
            fresh = [account for account in parcel.letter.accounts if account not in self._failing_since]
            self._failing_since.update(dict.fromkeys(fresh, now))
            if parcel.state != LOST:
                parcel.state = FAILING
                if wait is None:
                    self._lose(parcel)
            again = parcel.state == FAILING
        self._journal.write(
            "failed",
            self._clock(),
            delivery=parcel.number,
            about=parcel.letter.about,
            attempts=parcel.attempts,
            status=status,
        )
        if again and wait is not None:
            self._timetable.add(lambda: self._attempt(parcel), wait)
        if parcel.letter.platform != "x":
            for account in fresh:
                self._timetable.add(partial(self._lose_patience, account, now), retries.UNSUBSCRIBES_AFTER)

    def _lose_patience(self, account: str, failing_since: float) -> None:
        """An hour after the first failure: unless anything was acknowledged since, the app is unsubscribed."""
        with self._lock:
            failing = self._failing_since.get(account) == failing_since
        if failing:
            self._on_unsubscribed(account)

    def _lose(self, parcel: Parcel) -> None:
        parcel.state = LOST
        self._open.pop(parcel.number, None)
        self._counts[LOST] += 1
        self._journal.write(
            "lost", self._clock(), delivery=parcel.number, about=parcel.letter.about, attempts=parcel.attempts
        )
