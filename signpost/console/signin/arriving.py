"""The ends of every sign-in, however somebody came: a new token at the beginning, and none at the end."""

from typing import Any

from flask import session
from sqlalchemy.orm import Session

from signpost.console.parts import Parts
from signpost.console.signin import form_token, sessions, steps
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.local import locked_for_update
from signpost.log.audit import ADMINISTRATION, Act


def sign_in(parts: Parts, account_id: int, way: str) -> None:
    """Begins a sign-in in this browser, under a token that nobody had before, and writes it down.

    ``way`` is ``password`` or ``provider``.
    """
    now = parts.clock()
    before = session.get(TOKEN)
    with parts.sessions.begin() as writing:
        account = locked_for_update(writing, account_id)
        account.failures, account.locked_until, account.last_signed_in_at = 0, None, now
        if before:
            sessions.end(writing, before, now)
        token = sessions.begin(writing, account.id, now)
        note(parts, writing, account.username, "signed_in", {"way": way})
    steps.forget()
    form_token.new_token(account.key)
    session[TOKEN] = token


def sign_out(parts: Parts) -> None:
    """Ends this browser's sign-in, and writes it down if it still held."""
    token = session.get(TOKEN)
    if token:
        now = parts.clock()
        with parts.sessions.begin() as writing:
            found = sessions.look_up(writing, token, now, parts.signing_in.limits)
            sessions.end(writing, token, now)
            if found is not None:
                note(parts, writing, found.staff.username, "signed_out")
    leave_nothing()


def leave_nothing() -> None:
    """The browser's cookie holds nothing of anybody's sign-in any more."""
    steps.forget()
    form_token.no_token()
    session.pop(TOKEN, None)


def note(parts: Parts, writing: Session, username: str, event: str, detail: dict[str, Any] | None = None) -> None:
    """Writes down what somebody did to their own sign-in."""
    act = Act(username, ADMINISTRATION, event, username, detail=detail)
    parts.trail.write(writing, act, parts.clock())
