"""A password and an app of one's own: what a new one must be, and what is shown to set one up."""

from typing import Any

from flask import session

from signpost.console.parts import Parts
from signpost.console.signin import codes, steps
from signpost.console.signin.passwords import fault_of
from signpost.log.models import StaffAccount

WRONG_FIRST_CODE = (
    "This code isn’t right. Enter the one that the app shows now. If it stays so, check that the phone’s clock is right"
)


def new_password_fault(parts: Parts, account: StaffAccount, password: str) -> str | None:
    """What keeps the password from being the account's next, in a sentence; none when it will do."""
    if parts.signing_in.passwords.matches(account.password_hash, password):
        return "Choose a password other than the one you have now"
    return fault_of(password, account.username, ("signpost", parts.mandate.force, *parts.mandate.force.split()))


def new_app_secret(parts: Parts) -> str:
    """The secret of the app that is being set up in this browser; made when there is none yet."""
    kept = session.get(steps.SECRET)
    if kept:
        return parts.vault.decrypt(kept.encode())
    secret = codes.new_secret()
    session[steps.SECRET] = parts.vault.encrypt(secret).decode()
    return secret


def app_words(parts: Parts, secret: str, username: str) -> dict[str, Any]:
    """What a page that sets up an app shows of the secret."""
    picture = codes.picture(secret, username, f"Signpost ({parts.mandate.force})")
    return {"picture": picture, "groups": codes.in_groups(secret), "username": username}
