"""Records with very many rows, for both products: invented reports for ours, as many rows for each of stock's databases."""

import contextlib
import json
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from signpost.bench.cache import Cache
from signpost.bench.load import report
from signpost.mistakes import Mistake
from signpost.processes import PROJECT

OWN_BYTES, STOCK_BYTES = 6_000, 1_500
"""About what a row takes on the disk while it is made, with all that belongs to it."""
EVENTS = 10
"""Events that stock's tracker store has about each conversation: with two turns in it, about so many."""
AT_ONCE = 50_000
DAYS = 730
TRACKER = (
    "CREATE TABLE IF NOT EXISTS events (id INTEGER NOT NULL PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, "
    "type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"
)
"""As Rasa 3.6 makes it, with its index."""
TRACKER_INDEX = "CREATE INDEX IF NOT EXISTS ix_events_sender_id ON events (sender_id)"
REPORTS = (
    "CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, reference TEXT UNIQUE NOT NULL, sender TEXT NOT NULL, "
    "received_at TEXT NOT NULL, label TEXT NOT NULL, confidence REAL NOT NULL, text TEXT NOT NULL)"
)
"""As the stock project's own action makes it."""


def own_record(cache: Cache, rows: int) -> Path:
    """A data folder with so many escalations, which the measured product then writes on in. Raises :class:`Mistake`."""

    def make(folder: Path) -> dict[str, Any]:
        # The installed command doesn't look there by itself.
        sys.path.append(str(PROJECT))
        try:
            generate = import_module("tests.large.generate")
        except ImportError:
            raise Mistake(
                "What makes large records comes with the project's repository; this installation has none."
            ) from None
        from signpost.log.clock import utc_now

        place = generate.place_of(str(folder), None)
        generate.fill(place, generate.Size(rows, rows, 0, 0.1, DAYS), seed=7, until=utc_now())
        _count_days(place.url)
        return {"rows": rows}

    about = f"Making a record of {rows:,} escalations"
    return cache.made(f"own-record-{rows}-{_schema()}", rows * OWN_BYTES / 10**9, make, about)[0]


def stock_record(cache: Cache, rows: int) -> Path:
    """A folder with stock's two databases, each with so many rows. Raises :class:`Mistake`."""

    def make(folder: Path) -> dict[str, Any]:
        _fill(
            folder / "conversations.db",
            (TRACKER, TRACKER_INDEX),
            "events",
            7,
            (_event(number) for number in range(rows)),
        )
        _fill(folder / "reports.db", (REPORTS,), "report", 7, (_row(number) for number in range(rows)))
        return {"rows": rows}

    about = f"Making stock's databases of {rows:,} rows"
    return cache.made(f"stock-record-{rows}", rows * STOCK_BYTES / 10**9, make, about)[0]


def _count_days(url: str) -> None:
    """Counts for the reports what a running product would have counted day by day."""
    from signpost.log.clock import utc_now
    from signpost.log.database import open_engine, reading, session_factory
    from signpost.log.figures_keeping import FigureKeeper

    engine = open_engine(url)
    FigureKeeper(session_factory(engine), reading(engine), utc_now).refresh_all(lambda _seconds: None)
    engine.dispose()


def _schema() -> str:
    """The newest migration's number: a record of older tables is made anew."""
    return max(file.name[:4] for file in (PROJECT / "migrations" / "versions").glob("[0-9]*.py"))


def _fill(file: Path, tables: tuple[str, ...], table: str, columns: int, rows: Iterator[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * columns)
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA synchronous=OFF")
        for statement in tables:
            database.execute(statement)
        with database:
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  # our own names


def _event(number: int) -> tuple[Any, ...]:
    kind = "user" if number % EVENTS == 0 else "action"
    text, at = report(number), 1.7e9 + number
    data = {
        "event": kind,
        "timestamp": at,
        "text": text,
        "name": "utter_guidance",
        "policy": "policy_2_RulePolicy",
        "confidence": 1.0,
    }
    return (
        *(number + 1, f"past{number // EVENTS}", kind, at),
        *("report_crime" if kind == "user" else None, None if kind == "user" else "utter_guidance", json.dumps(data)),
    )


def _row(number: int) -> tuple[Any, ...]:
    reference = uuid.UUID(int=number).hex
    return number + 1, reference, f"past{number}", "2026-01-01T00:00:00+00:00", "report_crime", 0.98, report(number)
