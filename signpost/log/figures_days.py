"""Days as they are in Great Britain, in terms of the record's UTC: of 23, 24 or 25 hours."""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)
"""Within which somebody who was redirected may have written again."""


def start_of(day: date) -> datetime:
    """When the day begins in London, in UTC without a zone."""
    return datetime.combine(day, time(), LONDON).astimezone(timezone.utc).replace(tzinfo=None)


def bounds(day: date) -> tuple[datetime, datetime]:
    """When the day begins and when the next one does, in UTC without a zone."""
    return start_of(day), start_of(day + timedelta(days=1))


def day_of(when: datetime) -> date:
    """On which day in London it was; ``when`` is UTC without a zone."""
    return _in_london(when).date()


def half_hour_of(when: datetime) -> int:
    """Which half hour of the week it was by London's clocks, from Monday's first: in autumn two hours have the same."""
    local = _in_london(when)
    return local.weekday() * 48 + local.hour * 2 + local.minute // 30


def is_over(day: date, now: datetime) -> bool:
    """Whether everybody who was redirected on that day has had their week."""
    return bounds(day)[1] + WEEK <= now


def _in_london(when: datetime) -> datetime:
    return when.replace(tzinfo=timezone.utc).astimezone(LONDON)
