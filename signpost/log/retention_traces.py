"""Takes away what an erasure leaves behind in the database's files: the search's index, the write-ahead log, free pages.

SQLite overwrites what it frees (``secure_delete``), but a full-text index keeps a deleted row's words until its parts are
merged, and the write-ahead log keeps old pages until it is emptied. On PostgreSQL, VACUUM frees the old rows; their bytes
go when their pages are used again, so there, and for backups and disks, encryption at rest is what protects them.
"""

import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

_MERGE = text("INSERT INTO escalation_search(escalation_search, rank) VALUES ('merge', :pages)")
PAGES_AT_ONCE = 50
"""Of the search's index, merged in one transaction: some tens of milliseconds."""
BETWEEN = 0.02
"""Seconds between two of them, for others to write in."""
CHECKPOINT_TRIES, CHECKPOINT_PAUSE = 20, 0.1
VACUUMED = (
    "escalation",
    "inbound_message",
    "outbound_message",
    "delivery_attempt",
    "conversation",
    "correction",
    "alert",
)
log = structlog.get_logger("signpost.retention")


def remove_traces(sessions: sessionmaker[Session], rest: Callable[[float], object] = time.sleep) -> bool:
    """Does so for the record; false when somebody kept the write-ahead log in use all the while.

    What was left undone is done by the next run. ``rest`` waits so many seconds.
    """
    engine = sessions.kw["bind"]
    if engine.dialect.name != "sqlite":
        _vacuum(engine)
        return True
    _merge_search(sessions, rest)
    return empty_write_ahead_log(engine)


def empty_write_ahead_log(engine: Engine) -> bool:
    """Writes all of it to the database's file and empties it (SQLite); false when a reader was in the way."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for _ in range(CHECKPOINT_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            answer = cursor.fetchone()
            if answer is None or not answer[0]:  # The first of three numbers: whether somebody was in the way.
                return True
            time.sleep(CHECKPOINT_PAUSE)
    finally:
        connection.close()
    log.warning("write_ahead_log_not_emptied")
    return False


def _merge_search(sessions: sessionmaker[Session], rest: Callable[[float], object]) -> None:
    """Merges the index's parts into one, a little at a time, as SQLite's documentation of FTS5 has it (``merge``)."""
    pages = -PAGES_AT_ONCE  # Begins a merge of everything; after that it is only gone on with.
    while True:
        with sessions.begin() as session:
            raw = session.connection().connection.driver_connection
            assert raw is not None  # noqa: S101  # for the type checker: it is connected
            before = raw.total_changes
            session.execute(_MERGE, {"pages": pages})
            done = raw.total_changes - before < 2  # noqa: PLR2004  # the statement itself counts as one
        if done:
            return
        pages = PAGES_AT_ONCE
        rest(BETWEEN)


def _vacuum(engine: Engine) -> None:
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in VACUUMED:
                connection.execute(text(f"VACUUM {table}"))
    except SQLAlchemyError as fault:
        # PostgreSQL does it by itself, later.
        log.warning("not_vacuumed", fault=type(fault).__name__)
