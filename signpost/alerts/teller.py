"""Tells people of the alerts that are due, by every way there is, until somebody acknowledges them.

What is told is told at least once: a process that dies between the sending and the noting leaves the alert due again, and
the notice's mark says that it is the same one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.alerts.again import pause_after
from signpost.alerts.notice import Notice, NotTold, Told
from signpost.alerts.ways import Telling, Way
from signpost.log import duties
from signpost.log.clock import Clock
from signpost.log.models import Alert
from signpost.log.notices import DueNotice, anything_due, claim_due, note_failed, note_told

DUTY = "notices"
LEASE = timedelta(minutes=3)
"""Longer than the ways' timeouts together: a process that died is taken for dead after this."""
GAP = timedelta(minutes=1)
"""Between two notices: what opens meanwhile goes into one, so that a burst of emergencies isn't a burst of mail."""
log = structlog.get_logger("signpost.alerts")


@dataclass
class Standstill:
    """A way that failed: how often in a row, why, and until when it is left alone."""

    failures: int
    why: str
    until: datetime


@dataclass
class Teller:
    """Sends what is due. ``account_name`` and ``channel_name`` give the names of what the record keeps as ids."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    telling: Telling
    account_name: Callable[[str], str]
    channel_name: Callable[[str], str]
    clock: Clock
    worker: str
    standstills: dict[str, Standstill] = field(default_factory=dict)

    def tell_due(self) -> int:
        """Tells all that is due in one notice; returns how many alerts that were, 0 when none is or nobody can be told."""
        now = self.clock()
        ready = [way for way in self.telling.ways if way.name not in self.standstills or self._is_over(way, now)]
        if not ready:
            return 0
        with self.reads() as session:
            if not (duties.is_due(session, DUTY, now) and anything_due(session, now)):
                return 0
        with self.sessions.begin() as session:
            if not duties.take(session, DUTY, self.worker, now, LEASE):
                return 0
            due = claim_due(session, now, now + LEASE, lambda alert: self._not_before(alert, now))
            if not due:
                duties.give_up(session, DUTY, self.worker, now)
                return 0
        told = self._tell(ready, self._notice(due, now))
        self._note([one.alert.id for one in due], told=told)
        return len(due)

    def _is_over(self, way: Way, now: datetime) -> bool:
        return self.standstills[way.name].until <= now

    def _not_before(self, alert: Alert, now: datetime) -> datetime:
        return self.telling.times.at(now, urgent=alert.urgent)

    def _notice(self, due: list[DueNotice], now: datetime) -> Notice:
        told = tuple(
            Told(
                id=one.alert.key,
                number=one.alert.notices + 1,
                kind=one.alert.kind,
                urgent=one.alert.urgent,
                account=self.account_name(one.alert.account),
                raised_at=one.alert.raised_at,
                reference=one.reference,
                channel=self.channel_name(one.channel) if one.channel else "",
            )
            for one in due
        )
        minutes = int(self.telling.times.repeat.total_seconds() // 60)
        return Notice(told, now, minutes, self.telling.console_url)

    def _tell(self, ready: list[Way], notice: Notice) -> bool:
        """Whether any way worked."""
        worked = False
        for way in ready:
            failures = self.standstills[way.name].failures if way.name in self.standstills else 0
            try:
                way.tell(notice)
            except NotTold as fault:
                self._stand_still(way, str(fault), failures + 1)
            except Exception as fault:  # noqa: BLE001  # one way's trouble must not keep the other from telling
                self._stand_still(
                    way, f"Something unforeseen kept the notice back ({type(fault).__name__}).", failures + 1
                )
            else:
                self.standstills.pop(way.name, None)
                worked = True
                log.info("people_told", way=way.name, alerts=len(notice.alerts), mark=notice.mark)
        return worked

    def _stand_still(self, way: Way, why: str, failures: int) -> None:
        self.standstills[way.name] = Standstill(failures, why, self.clock() + pause_after(failures))
        log.error("people_not_told", way=way.name, why=why, failures=failures)

    def _note(self, ids: list[int], *, told: bool) -> None:
        now, times = self.clock(), self.telling.times
        failure = " ".join(one.why for one in self.standstills.values()) or None
        with self.sessions.begin() as session:
            if told:
                again = lambda alert: times.again(now, urgent=alert.urgent, told=alert.notices)  # noqa: E731
                note_told(session, ids, failure, again)
                duties.finish(session, DUTY, self.worker, now, now + GAP)
                return
            soonest = min(one.until for one in self.standstills.values())
            note_failed(session, ids, failure or "", soonest)
            duties.give_up(session, DUTY, self.worker, now)


def names(known: Mapping[str, str]) -> Callable[[str], str]:
    """Finds the name of an id; what isn't known is told by its id, which is the force's own and no person's."""
    return lambda one: known.get(one, one)
