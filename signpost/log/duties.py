"""Scheduled work, done once however many processes run: whoever takes it has it for a while, and a crash gives it back."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import or_, select, true, update
from sqlalchemy.orm import Session

from signpost.log.database import insert_if_absent
from signpost.log.models import Duty


def take(  # noqa: PLR0913  # each is said at the call
    session: Session, name: str, worker: str, now: datetime, lease: timedelta, *, early: bool = False
) -> bool:
    """Whether the work is due and is now this worker's, for so long. What was never done before is due at once.

    ``early`` takes it before it is due; never from another who has it.
    """
    session.execute(insert_if_absent(session, Duty), [{"name": name, "due_at": now}])
    free = or_(Duty.claimed_until.is_(None), Duty.claimed_until <= now)
    due = true() if early else Duty.due_at <= now
    taken = session.execute(
        update(Duty)
        .where(Duty.name == name, due, free)
        .values(claimed_until=now + lease, claimed_by=worker)
        .returning(Duty.name)
    )
    return taken.first() is not None


def keep(session: Session, name: str, worker: str, now: datetime, lease: timedelta) -> bool:
    """Holds on to long work for so much longer; false when it was lost to another meanwhile."""
    kept = session.execute(
        update(Duty)
        .where(Duty.name == name, Duty.claimed_by == worker)
        .values(claimed_until=now + lease)
        .returning(Duty.name)
    )
    return kept.first() is not None


def finish(session: Session, name: str, worker: str, now: datetime, due_at: datetime) -> None:
    """Gives the work back, done to its end; it is due again at that time. Nothing changes where another has it by now."""
    session.execute(
        update(Duty)
        .where(Duty.name == name, Duty.claimed_by == worker)
        .values(claimed_until=None, claimed_by=None, ended_at=now, due_at=due_at)
    )


def give_up(session: Session, name: str, worker: str, due_at: datetime) -> None:
    """Gives the work back undone; it is due again at that time."""
    session.execute(
        update(Duty)
        .where(Duty.name == name, Duty.claimed_by == worker)
        .values(claimed_until=None, claimed_by=None, due_at=due_at)
    )


def is_due(session: Session, name: str, now: datetime) -> bool:
    """A look that changes nothing: whether :func:`take` might take it."""
    row = session.execute(select(Duty.due_at, Duty.claimed_until).where(Duty.name == name)).first()
    return row is None or (row.due_at <= now and (row.claimed_until is None or row.claimed_until <= now))


def put(session: Session, name: str, due_at: datetime) -> None:
    """Says when the work is due next, known before or not. Whoever has it keeps it."""
    session.execute(insert_if_absent(session, Duty), [{"name": name, "due_at": due_at}])
    session.execute(update(Duty).where(Duty.name == name, Duty.claimed_by.is_(None)).values(due_at=due_at))


def when_due(session: Session, name: str) -> datetime | None:
    """When it is due next; none where it was never heard of."""
    return session.scalar(select(Duty.due_at).where(Duty.name == name))


def this_worker() -> str:
    """A name for this process among those that share the record."""
    return worker_with(os.getpid())


def worker_with(process: int) -> str:
    """The name that a process of this machine has among those that share the record."""
    return f"{socket.gethostname()[:40]}-{process}"
