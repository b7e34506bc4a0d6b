"""Quiet hours: when nobody is told of what isn't urgent. By the clocks of Great Britain, summer and winter."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from signpost.mistakes import Mistake

LONDON = ZoneInfo("Europe/London")
NEVER = "none"
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_HOURS = re.compile(f"{_CLOCK}-{_CLOCK}", re.ASCII)


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` until before ``end``, over midnight where the end is the earlier; both none: there are none."""

    start: time | None = None
    end: time | None = None

    def after(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it falls into (UTC without a zone, as all moments here)."""
        if self.start is None or self.end is None:
            return moment
        local = moment.replace(tzinfo=timezone.utc).astimezone(LONDON)
        clock = local.time()
        over_midnight = self.end < self.start
        late = clock >= self.start
        inside = (late or clock < self.end) if over_midnight else (late and clock < self.end)
        if not inside:
            return moment
        day = local.date() + timedelta(days=int(over_midnight and late))
        # In the hour that comes twice in autumn, the same one of the two.
        end = datetime.combine(day, self.end, LONDON).replace(fold=local.fold)
        return end.astimezone(timezone.utc).replace(tzinfo=None)


def quiet_hours(setting: str) -> QuietHours:
    """The hours of SIGNPOST_ALERT_QUIET_HOURS, as in 22:00-07:00. Raises :class:`Mistake`."""
    if setting.strip().lower() == NEVER:
        return QuietHours()
    found = _HOURS.fullmatch(setting.replace(" ", ""))
    if not found:
        raise Mistake(
            f"SIGNPOST_ALERT_QUIET_HOURS is {setting!r}; it must be two times such as 22:00-07:00, or {NEVER}."
        )
    hours = [int(part) for part in found.groups()]
    start, end = time(hours[0], hours[1]), time(hours[2], hours[3])
    if start == end:
        raise Mistake(f"SIGNPOST_ALERT_QUIET_HOURS begins and ends at the same time; for no quiet hours set {NEVER}.")
    return QuietHours(start, end)
