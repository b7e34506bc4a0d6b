"""Does one job of the workbench to its end, whatever that is: a training with its comparison, or the conversation tests."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import ADMINISTRATION, SERVICE, Act, Trail
from signpost.log.clock import Clock, utc_now
from signpost.log.database import open_engine, session_factory
from signpost.log.duties import this_worker
from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.workbench import jobs
from signpost.workbench.comparing import compare
from signpost.workbench.job_work import JobWork
from signpost.workbench.making import train_candidate
from signpost.workbench.rehearsing import hold_conversations
from signpost.workbench.shelf import CURRENT, Shelf
from signpost.workbench.work import Stopped

Doing = Callable[[Settings, str, JobWork], None]
ENDED: Final = {jobs.TRAIN: "training_ended", jobs.CONVERSATIONS: "conversation_tests_ended"}
"""The audit trail's events."""
CUT_OFF = "It was stopped before its end, because Signpost was stopped. Start it again."


def train_and_compare(settings: Settings, key: str, work: JobWork) -> None:
    """A new candidate, beside the model that runs."""
    shelf = Shelf(settings)
    made = train_candidate(settings, key, work)
    work.made(made.model.key)
    work.result["dropped"] = list(made.dropped)
    now = shelf.running()
    if now is None:
        return
    found = compare(settings, now, made.model, work)
    shelf.note(made.model.key, fit=found.fit, verdict=found.verdict)
    work.result["comparison"] = found.as_json()


def hold_with_running(settings: Settings, _key: str, work: JobWork) -> None:
    """The conversation tests with the model that runs."""
    model = Shelf(settings).find(CURRENT)
    work.made(model.key)
    outcomes = hold_conversations(settings, model, work)
    work.result["outcomes"] = [one.as_json() for one in outcomes]


DOINGS: Final[dict[str, Doing]] = {jobs.TRAIN: train_and_compare, jobs.CONVERSATIONS: hold_with_running}


def do(
    settings: Settings,
    key: str,
    clock: Clock = utc_now,
    doings: dict[str, Doing] = DOINGS,
    end_all: Callable[[], None] = lambda: os._exit(1),
) -> str | None:
    """Takes the job and does it; the state it ended in, or none when it was another's.

    ``settings`` hold their secrets. ``end_all`` ends this process, where the work doesn't stop although it is to.
    """
    engine = open_engine(settings.record_url)
    sessions, trail, worker = session_factory(engine), Trail(settings.audit_key), this_worker()
    try:
        with sessions.begin() as session:
            if not jobs.claim(session, key, worker, clock()):
                return None
            found = jobs.job(session, key)
            kind = found.kind if found else jobs.TRAIN
        record = _Record(sessions, trail, key, worker, kind, clock)

        def give_up() -> None:
            record.end(jobs.STOPPED, work.result, None)
            end_all()

        work = JobWork(settings, sessions, (key, worker), clock, give_up)
        with work.beating():
            state, fault = _done(settings, key, work, doings[kind])
        return state if record.end(state, work.result, fault) else None
    finally:
        engine.dispose()


def _done(settings: Settings, key: str, work: JobWork, doing: Doing) -> tuple[str, str | None]:
    """The state the work ended in, and why it failed if it did."""
    try:
        doing(settings, key, work)
    except Stopped:
        return jobs.STOPPED, None
    except Mistake as mistake:
        return jobs.FAILED, mistake.sentence
    except KeyboardInterrupt:
        return jobs.FAILED, CUT_OFF
    except Exception as fault:  # noqa: BLE001  # a person must hear of it, whatever it was
        # Where it happened, and not its words: they might quote something.
        traceback.print_tb(fault.__traceback__, file=sys.stderr)
        return jobs.FAILED, (
            f"It failed, and it isn’t known why ({type(fault).__name__}). "
            "Where it happened is in logs/workbench.log in the data folder."
        )
    return jobs.DONE, None


class _Record:
    """The job in the record, for its end."""

    def __init__(  # noqa: PLR0913, PLR0917  # each is one of the job's
        self, sessions: sessionmaker[Session], trail: Trail, key: str, worker: str, kind: str, clock: Clock
    ) -> None:
        self._sessions, self._trail, self._clock = sessions, trail, clock
        self._key, self._worker, self._kind = key, worker, kind

    def end(self, state: str, result: dict[str, Any], fault: str | None) -> bool:
        """Ends it, with an entry in the audit trail; false when it is no longer this worker's."""
        now, model = self._clock(), result.get("model")
        with self._sessions.begin() as session:
            kept = jobs.end(session, self._key, self._worker, now, state, result=result, fault=fault, model_key=model)
            if kept:
                detail = {"state": state, **({"model": model} if model else {})}
                self._trail.write(
                    session, Act(SERVICE, ADMINISTRATION, ENDED[self._kind], self._key, detail=detail), now
                )
        return kept
