"""Sees that retention runs once at a time, however many desks there are and whoever runs it by hand beside them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from signpost.log import duties
from signpost.log.clock import Clock

DUTY = "retention"
LEASE = timedelta(minutes=10)
"""A run that died is taken over after this; one that lives renews its claim every tenth of it."""


@dataclass
class Claim:
    """One process's claim on the run. ``lost`` when another has it after all: then this one stops."""

    sessions: sessionmaker[Session]
    clock: Clock
    worker: str
    renewed: datetime | None = None
    lost: bool = False

    def take(self, *, early: bool = False) -> bool:
        """Whether the run is due, or may be done ``early``, and nobody else is at it."""
        now = self.clock()
        with self.sessions.begin() as session:
            taken = duties.take(session, DUTY, self.worker, now, LEASE, early=early)
        self.renewed, self.lost = now, not taken
        return taken

    def renew(self) -> None:
        """Holds on to it, if it is time to say so."""
        now = self.clock()
        if self.renewed is not None and now - self.renewed < LEASE / 10:
            return
        self.renewed = now
        with self.sessions.begin() as session:
            self.lost = not duties.keep(session, DUTY, self.worker, now, LEASE)

    def finish(self, session: Session, due_at: datetime) -> None:
        """Gives it back, done; it is due again then."""
        duties.finish(session, DUTY, self.worker, self.clock(), due_at)

    def give_up(self, session: Session, due_at: datetime) -> None:
        """Gives it back undone; it is due again then."""
        duties.give_up(session, DUTY, self.worker, due_at)
