"""Does things when they are due, by the fast clock, on threads of its own or on the caller's."""

import heapq
import itertools
import threading
from collections.abc import Callable

from .clock import PlatformClock

_LONGEST_NAP = 0.2


class Timetable:
    """A heap of tasks; :meth:`start` works them off on threads, :meth:`run_due` on the caller's thread."""

    def __init__(self, clock: PlatformClock, workers: int) -> None:
        self._clock = clock
        self._bell = threading.Condition()
        self._tasks: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._busy = 0
        self._stopping = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]

    def add(self, task: Callable[[], None], in_seconds: float = 0.0) -> None:
        """Has the task done in so many seconds of waiting."""
        due = self._clock.fast() + in_seconds
        with self._bell:
            heapq.heappush(self._tasks, (due, next(self._numbers), task))
            self._bell.notify()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=2)

    def wake(self) -> None:
        """The clock was moved: what is due now?"""
        with self._bell:
            self._bell.notify_all()

    def run_due(self) -> int:
        """Does all that is due, and what becomes due by it; says how many tasks that were."""
        done = 0
        while True:
            with self._bell:
                task = self._next()
            if task is None:
                return done
            task()
            done += 1

    @property
    def idle(self) -> bool:
        """Nothing is being done, and nothing is due."""
        with self._bell:
            return not self._busy and not (self._tasks and self._tasks[0][0] <= self._clock.fast())

    def _next(self) -> Callable[[], None] | None:
        if self._tasks and self._tasks[0][0] <= self._clock.fast():
            return heapq.heappop(self._tasks)[2]
        return None

    def _work(self) -> None:
        while True:
            with self._bell:
                while (task := self._next()) is None:
                    if self._stopping:
                        return
                    self._bell.wait(self._nap())
                if self._stopping:
                    return
                self._busy += 1
            try:
                task()
            finally:
                with self._bell:
                    self._busy -= 1

    def _nap(self) -> float:
        """Real seconds until the next task, as far as is known now."""
        if not self._tasks:
            return _LONGEST_NAP
        wait = (self._tasks[0][0] - self._clock.fast()) / max(self._clock.factor, 0.001)
        return min(max(wait, 0.001), _LONGEST_NAP)
