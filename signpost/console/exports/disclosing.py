"""An export of records, from the filters to the file's parts: the same for the page and for the command."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session, sessionmaker

from signpost.console.exports.cells import moment
from signpost.console.exports.layout import as_json, spreadsheet
from signpost.console.exports.records import all_records, count_all
from signpost.console.queue.filters import Filters
from signpost.console.queue.wording import Word
from signpost.log.audit import DISCLOSURE, Act, Trail

EXPORTED: Final = "records_exported"


@dataclass(frozen=True)
class Export:
    """What is asked for, by whom and why. ``kind`` is csv or json."""

    filters: Filters
    kind: str
    actor: str
    purpose: str

    def act(self, count: int) -> Act:
        """For the audit trail: by which filters, how many. What was searched for is never among the filters."""
        asked: dict[str, list[str]] = {}
        for name, value in self.filters.as_args():
            asked.setdefault(name, []).append(value)
        detail: dict[str, Any] = {"records": count, "format": self.kind, "filters": asked}
        return Act(self.actor, DISCLOSURE, EXPORTED, purpose=self.purpose, detail=detail)


@dataclass(frozen=True)
class Disclosed:
    """How many records there are, and the file, part by part."""

    count: int
    parts: Iterator[str]


def disclose(  # noqa: PLR0913, PLR0917  # what an export is made of
    export: Export,
    sessions: sessionmaker[Session],
    reads: sessionmaker[Session],
    trail: Trail,
    word: Word,
    now: datetime,
) -> Disclosed:
    """Counts, notes the disclosure in the audit trail, and then makes the file: what can't be logged isn't given out."""
    with reads() as session:
        count, newest = count_all(session, export.filters)
    with sessions.begin() as session:
        trail.write(session, export.act(count), now)
    rows = all_records(reads, export.filters, newest)
    if export.kind == "csv":
        return Disclosed(count, spreadsheet(rows, word))
    about = {"made_at": moment(now), "filters": export.filters.words(word), "count": count}
    return Disclosed(count, as_json(rows, about))
