"""Sign-ins: begun, found again by the browser's token, and ended. The record holds only the token's hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.log.models import StaffAccount, StaffSession


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


def begin(session: Session, staff_id: int, now: datetime) -> str:
    """The token of a new sign-in, for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hashed(token), staff_id=staff_id, created_at=now, last_seen_at=now))
    return token


def find(session: Session, token: str, now: datetime, limits: Limits) -> Staff | None:
    """Whose token it is; none when the sign-in is over, or the account was disabled."""
    row = session.execute(
        select(StaffSession, StaffAccount)
        .join(StaffAccount, StaffAccount.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == _hashed(token), StaffSession.ended_at.is_(None))
    ).first()
    if row is None:
        return None
    sign_in, account = row
    if account.disabled_at or now - sign_in.created_at >= limits.absolute or now - sign_in.last_seen_at >= limits.idle:
        return None
    return Staff(account.id, account.key, account.username, account.name, frozenset(account.roles))


def end(session: Session, token: str, now: datetime) -> None:
    """Ends the sign-in; its token opens nothing any more."""
    found = session.scalars(select(StaffSession).filter_by(token_hash=_hashed(token))).first()
    if found is not None and found.ended_at is None:
        found.ended_at = now


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
