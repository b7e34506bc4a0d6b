"""Filters over the record, as they stand in an address: read, checked, put into words and into conditions.

They hold codes, days and figures, and never what anybody wrote or searched for, so addresses and saved views may hold them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, UnaryExpression, and_, or_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.operators import custom_op
from werkzeug.datastructures import MultiDict

from signpost.console.queue.choices import CHOICES, EMERGENCIES, FAILURES, NAMES, OTHERS, UNSURE_ONES
from signpost.console.queue.wording import Word, plain_words
from signpost.console.times import start_of_day
from signpost.log.models import DOUBTFUL, ORDINARY, URGENT, Escalation

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MANY: Final = ("group", "label", "cause", "kind", "channel", "account", "delivery", "state")
"""The fields that may stand several times; one of the values is enough."""
SINGLE: Final = ("from", "to", "confidence_min", "confidence_max")
"""Days as 2026-11-22 or as people write them, 22/11/2026; confidence as a percentage from 0 to 100."""
FIELDS: Final = (*MANY, *SINGLE)
MOST_VALUES = 100
_ACCOUNT = re.compile(r"[\w.:@-]{1,128}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_WRITTEN = re.compile(r"([0-9]{1,2})[/. -]+([0-9]{1,2})[/. -]+([0-9]{4})")
_PERCENT = re.compile(r"([0-9]{1,3})\s*%?")
_PLUS: Final = custom_op[Any]("+")
_COLUMNS: Final[dict[str, InstrumentedAttribute[Any]]] = {
    "label": Escalation.label,
    "cause": Escalation.cause,
    "kind": Escalation.crime_kind,
    "channel": Escalation.channel,
    "account": Escalation.account,
    "delivery": Escalation.delivery_state,
    "state": Escalation.review_state,
}


@dataclass(frozen=True)
class Chip:
    """One filter that is set, in words, and the field's name and value by which it is taken out."""

    name: str
    value: str
    words: str


@dataclass(frozen=True)
class Filters:
    """What is asked for; nothing set asks for everything.

    ``chosen``: the values of each field of :data:`MANY`. ``first_day`` and ``last_day``: days in Europe/London, both
    counted in, by the time of receipt. ``least`` and ``most``: the confidence in per cent. ``mistakes``: a sentence for
    each field in which something can't be read; that asks for nothing. ``typed``: the single fields as they were typed.
    """

    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    least: int | None = None
    most: int | None = None
    mistakes: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is set."""
        return bool(self.as_args())

    def of(self, name: str) -> tuple[str, ...]:
        """The values of one field of :data:`MANY`; empty when it isn't set."""
        return self.chosen.get(name, ())

    def only(self, name: str, *values: str) -> "Filters":
        """The same filters with one field of :data:`MANY` set to these values, or unset."""
        rest = {key: found for key, found in self.chosen.items() if key != name}
        return replace(self, chosen={**rest, name: values} if values else rest)

    def where(self, dialect_name: str) -> list[ColumnElement[bool]]:
        """The conditions on :class:`Escalation`, for queries that walk the record in an order of their own.

        SQLite, which knows no figures of its tables, would rather look up one of these and sort all it finds; the plus
        sign keeps it from that. PostgreSQL weighs both by what it knows.
        """

        def column(one: InstrumentedAttribute[Any]) -> Any:
            # A column with a sign before it is no longer an index's.
            return UnaryExpression(one.expression, operator=_PLUS) if dialect_name == "sqlite" else one

        conditions: list[ColumnElement[bool]] = [
            column(_COLUMNS[name]).in_(values) for name, values in self.chosen.items() if name in _COLUMNS
        ]
        if self.of("group"):
            conditions.append(or_(*(_GROUPS[one] for one in self.of("group"))))
        if self.first_day:
            conditions.append(Escalation.received_at >= start_of_day(self.first_day))
        if self.last_day:
            conditions.append(Escalation.received_at < start_of_day(self.last_day + timedelta(days=1)))
        if self.least is not None:
            conditions.append(Escalation.confidence >= self.least / 100)
        if self.most is not None:
            conditions.append(Escalation.confidence <= self.most / 100)
        return conditions

    def as_args(self) -> list[tuple[str, str]]:
        """The filters as an address holds them, always in one order; what couldn't be read is left out."""
        args = [(name, value) for name in MANY for value in self.of(name)]
        single = (
            self.first_day.isoformat() if self.first_day else "",
            self.last_day.isoformat() if self.last_day else "",
            "" if self.least is None else str(self.least),
            "" if self.most is None else str(self.most),
        )
        return args + [(name, value) for name, value in zip(SINGLE, single, strict=True) if value]

    def without(self, name: str, value: str) -> list[tuple[str, str]]:
        """As :meth:`as_args`, but for one filter."""
        return [one for one in self.as_args() if one != (name, value)]

    def chips(self, word: Word = plain_words) -> list[Chip]:
        """Each filter in words; :func:`signpost.console.queue.wording.word_of` knows the names of accounts too."""
        return [Chip(name, value, self._said(name, value, word)) for name, value in self.as_args()]

    def words(self, word: Word = plain_words) -> list[str]:
        """The words of each chip."""
        return [chip.words for chip in self.chips(word)]

    def _said(self, name: str, value: str, word: Word) -> str:
        if name in MANY:
            return f"{NAMES[name]}: {word(name, value)}"
        day = self.first_day if name == "from" else self.last_day
        if name in {"from", "to"} and day is not None:
            return f"{'From' if name == 'from' else 'Up to'} {day.day} {day:%B %Y}"
        return f"Confidence at {'least' if name == 'confidence_min' else 'most'} {value}%"


