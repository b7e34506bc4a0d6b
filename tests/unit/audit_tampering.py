"""Somebody with the database in their hands, but not the key: raw SQL, with the guards taken away and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from signpost.log.audit import CONSULTATION, Act, Trail
from signpost.log.audit_anchor import AnchorFile
from signpost.log.audit_verifying import verify
from signpost.log.models import AuditEntry

TABLES = ("audit_entry", "audit_cut", "audit_head")


@contextmanager
def tampering(record: Any) -> Iterator[Connection]:
    """A connection on which everything can be done."""
    with record.sessions().get_bind().begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield connection
            for table in TABLES:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
        guards = connection.execute(query).all()
        assert guards, "the guards are there to be taken away"
        for name, _sql in guards:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _name, sql in guards:
            connection.execute(text(sql))


def fill(record: Any, trail: Trail, count: int = 10, *, days: int = 0) -> None:
    """Writes entries that differ in everything, a minute apart, the first one so many days ago."""
    at = record.clock() - timedelta(days=days)
    with record.sessions.begin() as session:
        begun = session.query(AuditEntry).count()
        for number in range(begun + 1, begun + count + 1):
            act = Act(
                f"person-{number}", CONSULTATION, f"event_{number}", f"CDF-{number:03}", f"why {number}", {"n": number}
            )
            trail.write(session, act, at + timedelta(minutes=number))


def found(record: Any, trail: Trail, anchors: AnchorFile | None = None) -> list[tuple[str, int | None]]:
    """The kinds and places of what a verification finds."""
    return [(one.kind, one.sequence) for one in verify(record.reads, trail, anchors).faults]
