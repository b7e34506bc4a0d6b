"""The forms' token (CSRF) says whose page it stood on, so that a form that comes too late isn't taken for another person's."""

import secrets

from flask import current_app, session
from itsdangerous import BadData, URLSafeTimedSerializer

FIELD = "csrf_token"
SALT = "wtf-csrf-token"
"""Flask-WTF's own, with which it signs what the pages hold."""


def new_token(key: str) -> None:
    """Gives this browser a new token, of whoever has this key: pages from before send one that is no longer good."""
    session[FIELD] = f"{secrets.token_hex(20)}:{key}"


def no_token() -> None:
    """Forgets the token: the next page makes one of nobody's."""
    session.pop(FIELD, None)


def owner_of(token: str | None) -> str | None:
    """The key of whoever was signed in when the page was shown; none when nobody was, or we never made this token."""
    secret = current_app.secret_key
    if not token or not secret:
        return None
    try:
        inner = URLSafeTimedSerializer(secret, salt=SALT).loads(token)
    except BadData:
        return None
    return inner.partition(":")[2] or None if isinstance(inner, str) else None
