"""A report as a spreadsheet: every table one after another, each under its caption."""

from collections.abc import Iterator

from signpost.console.exports.cells import MARK, line
from signpost.console.reports.cells import plain
from signpost.console.reports.tables import Report


def spreadsheet(report: Report) -> Iterator[str]:
    """The file, line by line. Shares are from 0 to 1, times are in seconds, days as 2026-03-07."""
    yield MARK + line([f"Signpost report, {report.title}"])
    yield line(["Shares are from 0 to 1. Times are in seconds."])
    for section in report.sections:
        table = section.detailed or section.table
        yield line([])
        yield line([table.caption])
        yield line(table.head)
        for row in table.rows:
            yield line([plain(cell) for cell in row])
