"""How staff may sign in, as the settings say."""

from dataclasses import dataclass, field
from datetime import timedelta

from argon2 import PasswordHasher

from signpost.console.signin.passwords import Passwords
from signpost.console.signin.provider import Provider
from signpost.console.signin.sessions import Limits

FAILURES = 5
"""Wrong passwords or codes after which an account is locked."""
LOCKED_FOR = timedelta(minutes=15)


def usual_limits() -> Limits:
    """Half an hour without a request, ten hours at most."""
    return Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=10))


@dataclass(frozen=True)
class SigningIn:
    """The limits of a sign-in, whether there are local accounts, and the identity provider, if there is one."""

    limits: Limits = field(default_factory=usual_limits)
    local: bool = True
    provider: Provider | None = None
    passwords: Passwords = field(default_factory=lambda: Passwords(PasswordHasher()))
    address: str = ""
    """Where staff open the console, as ``https://signpost.example``; empty: as they asked for it."""
    attempts: str = "30 per minute;300 per hour"
    """What one address may send to the sign-in pages, in Flask-Limiter's words."""
