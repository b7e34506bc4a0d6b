"""What lies between a right password and being signed in: a code, a password of one's own, the code's app.

The browser's signed cookie remembers how far somebody has come. It names the account by its opaque key and holds nothing
secret but the app's new secret, which is encrypted.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session
from sqlalchemy import select

from signpost.console.parts import Parts
from signpost.log.models import StaffAccount

KEY, SECRET = "signing_in", "new_code_app"
GOOD_FOR = timedelta(minutes=15)
CODE, PASSWORD, APP, DONE = "signin.code", "signin.new_password", "signin.code_app", "done"


@dataclass(frozen=True)
class Way:
    """How far somebody has come, and where they go once they are signed in."""

    account: StaffAccount
    onward: str
    code_given: bool

    @property
    def next_step(self) -> str:
        """The page they need next. Whoever has an app gives its code before anything can be changed."""
        if self.account.totp_encrypted is not None and not self.code_given:
            return CODE
        if self.account.password_temporary:
            return PASSWORD
        return DONE if self.account.totp_encrypted is not None else APP


def remember(account: StaffAccount, onward: str, now: datetime, *, code_given: bool = False) -> Way:
    """Notes in the cookie that the password was right, and perhaps the code."""
    session[KEY] = {
        "key": account.key,
        "mark": _mark(account),
        "at": now.isoformat(),
        "onward": onward,
        "code": code_given,
    }
    return Way(account, onward, code_given)


def recall(parts: Parts) -> Way | None:
    """How far this browser has come; none after a quarter of an hour, or once the password isn't the same any more."""
    noted = session.get(KEY)
    if not noted or parts.clock() - datetime.fromisoformat(noted["at"]) > GOOD_FOR:
        return None
    with parts.reads() as reads:
        account = reads.scalars(select(StaffAccount).filter_by(key=noted["key"])).first()
    if account is None or account.disabled_at or _mark(account) != noted["mark"]:
        return None
    return Way(account, noted["onward"], bool(noted["code"]))


def forget() -> None:
    """Nothing is remembered any more."""
    session.pop(KEY, None)
    session.pop(SECRET, None)


def _mark(account: StaffAccount) -> str:
    """Changes with the password."""
    return hashlib.sha256((account.password_hash or "").encode()).hexdigest()[:16]
