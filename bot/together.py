"""Writes what several turns have to write at once in one transaction, in a thread, so that one disk sync does for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Write = Callable[[list[dict[str, Any]]], None]


class Together:
    """While one write is under way the next ones gather; who waits is told when its own rows are on disk."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._thread = ThreadPoolExecutor(1, "dialogues")
        self._waiting: list[tuple[list[dict[str, Any]], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, rows: list[dict[str, Any]]) -> None:
        """Returns once the rows are written. Raises what ``write`` raised for these very rows."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((rows, done))
        if self._task is None:
            self._task = loop.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                faults = await loop.run_in_executor(self._thread, self._try, [rows for rows, _done in batch])
                for (_rows, done), fault in zip(batch, faults, strict=True):
                    if done.done():
                        # Whoever waited has gone.
                        continue
                    if fault is None:
                        done.set_result(None)
                    else:
                        done.set_exception(fault)
        finally:
            self._task = None

    def _try(self, batch: list[list[dict[str, Any]]]) -> list[Exception | None]:
        fault = self._fault([row for rows in batch for row in rows])
        if fault is None or len(batch) == 1:
            return [fault] * len(batch)
        # What one turn can't write must not cost the others theirs.
        return [self._fault(rows) for rows in batch]

    def _fault(self, rows: list[dict[str, Any]]) -> Exception | None:
        try:
            self._write(rows)
        except Exception as fault:  # noqa: BLE001  # it is raised where its rows are waited for
            return fault
        return None
