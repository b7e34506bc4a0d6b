"""The forms of the staff pages."""

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from signpost.console.form import AtMost, StaffForm
from signpost.console.roles import ADMINISTRATOR, AUDITOR, REVIEWER, TRAINER
from signpost.console.signin.claims import LONGEST_NAME
from signpost.console.words import ROLES as ROLE_NAMES

LONGEST_USERNAME = 64
ROLE_MAY = {
    REVIEWER: "Reads and reviews records, takes alerts, exports what they filter.",
    TRAINER: "Decides on proposed corrections, which change how Signpost understands messages. Sees reports.",
    ADMINISTRATOR: "Manages staff, answers subject access, FOI and erasure requests, sees retention and the audit log.",
    AUDITOR: "Reads the audit log and nothing else.",
}
RESETS = {
    "both": "Password and code app",
    "password": "Password only",
    "app": "Code app only",
}
RESET_HINTS = {
    "both": "They get a temporary password, and set up a code app when they sign in.",
    "password": "They get a temporary password. Their code app stays as it is.",
    "app": "For a lost phone: they sign in with their password and set up a new app.",
}


def _name() -> StringField:
    return StringField("Full name", [InputRequired("Enter the person’s name"), AtMost(LONGEST_NAME)])


def _roles() -> SelectMultipleField:
    return SelectMultipleField("Roles", [InputRequired("Choose one or more roles")], choices=list(ROLE_NAMES.items()))


class NewForm(StaffForm):
    """A new local account."""

    name = _name()
    username = StringField("Username", [InputRequired("Enter a username"), AtMost(LONGEST_USERNAME)])
    roles = _roles()


class ChangeForm(StaffForm):
    """Another name or other roles. ``seen`` is what they were when the form was opened."""

    name = _name()
    roles = _roles()
    seen = HiddenField()


class ResetForm(StaffForm):
    """What is reset."""

    what = RadioField(
        "What do you want to reset?", [InputRequired("Choose what to reset")], choices=list(RESETS.items())
    )
