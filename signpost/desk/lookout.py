"""Sees when idle threads have something to do, at next to no cost while there is nothing."""

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.orm import Session, sessionmaker

from signpost.bell import SILENCE, Bell, Silence
from signpost.desk.queue import anything_due, soonest
from signpost.log.clock import Clock
from signpost.log.database import transaction

LOOK_SECONDS = 0.03
ASK_SECONDS = 0.05
"""Between two looks where each asks the database (PostgreSQL)."""
RESTS, LONGEST_PAUSE = 4, 1.0
"""A pause is so many times as long as the look before it, and at most so many seconds."""


@dataclass
class Lookout:
    """Looks for messages that are due. One idle worker looks out for all; the others cost nothing.

    The ``bell`` says when to look at once; whoever stores a message and can't ring it is noticed a moment later.
    SQLite tells in microseconds whether anybody has written anything: only then are the messages looked at, or when one
    that was put off falls due.
    """

    reads: sessionmaker[Session]
    clock: Clock
    bell: Bell | Silence = SILENCE
    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: PoolProxiedConnection | None = None
    seen: int | None = None
    """The database's version when nothing was due in it; none before the first look, and after each find."""
    next_due: datetime | None = None

    def wait(self, stop: threading.Event) -> None:
        """Returns when something is due, or ``stop`` is set."""
        pause = shortest = LOOK_SECONDS if self._is_sqlite() else ASK_SECONDS
        with self.lock:
            while not stop.is_set():
                self.bell.wait(pause)  # Simpler than to wait for ``stop`` as well, and so for the processor too.
                began = time.monotonic()
                if self._look():
                    return
                self.bell.hush()
                # Where very much waits that isn't due, a look takes long.
                pause = min(max(shortest, RESTS * (time.monotonic() - began)), LONGEST_PAUSE)

    def close(self) -> None:
        """Gives back the connection that is kept for looking."""
        with self.lock:
            if self.kept is not None:
                self.kept.close()
                self.kept = None

    def _is_sqlite(self) -> bool:
        return str(self.reads.kw["bind"].dialect.name) == "sqlite"

    def _look(self) -> bool:
        # Before the look: what is written while we look is seen the next time.
        version = self._version()
        if version is not None and version == self.seen and (self.next_due is None or self.clock() < self.next_due):
            return False
        with transaction(self.reads) as connection:
            due = anything_due(connection, self.clock)
            self.next_due = None if due else soonest(connection, self.clock)
        self.seen = None if due else version
        return due

    def _version(self) -> int | None:
        """A number that changes when another connection than this one, in whatever process, has written (SQLite)."""
        if self.kept is None:
            if not self._is_sqlite():
                return None
            self.kept = self.reads.kw["bind"].raw_connection()
        raw = self.kept.driver_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101  # for the type checker: it is open
        return int(raw.execute("PRAGMA data_version").fetchone()[0])


class Calls:
    """Calls idle threads to work, as many as there is work for."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting = 0

    def call(self, times: int = 1) -> None:
        """So many more pieces of work."""
        with self._condition:
            self._waiting += times
            self._condition.notify(times)

    def call_for(self, all_there_is: int) -> None:
        """At least so many, as somebody has counted who can't know which of them threads were called for before."""
        with self._condition:
            more = all_there_is - self._waiting
        if more > 0:
            self.call(more)

    def wait(self, seconds: float) -> bool:
        """Whether there was a call within this time; it is this thread's then."""
        with self._condition:
            if not self._condition.wait_for(lambda: self._waiting > 0, seconds):
                return False
            self._waiting -= 1
            return True