_GROUPS: Final[dict[str, ColumnElement[bool]]] = {
    EMERGENCIES: and_(Escalation.priority == URGENT, Escalation.label == "emergency"),
    FAILURES: and_(Escalation.priority == URGENT, Escalation.label != "emergency"),
    UNSURE_ONES: Escalation.priority == DOUBTFUL,
    OTHERS: Escalation.priority == ORDINARY,
}


def read_filters(args: "MultiDict[str, str]") -> Filters:
    """The filters of an address or a form. Whatever can't be read is in ``mistakes``, a sentence a field."""
    mistakes: dict[str, str] = {}
    chosen = {name: values for name in MANY if (values := _values(name, args.getlist(name), mistakes))}
    typed = {name: args.get(name, "").strip()[:40] for name in SINGLE}
    first, last = (_day(name, typed[name], mistakes) for name in ("from", "to"))
    least, most = (_percentage(name, typed[name], mistakes) for name in ("confidence_min", "confidence_max"))
    if first and last and last < first:
        mistakes["to"] = "The last day must not be before the first"
        first = last = None
    if least is not None and most is not None and most < least:
        mistakes["confidence_max"] = "The highest confidence must not be below the lowest"
        least = most = None
    return Filters(chosen, first, last, least, most, mistakes, {name: text for name, text in typed.items() if text})


def _values(name: str, given: Sequence[str], mistakes: dict[str, str]) -> tuple[str, ...]:
    wanted = list(dict.fromkeys(value for value in given if value))
    known = CHOICES.get(name)
    good = [one for one in wanted if (one in known if known else _ACCOUNT.fullmatch(one))][:MOST_VALUES]
    if len(good) < len(wanted):
        mistakes[name] = f"{NAMES[name]}: choose from the list"
    return tuple(_in_order(good, known))


def _in_order(values: list[str], known: tuple[str, ...] | None) -> Iterable[str]:
    return sorted(values, key=known.index) if known else sorted(values)


def _day(name: str, text: str, mistakes: dict[str, str]) -> date | None:
    if not text:
        return None
    which = "first" if name == "from" else "last"
    iso, written = _ISO.fullmatch(text), _WRITTEN.fullmatch(text)
    if iso:
        year, month, day = iso.groups()
    elif written:
        day, month, year = written.groups()
    else:
        mistakes[name] = f"The {which} day must be a date, like 22/11/2026"
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        mistakes[name] = f"The {which} day must be a day that exists, like 22/11/2026"
        return None
    if not EARLIEST <= found <= LATEST:
        mistakes[name] = f"The {which} day must be between {EARLIEST.year} and {LATEST.year}"
        return None
    return found


def _percentage(name: str, text: str, mistakes: dict[str, str]) -> int | None:
    if not text:
        return None
    found = _PERCENT.fullmatch(text)
    if not found or int(found[1]) > 100:  # noqa: PLR2004  # per cent
        which = "lowest" if name == "confidence_min" else "highest"
        mistakes[name] = f"The {which} confidence must be a whole number from 0 to 100"
        return None
    return int(found[1])
