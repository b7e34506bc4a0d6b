"""The table of dialogue events as Rasa's own SQL store has it, read and written with statements that are made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

SESSION_STARTED = "session_started"
BUSY_SECONDS = 10
TRIES = 5
_EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)
_BY_DIALOGUE = text("CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)")
"""SQLite's index holds the row's id already; without this one PostgreSQL reads and sorts a whole dialogue at each turn."""
_of_one = _EVENTS.c.sender_id == bindparam("sender_id")
_FIELDS = (_EVENTS.c.type_name, _EVENTS.c.data)
_INSERT = insert(_EVENTS)
_NEWEST = select(*_FIELDS).where(_of_one).order_by(_EVENTS.c.id.desc()).limit(bindparam("most"))
_ALL = select(*_FIELDS).where(_of_one).order_by(_EVENTS.c.id)
_SESSION = select(func.max(_EVENTS.c.id)).where(_of_one, _EVENTS.c.type_name == SESSION_STARTED).scalar_subquery()
_LAST_SESSION = _ALL.where(_EVENTS.c.id >= func.coalesce(_SESSION, 0))
_KEYS = select(_EVENTS.c.sender_id).distinct()


class Row(NamedTuple):
    """One event as it lies in the table: ``data`` is its JSON."""

    type_name: str
    data: str


@dataclass(frozen=True)
class Rows:
    """The table in one database, SQLite or PostgreSQL. Raises SQLAlchemy's errors."""

    engine: Engine

    @property
    def in_memory(self) -> bool:
        """Whether it is a database that only this object's one connection can see."""
        return isinstance(self.engine.pool, StaticPool)

    def newest(self, key: str, most: int) -> list[Row]:
        """At most so many of a dialogue's events, the newest first."""
        return self._read(_NEWEST, {"sender_id": key, "most": most})

    def last_session(self, key: str) -> list[Row]:
        """A dialogue's events since its last session began, the oldest first."""
        return self._read(_LAST_SESSION, {"sender_id": key})

    def all_sessions(self, key: str) -> list[Row]:
        """All of a dialogue's events, the oldest first."""
        return self._read(_ALL, {"sender_id": key})

    def keys(self) -> list[str]:
        """Every dialogue's key."""
        with self.engine.connect() as connection:
            return list(connection.scalars(_KEYS))

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Adds events in one transaction, in their order; they are on disk when this returns."""
        with self.engine.begin() as connection:
            connection.execute(_INSERT, rows)

    def _read(self, statement: Any, given: dict[str, Any]) -> list[Row]:
        with self.engine.connect() as connection:
            return [Row(*row) for row in connection.execute(statement, given)]


def open_rows(url: str) -> Rows:
    """The table at this address, made where it isn't there yet."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        # This project brings psycopg 3, whatever SQLAlchemy would take where no driver is named.
        named = place if "+" in place.drivername else place.set(drivername=f"{place.drivername}+psycopg")
        engine = create_engine(named, pool_pre_ping=True)
    elif place.database:
        engine = create_engine(place)
        event.listen(engine, "connect", _make_durable)
    else:
        engine = create_engine(place, poolclass=StaticPool, connect_args={"check_same_thread": False})
    _make_table(engine)
    return Rows(engine)


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit survives a power cut. WAL alone would only survive a crash of the process.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _make_table(engine: Engine) -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            with engine.begin() as connection:
                _EVENTS.create(connection, checkfirst=True)
                if engine.dialect.name == "postgresql":
                    connection.execute(_BY_DIALOGUE)
        except DBAPIError:
            # Another assistant that starts beside this one may just have made it; then it is there the next time.
            if not tries_left:
                raise
        else:
            return
