"""When people are told (again): at once and every few minutes of what is urgent; by day, and more rarely, of the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from signpost.alerts.quiet import QuietHours

DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)
DAILY_NOTICES = 7
"""What isn't urgent is told daily for a week, then weekly."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class Times:
    """When people are told: how often of what is urgent, and when not of what isn't."""

    repeat: timedelta
    quiet: QuietHours

    def at(self, moment: datetime, *, urgent: bool) -> datetime:
        """The moment, or the end of the quiet hours where the alert can wait for it."""
        return moment if urgent else self.quiet.after(moment)

    def again(self, now: datetime, *, urgent: bool, told: int) -> datetime:
        """When people are told the next time, after they have been told so often."""
        pause = self.repeat if urgent else DAILY if told < DAILY_NOTICES else WEEKLY
        return self.at(now + pause, urgent=urgent)


def pause_after(failures: int) -> timedelta:
    """How long a server that failed so often in a row is left alone."""
    doubled: int = 2 ** min(max(failures - 1, 0), 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
