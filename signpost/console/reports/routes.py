"""The addresses of the reports: the page, and the same as a spreadsheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from signpost.console.exports.files import attachment
from signpost.console.parts import Parts
from signpost.console.queue.wording import word_of
from signpost.console.reports.background import Background
from signpost.console.reports.cells import shown
from signpost.console.reports.period import Asked, PeriodForm, asked, period_form
from signpost.console.reports.report import Reporter
from signpost.console.reports.spreadsheet import spreadsheet
from signpost.console.reports.tables import Report
from signpost.console.roles import ADMINISTRATOR, REVIEWER, TRAINER, open_to
from signpost.console.signin.guard import staff
from signpost.force.accounts import ANY
from signpost.log.audit import DISCLOSURE, Act
from signpost.log.figures_days import day_of
from signpost.log.figures_keeping import FigureKeeper
from signpost.log.figures_reading import FigureReader

EXPORTED = "report_exported"
PATIENCE_SECONDS = 0.1
"""For so long a page counts what changed before it is shown; what is left is counted in the background."""


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    keeper = FigureKeeper(parts.sessions, parts.reads, parts.clock)
    views = ReportPages(parts, keeper, FigureReader(parts.sessions, parts.reads), Background(keeper))
    pages = Blueprint("reports", __name__)
    pages.get("/reports")(views.page)
    pages.get("/reports.csv")(views.csv)
    return pages


@dataclass(frozen=True)
class ReportPages:
    """The views."""

    parts: Parts
    keeper: FigureKeeper
    reader: FigureReader
    background: Background

    @open_to(REVIEWER, ADMINISTRATOR, TRAINER)
    def page(self) -> ResponseReturnValue:
        """Figures with their charts. They tell of nobody, so looking at them is not audited."""
        form = self._form()
        if not form.validate():
            return render_template("reports/page.html", form=form, report=None, shown=shown), 422
        question = asked(form)
        left, made = self._report(question)
        first = self.reader.first_day()
        return render_template(
            "reports/page.html",
            form=form,
            report=made,
            shown=shown,
            left=left,
            first_day=shown(first) if first else None,
            here=f"{url_for('reports.page')}?{request.query_string.decode('ascii', 'ignore')}",
            csv_address=f"{url_for('reports.csv')}?{urlencode(_arguments(question))}",
        )

    @open_to(REVIEWER, ADMINISTRATOR, TRAINER)
    def csv(self) -> ResponseReturnValue:
        """Every table as a spreadsheet: a disclosure, for it leaves the service."""
        form = self._form()
        if not form.validate():
            return render_template("reports/page.html", form=form, report=None, shown=shown), 422
        question = asked(form)
        _left, made = self._report(question)
        extent = question.extent
        detail = {
            "first": extent.first.isoformat(),
            "last": extent.last.isoformat(),
            "channel": extent.channel or "all",
            "account": extent.account or "all",
        }
        with self.parts.sessions.begin() as session:
            act = Act(staff().username, DISCLOSURE, EXPORTED, detail=detail)
            self.parts.trail.write(session, act, self.parts.clock())
        return attachment(spreadsheet(made), f"signpost-report-{detail['first']}-to-{detail['last']}", "csv")

    def _form(self) -> PeriodForm:
        channels, accounts = self.reader.places()
        return period_form(
            request.args,
            day_of(self.parts.clock()),
            self._choices("channel", {*channels, *self.parts.mandate.channels}),
            self._choices("account", {*accounts, *(one.id for one in self.parts.accounts.all if one.id != ANY)}),
        )

    def _choices(self, name: str, codes: Iterable[str]) -> list[tuple[str, str]]:
        """What there may be messages of, whether any was counted yet or not."""
        word = word_of(self.parts.mandate, self.parts.accounts)
        return sorted(((code, word(name, code)) for code in codes), key=lambda pair: pair[1])

    def _report(self, question: Asked) -> tuple[int, Report]:
        """How many days are still to be counted, and the report as far as it is."""
        extent, today = question.extent, day_of(self.parts.clock())
        try:
            left = self.keeper.refresh(extent.first, extent.last, PATIENCE_SECONDS)
        except OperationalError:
            # Somebody else is writing, and for long: what was counted before is better than no page.
            left = len(self.keeper.stale(extent.first, extent.last))
        if left:
            self.background.start()
        tally, days = self.reader.sum(extent, today), self.reader.by_day(extent)
        reporter = Reporter(self.parts.office, word_of(self.parts.mandate, self.parts.accounts))
        return left, reporter.report(question, tally, days, today)


def _arguments(question: Asked) -> list[tuple[str, str | int]]:
    """The same days and places as an address, however they were asked for."""
    extent = question.extent
    days = [
        (f"{name}-{part}", getattr(day, part))
        for name, day in (("first", extent.first), ("last", extent.last))
        for part in ("day", "month", "year")
    ]
    return [("days", "own"), *days, ("channel", extent.channel), ("account", extent.account)]
