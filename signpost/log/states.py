"""What is known of each account from moment to moment, and the alerts that people must see."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from signpost.channels.simulated import ACCOUNT as SIMULATOR
from signpost.channels.transport import SENDING_RESTRICTED, TOKEN_EXPIRED
from signpost.log.database import insert_if_absent
from signpost.log.models import FAILED, FAILURE, UNREADABLE, AccountState, Alert, Escalation, new_key

PLATFORM_QUIET, UNSUBSCRIBED = "platform_quiet", "unsubscribed"
EMERGENCY, REPLY_FAILED = "emergency", "reply_failed"
RETENTION_FAILED, AUDIT_DOUBTFUL = "retention_failed", "audit_doubtful"
SERVICE_ACCOUNT = "signpost"
"""In the place of an account, of alerts about the service itself."""
URGENT_KINDS = frozenset({EMERGENCY, REPLY_FAILED, TOKEN_EXPIRED, SENDING_RESTRICTED, UNSUBSCRIBED})
"""People are told of these in quiet hours too: somebody may wait for help, for a reply, or write where nothing arrives."""
MOST_COUNTED = 1000
RECORD_DETAILS = {
    EMERGENCY: "A message that reads like an emergency was logged.",
    REPLY_FAILED: "A message got no answer: it could not be understood, or its reply could not be delivered.",
}
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
    alert = Alert(kind=kind, account=account, detail=detail, raised_at=now, last_seen_at=now)
    alert.urgent, alert.notice_due_at = kind in URGENT_KINDS, now
    session.add(alert)
    log.error("alert_raised", kind=kind, account=account, detail=detail)


def raise_record_alert(session: Session, kind: str, escalation: Escalation, now: datetime) -> bool:
    """Opens an alert about one record (:data:`EMERGENCY` or :data:`REPLY_FAILED`), once and for all; whether it is new.

    For the transaction of what causes it: then a crash loses neither or both. Whoever comes second changes nothing, also
    when the alert was acknowledged long ago. The simulator's records raise none.
    """
    if escalation.account == SIMULATOR:
        return False
    session.flush()
    row = {
        "key": new_key(),
        "kind": kind,
        "account": escalation.account,
        "escalation_id": escalation.id,
        "urgent": True,
        "detail": RECORD_DETAILS[kind],
        "raised_at": now,
        "last_seen_at": now,
        "times": 1,
        "notices": 0,
        "notice_due_at": now,
    }
    if session.execute(insert_if_absent(session, Alert).returning(Alert.id), [row]).first() is None:
        return False
    log.warning("alert_raised", kind=kind, account=escalation.account, reference=escalation.reference)
    return True


def raise_due_alerts(session: Session, escalation: Escalation, now: datetime) -> None:
    """Opens what the record calls for as it stands: it is an emergency; nobody was answered. May be called again and again."""
    if escalation.label == "emergency":
        raise_record_alert(session, EMERGENCY, escalation, now)
    if escalation.delivery_state == FAILED or escalation.cause in {FAILURE, UNREADABLE}:
        raise_record_alert(session, REPLY_FAILED, escalation, now)


def clear_alerts(session: Session, account: str, kinds: Iterable[str], now: datetime) -> None:
    """Closes the account's open alerts of these kinds: what they told of is over."""
    session.execute(
        update(Alert)
        .where(Alert.account == account, Alert.kind.in_(sorted(kinds)), Alert.cleared_at.is_(None))
        .values(cleared_at=now, notice_due_at=None)
    )


def clear_record_alert(session: Session, kind: str, escalation_id: int, now: datetime) -> None:
    """Closes the record's alert of this kind, if it is open: a reply that was given up has arrived after all."""
    session.execute(
        update(Alert)
        .where(Alert.escalation_id == escalation_id, Alert.kind == kind, Alert.cleared_at.is_(None))
        .values(cleared_at=now, notice_due_at=None)
    )


def acknowledge(alert: Alert, staff_id: int, now: datetime) -> bool:
    """Somebody has seen it, so nobody is told again; false when somebody had before, or it is over.

    An alert about an account stays open until what it tells of is over; one about a record has nothing more to wait for.
    """
    if alert.acknowledged_at is not None or alert.cleared_at is not None:
        return False
    alert.acknowledged_at, alert.acknowledged_by_id, alert.notice_due_at = now, staff_id, None
    if alert.escalation_id is not None:
        alert.cleared_at = now
    return True


def acknowledge_for(session: Session, escalation_id: int, staff_id: int, now: datetime) -> int:
    """Acknowledges what alerts of a record are open, for whoever reviews it; returns how many there were."""
    open_ones = select(Alert).where(Alert.escalation_id == escalation_id, Alert.cleared_at.is_(None))
    return sum(acknowledge(alert, staff_id, now) for alert in session.scalars(open_ones.with_for_update()))


def open_alert_count(session: Session) -> int:
    """How many alerts nobody has acknowledged, for the header of every page; :data:`MOST_COUNTED` stands for that or more."""
    open_ones = select(Alert.id).where(Alert.cleared_at.is_(None), Alert.acknowledged_at.is_(None)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(open_ones.subquery())) or 0


def open_alerts(session: Session) -> list[Alert]:
    """The alerts that nobody and nothing has put right yet, oldest first."""
    return list(session.scalars(select(Alert).where(Alert.cleared_at.is_(None)).order_by(Alert.raised_at, Alert.id)))
