"""The desk's workers: threads that claim, answer, deliver and log until they are told to stop."""

import threading
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.desk.delivery import Deliverer
from signpost.desk.queue import anything_due, claim_next
from signpost.desk.reconcile import Reconciler
from signpost.desk.turn import Turn
from signpost.log.clock import Clock

IDLE_SECONDS = 0.05
SWEEP_SECONDS = 2.0
AFTER_FAULT_SECONDS = 1.0
log = structlog.get_logger("signpost.desk")


@dataclass(frozen=True)
class Desk:
    """Everything a worker needs."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    turn: Turn
    deliverer: Deliverer
    reconciler: Reconciler
    clock: Clock
    lookout: threading.Lock = field(default_factory=threading.Lock)

    def work_once(self, worker: str) -> bool:
        """Takes one message all the way; false when none is due."""
        with self.reads() as session:
            if not anything_due(session, self.clock):
                return False
        with self.sessions.begin() as session:
            message = claim_next(session, self.clock, worker)
        if message is None:
            return False
        self.finish(message.id)
        return True

    def finish(self, message_id: int) -> None:
        """Takes a claimed message to its end, delivers its replies, and sees that it is in the log."""
        self.turn.take(message_id)
        self.deliverer.deliver_due(message_id)
        self.reconciler.settle(message_id)

    def wait_for_work(self, stop: threading.Event) -> None:
        """Returns when something is due, or ``stop`` is set. One idle worker looks out for all; the others cost nothing."""
        with self.lookout:
            # A pause even when something is due: it may be waiting its turn behind a message another worker holds.
            while not stop.is_set():
                stop.wait(IDLE_SECONDS)
                with self.reads() as session:
                    if anything_due(session, self.clock):
                        return

    def sweep(self) -> None:
        """Delivers and logs what a process that died, or a platform that was away, left behind."""
        self.deliverer.deliver_due()
        self.reconciler.settle()


def run_desk(desk: Desk, workers: int, stop: threading.Event) -> None:
    """Runs so many workers and a sweeper until ``stop`` is set, then lets each finish what it holds."""
    threads = [
        threading.Thread(target=_work, args=(desk, f"worker-{n}", stop), name=f"worker-{n}") for n in range(workers)
    ]
    threads.append(threading.Thread(target=_sweep, args=(desk, stop), name="sweeper"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(desk: Desk, name: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            if not desk.work_once(name):
                desk.wait_for_work(stop)
        except Exception as fault:  # noqa: BLE001  # a worker outlives any one message
            # The message stays stored and is claimed again when the claim runs out. No traceback: it may quote a text.
            log.error("worker_fault", worker=name, fault=type(fault).__name__)
            stop.wait(AFTER_FAULT_SECONDS)


def _sweep(desk: Desk, stop: threading.Event) -> None:
    while not stop.wait(SWEEP_SECONDS):
        try:  # one failed sweep must not end the sweeping
            desk.sweep()
        except Exception as fault:  # noqa: BLE001  # as above
            log.error("sweeper_fault", fault=type(fault).__name__)
