"""The alerts as the page lists them: those to see to, those somebody is on, and those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from signpost.log.models import Alert, Escalation, StaffAccount
from signpost.log.states import EMERGENCY, REPLY_FAILED, SERVICE_ACCOUNT

ON_A_PAGE = 25
ABOUT = {
    "all": "All",
    "emergencies": "Emergencies",
    "answers": "No answer",
    "accounts": "Accounts",
    "service": "Signpost itself",
}
"""What alerts may be about, as the page filters them."""
_CONDITIONS: dict[str, ColumnElement[bool] | None] = {
    "all": None,
    "emergencies": Alert.kind == EMERGENCY,
    "answers": Alert.kind == REPLY_FAILED,
    "accounts": and_(Alert.kind.not_in((EMERGENCY, REPLY_FAILED)), Alert.account != SERVICE_ACCOUNT),
    "service": Alert.account == SERVICE_ACCOUNT,
}


@dataclass(frozen=True)
class Shown:
    """One alert with its record's reference, where it has one, and the name of whoever acknowledged it."""

    alert: Alert
    reference: str | None
    acknowledged_by: str | None


@dataclass(frozen=True)
class Listing:
    """Some alerts, and where the list goes on; none at its end."""

    alerts: Sequence[Shown]
    further: int | None


def waiting(session: Session, about: str, after: int | None) -> Listing:
    """What nobody has acknowledged: urgent ones first, and of these what has waited longest.

    ``after`` is the id of the last one that was shown; its urgency says how far the list has got.
    """
    last = session.get(Alert, after) if after is not None else None
    found: list[Row[Any]] = []
    for urgent in (True, False):
        if last is not None and last.urgent < urgent:
            continue  # The urgent ones were all shown.
        query = _chosen(about).where(
            Alert.cleared_at.is_(None), Alert.acknowledged_at.is_(None), Alert.urgent.is_(urgent)
        )
        if last is not None and last.urgent == urgent:
            query = query.where(Alert.id > last.id)
        found += session.execute(query.order_by(Alert.id).limit(ON_A_PAGE + 1 - len(found))).all()
        if len(found) > ON_A_PAGE:
            break
    return _listing(found)


def in_hand(session: Session, about: str) -> list[Shown]:
    """What somebody has acknowledged and goes on all the same: an account's troubles."""
    query = _chosen(about).where(Alert.cleared_at.is_(None), Alert.acknowledged_at.is_not(None))
    return [Shown(*row) for row in session.execute(query.order_by(Alert.id).limit(ON_A_PAGE))]


def over(session: Session, about: str, before: int | None) -> Listing:
    """What is over, the newest first."""
    query = _chosen(about).where(Alert.cleared_at.is_not(None))
    if before is not None:
        query = query.where(Alert.id < before)
    return _listing(session.execute(query.order_by(Alert.id.desc()).limit(ON_A_PAGE + 1)).all())


def by_key(session: Session, key: str) -> Shown | None:
    """The alert with this key."""
    row = session.execute(_chosen("all").where(Alert.key == key)).first()
    return Shown(*row) if row is not None else None


def _chosen(about: str) -> Select[Any]:
    query = (
        select(Alert, Escalation.reference, StaffAccount.name)
        .outerjoin(Escalation, Escalation.id == Alert.escalation_id)
        .outerjoin(StaffAccount, StaffAccount.id == Alert.acknowledged_by_id)
    )
    condition = _CONDITIONS[about]
    return query if condition is None else query.where(condition)


def _listing(rows: Sequence[Row[Any]]) -> Listing:
    shown = [Shown(*row) for row in rows[:ON_A_PAGE]]
    return Listing(shown, shown[-1].alert.id if len(rows) > ON_A_PAGE else None)
