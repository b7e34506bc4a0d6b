"""What is asked for before a request about one conversation, or about figures, is answered."""

from typing import Final

from wtforms import BooleanField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired

from signpost.console.exports.form import reason_field
from signpost.console.form import StaffForm
from signpost.console.record.references import canonical

SHORTEST_CHECK: Final = 5
"""Characters: a word on how it was checked, not a tick."""


class ReferenceForm(StaffForm):
    """Which conversation."""

    reference = StringField("Reference of any record of the conversation", [DataRequired("Enter a reference")])


class SubjectAccessForm(StaffForm):
    """That it is theirs, why it is given, and what goes with it."""

    identity = reason_field(
        "How you checked who is asking, and that the conversation is theirs", "Say how you checked who is asking"
    )
    purpose = reason_field("Why it is given", "Say why it is given: it is kept in the audit log")
    staff_notes = BooleanField("Include reviewers’ notes and Niche references")
    file_format = RadioField(
        "Format",
        [InputRequired("Choose a format")],
        choices=[("html", "A page to read or print (HTML)"), ("json", "Data for another program (JSON)")],
        default="html",
    )

    def validate_identity(self, field: Field) -> None:
        """Raises ValidationError for an answer that says nothing."""
        if len(field.data or "") < SHORTEST_CHECK:
            raise ValidationError("Say in a few words how you checked who is asking")


class ErasureForm(StaffForm):
    """Why it is erased; and its reference once more, so that nobody erases another by a slip."""

    purpose = reason_field("Why it is erased", "Say why it is erased: it is kept in the audit log")
    again = StringField("Type the reference to confirm", [DataRequired("Type the reference to confirm")])

    def __init__(self, reference: str, **more: object) -> None:
        super().__init__(**more)
        self._reference = reference

    def validate_again(self, field: Field) -> None:
        """Raises ValidationError for another reference."""
        if canonical(field.data or "") != self._reference:
            raise ValidationError(f"This is not {self._reference}, so nothing was erased. Type {self._reference}")


class FiguresForm(StaffForm):
    """Which months. The choices are given by the page."""

    first = SelectField("First month")
    last = SelectField("Last month")
    purpose = reason_field("Why they are given", "Say why they are given: it is kept in the audit log")
    file_format = RadioField(
        "Format",
        [InputRequired("Choose a format")],
        choices=[("page", "Tables on this page"), ("csv", "Spreadsheet (CSV)")],
        default="page",
    )

    def validate_last(self, field: Field) -> None:
        """Raises ValidationError when the last month is before the first."""
        if (field.data or "") < (self.first.data or ""):
            raise ValidationError("The last month must not be before the first")
