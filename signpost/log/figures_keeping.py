"""Keeps the days' figures true: counts anew what changed, and tells what is counted.

Triggers mark a day whenever a message, an escalation, a delivery or a review of it is written (migration 0007). A mark is
taken away in the transaction that counts the day, and before it counts: whatever is written meanwhile marks it again.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from signpost.channels.simulated import ACCOUNT as SIMULATOR
from signpost.log import figures as names
from signpost.log.clock import Clock
from signpost.log.database import insert_if_absent
from signpost.log.figures import Tally, total
from signpost.log.figures_counting import ALL, Day, Place, count_day
from signpost.log.figures_days import WEEK, day_of, is_over
from signpost.log.models import DayFigure, MonthFigure, StaleDay

OF_MESSAGES = (names.MESSAGES, names.MESSAGE_CHANNEL, names.MESSAGE_ACCOUNT)
PAUSE_SECONDS = 0.02
"""Between two days, so that whoever waits to write can."""
_LOCK = 2_018_062
"""PostgreSQL: only one process counts at a time. Any number will do."""


@dataclass(frozen=True)
class FigureKeeper:
    """Counts days. ``left_out`` are accounts that don't count: what is sent from the simulator is nobody's."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    clock: Clock
    left_out: frozenset[str] = frozenset({SIMULATOR})

    def stale(self, first: date, last: date) -> list[date]:
        """The days from ``first`` to ``last`` that are to be counted (again), newest first."""
        now = self.clock()
        with self.reads() as session:
            marks = session.execute(
                select(StaleDay.day, func.max(StaleDay.reach))
                .where(StaleDay.day >= first, StaleDay.day <= last + WEEK)
                .group_by(StaleDay.day)
            ).all()
            waited = session.scalars(
                select(DayFigure.day).where(
                    DayFigure.channel == ALL,
                    DayFigure.account == ALL,
                    DayFigure.day.between(first, last),
                    DayFigure.over.is_(False),
                )
            ).all()
        days = {day for day in waited if is_over(day, now)}
        days.update(before for day, reach in marks for before in _reached(day, reach, now))
        # A day that hasn't begun in London yet holds nothing.
        return sorted((day for day in days if first <= day <= min(last, day_of(now))), reverse=True)

    def refresh(self, first: date, last: date, seconds: float = float("inf")) -> int:
        """Counts what changed, newest first, for so long; returns how many days are left to count."""
        deadline = time.monotonic() + seconds
        days = self.stale(first, last)
        for done, day in enumerate(days):
            if time.monotonic() >= deadline:
                return len(days) - done
            self.count(day)
        return 0

    def refresh_all(
        self, pause: Callable[[float], object] = time.sleep, stopped: Callable[[], bool] = lambda: False
    ) -> int:
        """Counts all that changed, giving way to others in between, until it is ``stopped``; returns how many days."""
        days = self.stale(date.min + WEEK, date.max - WEEK)
        for done, day in enumerate(days):
            if stopped():
                return done
            self.count(day)
            pause(PAUSE_SECONDS)
        return len(days)

    def count(self, day: date) -> None:
        """Counts a day anew, in one transaction."""
        now = self.clock()
        with self.sessions.begin() as session:
            hold(session)
            _take_marks(session, day, now)
            counted = count_day(session, day, now, self.left_out)
            _keep(session, counted)


def hold(session: Session) -> None:
    """Keeps all others from counting until the transaction ends, as SQLite does by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _reached(day: date, reach: int, now: datetime) -> Iterator[date]:
    """The marked day, and those before it that it counts for: only days whose week is over say who wrote again."""
    yield day
    for back in range(1, reach + 1):
        before = day - timedelta(days=back)
        if is_over(before, now):
            yield before


def _take_marks(session: Session, day: date, now: datetime) -> None:
    """Takes the day's marks away; what they say of the days before becomes marks of those."""
    reach = session.scalar(select(func.max(StaleDay.reach)).where(StaleDay.day == day)) or 0
    session.execute(delete(StaleDay).where(StaleDay.day == day))
    before = [{"day": one, "reach": 0, "writer": 0} for one in _reached(day, reach, now) if one != day]
    if before:
        session.execute(insert_if_absent(session, StaleDay), before)


def _keep(session: Session, counted: Day) -> None:
    """Stores the figures in the place of the day's earlier ones."""
    same_day = DayFigure.day == counted.day
    before = select(DayFigure.messages).where(same_day, DayFigure.channel == ALL, DayFigure.account == ALL)
    places = counted.places
    if total(places.get((ALL, ALL), {}), names.MESSAGES) < (session.scalar(before) or 0):
        places = _with_erased_messages(session, counted)
    session.execute(delete(DayFigure).where(same_day))
    session.execute(delete(MonthFigure).where(MonthFigure.month == counted.day.replace(day=1)))
    if places:
        rows = [
            {
                "channel": channel,
                "account": account,
                "day": counted.day,
                "over": counted.over,
                "escalations": total(tally, names.ESCALATIONS),
                "messages": total(tally, names.MESSAGES),
                "figures": tally,
            }
            for (channel, account), tally in places.items()
        ]
        session.execute(insert(DayFigure), rows)


def _with_erased_messages(session: Session, counted: Day) -> dict[Place, Tally]:
    """Messages that led to no record are erased after a while; they were there all the same, so they stay counted."""
    kept = {place: dict(tally) for place, tally in counted.places.items()}
    known = select(DayFigure.channel, DayFigure.account, DayFigure.figures).where(DayFigure.day == counted.day)
    for channel, account, tally in session.execute(known):
        kept.setdefault((channel, account), {}).update({name: tally[name] for name in OF_MESSAGES if name in tally})
    return kept
