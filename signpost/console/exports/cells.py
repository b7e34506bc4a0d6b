"""Cells of spreadsheets that nobody's message can turn into a formula, and the lines they stand in."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

MARK = "\ufeff"
"""Byte order mark, by which Excel knows UTF-8."""
_STARTS = "=+\\-@＝＋－＠"
"""What begins a formula, in full width too, which spreadsheets in East Asian settings take for the same."""
# At the beginning, and after whatever a program may take for the end of a cell: it may split at another sign than we do.
_FORMULA = re.compile(rf"(^|[,;|\t\r\n\"'])(\s*)(?=[{_STARTS}])")
_ANY_START = re.compile(f"[{_STARTS}]")
"""Most cells hold none: asking this first halves the time."""
_CONTROL_FIRST = re.compile(r"^[\t\r\n]")


def safe(value: Any) -> str:
    """The value as a cell. Text that a spreadsheet could take for a formula gets an apostrophe before it (CWE-1236)."""
    text = _plain(value)
    if _ANY_START.search(text):
        text = _FORMULA.sub(r"\1\2'", text)
    return f"'{text}" if _CONTROL_FIRST.match(text) else text


def line(cells: Sequence[Any]) -> str:
    """One line of a CSV file (RFC 4180), its end included."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return written.getvalue()


def moment(when: datetime | None) -> str:
    """ISO 8601 with its zone, from the record's UTC without one; empty for none."""
    return f"{when.isoformat(timespec='seconds')}Z" if when else ""


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    return str(value)
