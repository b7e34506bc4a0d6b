"""Local accounts: the password, then the code, and what happens when they are wrong too often.

Nobody learns from an answer whether an account exists: an unknown name, a wrong password, a locked and a disabled account
get the same answer after the same work. A name that isn't known is never written down: people type passwords there.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.parts import Parts
from signpost.console.signin import codes
from signpost.console.signin.rules import FAILURES, LOCKED_FOR
from signpost.log.audit import ADMINISTRATION, SERVICE, Act
from signpost.log.models import StaffAccount


def check_password(parts: Parts, username: str, password: str) -> StaffAccount | None:
    """The account, if this is its password and it may sign in; else the failure is counted and written down."""
    known = _account(parts, username)
    matches = parts.signing_in.passwords.matches(known.password_hash if known else None, password)
    now = parts.clock()
    # The password was checked outside: it takes a while, and nobody else could write meanwhile.
    with parts.sessions.begin() as session:
        if known is None:
            act = Act(SERVICE, ADMINISTRATION, "sign_in_failed", detail={"at": "username"})
            parts.trail.write(session, act, now)
            return None
        account = locked_for_update(session, known.id)
        if not may_try(parts, session, account, now):
            return None
        if not matches or account.password_hash != known.password_hash:
            count_failure(parts, session, account, now, "password")
            return None
        if parts.signing_in.passwords.is_outdated(account.password_hash or ""):
            account.password_hash = parts.signing_in.passwords.hash(password)
        return account


def check_code(parts: Parts, account_id: int, code: str) -> bool:
    """Whether this is a code of the account's app that hasn't been used; else the failure is counted."""
    now = parts.clock()
    with parts.sessions.begin() as session:
        account = locked_for_update(session, account_id)
        if not may_try(parts, session, account, now) or account.totp_encrypted is None:
            return False
        secret = parts.vault.decrypt(account.totp_encrypted)
        step = codes.step_of(secret, code, now, account.totp_last_step)
        if step is None:
            count_failure(parts, session, account, now, "code")
            return False
        account.totp_last_step = step
        return True


def may_try(parts: Parts, session: Session, account: StaffAccount, now: datetime) -> bool:
    """Whether the account is neither disabled nor locked. Once a lock is over, counting starts anew."""
    if account.locked_until is not None and account.locked_until <= now:
        account.failures, account.locked_until = 0, None
    why = "disabled" if account.disabled_at else "locked" if account.locked_until else None
    if why:
        act = Act(account.username, ADMINISTRATION, "sign_in_refused", account.username, detail={"why": why})
        parts.trail.write(session, act, now)
    return why is None


def is_locked(account: StaffAccount, now: datetime) -> bool:
    """Whether nobody may try to sign in to it just now."""
    return account.locked_until is not None and account.locked_until > now


def count_failure(parts: Parts, session: Session, account: StaffAccount, now: datetime, at: str) -> None:
    """One more wrong password or code; the account is locked after :data:`FAILURES`."""
    name = account.username
    account.failures += 1
    detail = {"at": at, "failures": account.failures}
    parts.trail.write(session, Act(name, ADMINISTRATION, "sign_in_failed", name, detail=detail), now)
    if account.failures >= FAILURES:
        account.locked_until = now + LOCKED_FOR
        minutes = {"minutes": int(LOCKED_FOR.total_seconds()) // 60}
        parts.trail.write(session, Act(name, ADMINISTRATION, "account_locked", name, detail=minutes), now)


def locked_for_update(session: Session, account_id: int) -> StaffAccount:
    """The account as it is now, for this transaction alone."""
    return session.get_one(StaffAccount, account_id, with_for_update=True, populate_existing=True)


def tidy_username(typed: str) -> str:
    """The username as it is kept: lower case, no spaces around it."""
    return typed.strip().lower()


def _account(parts: Parts, username: str) -> StaffAccount | None:
    with parts.reads() as reads:
        found = reads.scalars(select(StaffAccount).filter_by(username=tidy_username(username))).first()
    # Whoever signs in through the provider has no password here.
    return found if found is not None and found.issuer is None else None
