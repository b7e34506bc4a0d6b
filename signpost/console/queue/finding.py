"""Asks each database which records' texts match a search, the newest first, at a cost that doesn't grow with the record.

SQLite gives its finds by number of itself. PostgreSQL doesn't, and guesses badly whether many will match: told to sort, it
would fetch half the record for a common word, or read through all of it for a rare one. So the newest stretch is read
first, which is enough for what is common; what turns out to be rare there is then asked of the index alone.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from signpost.console.queue.order import LOOK_THROUGH
from signpost.log.models import Escalation

RARE_ONE_IN: Final = 100
"""Of the records of a stretch; what matches more seldom is looked up in the index."""
_ONE_BY_ONE = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")
"""PostgreSQL's ways of reading that must not be taken when the text's index is to be asked."""
_WORD = re.compile(r'[^\s"]+')
_FTS = table("escalation_search", column("rowid"), column("escalation_search"))


@dataclass(frozen=True)
class Asked:
    """What is searched for, from which record's number on (not counted in), and how many finds are wanted at most."""

    expression: str
    start: int | None
    back: bool
    most: int


@dataclass(frozen=True)
class Finds:
    """Numbers of records, the newest first; the oldest first when looking back. ``seen_to``: where the look ended early."""

    numbers: list[int]
    seen_to: int | None = None


def finds(session: Session, asked: Asked, look_through: int = LOOK_THROUGH) -> Finds:
    """The records whose text matches."""
    if session.get_bind().dialect.name == "postgresql":
        return _of_postgresql(session, asked, look_through)
    number, matches = _FTS.c.rowid, _FTS.c.escalation_search.op("MATCH")(asked.expression)
    return Finds(_numbers(session, select(number).where(matches), number, asked))


def _of_postgresql(session: Session, asked: Asked, look_through: int) -> Finds:
    newest = session.scalar(select(func.max(Escalation.id))) or 0
    start = asked.start if asked.start is not None else newest + 1
    edge = start + look_through if asked.back else start - look_through
    number = Escalation.id.expression
    stretch = select(number).where(number < edge if asked.back else number > edge)
    found = _numbers(session, stretch.where(_matches(asked.expression)), number, asked)
    if len(found) == asked.most or not 0 < edge <= newest:
        return Finds(found)
    # A phrase's words may be common where the phrase isn't, and the index knows words alone.
    words = " ".join(f'"{word}"' for word in _WORD.findall(asked.expression))
    seldom = Asked(words, asked.start, asked.back, max(look_through // RARE_ONE_IN, 1))
    if len(_numbers(session, stretch.where(_matches(words)), number, seldom)) == seldom.most:
        # The edge itself is still to be looked at.
        return Finds(found, seen_to=edge - 1 if asked.back else edge + 1)
    _set(session, "off")
    rare = _numbers(session, select(number).where(_matches(asked.expression)), number, asked)
    _set(session, "on")
    return Finds(rare)


def _matches(expression: str) -> ColumnElement[bool]:
    return literal_column("escalation.search").op("@@")(func.websearch_to_tsquery("english", expression))


def _numbers(session: Session, query: Select[Any], number: ColumnElement[Any], asked: Asked) -> list[int]:
    if asked.start is not None:
        query = query.where(number > asked.start if asked.back else number < asked.start)
    sorted_ones = query.order_by(number.asc() if asked.back else number.desc())
    return list(session.scalars(sorted_ones.limit(asked.most)))


def _set(session: Session, value: str) -> None:
    """For the rest of this transaction."""
    session.execute(select(*(func.set_config(name, value, True) for name in _ONE_BY_ONE)))  # noqa: FBT003  # SQL's own
