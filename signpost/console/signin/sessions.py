"""Sign-ins: begun, found again by the browser's token, and ended. The record holds only the token's hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from signpost.log.models import StaffAccount, StaffSession

NOTED_EVERY = timedelta(minutes=1)
"""How often it is written down that somebody is still there: pages read, they don't write."""
KEPT_FOR = timedelta(days=30)
"""How long a sign-in that is over stays in the record."""


@dataclass(frozen=True)
class Staff:
    """Whoever is signed in, as far as pages need to know."""

    id: int
    key: str
    username: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Limits:
    """How long a sign-in lasts: without a request, and at most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True)
class SignIn:
    """A sign-in that holds, with whose it is."""

    id: int
    staff: Staff
    last_seen_at: datetime


def begin(session: Session, staff_id: int, now: datetime) -> str:
    """The token of a new sign-in, for the browser's cookie. Old ones of the same person, long over, are cleared away."""
    session.execute(
        delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.created_at < now - KEPT_FOR)
    )
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hashed(token), staff_id=staff_id, created_at=now, last_seen_at=now))
    return token


def find(session: Session, token: str, now: datetime, limits: Limits) -> Staff | None:
    """Whose token it is; none when the sign-in is over, or the account was disabled."""
    found = look_up(session, token, now, limits)
    return found.staff if found else None


def look_up(session: Session, token: str, now: datetime, limits: Limits) -> SignIn | None:
    """The sign-in the token stands for; none when it is over, or the account was disabled."""
    row = session.execute(
        select(StaffSession, StaffAccount)
        .join(StaffAccount, StaffAccount.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == _hashed(token))
    ).first()
    if row is None or row.StaffAccount.disabled_at or not holds(row.StaffSession, now, limits):
        return None
    sign_in, account = row
    staff = Staff(account.id, account.key, account.username, account.name, frozenset(account.roles))
    return SignIn(sign_in.id, staff, sign_in.last_seen_at)


def holds(sign_in: StaffSession, now: datetime, limits: Limits) -> bool:
    """Whether the sign-in is neither ended nor too old."""
    in_time = now - sign_in.created_at < limits.absolute and now - sign_in.last_seen_at < limits.idle
    return sign_in.ended_at is None and in_time


def owner(session: Session, token: str) -> int | None:
    """The id of the account whose token it is or once was."""
    return session.scalar(select(StaffSession.staff_id).where(StaffSession.token_hash == _hashed(token)))


def note_seen(session: Session, sign_in_id: int, now: datetime) -> None:
    """Writes down that somebody is still there. A sign-in that was ended meanwhile stays ended."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == sign_in_id, StaffSession.last_seen_at < now)
        .values(last_seen_at=now)
    )


def open_sign_ins(session: Session, staff_id: int, now: datetime, limits: Limits) -> list[StaffSession]:
    """The person's sign-ins that hold, the latest first."""
    query = select(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    return [one for one in session.scalars(query.order_by(StaffSession.id.desc())) if holds(one, now, limits)]


def end(session: Session, token: str, now: datetime) -> None:
    """Ends the sign-in; its token opens nothing any more."""
    found = session.scalars(select(StaffSession).filter_by(token_hash=_hashed(token))).first()
    if found is not None and found.ended_at is None:
        found.ended_at = now


def end_all(session: Session, staff_id: int, now: datetime, but: str | None = None) -> int:
    """Ends all of somebody's sign-ins, save the one whose token is ``but``. Returns how many had not been ended."""
    query = select(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    kept = _hashed(but) if but else None
    ended = [one for one in session.scalars(query) if one.token_hash != kept]
    for one in ended:
        one.ended_at = now
    return len(ended)


def is_token_of(token: str, sign_in: StaffSession) -> bool:
    """Whether the token stands for this sign-in."""
    return secrets.compare_digest(_hashed(token), sign_in.token_hash)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
