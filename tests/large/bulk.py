"""Puts many rows into a record quickly: SQLite in large unsafe transactions, PostgreSQL by COPY."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url

Rows = Sequence[tuple[Any, ...]]
SEARCH = "escalation_search"


class Bulk(Protocol):
    """Takes rows of a table. Times are texts, truths 0 or 1, JSON is text: both databases read them alike."""

    def add(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        """Stores the rows."""


@contextmanager
def bulk_for(url: str, tables: Sequence[str]) -> Iterator[Bulk]:
    """Opens the (migrated, empty) record for loading. Indexes and triggers are put aside and made again at the end."""
    with _sqlite(url, tables) if url.startswith("sqlite") else _postgresql(url, tables) as bulk:
        yield bulk


def _quoted(columns: Sequence[str]) -> str:
    """The columns' names; ``end`` would be taken for a word of SQL's own."""
    return ", ".join(f'"{column}"' for column in columns)


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def add(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f"INSERT INTO {table} ({_quoted(columns)}) VALUES ({marks})", rows)


@contextmanager
def _sqlite(url: str, tables: Sequence[str]) -> Iterator[Bulk]:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    for pragma in (
        "synchronous=OFF",
        "foreign_keys=OFF",
        "cache_size=-600000",
        "temp_store=FILE",
        "locking_mode=EXCLUSIVE",
    ):
        connection.execute(f"PRAGMA {pragma}")
    marks = ", ".join("?" * len(tables))
    aside = connection.execute(
        f"SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        f" AND tbl_name IN ({marks})",
        tables,
    ).fetchall()
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("BEGIN")
    for kind, name, _sql in aside:
        connection.execute(f"DROP {kind} {name}")
    yield _Sqlite(connection)
    for _kind, _name, sql in aside:
        connection.execute(sql)
    connection.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


class _Postgresql:
    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection

    def add(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({_quoted(columns)}) FROM STDIN") as copy,  # type: ignore[arg-type]
        ):
            for row in rows:
                copy.write_row(row)


@contextmanager
def _postgresql(url: str, tables: Sequence[str]) -> Iterator[Bulk]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        aside = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(tables)],
        ).fetchall()
        for name, _sql in aside:
            connection.execute(f"DROP INDEX {name}")
        for table in tables:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield _Postgresql(connection)
        for table in tables:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for _name, sql in aside:
            connection.execute(sql)
        _move_sequences_on(connection, tables)
    with psycopg.connect(plain, autocommit=True) as connection:
        # As PostgreSQL's own housekeeping would, sooner or later.
        for table in tables:
            connection.execute(f"VACUUM ANALYZE {table}")


def _move_sequences_on(connection: "psycopg.Connection[Any]", tables: Sequence[str]) -> None:
    for table in tables:
        found = connection.execute(
            "SELECT pg_get_serial_sequence(%s, attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id'",
            [table, table],
        ).fetchone()
        if found and found[0]:
            connection.execute(f"SELECT setval('{found[0]}', (SELECT COALESCE(MAX(id), 1) FROM {table}))")
