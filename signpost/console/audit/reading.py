"""Reads the audit log for people: a page of it, or all that the filters ask for, from the newest on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, sessionmaker

from signpost.console.audit.filters import AuditFilters
from signpost.log.models import AuditEntry

PAGE_SIZE: Final = 50
AT_ONCE: Final = 2000
"""Entries that are read at once for a spreadsheet."""
LOOK_THROUGH: Final = 20_000
"""Entries that a page with filters looks through at most."""
_ENTRIES = AuditEntry.__table__


@dataclass(frozen=True)
class Entries:
    """A page. ``newer`` and ``older`` are numbers of entries to go on from, none where there is no such page.

    ``further``: where to go on in the same direction, when the look ended early with few finds.
    """

    rows: list[Row[Any]]
    newer: int | None = None
    older: int | None = None
    further: int | None = None


def read_page(session: Session, filters: AuditFilters, key: int | None, *, back: bool = False) -> Entries:
    """The entries older than the one with this number; the newer ones next to it, with ``back``."""
    line, conditions = filters.line(session), filters.where()
    if key is not None:
        line = replace(line, first=max(line.first, key + 1)) if back else replace(line, last=min(line.last, key - 1))
    in_order = AuditEntry.sequence.asc() if back else AuditEntry.sequence.desc()
    further = None
    if conditions:
        far = line.query(AuditEntry.sequence).order_by(in_order).offset(LOOK_THROUGH - 1).limit(1)
        further = session.scalar(far)
    if further is not None:
        line = replace(line, last=further) if back else replace(line, first=further)
    rows = list(session.execute(line.query(_ENTRIES).where(*conditions).order_by(in_order).limit(PAGE_SIZE + 1)))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if more:
        further = None
    if not rows:
        return Entries([], further=further)
    rows = rows[::-1] if back else rows
    has_newer, has_older = (more, True) if back else (key is not None, more)
    newer, older = rows[0].sequence if has_newer else None, rows[-1].sequence if has_older else None
    return Entries(rows, newer, older, further)


def count(session: Session, filters: AuditFilters) -> tuple[int, int]:
    """How many entries the filters ask for, however long the log is, and the number of the newest of all."""
    newest = session.scalar(select(func.max(AuditEntry.sequence))) or 0
    line = filters.line(session)
    query = replace(line, last=min(line.last, newest)).query(func.count()).where(*filters.where())
    return session.scalar(query) or 0, newest


def all_entries(reads: sessionmaker[Session], filters: AuditFilters, newest: int) -> Iterator[Row[Any]]:
    """Every entry the filters ask for up to the number ``newest``, the newest first, a few thousand at a time."""
    last = newest
    while True:
        with reads() as session:
            line = filters.line(session)
            query = replace(line, last=min(line.last, last)).query(_ENTRIES).where(*filters.where())
            rows = session.execute(query.order_by(AuditEntry.sequence.desc()).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].sequence - 1
