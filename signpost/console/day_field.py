"""A day, entered in three boxes: GOV.UK's date input."""

from calendar import monthrange
from datetime import date
from typing import Any

from wtforms import Form
from wtforms.fields import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

PARTS = ("day", "month", "year")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
LONGEST_PART = 16
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORTEST_MONTH = 3


class DayField(Field):
    """Its ``data`` is a :class:`datetime.date`, or none when all three boxes are empty (or hold no day).

    Months may be numbers or names. ``typed`` is what stands in the boxes; ``wrong`` names those to put right.
    """

    def __init__(self, label: str | None = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.typed: tuple[str, ...] = ("", "", "")
        self._faulty: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[str, ...]:
        """The boxes to put right: all three where the day as a whole is what is wrong."""
        return self._faulty or (PARTS if self.errors else ())

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:  # noqa: ARG002  # WTForms' own signature
        """Reads the boxes, or what the form was made with."""
        self.process_errors = []
        default = self.default() if callable(self.default) else self.default
        self.object_data = self.data = default if data is unset_value else data
        if isinstance(self.data, date):
            self.typed = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata is None:
            return
        self.typed = tuple(formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS)
        self.raw_data = ["".join(self.typed)]
        self.data = None
        if any(self.typed):
            try:
                self.data = self._read()
            except ValueError as fault:
                self.process_errors.append(str(fault))

    def pre_validate(self, _form: Form) -> None:
        """Raises StopValidation where the boxes hold no day: that sentence is enough."""
        if self.process_errors:
            raise StopValidation

    def _read(self) -> date:
        name = self.label.text
        missing = tuple(part for part, typed in zip(PARTS, self.typed, strict=True) if not typed)
        if missing:
            self._faulty = missing
            raise ValueError(f"{name} must include a {' and a '.join(missing)}")
        day, month, year = _number(self.typed[0]), _month(self.typed[1]), _number(self.typed[2])
        if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
            self._faulty = ("year",)
            raise ValueError(f"{name} must have a year from {EARLIEST_YEAR} to {LATEST_YEAR}, in 4 figures")
        if month is None:
            self._faulty = ("month",)
            raise ValueError(f"{name} must have a month from 1 to 12, or its name")
        days = monthrange(year, month)[1]
        if day is None or not 1 <= day <= days:
            self._faulty = ("day",)
            raise ValueError(f"{name} must be a real day: {_MONTHS[month - 1].capitalize()} {year} has {days} days")
        return date(year, month, day)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_PART else None


def _month(typed: str) -> int | None:
    number = _number(typed)
    if number is not None:
        return number if 1 <= number <= len(_MONTHS) else None
    named = [at for at, month in enumerate(_MONTHS, 1) if month.startswith(typed.lower())]
    return named[0] if len(named) == 1 and len(typed) >= _SHORTEST_MONTH else None
