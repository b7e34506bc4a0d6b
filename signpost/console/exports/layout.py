"""How exported records are laid out: a spreadsheet in words, or JSON in codes."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from signpost.console.exports.cells import MARK, line, moment
from signpost.console.queue.wording import Word
from signpost.console.words import words

ERASED: Final = "(erased)"
_JSON = json.JSONEncoder(ensure_ascii=False)
Record = Row[Any]


@dataclass(frozen=True)
class Column:
    """A column of the spreadsheet: its head, and what stands in it."""

    head: str
    cell: Callable[[Record, Word], Any]


def _code(name: str, table: str) -> Callable[[Record, Word], str]:
    return lambda row, _word: words(getattr(row, name), table) if getattr(row, name) is not None else ""


def _plain(name: str) -> Callable[[Record, Word], Any]:
    return lambda row, _word: getattr(row, name)


COLUMNS: Final = (
    Column("Reference", _plain("reference")),
    Column("Received (UTC)", _plain("received_at")),
    Column("Channel", lambda row, word: word("channel", row.channel)),
    Column("Account", lambda row, word: word("account", row.account)),
    Column("Here because", _code("cause", "cause")),
    Column("Understood as", _code("label", "label")),
    Column("Confidence", lambda row, _word: "" if row.confidence is None else f"{row.confidence:.3f}"),
    Column("Unsure", _plain("unsure")),
    Column("Kind", lambda row, word: word("kind", row.crime_kind) if row.crime_kind else ""),
    Column("Text, personal data taken out", lambda row, _word: text_of(row)),
    Column("Reply", _plain("reply")),
    Column("Delivery of the reply", lambda row, _word: words(row.delivery_state, "delivery") if row.reply else ""),
    Column("Answered (UTC)", _plain("answered_at")),
    Column("Delivered (UTC)", _plain("delivered_at")),
    Column("Review", _code("review_state", "state")),
    Column("Reviewed (UTC)", _plain("reviewed_at")),
    Column("Was it a report", _code("was_report", "judgement")),
    Column("Was it an emergency", _code("was_emergency", "judgement")),
    Column("Was the reply right", _code("reply_right", "judgement")),
    Column("Outcome", _code("outcome", "outcome")),
    Column("Legal hold", _plain("held")),
    Column("Model", _plain("model")),
)


def text_of(row: Record) -> str:
    """The redacted text, or that it was erased."""
    return row.redacted_text or (ERASED if row.original_erased_at else "")


def spreadsheet(rows: Iterable[Record], word: Word) -> Iterator[str]:
    """CSV, a line a record, for Excel and for others."""
    yield MARK + line([column.head for column in COLUMNS])
    for row in rows:
        yield line([column.cell(row, word) for column in COLUMNS])


def as_json(rows: Iterable[Record], about: dict[str, Any]) -> Iterator[str]:
    """One JSON object: what the export is, then its records, with codes as the record keeps them."""
    yield _JSON.encode(about)[:-1] + ', "records": ['
    separator = "\n"
    for row in rows:
        yield separator + _JSON.encode(_fields(row))
        separator = ",\n"
    yield "\n]}\n"


def _fields(row: Record) -> dict[str, Any]:
    fields = {
        name: moment(value) if isinstance(value, datetime) else value
        for name, value in row._mapping.items()  # noqa: SLF001  # SQLAlchemy's documented name
        if name not in {"id", "original_erased_at"}
    }
    return {**fields, "redacted_text": text_of(row)}
