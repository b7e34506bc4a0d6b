"""Times as people read them. The record keeps UTC without a zone; pages show the time in Great Britain."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from signpost.log.clock import Clock

LONDON = ZoneInfo("Europe/London")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_DAYS_COUNTED = 30
"""Longer ago than this many days, the day itself says more than their number."""


def add_times(app: Flask, clock: Clock) -> None:
    """The templates' filters. Each makes a ``<time>`` element, and nothing of no time."""
    filters = app.jinja_env.filters
    filters["day_and_time"] = _element(day_and_time)
    filters["day"] = _element(day)
    filters["ago"] = _element(lambda when: ago(when, clock()), day_and_time)


def in_london(when: datetime) -> datetime:
    """The moment on the clocks of Great Britain."""
    return when.replace(tzinfo=timezone.utc).astimezone(LONDON)


def start_of_day(of: date) -> datetime:
    """When that day began in Great Britain, in UTC without a zone, as the record keeps it."""
    return datetime.combine(of, time(), LONDON).astimezone(timezone.utc).replace(tzinfo=None)


def day_and_time(when: datetime) -> str:
    """Such as 7 March 2026, 14:03."""
    return f"{day(when)}, {in_london(when):%H:%M}"


def day(when: datetime) -> str:
    """Such as 7 March 2026."""
    local = in_london(when)
    return f"{local.day} {local:%B %Y}"


def ago(when: datetime, now: datetime) -> str:
    """Such as 3 minutes ago; the day, when that was long ago."""
    passed = now - when
    seconds = passed.total_seconds()
    if passed >= timedelta(days=_DAYS_COUNTED) or seconds <= -_MINUTE:
        return day_and_time(when) if seconds < 0 else day(when)
    for length, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def machine_time(when: datetime) -> str:
    """For the ``datetime`` attribute."""
    return f"{when.isoformat(timespec='seconds')}Z"


def _element(
    say: Callable[[datetime], str], title: Callable[[datetime], str] | None = None
) -> Callable[[datetime | None], str]:
    def element(when: datetime | None) -> str:
        if when is None:
            return ""
        more = Markup(' title="{}"').format(title(when)) if title else Markup()
        return Markup('<time datetime="{}"{}>{}</time>').format(machine_time(when), more, say(when))

    return element
