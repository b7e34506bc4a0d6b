"""The first sign-in: a password of one's own in place of the temporary one, and an app for codes."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import open_to_anybody
from signpost.console.signin import codes, local, steps
from signpost.console.signin.arriving import note
from signpost.console.signin.forms import CodeForm, NewPasswordForm
from signpost.console.signin.own_factors import WRONG_FIRST_CODE, app_words, new_app_secret, new_password_fault
from signpost.console.signin.stepping import StepPages
from signpost.console.signin.steps import Way


def add(pages: Blueprint, parts: Parts, limited: Callable[[Any], Any]) -> None:
    """The views, on the room's blueprint."""
    views = FirstPages(parts)
    pages.get("/sign-in/new-password", endpoint="new_password")(views.new_password_page)
    pages.post("/sign-in/new-password", endpoint="take_password")(limited(views.take_password))
    pages.get("/sign-in/code-app", endpoint="code_app")(views.code_app_page)
    pages.post("/sign-in/code-app", endpoint="take_code_app")(limited(views.take_code_app))


class FirstPages(StepPages):
    """The views."""

    @open_to_anybody
    def new_password_page(self) -> ResponseReturnValue:
        """Asks for a password of one's own."""
        way = self._on(steps.PASSWORD)
        if not isinstance(way, Way):
            return way
        return self._page("new_password", NewPasswordForm(formdata=None), username=way.account.username)

    @open_to_anybody
    def take_password(self) -> ResponseReturnValue:
        """Takes the new password, if it will do."""
        way = self._on(steps.PASSWORD)
        if not isinstance(way, Way):
            return way
        form = NewPasswordForm()
        if form.validate():
            fault = new_password_fault(self.parts, way.account, str(form.new_password.data))
            form.new_password.errors = [fault] if fault else []
        if form.errors:
            return self._page("new_password", form, 422, username=way.account.username)
        hashed = self.parts.signing_in.passwords.hash(str(form.new_password.data))
        with self.parts.sessions.begin() as writing:
            account = local.locked_for_update(writing, way.account.id)
            account.password_hash, account.password_temporary = hashed, False
            note(self.parts, writing, account.username, "password_changed")
        return self._go_on(steps.remember(account, way.onward, self.parts.clock(), code_given=way.code_given))

    @open_to_anybody
    def code_app_page(self) -> ResponseReturnValue:
        """Shows the secret that the app needs, as a picture and as text."""
        way = self._on(steps.APP)
        return self._app_page(way, CodeForm(formdata=None)) if isinstance(way, Way) else way

    @open_to_anybody
    def take_code_app(self) -> ResponseReturnValue:
        """Takes the app's first code: the proof that it has the secret."""
        way = self._on(steps.APP)
        if not isinstance(way, Way):
            return way
        form, secret = CodeForm(), new_app_secret(self.parts)
        step = codes.step_of(secret, str(form.code.data), self.parts.clock(), None) if form.validate() else None
        if step is None:
            form.code.errors = form.code.errors or [WRONG_FIRST_CODE]
            return self._app_page(way, form, 422)
        with self.parts.sessions.begin() as writing:
            account = local.locked_for_update(writing, way.account.id)
            account.totp_encrypted, account.totp_last_step = self.parts.vault.encrypt(secret), step
            note(self.parts, writing, account.username, "code_app_set_up")
        return self._go_on(steps.remember(account, way.onward, self.parts.clock(), code_given=True))

    def _app_page(self, way: Way, form: CodeForm, status: int = 200) -> ResponseReturnValue:
        secret = new_app_secret(self.parts)
        name = way.account.username
        return self._page("code_app", form, status, **app_words(self.parts, secret, name))
