"""The desk's work by the clock: retention once a day, by whichever desk is first, and the audit trail's anchor each hour."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.log import duties
from signpost.log.clock import Clock
from signpost.log.retention_claim import DUTY, Claim
from signpost.log.retention_run import Retention
from signpost.log.states import AUDIT_DOUBTFUL, RETENTION_FAILED, SERVICE_ACCOUNT, clear_alerts, raise_alert

AFTER_FAULT = timedelta(minutes=15)
ANCHOR_EVERY = timedelta(hours=1)
BY_CLOCK = "schedule"
log = structlog.get_logger("signpost.desk")


@dataclass
class Schedule:
    """What is done when. ``anchor`` says in a sentence what is wrong with the audit trail; none when nothing is."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    retention: Retention
    anchor: Callable[[datetime], str | None]
    clock: Clock
    worker: str
    next_anchor: datetime | None = None

    def work(self, stop: threading.Event) -> None:
        """Does what is due, and returns early when it is to stop."""
        self.anchor_audit()
        if self.retention_is_due():
            self.retain(stop)

    def anchor_audit(self) -> None:
        """Anchors the audit trail, if an hour has passed. Each desk does so: the more places, the better."""
        now = self.clock()
        if self.next_anchor is not None and now < self.next_anchor:
            return
        self.next_anchor = now + ANCHOR_EVERY
        wrong = self.anchor(now)
        with self.sessions.begin() as session:
            if wrong is None:
                clear_alerts(session, SERVICE_ACCOUNT, {AUDIT_DOUBTFUL}, now)
            else:
                raise_alert(session, AUDIT_DOUBTFUL, SERVICE_ACCOUNT, wrong, now)

    def retention_is_due(self) -> bool:
        """Whether the day's run is due; also notes when the next one is, where that isn't known or was changed."""
        now = self.clock()
        at = self.retention.limits.next_run(now)
        if at is None:
            return False
        with self.reads() as session:
            known = duties.when_due(session, DUTY)
            due = known is not None and duties.is_due(session, DUTY, now)
        if known is None or known > at:
            with self.sessions.begin() as session:
                duties.put(session, DUTY, at)
        return due

    def retain(self, stop: threading.Event) -> bool:
        """Runs retention, if nobody else has begun; whether it ran to its end."""
        claim = Claim(self.sessions, self.clock, self.worker)
        if not claim.take():
            return False
        try:
            self.retention.run(
                BY_CLOCK, lambda: stop.is_set() or claim.lost, lambda _kind, _count: claim.renew(), stop.wait
            )
        except Exception as fault:  # noqa: BLE001  # tomorrow's run must not depend on today's
            log.error("retention_failed", fault=type(fault).__name__)
            self._failed(claim, fault)
            return False
        return self._ended(claim, stopped=stop.is_set() or claim.lost)

    def _ended(self, claim: Claim, *, stopped: bool) -> bool:
        now = self.clock()
        with self.sessions.begin() as session:
            if stopped:
                # Cut short; whoever is up next goes on at once.
                claim.give_up(session, now)
                return False
            clear_alerts(session, SERVICE_ACCOUNT, {RETENTION_FAILED}, now)
            claim.finish(session, self.retention.limits.next_run(now) or now)
        return True

    def _failed(self, claim: Claim, fault: Exception) -> None:
        now = self.clock()
        sentence = (
            f"Retention stopped before its end ({type(fault).__name__}), so some of what is past its time is still there. "
            "It is tried again every quarter of an hour. If it stays so, look at the desk's log."
        )
        with self.sessions.begin() as session:
            claim.give_up(session, now + AFTER_FAULT)
            raise_alert(session, RETENTION_FAILED, SERVICE_ACCOUNT, sentence, now)
