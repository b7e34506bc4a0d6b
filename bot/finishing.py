"""Turns that go on after everything in them has been said: their replies are on their way, and the log is being written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

MOST = 8
"""So many at once: where the log can't keep up, whoever writes next waits for it as well, and no backlog grows."""
log = structlog.get_logger("signpost.channel")


class Finishing:
    """Keeps hold of them until they are done. What they leave undone the desk does: here it is only told of."""

    def __init__(self) -> None:
        self._turns: set[asyncio.Future[Any]] = set()

    @property
    def has_room(self) -> bool:
        """Whether another may go on by itself."""
        return len(self._turns) < MOST

    def keep(self, turn: asyncio.Future[Any], all_was_said: Callable[[], bool]) -> None:
        """Lets it go on. ``all_was_said`` tells, once it has ended, whether nothing was said after its replies had been taken."""
        self._turns.add(turn)

        def done(_turn: asyncio.Future[Any]) -> None:
            self._turns.discard(turn)
            if turn.cancelled():
                return
            fault = turn.exception()
            if fault is not None:
                # Neither the message nor a traceback: they may quote a text.
                log.error("turn_failed", fault=type(fault).__name__)
            elif not all_was_said():
                log.error("said_too_late")

        turn.add_done_callback(done)
