"""The connection to the record: one engine a process, SQLite in WAL mode or PostgreSQL, migrated by Alembic."""

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine, Insert, create_engine, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from signpost.log.models import InboundMessage
from signpost.mistakes import Mistake

SessionFactory = Callable[[], Session]
MIGRATIONS = Path(__file__).parents[2] / "migrations"
BUSY_SECONDS = 10.0
ASK_AGAIN_SECONDS = (0.0005, 0.002)
IN_NO_HURRY = {"busy_seconds": 0.0}
"""Execution options of an engine for what can as well be written later: it fails at once where it would have to wait."""


def open_engine(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine whose writes are on disk when they are acknowledged, and wait for others' so many seconds (SQLite).

    Raises :class:`Mistake` for a malformed URL.
    """
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except ImportError as fault:
        raise Mistake(f"SIGNPOST_DATABASE_URL needs a driver that isn't installed ({fault.name}).") from None
    except (SQLAlchemyError, ValueError):
        raise Mistake(
            "SIGNPOST_DATABASE_URL is not a database URL such as postgresql+psycopg://user@host/name."
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_prepare_sqlite, busy_seconds=busy_seconds))
        event.listen(engine, "begin", partial(_begin_immediately, busy_seconds=busy_seconds))
    return engine


def _prepare_sqlite(connection: Any, _record: Any, busy_seconds: float) -> None:
    # Transactions are begun by _begin_immediately, not by the driver.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit survives a power cut. WAL alone would only survive a crash of the process.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is erased is overwritten, rather than left in the file until something else needs the room.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_immediately(connection: Any, busy_seconds: float) -> None:
    # A transaction that reads first and writes later fails at once when another wrote in between;
    # one that takes the write lock at the start waits its turn.
    if connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite's own waiting sleeps longer the longer it has waited, so that under load a newcomer always wins.
    # Asking again after a short while, whoever asks, gives everybody the same chance.
    deadline = time.monotonic() + connection.get_execution_options().get("busy_seconds", busy_seconds)
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as fault:
            if "locked" not in str(fault.orig) or time.monotonic() >= deadline:
                raise
            time.sleep(random.uniform(*ASK_AGAIN_SECONDS))
        else:
            break
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions; what they loaded stays readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def reading(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions that only read, and so never wait for a writer."""
    return sessionmaker(engine.execution_options(reads_only=True), expire_on_commit=False)


def answers(reads: sessionmaker[Session]) -> bool:
    """Whether the record can be read, tables and all."""
    try:
        with reads() as session:
            # A table rather than SELECT 1: a database without tables answers that too, and nothing would work.
            session.scalars(select(InboundMessage.id).limit(1)).first()
    except SQLAlchemyError:
        return False
    return True


def insert_if_absent(session: Session, model: type[DeclarativeBase]) -> Insert:
    """An insert that leaves alone what another process stored between our look and our write."""
    make: Callable[[Any], Any] = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: Insert = make(model.__table__).on_conflict_do_nothing()
    return statement


def migrate(engine: Engine) -> None:
    """Brings the tables to what this version needs. Raises :class:`Mistake` when the database can't be used."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError:
        raise Mistake(
            "The database was made by a newer Signpost. Use that version, or restore a backup from this one."
        ) from None
    except OperationalError as fault:
        raise Mistake(
            f"The database can't be opened: {fault.orig}. Check the folder's permissions and the disk's space."
        ) from None
    except DatabaseError as fault:
        raise Mistake(
            f"The database can't be opened: {fault.orig}. Restore it from a backup, or give another folder."
        ) from None
