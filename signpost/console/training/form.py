"""The forms with which a model is promoted, discarded, or gone back to."""

from wtforms import BooleanField, HiddenField, TextAreaField, ValidationError
from wtforms.fields import Field

from signpost.console.form import AtMost, StaffForm

MOST_REASON = 500
"""Characters."""
LEAST_REASON = 5


class ModelForm(StaffForm):
    """``seen`` is the key of the model that ran when the page was made. The rest is asked where a model isn't known fit."""

    seen = HiddenField()
    sure = BooleanField("Promote it all the same")
    reason = TextAreaField("Why it should run all the same", validators=[AtMost(MOST_REASON)])

    def in_order(self, *, doubted: bool) -> bool:
        """Whether it can be done as it is filled in."""
        return self.validate({"sure": [_is_ticked], "reason": [_says_why]} if doubted else {})


def _is_ticked(_form: StaffForm, field: Field) -> None:
    if not field.data:
        raise ValidationError("Tick the box if you want it to run all the same")


def _says_why(_form: StaffForm, field: Field) -> None:
    if len(field.data or "") < LEAST_REASON:
        raise ValidationError("Enter why it should run all the same, in a few words")
