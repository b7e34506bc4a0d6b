"""Requests for figures under the Freedom of Information Act."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from signpost.channels.simulated import ACCOUNT
from signpost.console.exports.files import attachment
from signpost.console.exports.foi import Figures, Month, figures_of, outcomes_of
from signpost.console.exports.request_form import FiguresForm
from signpost.console.exports.suppression import SMALLEST
from signpost.console.parts import Parts
from signpost.console.queue.wording import word_of
from signpost.console.roles import ADMINISTRATOR, open_to
from signpost.console.signin.guard import staff
from signpost.log.audit import DISCLOSURE, Act
from signpost.log.figures_days import day_of
from signpost.log.figures_keeping import FigureKeeper
from signpost.log.figures_reading import Extent, FigureReader
from signpost.log.models import InboundMessage

GIVEN = "foi_given"
PATIENCE_SECONDS = 3.0
"""For so long days that changed are counted before figures are given."""
USUAL_MONTHS = 12
BEING_COUNTED = "{} of these days are still being counted. Send it again in a minute: nothing was given out"


@dataclass(frozen=True)
class FoiPages:
    """The views."""

    parts: Parts
    keeper: FigureKeeper = field(init=False)
    reader: FigureReader = field(init=False)

    def __post_init__(self) -> None:
        """Makes what counts and what reads the counts. The simulator's messages are nobody's."""
        parts = self.parts
        keeper = FigureKeeper(parts.sessions, parts.reads, parts.clock, frozenset({ACCOUNT}))
        object.__setattr__(self, "keeper", keeper)
        object.__setattr__(self, "reader", FigureReader(parts.sessions, parts.reads))

    @open_to(ADMINISTRATOR)
    def foi(self) -> ResponseReturnValue:
        """Which months."""
        return self._page(self._form(blank=True))

    @open_to(ADMINISTRATOR)
    def give_figures(self) -> ResponseReturnValue:
        """The figures, on the page or as a spreadsheet: a disclosure either way."""
        form = self._form(blank=False)
        if not form.validate():
            return self._page(form), 422
        first, last = (date.fromisoformat(f"{one.data}-01") for one in (form.first, form.last))
        left = self._refresh(first, _next(last) - timedelta(days=1))
        if left:
            form.last.errors = [BEING_COUNTED.format(left)]
            return self._page(form), 503
        figures = self._figures(first, last)
        as_file = form.file_format.data == "csv"
        detail = {
            "first": form.first.data,
            "last": form.last.data,
            "format": form.file_format.data,
            "held_back": figures.held_back,
        }
        act = Act(staff().username, DISCLOSURE, GIVEN, purpose=form.purpose.data, detail=detail)
        with self.parts.sessions.begin() as session:
            self.parts.trail.write(session, act, self.parts.clock())
        if as_file:
            return attachment(figures.spreadsheet(), f"signpost-foi-{form.first.data}-to-{form.last.data}", "csv")
        return self._page(form, figures)

    def _page(self, form: FiguresForm, figures: Figures | None = None) -> str:
        return render_template("exports/foi.html", form=form, figures=figures, smallest=SMALLEST)

    def _refresh(self, first: date, last: date) -> int:
        try:
            return self.keeper.refresh(first, last, PATIENCE_SECONDS)
        except OperationalError:
            return len(self.keeper.stale(first, last))

    def _figures(self, first: date, last: date) -> Figures:
        today, months = day_of(self.parts.clock()), []
        month = first
        while month <= last:
            extent = Extent(month, _next(month) - timedelta(days=1))
            with self.parts.reads() as reads:
                outcomes = outcomes_of(reads, month)
            months.append(Month(month, self.reader.sum(extent, today), outcomes))
            month = _next(month)
        return figures_of(months, word_of(self.parts.mandate, self.parts.accounts))

    def _form(self, *, blank: bool) -> FiguresForm:
        """With the months since the first message; the last twelve whole ones are chosen."""
        today = day_of(self.parts.clock())
        with self.parts.reads() as reads:
            received = reads.scalar(select(func.min(InboundMessage.received_at)))
        months = [_month(min(day_of(received), today) if received else today)]
        while _next(months[-1]) <= today:
            months.append(_next(months[-1]))
        choices = [(f"{one:%Y-%m}", f"{one:%B %Y}") for one in months]
        form = FiguresForm(formdata=None) if blank else FiguresForm()
        form.first.choices = form.last.choices = choices
        if blank:
            whole = [code for code, _ in choices[:-1]] or [choices[-1][0]]
            form.first.data, form.last.data = whole[-USUAL_MONTHS:][0], whole[-1]
        return form


def _month(day: date) -> date:
    return day.replace(day=1)


def _next(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
