"""The orders in which records stand in a list, and how a list is walked page by page without ever counting from its top.

Where a page begins is told by the last row before it, so that a page costs the same wherever it is, and what comes in
meanwhile moves nothing. A list with filters looks through so many rows a page at most, in the order of an index; where few
match, the page says so and is gone on with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from signpost.log.models import UNREVIEWED, Escalation

LOOK_THROUGH = 20_000
"""Rows that a page with filters looks through at most."""
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # the record keeps UTC without a zone
MICROSECOND = timedelta(microseconds=1)
HIGHEST_NUMBER = 2**31 - 1
_KEY = re.compile(r"[0-9]{1,18}(_[0-9]{1,18}){0,2}")

Key = tuple[Any, ...]
"""A row's values in the columns of an order."""


@dataclass(frozen=True)
class Order:
    """Columns that tell any two rows apart, all up or all down, and the condition of the index that has them so."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    condition: ColumnElement[bool]
    newest_first: bool = False

    def beyond(self, key: Key, *, back: bool = False) -> ColumnElement[bool]:
        """What comes after the row with this key; before it, with ``back``."""
        row = tuple_(*self.columns)
        return row < tuple_(*key) if back is not self.newest_first else row > tuple_(*key)

    def sorted(self, query: Select[Any], *, back: bool = False) -> Select[Any]:
        """The query in this order; in the opposite one, with ``back``."""
        down = back is not self.newest_first
        return query.order_by(*(column.desc() if down else column.asc() for column in self.columns))


TO_REVIEW: Final = Order(
    (Escalation.priority, Escalation.received_at, Escalation.id), Escalation.review_state == UNREVIEWED
)
"""The most urgent first, and what has waited longest first among them (index ix_escalation_queue)."""
REVIEWED_ONES: Final = Order(
    (Escalation.reviewed_at, Escalation.id), Escalation.reviewed_at.is_not(None), newest_first=True
)
"""What was reviewed last first (index ix_escalation_reviewed_at)."""


@dataclass(frozen=True)
class Stretch:
    """Some rows of a list. ``more``: others follow. ``seen_to``: where the look ended early, none where it didn't."""

    rows: list[Row[Any]]
    more: bool
    seen_to: Key | None = None


def walk(  # noqa: PLR0913  # what narrows the list is named at each call
    session: Session,
    order: Order,
    query: Select[Any],
    conditions: Sequence[ColumnElement[bool]],
    *,
    start: Key | None = None,
    back: bool = False,
    size: int,
    look_through: int = LOOK_THROUGH,
) -> Stretch:
    """Up to ``size`` rows of ``query`` that fulfil the conditions, from ``start`` on (not counted in), or before it."""
    within = [order.condition, *([order.beyond(start, back=back)] if start else [])]
    end = None
    if conditions:
        # From the index alone: it holds these columns.
        far = order.sorted(select(*order.columns).where(*within), back=back).offset(look_through - 1).limit(1)
        found = session.execute(far).first()
        end = tuple(found) if found else None
    if end is not None:
        within.append(~order.beyond(end, back=back))
    wanted = order.sorted(query.where(*within, *conditions), back=back).limit(size + 1)
    rows = list(session.execute(wanted))
    more, rows = len(rows) > size, rows[:size]
    return Stretch(rows[::-1] if back else rows, more or end is not None, None if more else end)


def key_text(key: Key) -> str:
    """The key as an address holds it."""
    return "_".join(str((one - EPOCH) // MICROSECOND if isinstance(one, datetime) else one) for one in key)


def read_key(text: str, order: Order) -> Key | None:
    """The key of an address; none for what is no key of this order."""
    if not _KEY.fullmatch(text):
        return None
    numbers = [int(part) for part in text.split("_")]
    if len(numbers) != len(order.columns):
        return None
    key = tuple(_value(number, column) for column, number in zip(order.columns, numbers, strict=True))
    return None if None in key else key


def _value(number: int, column: InstrumentedAttribute[Any]) -> datetime | int | None:
    """The value a column may have; none where no database holds such a number, or the moment is past the last."""
    if column.type.python_type is not datetime:
        return number if number <= HIGHEST_NUMBER else None
    try:
        return EPOCH + number * MICROSECOND
    except OverflowError:
        return None
