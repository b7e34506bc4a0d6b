"""Staff accounts: made, changed, reset, switched off and on; each is written down, and somebody can always administer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.roles import ADMINISTRATOR, ROLES
from signpost.console.signin.claims import LONGEST_NAME, USERNAME
from signpost.console.signin.passwords import Passwords, temporary_password
from signpost.console.signin.sessions import end_all
from signpost.log.audit import ADMINISTRATION, SERVICE, Act, Trail
from signpost.log.models import StaffAccount, new_key

RESERVED = frozenset({SERVICE})
"""Usernames that stand for something else in the audit trail."""


class Refusal(Exception):
    """What was asked isn't done; the text is a sentence for whoever asked."""


@dataclass(frozen=True)
class By:
    """Who does it, for the audit trail, and what else is known of how."""

    actor: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """The accounts, within one writing session."""

    session: Session
    trail: Trail
    passwords: Passwords
    now: datetime
    by: By

    def add(self, username: str, name: str, roles: Collection[str]) -> str:
        """Makes a local account and returns its temporary password. Raises :class:`Refusal`."""
        username = username.strip().lower()
        check_username(username)
        check_roles(roles)
        if self.session.scalar(select(StaffAccount.id).filter_by(username=username)) is not None:
            raise Refusal(f"There is already an account with the username {username}.")
        password = temporary_password()
        account = StaffAccount(
            key=new_key(),
            username=username,
            name=checked_name(name),
            roles=in_order(roles),
            password_hash=self.passwords.hash(password),
            password_temporary=True,
            failures=0,
            created_at=self.now,
        )
        self.session.add(account)
        self.session.flush()
        self._note("staff_added", account, {"roles": account.roles})
        return password

    def change(self, account: StaffAccount, name: str, roles: Collection[str]) -> bool:
        """Gives the account another name or other roles. Other roles end its sign-ins. Returns whether anything changed."""
        check_roles(roles)
        name, before, after = checked_name(name), in_order(account.roles), in_order(roles)
        if (name, after) == (account.name, before):
            return False
        if before != after and ADMINISTRATOR in before and ADMINISTRATOR not in after:
            self._need_another_administrator(account)
        detail: dict[str, Any] = {"renamed": True} if name != account.name else {}
        if before != after:
            detail |= {"roles": after, "before": before}
            detail["signed_out"] = end_all(self.session, account.id, self.now)
        account.name, account.roles = name, after
        self._note("staff_changed", account, detail)
        return True

    def reset(self, account: StaffAccount, *, password: bool = True, app: bool = True) -> str | None:
        """A new temporary password (returned), no code app any more, or both. Ends the sign-ins, and a lock."""
        if account.issuer is not None:
            raise Refusal(f"{account.username} signs in with a work account. Its password and codes are changed there.")
        fresh = temporary_password() if password else None
        if fresh is not None:
            account.password_hash, account.password_temporary = self.passwords.hash(fresh), True
        if app:
            account.totp_encrypted = None
            # The last step stays: a code that was taken is not good again, whatever secret comes next.
        account.failures, account.locked_until = 0, None
        ended = end_all(self.session, account.id, self.now)
        self._note("staff_reset", account, {"password": password, "code_app": app, "signed_out": ended})
        return fresh

    def disable(self, account: StaffAccount) -> bool:
        """Switches the account off and ends its sign-ins. Returns whether it was on. The last administrator stays."""
        if account.disabled_at is not None:
            return False
        if ADMINISTRATOR in account.roles:
            self._need_another_administrator(account)
        account.disabled_at = self.now
        self._note("staff_disabled", account, {"signed_out": end_all(self.session, account.id, self.now)})
        return True

    def enable(self, account: StaffAccount) -> bool:
        """Switches the account on again. Returns whether it was off."""
        if account.disabled_at is None:
            return False
        account.disabled_at, account.failures, account.locked_until = None, 0, None
        self._note("staff_enabled", account)
        return True

    def with_username(self, username: str) -> StaffAccount:
        """The account, for this transaction alone. Raises :class:`Refusal` when there is none."""
        query = select(StaffAccount).filter_by(username=username.strip().lower())
        account = self.session.scalars(query.with_for_update()).first()
        if account is None:
            raise Refusal(f"There is no account with the username {username}. See: signpost staff list")
        return account

    def with_key(self, key: str) -> StaffAccount | None:
        """The account, for this transaction alone."""
        return self.session.scalars(select(StaffAccount).filter_by(key=key).with_for_update()).first()

    def _need_another_administrator(self, account: StaffAccount) -> None:
        # All rows are locked, in one order: two administrators can't switch each other off at the same moment.
        everybody = self.session.scalars(select(StaffAccount).order_by(StaffAccount.id).with_for_update())
        if not any(one.id != account.id and ADMINISTRATOR in one.roles and not one.disabled_at for one in everybody):
            raise Refusal("This is the last administrator. Give somebody else the role first.")

    def _note(self, event: str, account: StaffAccount, detail: dict[str, Any] | None = None) -> None:
        told = {**(detail or {}), **self.by.detail} or None
        act = Act(self.by.actor, ADMINISTRATION, event, account.username, detail=told)
        self.trail.write(self.session, act, self.now)


def check_username(username: str) -> None:
    """Raises :class:`Refusal` for a name nobody could sign in with."""
    if not USERNAME.fullmatch(username):
        raise Refusal(
            "A username is an e-mail address or a short name: up to 64 of a to z, 0 to 9 and . _ - + @, "
            "a letter or a figure first."
        )
    if username in RESERVED:
        raise Refusal(f"The username {username} stands for the service itself. Choose another.")


def check_roles(roles: Collection[str]) -> None:
    """Raises :class:`Refusal` for no role, and for one that doesn't exist."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise Refusal(f"Choose one or more of the roles {', '.join(ROLES)}.")


def checked_name(name: str) -> str:
    """The name, tidied. Raises :class:`Refusal` when there is none, or it is too long."""
    tidy = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise Refusal(f"Enter the person’s name, in {LONGEST_NAME} characters or fewer.")
    return tidy


def in_order(roles: Collection[str]) -> list[str]:
    """The roles, each once, in the order in which they are always shown."""
    return [role for role in ROLES if role in roles]


def everybody(session: Session) -> list[StaffAccount]:
    """All accounts by name, those that are on first."""
    found = session.scalars(select(StaffAccount))
    return sorted(found, key=lambda one: (one.disabled_at is not None, one.name.casefold(), one.id))
