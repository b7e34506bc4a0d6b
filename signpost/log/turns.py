"""Lets the threads of one process take turns at SQLite's one write lock, in the order in which they came."""

import random
import sqlite3
import threading
import time
from collections import deque

ASK_AGAIN_SECONDS = (0.0005, 0.002)
"""After so long the file's lock is asked for again while another process has it, drawn anew each time."""


class Turns:
    """One at a time, first come, first served. SQLite itself knows no order: there, whoever waits asks again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> bool:
        """Waits so long at most; whether the turn is the caller's now."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            if seconds <= 0:
                return False
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # It was passed on just as the time ran out.

    def pass_on(self) -> None:
        """Gives the turn to whoever has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class TurnTaking(sqlite3.Connection):
    """A connection whose transactions that write begin in turn. However one ends, its turn is passed on."""

    turns: Turns
    busy_seconds: float
    has_turn = False

    def begin_immediately(self, seconds: float) -> None:
        """Begins a transaction with the write lock in hand.

        Raises :class:`sqlite3.OperationalError` ("database is locked") where that takes longer than so many seconds.
        """
        deadline = time.monotonic() + seconds
        if not self.turns.take(seconds):
            raise sqlite3.OperationalError("database is locked")
        self.has_turn = True
        try:
            self._begin_before(deadline)
        except BaseException:
            self._pass_on()
            raise

    def _begin_before(self, deadline: float) -> None:
        # SQLite's own waiting sleeps longer the longer it has waited, so that under load a newcomer always wins.
        # Asking again after a short while, whoever asks, gives every process the same chance.
        self.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    self.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as fault:
                    if "locked" not in str(fault) or time.monotonic() >= deadline:
                        raise
                    time.sleep(random.uniform(*ASK_AGAIN_SECONDS))
                else:
                    return
        finally:
            self.execute(f"PRAGMA busy_timeout={int(self.busy_seconds * 1000)}")

    def commit(self) -> None:
        """Ends the transaction; where that fails it goes on, and is rolled back."""
        super().commit()
        self._pass_on()

    def rollback(self) -> None:
        """Ends the transaction as if it had never begun."""
        try:
            super().rollback()
        finally:
            self._pass_on()

    def close(self) -> None:
        """Ends the transaction, if there is one, and the connection."""
        try:
            super().close()
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        if self.has_turn:
            self.has_turn = False
            self.turns.pass_on()
