"""What is known of each account from moment to moment, and the alerts that people must see."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from signpost.log.database import insert_if_absent
from signpost.log.models import AccountState, Alert

PLATFORM_QUIET, UNSUBSCRIBED = "platform_quiet", "unsubscribed"
log = structlog.get_logger("signpost.alerts")


def state_of(session: Session, platform: str, account: str, now: datetime) -> AccountState:
    """The account's row, made when there is none."""
    query = select(AccountState).filter_by(platform=platform, account=account)
    known = session.scalars(query).first()
    if known is not None:
        return known
    row = {"platform": platform, "account": account, "watched_since": now}
    session.execute(insert_if_absent(session, AccountState), row)
    return session.scalars(query).one()


def note_received(session: Session, accounts: Iterable[tuple[str, str]], now: datetime) -> None:
    """These platforms have just spoken for these accounts, so they aren't quiet."""
    for platform, account in sorted(set(accounts)):
        state_of(session, platform, account, now).last_received_at = now
        clear_alerts(session, account, {PLATFORM_QUIET}, now)


def rest(session: Session, platform: str, account: str, seconds: float, now: datetime) -> None:
    """Nothing is sent for the account for so many seconds; a longer rest that was asked for before stays."""
    state = state_of(session, platform, account, now)
    until = now + timedelta(seconds=seconds)
    state.rest_until = max(until, state.rest_until or until)


def raise_alert(session: Session, kind: str, account: str, detail: str, now: datetime) -> None:
    """Opens an alert, or notes that an open one still holds. ``detail`` is for staff and holds nothing a person wrote."""
    known = session.scalars(select(Alert).filter_by(kind=kind, account=account, cleared_at=None)).first()
    if known is not None:
        known.last_seen_at, known.times, known.detail = now, known.times + 1, detail
        return
    session.add(Alert(kind=kind, account=account, detail=detail, raised_at=now, last_seen_at=now))
    log.error("alert_raised", kind=kind, account=account, detail=detail)


def clear_alerts(session: Session, account: str, kinds: Iterable[str], now: datetime) -> None:
    """Closes the account's open alerts of these kinds: what they told of is over."""
    session.execute(
        update(Alert)
        .where(Alert.account == account, Alert.kind.in_(sorted(kinds)), Alert.cleared_at.is_(None))
        .values(cleared_at=now)
    )


def open_alerts(session: Session) -> list[Alert]:
    """The alerts that nobody and nothing has put right yet, oldest first."""
    return list(session.scalars(select(Alert).where(Alert.cleared_at.is_(None)).order_by(Alert.raised_at, Alert.id)))
