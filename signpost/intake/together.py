"""Does for many at once what each of them needs: whoever comes while one round runs is served by the next, together."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST = 100
"""Served in one round: a round is over within a fraction of a second, and whoever came first isn't kept for the last."""


@dataclass
class _Place(Generic[Item, Result]):
    """One thread's place in the line. ``turn`` is released when it is served, or when it is to lead the next round."""

    item: Item
    turn: threading.Lock = field(default_factory=threading.Lock)
    served: bool = False
    results: list[Result] = field(default_factory=list)
    fault: BaseException | None = None

    def __post_init__(self) -> None:
        self.turn.acquire()


class Together(Generic[Item, Result]):
    """One round at a time, led by the thread that has waited longest, for all that wait by then, in the order they came.

    ``serve`` returns a result for each item, in their order. When it raises for several, each is tried alone, so that one
    fails by its own fault only. A fault of one of the kinds in ``of_all`` is everybody's, also of those who wait by then:
    what it takes long to fail at is done once, and nobody waits for it twice.
    """

    def __init__(
        self, serve: Callable[[Sequence[Item]], Sequence[Result]], of_all: tuple[type[Exception], ...] = ()
    ) -> None:
        self._serve = serve
        self._of_all = of_all
        self._lock = threading.Lock()
        self._line: list[_Place[Item, Result]] = []
        self._led = False

    def __call__(self, item: Item) -> Result:
        """The item's result, once its round is over. Raises what ``serve`` raised for it."""
        mine: _Place[Item, Result] = _Place(item)
        with self._lock:
            self._line.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.turn.acquire()
        if not mine.served:
            self._lead()
        if mine.fault is not None:
            raise mine.fault
        return mine.results[0]

    def _lead(self) -> None:
        """One round. The one that leads is the first in line."""
        with self._lock:
            group, self._line = self._line[:MOST], self._line[MOST:]
        try:
            self._serve_all(group)
        finally:
            with self._lock:
                group = [*group, *self._befallen(group)]
                following = self._line[0] if self._line else None
                self._led = following is not None
            for place in group:
                place.served = True
                place.turn.release()
            if following is not None:
                following.turn.release()

    def _serve_all(self, group: Sequence[_Place[Item, Result]]) -> None:
        try:
            for place, result in zip(group, self._serve([one.item for one in group]), strict=True):
                place.results.append(result)
        except Exception as fault:  # noqa: BLE001  # it is raised again, by each that it befell
            if len(group) == 1 or isinstance(fault, self._of_all):
                for place in group:
                    place.fault = fault
            else:
                self._serve_each(group)
        except BaseException as fault:
            # The interpreter is ending: nobody may wait for a round that never ends, or take it for served.
            for place in group:
                place.fault = fault
            raise

    def _serve_each(self, group: Sequence[_Place[Item, Result]]) -> None:
        common: BaseException | None = None
        for place in group:
            if common is not None:
                place.fault = common
                continue
            self._serve_all([place])
            common = self._of_everybody([place])

    def _befallen(self, group: Sequence[_Place[Item, Result]]) -> list[_Place[Item, Result]]:
        """Takes everybody out of the line whom a fault in this group befalls too."""
        common = self._of_everybody(group)
        if common is None:
            return []
        befallen, self._line = self._line, []
        for place in befallen:
            place.fault = common
        return befallen

    def _of_everybody(self, group: Sequence[_Place[Item, Result]]) -> BaseException | None:
        return next((place.fault for place in group if isinstance(place.fault, self._of_all)), None)
