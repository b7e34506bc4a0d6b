"""One's own account: the name and the roles, the password, the app that gives codes, and where one is signed in."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import ROLES, open_to
from signpost.console.signin import codes, local, steps
from signpost.console.signin.arriving import leave_nothing, note
from signpost.console.signin.forms import ChangeAppForm, ChangePasswordForm
from signpost.console.signin.guard import TOKEN, staff
from signpost.console.signin.kept import kept_by
from signpost.console.signin.own_factors import WRONG_FIRST_CODE, app_words, new_app_secret, new_password_fault
from signpost.console.signin.sessions import end_all, is_token_of, open_sign_ins
from signpost.log.models import StaffAccount

WRONG = "This isn’t your password. After 5 wrong tries the account is locked for 15 minutes"


def add(pages: Blueprint, parts: Parts, limited: Callable[[Any], Any]) -> None:
    """The views, on the room's blueprint."""
    views = AccountPages(parts)
    pages.get("/account", endpoint="account")(views.account)
    pages.get("/account/password", endpoint="password_page")(views.password_page)
    pages.post("/account/password", endpoint="change_password")(limited(views.change_password))
    pages.get("/account/code-app", endpoint="code_app_page")(views.code_app_page)
    pages.post("/account/code-app", endpoint="change_code_app")(limited(views.change_code_app))
    pages.post("/account/sign-out-everywhere", endpoint="out_everywhere")(views.out_everywhere)


class AccountPages:
    """The views."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    @open_to(*ROLES)
    def account(self) -> ResponseReturnValue:
        """What is known of whoever is signed in."""
        token, now = str(session.get(TOKEN)), self.parts.clock()
        with self.parts.reads() as reads:
            account = reads.get_one(StaffAccount, staff().id)
            signed_in = open_sign_ins(reads, account.id, now, self.parts.signing_in.limits)
        return render_template(
            "signin/account.html",
            person=account,
            sign_ins=[(one, is_token_of(token, one)) for one in signed_in],
            kept=kept_by(self.parts, account.id),
            limits=self.parts.signing_in.limits,
        )

    @open_to(*ROLES)
    def password_page(self) -> ResponseReturnValue:
        """Asks for the present password and a new one."""
        account = self._local_account()
        return _page("change_password", ChangePasswordForm(formdata=None), username=account.username)

    @open_to(*ROLES)
    def change_password(self) -> ResponseReturnValue:
        """Takes the new password; everywhere else this person is signed out."""
        account, form = self._local_account(), ChangePasswordForm()
        if form.validate() and self._is_own_password(account, form):
            fault = new_password_fault(self.parts, account, str(form.new_password.data))
            form.new_password.errors = [fault] if fault else []
        if form.errors:
            return _page("change_password", form, 422, username=account.username)
        hashed = self.parts.signing_in.passwords.hash(str(form.new_password.data))
        with self.parts.sessions.begin() as writing:
            mine = local.locked_for_update(writing, account.id)
            mine.password_hash, mine.password_temporary = hashed, False
            ended = end_all(writing, mine.id, self.parts.clock(), but=session.get(TOKEN))
            note(self.parts, writing, mine.username, "password_changed", {"signed_out_elsewhere": ended})
        flash("Your password is changed. Everywhere else you are signed out.", "success")
        return redirect(url_for("signin.account"), 303)

    @open_to(*ROLES)
    def code_app_page(self) -> ResponseReturnValue:
        """Shows the secret for a new app."""
        account = self._local_account()
        words = app_words(self.parts, new_app_secret(self.parts), account.username)
        return _page("change_code_app", ChangeAppForm(formdata=None), **words)

    @open_to(*ROLES)
    def change_code_app(self) -> ResponseReturnValue:
        """Takes the new app, once it has shown that it has the secret. The old one's codes are no longer good."""
        account, form = self._local_account(), ChangeAppForm()
        secret, step = new_app_secret(self.parts), None
        if form.validate() and self._is_own_password(account, form):
            step = codes.step_of(secret, str(form.code.data), self.parts.clock(), None)
            form.code.errors = [] if step else [WRONG_FIRST_CODE]
        if form.errors:
            return _page("change_code_app", form, 422, **app_words(self.parts, secret, account.username))
        with self.parts.sessions.begin() as writing:
            mine = local.locked_for_update(writing, account.id)
            mine.totp_encrypted, mine.totp_last_step = self.parts.vault.encrypt(secret), step
            ended = end_all(writing, mine.id, self.parts.clock(), but=session.get(TOKEN))
            note(self.parts, writing, mine.username, "code_app_changed", {"signed_out_elsewhere": ended})
        steps.forget()
        flash("Your new app gives the codes from now on. Everywhere else you are signed out.", "success")
        return redirect(url_for("signin.account"), 303)

    @open_to(*ROLES)
    def out_everywhere(self) -> ResponseReturnValue:
        """Ends every sign-in of this person, this one too."""
        with self.parts.sessions.begin() as writing:
            ended = end_all(writing, staff().id, self.parts.clock())
            note(self.parts, writing, staff().username, "signed_out_everywhere", {"ended": ended})
        leave_nothing()
        return redirect(url_for("signin.signed_out"), 303)

    def _local_account(self) -> StaffAccount:
        with self.parts.reads() as reads:
            account = reads.get_one(StaffAccount, staff().id)
        if account.issuer is not None:
            abort(404, "You sign in with your work account: its password and its codes are changed there.")
        return account

    def _is_own_password(self, account: StaffAccount, form: Any) -> bool:
        """Whether they know their password; a wrong one counts as it does at the sign-in."""
        if local.check_password(self.parts, account.username, str(form.current_password.data)) is not None:
            return True
        form.current_password.errors = [WRONG]
        return False


def _page(name: str, form: Any, status: int = 200, **more: Any) -> ResponseReturnValue:
    return make_response(render_template(f"signin/{name}.html", form=form, **more), status)
