"""The form with which a trainer accepts or refuses a correction."""

from wtforms import HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.fields import Field

from signpost.console.corrections.wording import MOST, as_line, placeholders_in
from signpost.console.form import AtMost, StaffForm
from signpost.console.words import INTENTS
from signpost.log.models import Correction

MOST_NOTE = 1000
"""Characters."""
LEAST_NOTE = 5


class CorrectionForm(StaffForm):
    """``seen`` is the stamp of the proposal that was read. Which button was pressed says what must be filled in."""

    seen = HiddenField()
    text = TextAreaField("The message, as it will be learnt from", validators=[AtMost(MOST)])
    intent = SelectField("What the person does in it", validate_choice=False)
    note = TextAreaField("Note", validators=[AtMost(MOST_NOTE)])

    def choose_by(self, intents: list[str]) -> None:
        """Offers the intents of the new label; where there is but one, it is chosen."""
        offered = [(intent, f"{INTENTS.get(intent, intent)} ({intent})") for intent in intents]
        self.intent.choices = offered if len(offered) == 1 else [("", "Choose one"), *offered]
        self.offered = intents

    def fill(self, correction: Correction, seen: str) -> None:
        """Shows the proposal."""
        self.seen.data, self.text.data, self.intent.data = seen, correction.text, ""

    def acceptable(self) -> bool:
        """Whether it can be accepted as it is filled in."""
        return self.validate({"text": [_is_message], "intent": [self._is_offered]})

    def refusable(self) -> bool:
        """Whether it can be refused as it is filled in."""
        return self.validate({"note": [_says_why]})

    def line(self) -> str:
        """The text as it is written to the training messages."""
        return as_line(self.text.data or "")

    def _is_offered(self, _form: StaffForm, field: Field) -> None:
        if field.data not in self.offered:
            raise ValidationError("Choose what the person does in the message")


def _is_message(_form: StaffForm, field: Field) -> None:
    if not any(one.isalnum() for one in as_line(field.data or "")):
        raise ValidationError("Enter the message")
    left = placeholders_in(field.data)
    if left:
        raise ValidationError(f"Write something invented in place of {', '.join(left)}, or leave it out")


def _says_why(_form: StaffForm, field: Field) -> None:
    if len(field.data or "") < LEAST_NOTE:
        raise ValidationError("Enter why you refuse it, in a few words")
