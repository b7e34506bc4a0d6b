"""What is asked before anything leaves the service."""

from typing import Final

from wtforms import RadioField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired

from signpost.console.form import AtMost, StaffForm

LONGEST_PURPOSE: Final = 1000


def reason_field(label: str, missing: str) -> Field:
    """A text that must be given, and is kept in the audit log."""
    return TextAreaField(label, [DataRequired(missing), AtMost(LONGEST_PURPOSE)])


class PurposeForm(StaffForm):
    """Why something is taken out."""

    purpose = reason_field("Why you need it", "Say why you need it: it is kept in the audit log")


class ExportForm(PurposeForm):
    """Why, and as what. The field isn't called ``kind``, which is a filter's name."""

    file_format = RadioField(
        "Format",
        [InputRequired("Choose a format")],
        choices=[("csv", "Spreadsheet (CSV)"), ("json", "JSON")],
        default="csv",
    )
