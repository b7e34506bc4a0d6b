"""Makes an installation ready to run: folder, secrets, tables, key, words and model."""

import os
import sqlite3
from contextlib import closing

from signpost.alerts.ways import telling_of
from signpost.checking import check_start
from signpost.console.signin.opening import registration_of
from signpost.force.accounts import load_accounts
from signpost.log.database import migrate, open_engine, session_factory
from signpost.log.encryption import Vault, check_key
from signpost.log.retention import limits_of
from signpost.mistakes import Mistake
from signpost.processes import PROJECT, need_rasa
from signpost.secrets import with_secrets
from signpost.settings import Settings


def make_ready(settings: Settings) -> Settings:
    """The settings with their secrets, once everything that can be wrong before a start has been looked at.

    Raises :class:`Mistake` with what is wrong and what to do.
    """
    need_rasa()
    # The folder holds what people wrote and the key to it: nobody else on the machine may read any of it.
    os.umask(0o077)
    check_start(settings, PROJECT)
    load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    complete = with_secrets(settings, may_make=True)
    telling_of(complete)
    limits_of(complete)
    registration_of(complete)
    vault = Vault(complete.encryption_key)
    engine = open_engine(complete.record_url)
    try:
        migrate(engine)
        with session_factory(engine).begin() as session:
            check_key(session, vault)
    finally:
        engine.dispose()
    _prepare_conversations(complete)
    return complete


def accounts_off(settings: Settings) -> list[str]:
    """A sentence for each account from which nothing is taken and to which nothing is sent, with the reason."""
    found = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    return [f"{account.off}." for account in found.all if account.off]


def _prepare_conversations(settings: Settings) -> None:
    """SQLite remembers WAL mode in the file, so Rasa's tracker store has it without knowing."""
    if settings.tracker_url:
        return
    try:
        with closing(sqlite3.connect(settings.data_folder / "conversations.db")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as fault:
        raise Mistake(f"{settings.data_folder}/conversations.db can't be opened: {fault}.") from None
