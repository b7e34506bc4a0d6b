"""The connection to the record: one engine a process, SQLite in WAL mode or PostgreSQL, migrated by Alembic."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from signpost.log.models import InboundMessage
from signpost.log.turns import Turns, TurnTaking
from signpost.mistakes import Mistake

SessionFactory = Callable[[], Session]
MIGRATIONS = Path(__file__).parents[2] / "migrations"
BUSY_SECONDS = 10.0
IN_NO_HURRY = {"busy_seconds": 0.0}
"""Execution options of an engine for what can as well be written later: it fails at once where it would have to wait."""
LONGEST_LOG = 10_000
"""Pages of the write-ahead log (SQLite) at which a commit must write them back, and waits; :func:`write_back` does so before."""
KEPT = 24
"""Connections to a file that stay open: to open one and prepare it costs more than most transactions."""


def open_engine(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine whose writes are on disk when they are acknowledged, and wait for others' so many seconds (SQLite).

    Raises :class:`Mistake` for a malformed URL.
    """
    try:
        place = make_url(url)
        if place.get_backend_name() != "sqlite":
            return create_engine(place, pool_pre_ping=True)
        pool = {"pool_size": KEPT, "pool_use_lifo": True} if place.database else {}
        engine = create_engine(place, connect_args={"factory": TurnTaking}, **pool)
    except ImportError as fault:
        raise Mistake(f"SIGNPOST_DATABASE_URL needs a driver that isn't installed ({fault.name}).") from None
    except (SQLAlchemyError, ValueError):
        raise Mistake(
            "SIGNPOST_DATABASE_URL is not a database URL such as postgresql+psycopg://user@host/name."
        ) from None
    event.listen(engine, "connect", partial(_prepare_sqlite, turns=Turns(), busy_seconds=busy_seconds))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: TurnTaking, _record: Any, turns: Turns, busy_seconds: float) -> None:
    connection.turns, connection.busy_seconds = turns, busy_seconds
    # Transactions are begun by _begin_sqlite, not by the driver.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit survives a power cut. WAL alone would only survive a crash of the process.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LONGEST_LOG}")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is erased is overwritten, rather than left in the file until something else needs the room.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    assert isinstance(raw, TurnTaking)  # noqa: S101  # for the type checker: open_engine asked for it
    options = connection.get_execution_options()
    # Straight to the driver: this comes before every transaction.
    if options.get("reads_only"):
        raw.execute("BEGIN")
        return
    # A transaction that reads first and writes later fails at once when another wrote in between;
    # one that takes the write lock at the start waits its turn.
    try:
        raw.begin_immediately(options.get("busy_seconds", raw.busy_seconds))
    except sqlite3.Error as fault:
        raise DBAPIError.instance("BEGIN IMMEDIATE", None, fault, sqlite3.Error) from fault


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions; what they loaded stays readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def reading(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions that only read, and so never wait for a writer."""
    return sessionmaker(engine.execution_options(reads_only=True), expire_on_commit=False)


def transaction(sessions: sessionmaker[Session]) -> AbstractContextManager[Connection]:
    """A transaction for statements that load no objects: a session around each would cost more than they do."""
    engine: Engine = sessions.kw["bind"]
    return engine.begin()


@contextmanager
def session_in(connection: Connection) -> Iterator[Session]:
    """A session within a transaction that has begun, for what is easier said with objects; it ends with that."""
    with Session(connection, expire_on_commit=False) as session, session.begin():
        yield session


def write_back(sessions: sessionmaker[Session]) -> None:
    """Copies what is in the write-ahead log to the database's own file, as far as nobody is in the way (SQLite).

    Whoever does so now and then spares those who commit the wait for it: a hundred milliseconds, every few dozen messages.
    """
    engine: Engine = sessions.kw["bind"]
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()
    finally:
        connection.close()


def answers(reads: sessionmaker[Session]) -> bool:
    """Whether the record can be read, tables and all."""
    try:
        with reads() as session:
            # A table rather than SELECT 1: a database without tables answers that too, and nothing would work.
            session.scalars(select(InboundMessage.id).limit(1)).first()
    except SQLAlchemyError:
        return False
    return True


def table_of(model: type[DeclarativeBase]) -> Table:
    """The model's table, for statements that are built once and load no more than their columns."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  # for the type checker: no model of ours is a join
    return table


def insert_if_absent(session: Session, model: type[DeclarativeBase]) -> Insert:
    """An insert that leaves alone what another process stored between our look and our write."""
    make: Callable[[Any], Any] = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: Insert = make(model.__table__).on_conflict_do_nothing()
    return statement


def migrate(engine: Engine) -> None:
    """Brings the tables to what this version needs. Raises :class:`Mistake` when the database can't be used."""
    # Once at the start, in one process: the others needn't carry it.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

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
