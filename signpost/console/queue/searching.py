"""Free-text search in the redacted texts, newest first: SQLite's FTS5, PostgreSQL's text search.

Both are asked for the same: every word must be there, and what stands in quotation marks must stand together. Nothing that
people type is taken for the search's own grammar.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select
from sqlalchemy.orm import Session

from signpost.channels.text import storable
from signpost.console.queue.finding import Asked, finds
from signpost.console.queue.order import LOOK_THROUGH, Key, Order, Stretch
from signpost.log.models import Escalation

MOST_WORDS: Final = 20
BY_NUMBER: Final = Order((Escalation.id,), Escalation.id > 0, newest_first=True)
"""Records are numbered as they come, and both searches give their finds by number, so that nothing has to be sorted."""
_LOOK_THROUGH = LOOK_THROUGH // 4
"""Finds that are looked through at most where filters are set: finding one costs more than reading the next of an index."""
_AT_ONCE = 1000
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')


def search_expression(typed: str) -> str:
    """What both databases are asked: each word or phrase in quotation marks. Empty when nothing can be searched for."""
    pieces = (phrase or word for phrase, word in _PIECE.findall(storable(typed).translate(_QUOTES)))
    wanted = [" ".join(piece.split()) for piece in pieces if any(map(str.isalnum, piece))]
    return " ".join(f'"{one}"' for one in wanted[:MOST_WORDS])


def search(  # noqa: PLR0913  # what narrows the finds is named at each call
    session: Session,
    expression: str,
    query: Select[Any],
    conditions: Sequence[ColumnElement[bool]],
    *,
    start: Key | None = None,
    back: bool = False,
    size: int,
    look_through: int = _LOOK_THROUGH,
) -> Stretch:
    """Up to ``size`` rows of ``query`` whose text matches and that fulfil the conditions, the newest first.

    ``expression`` is :func:`search_expression`'s. ``start`` is the row not to be counted in any more.
    """
    asked = Asked(expression, start[0] if start else None, back, look_through if conditions else size + 1)
    found = finds(session, asked)
    rows: list[Row[Any]] = []
    # Found first and looked up after: else a database might look through the record by a filter's index instead.
    for place in range(0, len(found.numbers), _AT_ONCE):
        within = Escalation.id.in_(found.numbers[place : place + _AT_ONCE])
        some = BY_NUMBER.sorted(query.where(within, *conditions), back=back).limit(size + 1 - len(rows))
        rows.extend(session.execute(some))
        if len(rows) > size:
            break
    more, rows = len(rows) > size, rows[:size]
    ended = found.seen_to
    if conditions and len(found.numbers) == look_through:
        ended = found.numbers[-1]
    seen_to = None if more or ended is None else (ended,)
    return Stretch(rows[::-1] if back else rows, more or seen_to is not None, seen_to)
