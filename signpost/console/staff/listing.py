"""The accounts as `signpost staff list` shows them."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from signpost.console.signin.local import is_locked
from signpost.console.staff.accounts import everybody
from signpost.console.staff.states import state_of
from signpost.console.times import day_and_time
from signpost.log.clock import Clock, utc_now
from signpost.log.database import answers, open_engine, reading
from signpost.log.models import StaffAccount
from signpost.mistakes import Mistake
from signpost.secrets import RECORD_KEYS, with_secrets
from signpost.settings import Settings

COLUMNS = ("username", "name", "roles", "state", "last sign-in")
Row = tuple[str, str, str, str, str]


def listed(settings: Settings, clock: Clock = utc_now) -> list[Row]:
    """A row an account. Raises :class:`Mistake` where there is no record, or it can't be read."""
    engine = open_engine(with_secrets(settings, may_make=False, needed=RECORD_KEYS).record_url)
    reads = reading(engine)
    try:
        if not answers(reads):
            raise Mistake("There is no record here yet, or it can't be read. Run: signpost up")
        with reads() as session:
            return [_row(account, clock()) for account in everybody(session)]
    except SQLAlchemyError as fault:
        raise Mistake(f"The record can't be read just now ({type(fault).__name__}). Try again.") from None
    finally:
        engine.dispose()


def _row(account: StaffAccount, now: datetime) -> Row:
    last = day_and_time(account.last_signed_in_at) if account.last_signed_in_at else "never"
    state = state_of(account, locked=is_locked(account, now))
    return account.username, account.name, ", ".join(account.roles), state.lower(), last
