"""What all forms of the console have in common: what is typed comes in clean, or is refused with a sentence."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form, PasswordField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.meta import DefaultMeta

LONGEST_LINE = 256
LONGEST_TEXT = 8000
"""Characters, where a field sets no limit of its own."""


class AtMost:
    """The field holds at most so many characters (code points). Also shown as the count beneath a text area."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError when there are more."""
        if len(field.data or "") > self.most:
            raise ValidationError(f"{field.label.text} must be {self.most:,} characters or fewer")


def storable(_form: Form, field: Field) -> None:
    """Raises ValidationError for what no database stores: NUL, and halves of a character."""
    text = field.data or ""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError(f"{field.label.text} holds a character that can’t be stored. Delete it or type it again")


def tidy(text: Any) -> Any:
    """Without spaces at its ends, and with line breaks as one character each, as browsers count them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(text, str) else text


class StaffForm(FlaskForm):
    """The base of every form. Text comes in tidied (a password as it is), storable, and never longer than it may be."""

    class Meta(FlaskForm.Meta):
        """How fields are bound: each text field gets the guards it lacks."""

        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Field:
            """The field, guarded."""
            field = DefaultMeta.bind_field(self, form, unbound_field, options)
            if isinstance(field, StringField):
                _guard(field)
            return field

        def get_translations(self, _form: Form) -> "_Sentences":
            """WTForms' own messages in our words."""
            return _Sentences()


def _guard(field: StringField) -> None:
    if not isinstance(field, PasswordField):
        field.filters = [tidy, *field.filters]
    guards = [storable]
    if field.flags.maxlength is None:
        limit = AtMost(LONGEST_TEXT if isinstance(field, TextAreaField) else LONGEST_LINE)
        field.flags.maxlength = limit.most
        guards.append(limit)
    field.validators = [*guards, *field.validators]


class _Sentences:
    """Stands where WTForms expects translations."""

    _WORDS = {  # noqa: RUF012  # never changed
        "This field is required.": "Enter an answer",
        "Not a valid choice.": "Choose one of the answers",
        "Invalid Choice: could not coerce.": "Choose one of the answers",
        "Invalid choice(s): one or more data inputs could not be coerced.": "Choose from the answers on the page",
        "'%(value)s' is not a valid choice for this field.": "Choose from the answers on the page",
        "'%(value)s' are not valid choices for this field.": "Choose from the answers on the page",
        "Not a valid integer value.": "Enter a whole number",
        "The CSRF token is missing.": "This page had grown too old. Send it again",
        "The CSRF token is invalid.": "This page had grown too old. Send it again",
    }

    def gettext(self, text: str) -> str:
        return self._WORDS.get(text, text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)
