"""The forms of the queue: what is searched for, and the name of a view."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired

from signpost.console.form import AtMost, StaffForm
from signpost.console.queue.sealed import LONGEST
from signpost.console.queue.views import LONGEST_NAME


class SearchForm(StaffForm):
    """Words, or a reference."""

    words = StringField(
        "Search the redacted texts",
        validators=[DataRequired("Enter words to search for, or a reference"), AtMost(LONGEST)],
    )


class ViewForm(StaffForm):
    """A view to be saved: its name, and the filters as an address holds them."""

    name = StringField("Name of the view", validators=[DataRequired("Enter a name for the view"), AtMost(LONGEST_NAME)])
    query = HiddenField()


class NameForm(StaffForm):
    """A new name for a view."""

    name = StringField("New name", validators=[DataRequired("Enter a name for the view"), AtMost(LONGEST_NAME)])
