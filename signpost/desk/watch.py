"""Watches over the accounts: says when a platform has gone quiet, and subscribes again where it has dropped us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.force.accounts import ANY, Account, Accounts
from signpost.log.clock import Clock
from signpost.log.states import PLATFORM_QUIET, UNSUBSCRIBED, clear_alerts, raise_alert, state_of

LOOK_EVERY = timedelta(minutes=1)
SUBSCRIPTION_EVERY = timedelta(hours=1)
log = structlog.get_logger("signpost.desk")

Subscribe = Callable[[Account], str | None]
"""Sees that the platform still sends us the account's events. Returns what is wrong, for staff; none when all is well.

Raises :class:`ConnectionError` when the platform can't be asked just now.
"""


@dataclass
class Watch:
    """Looks at every account once a minute, and at its subscription once an hour, whichever process is first."""

    sessions: sessionmaker[Session]
    accounts: Accounts
    subscribe: Subscribe
    clock: Clock
    next_look: datetime | None = None

    def look(self) -> None:
        """Looks at all accounts that are on, if it is time."""
        now = self.clock()
        if self.next_look is not None and now < self.next_look:
            return
        self.next_look = now + LOOK_EVERY
        for account in self.accounts.all:
            if account.id != ANY and not account.off:
                self._look_at(account, now)

    def _look_at(self, account: Account, now: datetime) -> None:
        with self.sessions.begin() as session:
            state = state_of(session, account.platform, account.id, now)
            quiet_since = state.last_received_at or state.watched_since
            limit = timedelta(hours=account.quiet_alert_hours)
            if limit and now - quiet_since >= limit:
                hours = (now - quiet_since).total_seconds() / 3600
                raise_alert(session, PLATFORM_QUIET, account.id, _quiet(account, hours), now)
            due = state.checked_at is None or now - state.checked_at >= SUBSCRIPTION_EVERY
            if due:
                state.checked_at = now
        if due:
            self._check_subscription(account, now)

    def _check_subscription(self, account: Account, now: datetime) -> None:
        try:
            wrong = self.subscribe(account)
        except ConnectionError:
            log.warning("subscription_not_checked", account=account.id)
            return
        with self.sessions.begin() as session:
            if wrong is None:
                clear_alerts(session, account.id, {UNSUBSCRIBED}, now)
            else:
                raise_alert(session, UNSUBSCRIBED, account.id, wrong, now)


def _quiet(account: Account, hours: float) -> str:
    return (
        f"{account.name} has received nothing for {hours:.0f} hours. Write to it yourself; if no answer comes, look at "
        "the webhook's settings on the platform."
    )
