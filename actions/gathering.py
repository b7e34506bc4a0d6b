"""Gathers the escalations that wait at the same time, so that one commit serves them all."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue

from signpost.log.escalations import Finding

MOST_TOGETHER = 32
"""Findings that are written in one transaction: none waits long for the others' redaction."""
Write = Callable[[Sequence[Finding]], Sequence[str | Exception]]


class Gatherer:
    """Writes in a thread of its own, one batch after the other: whatever has come in while the last one was written."""

    def __init__(self, write: Write) -> None:
        """``write`` returns for each finding its reference, or what was wrong with it, once that is on disk."""
        self._write = write
        self._waiting: SimpleQueue[tuple[Finding, Future[str]]] = SimpleQueue()
        threading.Thread(target=self._work, name="gatherer", daemon=True).start()

    def ask(self, finding: Finding) -> "Future[str]":
        """The reference of the message's escalation, once it is on disk, or the fault that kept it from getting there."""
        answer: Future[str] = Future()
        self._waiting.put((finding, answer))
        return answer

    def _work(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < MOST_TOGETHER and not self._waiting.empty():
                batch.append(self._waiting.get())
            # Nobody waits any more for one that was cancelled: the desk writes it.
            wanted = [(finding, answer) for finding, answer in batch if answer.set_running_or_notify_cancel()]
            if wanted:
                self._answer(wanted)

    def _answer(self, wanted: Sequence[tuple[Finding, "Future[str]"]]) -> None:
        try:
            outcomes = self._write([finding for finding, _answer in wanted])
        except Exception as fault:  # noqa: BLE001  # the thread must live on, and whoever waits is told
            outcomes = [fault] * len(wanted)
        for (_finding, answer), outcome in zip(wanted, outcomes, strict=True):
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)
