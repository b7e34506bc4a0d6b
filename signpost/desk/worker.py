"""The desk's threads: workers that answer, carriers that deliver, and what goes on beside them, until told to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.alerts.teller import Teller
from signpost.desk.delivery import Deliverer
from signpost.desk.queue import anything_due, claim_next
from signpost.desk.reconcile import Reconciler
from signpost.desk.schedule import Schedule
from signpost.desk.triage import Triage
from signpost.desk.turn import Turn
from signpost.desk.watch import Watch
from signpost.desk.workshop import Workshop
from signpost.log.clock import Clock

IDLE_SECONDS = 0.05
SWEEP_SECONDS = 2.0
LATE_AT_ONCE = 20
AFTER_FAULT_SECONDS = 1.0
log = structlog.get_logger("signpost.desk")


@dataclass(frozen=True)
class Desk:
    """Everything the threads need."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    turn: Turn
    deliverer: Deliverer
    reconciler: Reconciler
    clock: Clock
    watch: Watch | None = None
    triage: Triage | None = None
    teller: Teller | None = None
    schedule: Schedule | None = None
    workshop: Workshop | None = None
    lookout: threading.Lock = field(default_factory=threading.Lock)
    replies_due: threading.Event = field(default_factory=threading.Event)

    def work_once(self, worker: str) -> bool:
        """Takes one message, or one burst, to its end and into the log; false when none is due, or nobody can be asked.

        In a flood the very urgent come first, then what waits is looked through, and then the rest comes in its order.
        """
        with self.reads() as session:
            if not anything_due(session, self.clock):
                return False
        flood = self.triage is not None and self.triage.is_behind()
        with self.sessions.begin() as session:
            message = claim_next(session, self.clock, worker, only_urgent=flood)
        if message is None:
            return flood and self.triage is not None and self.triage.look_through()
        worked = self.turn.take(message.id)
        self.replies_due.set()
        self.reconciler.settle(message.id)
        return worked

    def finish_next(self, conversation_id: int) -> bool:
        """Takes the conversation's next message all the way, its replies delivered; false when none is due."""
        with self.sessions.begin() as session:
            message = claim_next(session, self.clock, "alone", conversation_id=conversation_id)
        if message is None:
            return False
        self.turn.take(message.id)
        self.deliverer.deliver_due(message.id)
        self.reconciler.settle(message.id)
        return True

    def wait_for_work(self, stop: threading.Event) -> None:
        """Returns when something is due, or ``stop`` is set. One idle worker looks out for all; the others cost nothing."""
        with self.lookout:
            # A pause even when something is due: it may be waiting its turn behind a message another worker holds.
            while not stop.is_set():
                stop.wait(IDLE_SECONDS)
                with self.reads() as session:
                    if anything_due(session, self.clock):
                        return

    def carry_once(self) -> bool:
        """Delivers one reply; false when none is due."""
        return self.deliverer.deliver_next()

    def wait_for_replies(self, stop: threading.Event) -> None:
        """Returns when a worker has stored a reply, at the latest after the sweeper's pause, or when ``stop`` is set."""
        self.replies_due.wait(SWEEP_SECONDS)
        if not stop.is_set():
            self.replies_due.clear()

    def sweep(self) -> None:
        """Logs what a process that died left behind or nobody understood, and wakes the carriers for what was put off."""
        for _ in range(LATE_AT_ONCE):
            if not self.turn.understand_late():
                break
        self.reconciler.settle()
        if self.deliverer.anything_due():
            self.replies_due.set()

    def look_out(self) -> None:
        """Looks at the accounts, if it is time."""
        if self.watch is not None:
            self.watch.look()

    def tell(self) -> None:
        """Tells people of the alerts that are due."""
        if self.teller is not None:
            self.teller.tell_due()

    def keep_to_schedule(self, stop: threading.Event) -> None:
        """Does the work by the clock that is due."""
        if self.schedule is not None:
            self.schedule.work(stop)

    def look_for_jobs(self) -> None:
        """Starts what trainers asked for."""
        if self.workshop is not None:
            self.workshop.look()

    def end_jobs(self) -> None:
        """Ends what trainers asked for and isn't done."""
        if self.workshop is not None:
            self.workshop.close()


def run_desk(desk: Desk, workers: int, carriers: int, stop: threading.Event) -> None:
    """Runs so many workers and carriers, sweeper, watch, teller, schedule and workshop until ``stop`` is set.

    Then each finishes what it holds.
    """
    threads = [
        *(_thread(f"worker-{n}", desk.work_once, desk.wait_for_work, stop) for n in range(workers)),
        *(
            _thread(f"carrier-{n}", lambda _name: desk.carry_once(), desk.wait_for_replies, stop)
            for n in range(carriers)
        ),
        threading.Thread(target=_again, args=(desk.sweep, stop), name="sweeper"),
        threading.Thread(target=_again, args=(desk.look_out, stop), name="watch"),
        # Threads of their own: neither a mail server that hangs nor a long night's retention holds up anybody's reply.
        threading.Thread(target=_again, args=(desk.tell, stop), name="teller"),
        threading.Thread(target=_again, args=(lambda: desk.keep_to_schedule(stop), stop), name="schedule"),
        threading.Thread(target=_again, args=(desk.look_for_jobs, stop, desk.end_jobs), name="workshop"),
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    desk.replies_due.set()
    for thread in threads:
        thread.join()


def _thread(
    name: str, act: Callable[[str], bool], wait: Callable[[threading.Event], None], stop: threading.Event
) -> threading.Thread:
    return threading.Thread(target=_run, args=(name, act, wait, stop), name=name)


def _run(name: str, act: Callable[[str], bool], wait: Callable[[threading.Event], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            if not act(name):
                wait(stop)
        except Exception as fault:  # noqa: BLE001  # a thread outlives any one message
            # The message stays stored and is claimed again when the claim runs out. No traceback: it may quote a text.
            log.error("worker_fault", worker=name, fault=type(fault).__name__)
            stop.wait(AFTER_FAULT_SECONDS)


def _again(act: Callable[[], None], stop: threading.Event, at_end: Callable[[], None] = lambda: None) -> None:
    while not stop.wait(SWEEP_SECONDS):
        try:  # one that failed must not be the last
            act()
        except Exception as fault:  # noqa: BLE001  # as above
            log.error("sweeper_fault", fault=type(fault).__name__)
    at_end()
