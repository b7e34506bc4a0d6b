"""When an office is staffed, UK time: days of the week, and from when to when. Bank holidays aren't known."""

import re
from dataclasses import dataclass

from signpost.mistakes import Mistake

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HALF_HOURS = 48
"""Of a day."""
USUAL = "Mon-Fri 08:00-18:00"
_FORM = re.compile(r"([A-Za-z]{3})-([A-Za-z]{3}) +([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


@dataclass(frozen=True)
class OfficeHours:
    """``first_day`` to ``last_day`` (0 is Monday), and the half hours of a day from ``begin`` up to, not with, ``end``."""

    first_day: int = 0
    last_day: int = 4
    begin: int = 16
    end: int = 36

    def are_in(self, half_hour: int) -> bool:
        """Whether a half hour of the week, from 0, Monday's first, lies within."""
        day, half = divmod(half_hour, HALF_HOURS)
        # A week may begin on any day: Sunday to Thursday is 6 to 3.
        return (day - self.first_day) % 7 <= (self.last_day - self.first_day) % 7 and self.begin <= half < self.end

    def __str__(self) -> str:
        """Such as Monday to Friday, 08:00 to 18:00."""
        return f"{DAYS[self.first_day]} to {DAYS[self.last_day]}, {_clock(self.begin)} to {_clock(self.end)}"


def office_hours(text: str) -> OfficeHours:
    """Office hours as a setting says them. Raises :class:`Mistake` for what can't be read."""
    wrong = Mistake(
        f"SIGNPOST_OFFICE_HOURS is {text!r}; it must look like {USUAL}, on full or half hours, "
        "and end later than it begins."
    )
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise wrong
    first, last = (_day(name) for name in match.group(1, 2))
    begin, end = (_half_hour(*map(int, match.group(at, at + 1))) for at in (3, 5))
    if first is None or last is None or begin is None or end is None or begin >= end:
        raise wrong
    return OfficeHours(first, last, begin, end)


def _day(name: str) -> int | None:
    return next((at for at, day in enumerate(DAYS) if day[:3].lower() == name.lower()), None)


def _half_hour(hour: int, minute: int) -> int | None:
    half = hour * 2 + minute // 30
    return half if minute in {0, 30} and half <= HALF_HOURS else None


def _clock(half: int) -> str:
    return f"{half // 2:02}:{half % 2 * 30:02}"
