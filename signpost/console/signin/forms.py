"""The forms of sign-in and of one's own account."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from signpost.console.form import StaffForm


def _needed(sentence: str) -> list[InputRequired]:
    return [InputRequired(sentence)]


class SignInForm(StaffForm):
    """Username and password."""

    username = StringField("Username", _needed("Enter your username"))
    password = PasswordField("Password", _needed("Enter your password"))


class CodeForm(StaffForm):
    """A code from the app."""

    code = StringField("Code from your app", _needed("Enter the 6-figure code from your app"))


class NewPasswordForm(StaffForm):
    """A new password in place of a temporary one."""

    new_password = PasswordField("New password", _needed("Enter a new password"))


class ChangePasswordForm(StaffForm):
    """A new password in place of one's own."""

    current_password = PasswordField("Current password", _needed("Enter your current password"))
    new_password = PasswordField("New password", _needed("Enter a new password"))


class ChangeAppForm(StaffForm):
    """A new app in place of the one that gives the codes."""

    current_password = PasswordField("Current password", _needed("Enter your current password"))
    code = StringField("Code from the new app", _needed("Enter the 6-figure code from the new app"))
