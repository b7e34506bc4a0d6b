"""The jobs of the workbench as the record holds them: asked for, taken by one process, shown to live, and ended."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from signpost.log.models import WAITING, WorkbenchJob, new_key

TRAIN, CONVERSATIONS = "train", "conversations"
KINDS = (TRAIN, CONVERSATIONS)
RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
STATES = (WAITING, RUNNING, DONE, FAILED, STOPPED)
DEAD_AFTER = timedelta(seconds=60)
"""A process that shows nothing for so long has died."""
DIED = "It was stopped before its end: the process that did it has died. Start it again."
LONGEST_STEP = 255


class Busy(Exception):
    """A job waits or runs already, and there is one at a time. The text is a sentence for whoever asked."""

    def __init__(self, job: WorkbenchJob | None) -> None:
        super().__init__("Something runs already. Wait until it has ended, or stop it.")
        self.job = job


def ask(session: Session, kind: str, staff_id: int | None, now: datetime) -> WorkbenchJob:
    """Asks for a job; the desk starts it. Raises :class:`Busy` when one waits or runs, ValueError for another kind."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of job")
    end_dead(session, now)
    under_way = open_job(session)
    if under_way is not None:
        raise _busy(session, under_way)
    job = WorkbenchJob(key=new_key(), kind=kind, state=WAITING, asked_by_id=staff_id, asked_at=now)
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        # Another was quicker: the database lets only one be under way.
        raise _busy(session, open_job(session)) from None
    return job


def _busy(session: Session, under_way: WorkbenchJob | None) -> Busy:
    if under_way is not None:
        # Whoever is told may look at it after the session.
        session.expunge(under_way)
    return Busy(under_way)


def open_job(session: Session) -> WorkbenchJob | None:
    """The job that waits or runs; none when none does."""
    return session.scalars(select(WorkbenchJob).where(WorkbenchJob.under_way.is_(True))).first()


def latest(session: Session, kind: str) -> WorkbenchJob | None:
    """The last job of this kind that was asked for; none when there was none."""
    query = select(WorkbenchJob).filter_by(kind=kind).order_by(WorkbenchJob.asked_at.desc(), WorkbenchJob.id.desc())
    return session.scalars(query.limit(1)).first()


def recent(session: Session, kind: str, most: int) -> list[WorkbenchJob]:
    """The last jobs of this kind, the newest first. What one came to is read when it is asked for: it may be long."""
    query = select(WorkbenchJob).filter_by(kind=kind).order_by(WorkbenchJob.asked_at.desc(), WorkbenchJob.id.desc())
    return list(session.scalars(query.options(defer(WorkbenchJob.result)).limit(most)))


def those(session: Session, kind: str, keys: Collection[str]) -> dict[str, WorkbenchJob]:
    """The jobs of this kind with these keys, by key; what they came to as in :func:`recent`."""
    query = select(WorkbenchJob).where(WorkbenchJob.kind == kind, WorkbenchJob.key.in_(keys))
    return {one.key: one for one in session.scalars(query.options(defer(WorkbenchJob.result)))}


def job(session: Session, key: str) -> WorkbenchJob | None:
    """The job with this key; none when there is none."""
    return session.scalars(select(WorkbenchJob).filter_by(key=key)).first()


def stop(session: Session, key: str, now: datetime) -> bool:
    """Stops a job: one that waits at once, one that runs within seconds. False when it had ended already."""
    ended = session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.key == key, WorkbenchJob.state == WAITING)
        .values(state=STOPPED, under_way=None, stop_at=now, ended_at=now)
        .returning(WorkbenchJob.id)
    ).first()
    if ended is not None:
        return True
    asked = session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.key == key, WorkbenchJob.state == RUNNING)
        .values(stop_at=now)
        .returning(WorkbenchJob.id)
    ).first()
    return asked is not None


def claim(session: Session, key: str, worker: str, now: datetime) -> bool:
    """Takes a job that waits for this worker; false when it doesn't wait (any more)."""
    taken = session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.key == key, WorkbenchJob.state == WAITING)
        .values(state=RUNNING, claimed_by=worker, started_at=now, beat_at=now)
        .returning(WorkbenchJob.id)
    )
    return taken.first() is not None


def beat(session: Session, key: str, worker: str, now: datetime, **shown: Any) -> bool:
    """Shows that the worker lives, and how far it is (``step``, ``done``, ``total``, ``model_key``).

    False when it is to stop: somebody asked for that, or the job is no longer this worker's.
    """
    row = session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.key == key, WorkbenchJob.claimed_by == worker, WorkbenchJob.state == RUNNING)
        .values(beat_at=now, **shown)
        .returning(WorkbenchJob.stop_at)
    ).first()
    return row is not None and row.stop_at is None


def end(  # noqa: PLR0913  # each is said at the call
    session: Session,
    key: str,
    worker: str,
    now: datetime,
    state: str,
    *,
    result: dict[str, Any] | None = None,
    fault: str | None = None,
    model_key: str | None = None,
) -> bool:
    """Ends a job that is this worker's; false when it is no longer."""
    values: dict[str, Any] = {"state": state, "under_way": None, "ended_at": now, "beat_at": now, "fault": fault}
    if result is not None:
        values["result"] = result
    if model_key is not None:
        values["model_key"] = model_key
    ended = session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.key == key, WorkbenchJob.claimed_by == worker, WorkbenchJob.state == RUNNING)
        .values(**values)
        .returning(WorkbenchJob.id)
    )
    return ended.first() is not None


def fail(session: Session, key: str, worker: str, now: datetime, fault: str) -> bool:
    """Ends a job whose process is gone: it never took it, or it had it until then. False when it is another's."""
    failed = session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.key == key)
        .where(
            or_(
                WorkbenchJob.state == WAITING,
                and_(WorkbenchJob.state == RUNNING, WorkbenchJob.claimed_by == worker),
            )
        )
        .values(state=FAILED, under_way=None, ended_at=now, fault=fault)
        .returning(WorkbenchJob.id)
    )
    return failed.first() is not None


def next_waiting(session: Session) -> str | None:
    """The key of the job that waits to be taken; none when none does."""
    return session.scalar(select(WorkbenchJob.key).where(WorkbenchJob.state == WAITING).limit(1))


def any_dead(session: Session, now: datetime) -> bool:
    """A look that changes nothing: whether :func:`end_dead` would end one."""
    dead = select(WorkbenchJob.id).where(WorkbenchJob.state == RUNNING, WorkbenchJob.beat_at < now - DEAD_AFTER)
    return session.scalar(dead.limit(1)) is not None


def end_dead(session: Session, now: datetime) -> None:
    """Ends what a process began that has died since; whoever looks next does so."""
    session.execute(
        update(WorkbenchJob)
        .where(WorkbenchJob.state == RUNNING, WorkbenchJob.beat_at < now - DEAD_AFTER)
        .values(state=FAILED, under_way=None, ended_at=now, fault=DIED)
    )


def is_dead(one: WorkbenchJob, now: datetime) -> bool:
    """Whether the process that does it has shown nothing for too long."""
    return one.state == RUNNING and one.beat_at is not None and one.beat_at < now - DEAD_AFTER
