"""Signing in with a password and a code, and signing out."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from signpost.console.parts import Parts
from signpost.console.roles import ANYBODY, access_of, open_to_anybody
from signpost.console.signin import local, steps
from signpost.console.signin.arriving import sign_out
from signpost.console.signin.forms import CodeForm, SignInForm
from signpost.console.signin.guard import known_staff
from signpost.console.signin.onward import own_path
from signpost.console.signin.stepping import StepPages
from signpost.console.signin.steps import Way
from signpost.log.models import StaffAccount

Decorator = Callable[[Any], Any]
NOT_RIGHT = "The username or the password isn’t right, or the account is locked. After 5 wrong tries it is locked for 15 minutes"
WRONG_CODE = (
    "This code isn’t right, or it was used already. Enter the one your app shows now. After 5 wrong tries the account is "
    "locked for 15 minutes"
)
LOCKED = "There were 5 wrong tries, so the account is locked for 15 minutes. Wait, or ask an administrator to reset it"
TOO_OLD = "This page had grown too old. Nothing was sent. Sign in now"
NOT_CHANGED = "The page had grown too old, so nothing was changed. Do it again."


def add(pages: Blueprint, parts: Parts, limited: Decorator) -> None:
    """The views, on the room's blueprint."""
    views = LocalPages(parts)
    pages.get("/sign-in", endpoint="start")(views.start)
    pages.post("/sign-in", endpoint="password")(limited(views.password))
    pages.get("/sign-in/code", endpoint="code")(views.code_page)
    pages.post("/sign-in/code", endpoint="check_code")(limited(views.check_code))
    pages.post("/sign-out", endpoint="out")(views.out)
    pages.get("/sign-in/signed-out", endpoint="signed_out")(views.signed_out)
    pages.register_error_handler(CSRFError, views.too_old)


class LocalPages(StepPages):
    """The views. How far somebody has come is in :mod:`signpost.console.signin.steps`."""

    @open_to_anybody
    def start(self) -> ResponseReturnValue:
        """The form, or on to the console for whoever is signed in already."""
        if known_staff():
            return redirect(own_path(request.args.get("next")))
        return self._start(SignInForm(formdata=None))

    @open_to_anybody
    def password(self) -> ResponseReturnValue:
        """Takes username and password, and goes on to what is needed next."""
        if not self.parts.signing_in.local:
            abort(404)
        form = SignInForm()
        if not form.validate():
            return self._start(form, 422)
        account = local.check_password(self.parts, str(form.username.data), str(form.password.data))
        if account is None:
            return self._start(form, 422, NOT_RIGHT)
        return self._go_on(steps.remember(account, own_path(request.form.get("next")), self.parts.clock()))

    @open_to_anybody
    def code_page(self) -> ResponseReturnValue:
        """Asks for a code."""
        way = self._on(steps.CODE)
        return self._page("code", CodeForm(formdata=None)) if isinstance(way, Way) else way

    @open_to_anybody
    def check_code(self) -> ResponseReturnValue:
        """Takes the code."""
        way = self._on(steps.CODE)
        if not isinstance(way, Way):
            return way
        form = CodeForm()
        if not form.validate():
            return self._page("code", form, 422)
        if local.check_code(self.parts, way.account.id, str(form.code.data)):
            return self._go_on(steps.remember(way.account, way.onward, self.parts.clock(), code_given=True))
        if self._is_locked(way.account):
            steps.forget()
            return self._start(SignInForm(formdata=None), 422, LOCKED, way.onward)
        form.code.errors = [WRONG_CODE]
        form.code.data = ""
        return self._page("code", form, 422)

    @open_to_anybody
    def out(self) -> ResponseReturnValue:
        """Signs out."""
        by = "provider" if self._came_by_provider() else None
        sign_out(self.parts)
        return redirect(url_for("signin.signed_out", by=by), 303)

    @open_to_anybody
    def signed_out(self) -> ResponseReturnValue:
        """Says that somebody is signed out."""
        provider = self.parts.signing_in.provider
        by_provider = provider is not None and request.args.get("by") == "provider"
        label = provider.registration.label if provider and by_provider else None
        return render_template("signin/signed_out.html", label=label)

    def too_old(self, _fault: CSRFError) -> ResponseReturnValue:
        """A form of these pages whose token is no longer good: the sign-in begins anew, and a sign-out is done."""
        if request.endpoint == "signin.out":
            return self.out()
        if access_of(current_app, str(request.endpoint)) != ANYBODY:
            flash(NOT_CHANGED)
            return redirect(url_for("signin.account"), 303)
        form = SignInForm(formdata=None, username=request.form.get("username", ""))
        return self._start(form, 400, TOO_OLD)

    def _is_locked(self, account: StaffAccount) -> bool:
        with self.parts.reads() as reads:
            return local.is_locked(reads.get_one(StaffAccount, account.id), self.parts.clock())

    def _came_by_provider(self) -> bool:
        someone = known_staff()
        if someone is None:
            return False
        with self.parts.reads() as reads:
            return reads.get_one(StaffAccount, someone.id).issuer is not None
