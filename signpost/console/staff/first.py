"""The first account of an installation, so that somebody can sign in and make the others."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.roles import ADMINISTRATOR, REVIEWER, TRAINER
from signpost.console.signin.passwords import Passwords
from signpost.console.staff.accounts import By, Register
from signpost.log.audit import SERVICE, Trail
from signpost.log.models import StaffAccount

USERNAME, NAME = "administrator", "First administrator"
ROLES = (ADMINISTRATOR, REVIEWER, TRAINER)


def first_password(session: Session, trail: Trail, passwords: Callable[[], Passwords], now: datetime) -> str | None:
    """The temporary password of the first account, made just now; none where there is any account already."""
    if session.scalar(select(StaffAccount.id).limit(1)) is not None:
        return None
    register = Register(session, trail, passwords(), now, By(SERVICE, {"way": "first start"}))
    return register.add(USERNAME, NAME, ROLES)
