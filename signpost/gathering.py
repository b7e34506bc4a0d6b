"""Does for many at once what each of them needs, such as a commit: whoever asks while one round runs is served by the next."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST = 64
"""Served in one round: a round is over within a fraction of a second, and whoever came first isn't kept for the last."""


class Gatherer(Generic[Item, Result]):
    """Serves in a thread of its own, round after round, all that have asked by then, in the order they came.

    ``serve`` returns a result for each item, in their order. When it raises for several, each is tried alone, so that one
    fails by its own fault only. A fault of one of the kinds in ``of_all`` is everybody's, also of those who wait by then:
    what it takes long to fail at is done once, and nobody waits for it twice.
    """

    def __init__(
        self, serve: Callable[[Sequence[Item]], Sequence[Result]], of_all: tuple[type[Exception], ...] = ()
    ) -> None:
        self._serve = serve
        self._of_all = of_all
        self._waiting: SimpleQueue[tuple[Item, Future[Result]]] = SimpleQueue()
        threading.Thread(target=self._work, name="gatherer", daemon=True).start()

    def ask(self, item: Item) -> "Future[Result]":
        """The item's result, once its round is over, or what ``serve`` raised for it."""
        answer: Future[Result] = Future()
        self._waiting.put((item, answer))
        return answer

    def _work(self) -> None:
        while True:
            self._answer(self._wanted([self._waiting.get(), *self._more(MOST - 1)]))

    def _more(self, most: int) -> list[tuple[Item, "Future[Result]"]]:
        return [self._waiting.get() for _ in range(min(most, self._waiting.qsize()))]

    def _wanted(self, asked: list[tuple[Item, "Future[Result]"]]) -> list[tuple[Item, "Future[Result]"]]:
        """Those that somebody still waits for."""
        return [(item, answer) for item, answer in asked if answer.set_running_or_notify_cancel()]

    def _answer(self, group: list[tuple[Item, "Future[Result]"]]) -> None:
        if not group:
            return
        try:
            served = list(zip(group, self._serve([item for item, _answer in group]), strict=True))
        except BaseException as fault:  # noqa: BLE001  # the thread must live on, and whoever waits is told
            if isinstance(fault, self._of_all):
                group += self._wanted(self._more(self._waiting.qsize()))
            elif len(group) > 1:
                self._answer_each(group)
                return
            for _item, answer in group:
                answer.set_exception(fault)
        else:
            for (_item, answer), result in served:
                answer.set_result(result)

    def _answer_each(self, group: list[tuple[Item, "Future[Result]"]]) -> None:
        for place, one in enumerate(group):
            self._answer([one])
            fault = one[1].exception()
            if isinstance(fault, self._of_all):
                for _item, answer in group[place + 1 :]:
                    answer.set_exception(fault)
                return
