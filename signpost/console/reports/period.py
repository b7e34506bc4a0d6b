"""What a report is asked about: which days, and of which channel and account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, ValidationError

from signpost.console.day_field import DayField
from signpost.console.form import StaffForm
from signpost.console.reports.cells import shown
from signpost.log.figures_reading import Extent

YEAR, OWN = "year", "own"
CHOICES = (
    ("7", "Last 7 days"),
    ("28", "Last 28 days"),
    ("90", "Last 90 days"),
    (YEAR, "Last 12 months"),
    (OWN, "From one day to another"),
)
USUAL = "28"
MOST_YEARS = 5
_LONGEST = timedelta(days=MOST_YEARS * 366)
_DAY = timedelta(days=1)

Choices = Sequence[tuple[str, str]]
"""Codes and their words."""


class PeriodForm(StaffForm):
    """Sent by GET, so that a report has an address that can be kept and passed on; it holds nobody's data."""

    class Meta(StaffForm.Meta):
        """Nothing is changed by it, so it needs no token."""

        csrf = False

    days = RadioField("Which days", choices=CHOICES, default=USUAL)
    first = DayField("From")
    last = DayField("To")
    channel = SelectField("Channel", default="")
    account = SelectField("Account", default="")
    today: date

    def validate_first(self, field: DayField) -> None:
        """Raises ValidationError unless it is a day that has come."""
        if self.days.data == OWN:
            _check_known(field, self.today)

    def validate_last(self, field: DayField) -> None:
        """Raises ValidationError unless it is a day that has come, not before the first, and not too long after it."""
        if self.days.data != OWN:
            return
        _check_known(field, self.today)
        if self.first.data is None or self.first.data > self.today:
            return
        if field.data < self.first.data:
            raise ValidationError(f"To must be the same as or after {shown(self.first.data)}, the day in From")
        if field.data - self.first.data >= _LONGEST:
            raise ValidationError(f"To must be within {MOST_YEARS} years of From: a report covers no more")


@dataclass(frozen=True)
class Asked:
    """What was asked for, in words and as days."""

    words: str
    extent: Extent


def period_form(args: MultiDict[str, str], today: date, channels: Choices, accounts: Choices) -> PeriodForm:
    """The form as it was sent. Days in its boxes count only where the answer above them says so."""
    if args.get("days") != OWN:
        args = MultiDict(
            [(name, value) for name, value in args.items(multi=True) if not name.startswith(("first", "last"))]
        )
    form = PeriodForm(args)
    form.today = today
    form.channel.choices = [("", "All channels"), *channels]
    form.account.choices = [("", "All accounts"), *accounts]
    return form


def asked(form: PeriodForm) -> Asked:
    """What a form without mistakes asks for."""
    first, last = _days(form)
    extent = Extent(first, last, form.channel.data or "", form.account.data or "")
    words = shown(first) if first == last else f"{_start(first, last)} to {shown(last)}"
    chosen = [dict(field.choices)[field.data] for field in (form.channel, form.account) if field.data]
    return Asked(", ".join([words, *chosen]), extent)


def _days(form: PeriodForm) -> tuple[date, date]:
    if form.days.data == OWN:
        return form.first.data, form.last.data
    if form.days.data == YEAR:
        return _year_before(form.today) + _DAY, form.today
    return form.today - timedelta(days=int(form.days.data) - 1), form.today


def _check_known(field: Any, today: date) -> None:
    if field.data is None:
        raise ValidationError(f"Enter a day in {field.label.text}, or choose other days above")
    if field.data > today:
        raise ValidationError(f"{field.label.text} must be today or earlier")


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)  # The 29th of February.


def _start(first: date, last: date) -> str:
    """The first day, without what the last one says too."""
    if first.year != last.year:
        return shown(first)
    return f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
