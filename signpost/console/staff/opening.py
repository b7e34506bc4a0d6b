"""Opens the register of staff outside the console: for the command line, and for the first start."""

from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from sqlalchemy.exc import SQLAlchemyError

from signpost.console.signin.passwords import Passwords
from signpost.console.staff.accounts import By, Refusal, Register
from signpost.console.staff.first import USERNAME, first_password
from signpost.log.audit import Trail
from signpost.log.clock import Clock, utc_now
from signpost.log.database import answers, open_engine, reading, session_factory
from signpost.mistakes import Mistake
from signpost.secrets import RECORD_KEYS, with_secrets
from signpost.settings import Settings


@contextmanager
def open_register(settings: Settings, by: By, clock: Clock = utc_now) -> Iterator[Register]:
    """The register in a writing session of its own: what is done within is stored together, or not at all.

    Raises :class:`Mistake` where there is no installation, and in place of a :class:`Refusal`.
    """
    complete = with_secrets(settings, may_make=False, needed=RECORD_KEYS)
    engine = open_engine(complete.record_url)
    try:
        if not answers(reading(engine)):
            raise Mistake("There is no record here yet, or it can't be read. Run: signpost up")
        with session_factory(engine).begin() as session:
            yield Register(session, Trail(complete.audit_key), Passwords(PasswordHasher()), clock(), by)
    except Refusal as refusal:
        raise Mistake(str(refusal)) from None
    except SQLAlchemyError as fault:
        raise Mistake(f"The record can't be used just now ({type(fault).__name__}). Try again.") from None
    finally:
        engine.dispose()


def first_sign_in(settings: Settings, clock: Clock = utc_now) -> list[str]:
    """What tells of the first account, made now; nothing where there is one, or nobody signs in with a password."""
    if not settings.local_sign_in:
        return []
    engine = open_engine(settings.record_url)
    try:
        with session_factory(engine).begin() as session:
            password = first_password(session, Trail(settings.audit_key), lambda: Passwords(PasswordHasher()), clock())
    finally:
        engine.dispose()
    if password is None:
        return []
    return [
        f"First sign-in: username {USERNAME}, password {password}",
        "The password is told only now; you choose your own when you sign in. Lost? signpost staff reset administrator",
    ]
