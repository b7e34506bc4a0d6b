"""Asking for a job and stopping one, each with its entry in the audit trail: in the console and at the command line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from signpost.log.audit import ADMINISTRATION, Act, Trail
from signpost.log.models import WorkbenchJob
from signpost.workbench import jobs

ASKED = {jobs.TRAIN: "training_asked", jobs.CONVERSATIONS: "conversation_tests_asked"}
STOPPED = {jobs.TRAIN: "training_stopped", jobs.CONVERSATIONS: "conversation_tests_stopped"}
"""The audit trail's events, by kind of job."""


@dataclass(frozen=True)
class Asker:
    """Who asks. ``staff_id`` is none at the command line, where ``detail`` says more of the person."""

    actor: str
    staff_id: int | None = None
    detail: dict[str, Any] | None = None


def ask(session: Session, trail: Trail, kind: str, by: Asker, now: datetime) -> str:
    """Asks for a job of this kind; its key. Raises :class:`signpost.workbench.jobs.Busy` when one waits or runs."""
    key = jobs.ask(session, kind, by.staff_id, now).key
    trail.write(session, Act(by.actor, ADMINISTRATION, ASKED[kind], key, detail=by.detail), now)
    return key


def stop(session: Session, trail: Trail, job: WorkbenchJob, by: Asker, now: datetime) -> bool:
    """Stops a job that waits or runs; false when it had ended already, and nothing is written."""
    stopped = jobs.stop(session, job.key, now)
    if stopped:
        trail.write(session, Act(by.actor, ADMINISTRATION, STOPPED[job.kind], job.key, detail=by.detail), now)
    return stopped
