"""Follows the journal of the rehearsal's platforms: when each reply arrived, without asking the platforms anything."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from signpost.bench.product import NoReply

PAUSE_SECONDS = 0.001
SENT = '"what": "sent"'


@dataclass(frozen=True)
class Arrived:
    """A reply that the platform took; ``at``: seconds since 1970, by the clock all processes of a machine share."""

    at: float
    text: str


@dataclass
class Journal:
    """Reads ``file`` as it grows, in a thread of its own between :meth:`open` and :meth:`close`."""

    file: Path
    _waiting: dict[str, "SimpleQueue[Arrived]"] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def open(self) -> None:
        """Begins at the journal's present end."""
        self._stop.clear()
        offset = self.file.stat().st_size if self.file.exists() else 0
        self._thread = threading.Thread(target=self._follow, args=(offset,), name="journal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Reads no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def expect(self, person: str) -> None:
        """Keeps from now on what arrives for this person; before they write."""
        self._replies_to(person)

    def next_for(self, person: str, patience: float) -> Arrived:
        """The next reply this person got. Raises :class:`NoReply`."""
        try:
            return self._replies_to(person).get(timeout=patience)
        except Empty:
            raise NoReply(f"no reply came within {patience:.0f} s") from None

    def forget(self, person: str) -> None:
        """Keeps nothing more for this person."""
        with self._lock:
            self._waiting.pop(person, None)

    def _replies_to(self, person: str) -> "SimpleQueue[Arrived]":
        with self._lock:
            return self._waiting.setdefault(person, SimpleQueue())

    def _follow(self, offset: int) -> None:
        while not self.file.exists():
            if self._stop.wait(0.05):
                return
        with self.file.open("r", encoding="utf-8") as lines:
            lines.seek(offset)
            _each(lines, self._note, self._stop.is_set)

    def _note(self, line: str) -> None:
        if SENT not in line[:80]:
            return
        sent = json.loads(line)
        at = datetime.fromisoformat(sent["at"]).replace(tzinfo=timezone.utc).timestamp()
        with self._lock:
            waiting = self._waiting.get(sent["person"])
        if waiting is not None:
            waiting.put(Arrived(at, sent["text"]))


def _each(lines: IO[str], do: Callable[[str], None], ended: Callable[[], bool]) -> None:
    """Does something with each whole line, also with those that are still to be written."""
    part = ""
    while not ended():
        part += lines.readline()
        if part.endswith("\n"):
            do(part)
            part = ""
        else:
            time.sleep(PAUSE_SECONDS)
