"""Counts Python's function calls, and SQLite's statements and transactions, in all threads of a process."""

import contextlib
import sqlite3
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any

NOT_COUNTED = ("COMMIT", "END", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "--")
"""What belongs to a transaction, sets something up, or is done by a trigger."""

_CONNECT = sqlite3.connect


@dataclass
class Counts:
    """``calls`` are those of functions written in Python."""

    calls: int = 0
    statements: int = 0
    transactions: int = 0


class Counter:
    """Counts while it is on. Connections and threads are seen that are made after :meth:`install`."""

    def __init__(self) -> None:
        self._on = False
        self._counts = Counts()

    def install(self) -> None:
        """Looks at everything from now on, and counts nothing yet."""
        sqlite3.connect = sqlite3.dbapi2.connect = self._connect
        threading.setprofile(self._call)
        sys.setprofile(self._call)

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Looks at everything until the block ends."""
        self.install()
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]  # it is what is set at first
            sqlite3.connect = sqlite3.dbapi2.connect = _CONNECT

    def begin(self) -> None:
        """Counts from nothing."""
        self._counts = Counts()
        self._on = True

    def end(self) -> Counts:
        """What was counted."""
        self._on = False
        return self._counts

    def as_dict(self) -> dict[str, int]:
        """What was counted so far."""
        return asdict(self._counts)

    def _connect(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = _CONNECT(*arguments, **options)
        connection.set_trace_callback(self._statement)
        return connection

    def _call(self, _frame: FrameType, event: str, _argument: Any) -> None:
        if self._on and event == "call":
            self._counts.calls += 1

    def _statement(self, statement: str) -> None:
        if not self._on:
            return
        said = statement.lstrip().upper()
        if said.startswith("BEGIN"):
            self._counts.transactions += 1
        elif not said.startswith(NOT_COUNTED):
            self._counts.statements += 1
