"""Times as the page shows them."""

from datetime import datetime, timezone

from flask import Blueprint


def add_times(pages: Blueprint) -> None:
    """The templates' filters for times."""
    pages.add_app_template_filter(time_of_day, "time_of_day")
    pages.add_app_template_filter(day_and_time, "short_day_and_time")
    pages.add_app_template_filter(machine_time, "machine_time")


def time_of_day(when: datetime) -> str:
    """Such as 14:03."""
    return f"{_local(when):%H:%M}"


def day_and_time(when: datetime) -> str:
    """Such as 7 Mar, 14:03."""
    return f"{_local(when).day} {_local(when):%b, %H:%M}"


def machine_time(when: datetime) -> str:
    """For the ``datetime`` attribute."""
    return f"{when.isoformat(timespec='seconds')}Z"


def _local(when: datetime) -> datetime:
    """The record keeps UTC; the simulator runs on the reader's own machine, which knows their time."""
    return when.replace(tzinfo=timezone.utc).astimezone()
