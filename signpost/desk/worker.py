"""The desk's threads: workers that answer, carriers that deliver, and what goes on beside them, until told to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.alerts.teller import Teller
from signpost.bell import SILENCE, Bell, Silence
from signpost.desk.case import Case
from signpost.desk.delivery import Deliverer
from signpost.desk.lookout import Calls, Lookout
from signpost.desk.queue import claim_next
from signpost.desk.reconcile import Reconciler
from signpost.desk.schedule import Schedule
from signpost.desk.triage import Triage
from signpost.desk.turn import Result, Turn
from signpost.desk.watch import Watch
from signpost.desk.workshop import Workshop
from signpost.log.clock import Clock
from signpost.log.database import transaction, write_back

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
    bell: Bell | Silence = SILENCE
    replies_due: Calls = field(default_factory=Calls)
    lookout: Lookout = field(init=False)

    def __post_init__(self) -> None:
        """Keeps a look-out of its own."""
        object.__setattr__(self, "lookout", Lookout(self.reads, self.clock, self.bell))

    def work_once(self, worker: str) -> bool:
        """Takes one message, or one burst, to its end and into the log; false when none is due, or nobody can be asked.

        In a flood the very urgent come first, then what waits is looked through, and then the rest comes in its order.
        """
        triage = self.triage
        flood = triage is not None and triage.is_behind()
        by_urgency = not flood and triage is not None and triage.goes_by_urgency()
        case = self._claim(worker, only_urgent=flood, by_urgency=by_urgency)
        if case is None:
            return flood and triage is not None and triage.look_through()
        result = self._take(case)
        self.replies_due.call(result.replies)
        return not result.away

    def finish_next(self, conversation_id: int) -> bool:
        """Takes the conversation's next message all the way, its replies delivered; false when none is due."""
        case = self._claim("alone", conversation_id=conversation_id)
        if case is None:
            return False
        self._take(case)
        self.deliverer.deliver_due(case.id)
        return True

    def _claim(
        self, worker: str, *, conversation_id: int | None = None, only_urgent: bool = False, by_urgency: bool = False
    ) -> Case | None:
        with transaction(self.sessions) as connection:
            return claim_next(
                connection,
                self.clock,
                worker,
                conversation_id=conversation_id,
                only_urgent=only_urgent,
                by_urgency=by_urgency,
            )

    def _take(self, case: Case) -> Result:
        result = self.turn.take_case(case)
        if not result.settled:
            self.reconciler.settle(case.id)
        return result

    def wait_for_work(self, stop: threading.Event) -> None:
        """Returns when something is due, or ``stop`` is set."""
        self.lookout.wait(stop)

    def carry_when_called(self) -> bool:
        """Waits a while for a call, and delivers one reply; true, for there may be another call."""
        if self.replies_due.wait(SWEEP_SECONDS) and self.deliverer.deliver_one():
            # What waited behind it is due now.
            self.replies_due.call()
        return True

    def sweep(self) -> None:
        """Logs what a process that died left behind or nobody understood, and wakes the carriers for what was put off.

        What has been written meanwhile goes from the write-ahead log into the database's file.
        """
        for _ in range(LATE_AT_ONCE):
            if not self.turn.understand_late():
                break
        self.reconciler.settle()
        self.replies_due.call_for(self.deliverer.number_due())
        write_back(self.sessions)

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
            _thread(f"carrier-{n}", lambda _name: desk.carry_when_called(), lambda _stop: None, stop)
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
    desk.replies_due.call(carriers)
    for thread in threads:
        thread.join()
    desk.lookout.close()


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
