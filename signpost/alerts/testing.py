"""A notice that tells of nothing, to see whether the ways of telling people work."""

from dataclasses import dataclass
from datetime import datetime

from signpost.alerts.notice import Notice, NotTold
from signpost.alerts.ways import Telling


@dataclass(frozen=True)
class Outcome:
    """What became of the test by one way."""

    sentence: str
    worked: bool


def tell_test(telling: Telling, now: datetime) -> list[Outcome]:
    """Sends the test by every way there is."""
    notice = Notice((), now, int(telling.times.repeat.total_seconds() // 60), telling.console_url)
    outcomes = []
    for way in telling.ways:
        try:
            said = way.tell(notice)
        except NotTold as fault:
            outcomes.append(Outcome(f"By {way.name}: {fault}", worked=False))
        else:
            outcomes.append(Outcome(f"By {way.name}: {said}", worked=True))
    return outcomes
