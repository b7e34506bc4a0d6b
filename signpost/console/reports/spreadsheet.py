"""A report as a spreadsheet: every table one after another, each under its caption."""

import csv
import io
from collections.abc import Iterator

from signpost.console.reports.cells import plain
from signpost.console.reports.tables import Report, Section, Table

MARK = "\ufeff"
"""Tells Excel that the file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet(report: Report) -> str:
    """The file's text. Shares are from 0 to 1, times are in seconds, days as 2026-03-07."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe(f"Signpost report, {report.title}")])
    writer.writerow(["Shares are from 0 to 1. Times are in seconds."])
    for table in _tables(report):
        writer.writerow([])
        writer.writerow([safe(table.caption)])
        writer.writerow([safe(one) for one in table.head])
        writer.writerows([safe(plain(cell)) for cell in row] for row in table.rows)
    return MARK + out.getvalue()


def safe(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula: an account's name may begin with anything."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _tables(report: Report) -> Iterator[Table]:
    for section in report.sections:
        yield _finest(section)


def _finest(section: Section) -> Table:
    return section.detailed or section.table
