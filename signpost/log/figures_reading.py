"""Reads the figures of any days: month by month where it can, so that two years take no longer than two months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.figures import Tally, add
from signpost.log.figures_counting import ALL
from signpost.log.figures_keeping import hold
from signpost.log.models import DayFigure, MonthFigure

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayCount:
    """How many messages a day brought, and how many of them were escalated."""

    day: date
    escalations: int
    messages: int


@dataclass(frozen=True)
class Extent:
    """Which days, both counted in, and of which channel and account (:data:`ALL`: of all of them)."""

    first: date
    last: date
    channel: str = ALL
    account: str = ALL


@dataclass(frozen=True)
class FigureReader:
    """Tells what is counted. What changed since is counted first by :class:`signpost.log.figures_keeping.FigureKeeper`."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]

    def by_day(self, extent: Extent) -> list[DayCount]:
        """The days on which anything happened, oldest first."""
        query = _days(extent, DayFigure.day, DayFigure.escalations, DayFigure.messages).order_by(DayFigure.day)
        with self.reads() as session:
            return [DayCount(*row) for row in session.execute(query)]

    def sum(self, extent: Extent, today: date) -> Tally:
        """All of the days together. Months that still change are read day by day, others as a whole."""
        tally: Tally = {}
        months = list(_whole_months(extent, today))
        with self.reads() as session:
            known = {row.month: row.figures for row in session.execute(_months(extent, months))}
            for part in _around(extent, months):
                for (figures,) in session.execute(_days(part, DayFigure.figures)):
                    add(tally, figures)
        if len(known) < len(months):
            known |= self._make([month for month in months if month not in known], extent)
        for figures in known.values():
            add(tally, figures)
        return tally

    def _make(self, months: list[date], extent: Extent) -> dict[date, Tally]:
        """Adds up months and keeps what they come to."""
        made: dict[date, Tally] = {}
        with self.sessions.begin() as session:
            # Nobody counts one of their days meanwhile, which would leave an outdated month behind.
            hold(session)
            made |= {row.month: row.figures for row in session.execute(_months(extent, months))}
            rows = []
            for month in (one for one in months if one not in made):
                tally: Tally = {}
                part = Extent(month, _next(month) - DAY, extent.channel, extent.account)
                for (figures,) in session.execute(_days(part, DayFigure.figures)):
                    add(tally, figures)
                made[month] = tally
                rows.append({"channel": part.channel, "account": part.account, "month": month, "figures": tally})
            if rows:
                session.execute(insert(MonthFigure), rows)
        return made

    def places(self) -> tuple[list[str], list[str]]:
        """The channels and the accounts on which anything ever happened."""
        with self.reads() as session:
            return list(_channels(session)), list(_accounts(session))

    def first_day(self) -> date | None:
        """The first day on which anything happened; none when nothing ever did."""
        first = select(func.min(DayFigure.day)).where(DayFigure.channel == ALL, DayFigure.account == ALL)
        with self.reads() as session:
            return session.scalar(first)


def _days(extent: Extent, *columns: object) -> Select[tuple[object, ...]]:
    return select(*columns).where(  # type: ignore[call-overload,no-any-return]  # columns of any kind
        DayFigure.channel == extent.channel,
        DayFigure.account == extent.account,
        DayFigure.day.between(extent.first, extent.last),
    )


def _months(extent: Extent, months: list[date]) -> Select[tuple[date, Tally]]:
    return select(MonthFigure.month, MonthFigure.figures).where(
        MonthFigure.channel == extent.channel, MonthFigure.account == extent.account, MonthFigure.month.in_(months)
    )


def _whole_months(extent: Extent, today: date) -> Iterator[date]:
    """The first days of the months that lie within the extent and have been over for a month."""
    month = extent.first if extent.first.day == 1 else _next(extent.first)
    while _next(month) - DAY <= extent.last and _next(_next(month)) <= today:
        yield month
        month = _next(month)


def _around(extent: Extent, months: list[date]) -> Iterator[Extent]:
    """What of the extent lies before and after these months."""
    if not months:
        yield extent
        return
    if extent.first < months[0]:
        yield Extent(extent.first, months[0] - DAY, extent.channel, extent.account)
    after = _next(months[-1])
    if after <= extent.last:
        yield Extent(after, extent.last, extent.channel, extent.account)


def _next(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _channels(session: Session) -> Iterator[str]:
    last = ALL
    # From one to the next, rather than through all rows.
    while found := session.scalar(select(func.min(DayFigure.channel)).where(DayFigure.channel > last)):
        last = found
        yield found


def _accounts(session: Session) -> Iterator[str]:
    last, of_all_channels = ALL, DayFigure.channel == ALL
    while found := session.scalar(select(func.min(DayFigure.account)).where(of_all_channels, DayFigure.account > last)):
        last = found
        yield found
