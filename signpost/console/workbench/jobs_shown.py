"""How far a job is, in words, and who asks for one: the same for trainings and for runs of the conversation tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session, sessionmaker

from signpost.console.signin.guard import staff
from signpost.console.words import words
from signpost.log.models import WAITING, WorkbenchJob
from signpost.workbench.asking import Asker
from signpost.workbench.jobs import RUNNING, end_dead, is_dead, job

TAKEN_WITHIN = timedelta(seconds=15)
"""A desk that is there takes a job up sooner."""
ALREADY_ENDED: Final = "It had ended already, so there was nothing to stop."
STOPPING: Final = "It stops within a few seconds."
NOBODY_TOOK_IT: Final = (
    "Nobody has taken it up yet. The desk does, on the machine where Rasa is installed and Signpost runs. If it runs elsewhere, "
    "go to the machine with Rasa and type: signpost jobs work"
)


@dataclass(frozen=True)
class HowFar:
    """A job as the page tells of it. ``words``: so many of so many; empty where that isn't known."""

    ended: bool
    step: str
    done: int
    total: int
    words: str
    nobody_took_it: bool

    def as_json(self) -> dict[str, Any]:
        """For the page's script."""
        return dict(vars(self))


def asker() -> Asker:
    """Whoever is signed in."""
    return Asker(staff().username, staff().id)


def how_far(one: WorkbenchJob, now: datetime) -> HowFar:
    """What there is to tell of it now."""
    under_way = one.state in (WAITING, RUNNING)
    count = f"{min(one.done, one.total):,} of {one.total:,}" if one.total else ""
    return HowFar(
        ended=not under_way,
        step=_step(one),
        done=min(one.done, one.total),
        total=one.total,
        words=count if under_way else "",
        nobody_took_it=one.state == WAITING and now - one.asked_at > TAKEN_WITHIN,
    )


def find(reads: sessionmaker[Session], sessions: sessionmaker[Session], key: str, now: datetime) -> WorkbenchJob | None:
    """The job as it is now, with who asked for it: one whose process has died is ended by whoever looks."""
    found = _find(reads, key)
    if found is not None and is_dead(found, now):
        with sessions.begin() as session:
            end_dead(session, now)
        found = _find(reads, key)
    return found


def _find(reads: sessionmaker[Session], key: str) -> WorkbenchJob | None:
    with reads() as session:
        found = job(session, key)
        if found is not None:
            _ = found.asked_by
        return found


def _step(one: WorkbenchJob) -> str:
    if one.state == WAITING:
        return "Waiting to be taken up"
    if one.state == RUNNING:
        return "Stopping" if one.stop_at else one.step or "Beginning"
    return words(one.state, "job")
