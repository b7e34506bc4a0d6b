"""The conversation tests' last run, as the jobs of the workbench kept it: by itself, or as part of a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from signpost.conversations.outcome import Outcome
from signpost.log.models import WorkbenchJob
from signpost.workbench.jobs import CONVERSATIONS, DONE, TRAIN, recent

LOOK_BACK = 10
"""Jobs of each kind: those that failed or were stopped have no outcomes."""


@dataclass(frozen=True)
class LastRun:
    """A run that came to its end. ``total``: how many cases were held, one a test and channel.

    ``of_new_model``: whether a training held them with the model that it made, which may not run. A training keeps only
    the outcomes that failed, so ``outcomes`` aren't all of them then.
    """

    at: datetime
    of_new_model: bool
    model: str | None
    total: int
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that didn't pass."""
        return tuple(one for one in self.outcomes if not one.passed)

    @property
    def is_whole(self) -> bool:
        """Whether the outcome of each case is there."""
        return self.total == len(self.outcomes)

    def of(self, file: str, title: str) -> tuple[Outcome, ...]:
        """A test's outcomes, one a channel; none where it wasn't held, or passed in a training."""
        return tuple(one for one in self.outcomes if (one.file, one.title) == (file, title))


def last_run(session: Session) -> LastRun | None:
    """The newest run; none where there was none."""
    found = [run for kind in (CONVERSATIONS, TRAIN) if (run := _newest(session, kind)) is not None]
    return max(found, key=lambda run: run.at, default=None)


def _newest(session: Session, kind: str) -> LastRun | None:
    for job in recent(session, kind, LOOK_BACK):
        run = _run(job)
        if run is not None:
            return run
    return None


def _run(job: WorkbenchJob) -> LastRun | None:
    """What came of it; none where the job came to nothing, or was kept by another version."""
    if job.state != DONE or job.ended_at is None:
        return None
    try:
        total, outcomes = _held(job.kind, job.result or {})
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return LastRun(job.ended_at, job.kind == TRAIN, job.model_key, total, outcomes)


def _held(kind: str, result: Mapping[str, Any]) -> tuple[int, tuple[Outcome, ...]]:
    if kind == CONVERSATIONS:
        outcomes = tuple(Outcome.from_json(one) for one in result["outcomes"])
        return len(outcomes), outcomes
    held = result["comparison"]["conversations"]
    return int(held["total"]), tuple(Outcome.from_json(one) for one in held["failures"])
