"""The pages on which administrators look after the accounts of staff."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from signpost.console.parts import Parts
from signpost.console.roles import ADMINISTRATOR, open_to
from signpost.console.signin.guard import staff
from signpost.console.signin.local import is_locked
from signpost.console.staff.accounts import By, Refusal, Register, everybody, in_order
from signpost.console.staff.forms import RESET_HINTS, ROLE_MAY, ChangeForm, NewForm, ResetForm
from signpost.console.staff.once import show_once, shown_once
from signpost.console.staff.states import state_of
from signpost.console.words import ROLES as ROLE_NAMES
from signpost.log.models import StaffAccount

CHANGED_MEANWHILE = (
    "Somebody else changed this account while you had it open. It is shown as it is now. Make your change again"
)
OWN = "You can’t do this to your own account. Ask another administrator."


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages, views = Blueprint("staff", __name__), StaffPages(parts)
    pages.get("/staff", endpoint="page")(views.page)
    pages.get("/staff/new", endpoint="new")(views.new)
    pages.post("/staff/new", endpoint="add")(views.add)
    pages.get("/staff/<uuid:key>", endpoint="one")(views.one)
    pages.post("/staff/<uuid:key>", endpoint="change")(views.change)
    pages.get("/staff/<uuid:key>/reset", endpoint="reset_page")(views.reset_page)
    pages.post("/staff/<uuid:key>/reset", endpoint="reset")(views.reset)
    pages.post("/staff/<uuid:key>/disable", endpoint="disable")(views.disable)
    pages.post("/staff/<uuid:key>/enable", endpoint="enable")(views.enable)
    return pages


class StaffPages:
    """The views."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    @open_to(ADMINISTRATOR)
    def page(self) -> ResponseReturnValue:
        """Everybody."""
        now = self.parts.clock()
        with self.parts.reads() as reads:
            rows = [(one, state_of(one, locked=is_locked(one, now))) for one in everybody(reads)]
        return render_template("staff/page.html", rows=rows, role_names=ROLE_NAMES)

    @open_to(ADMINISTRATOR)
    def new(self) -> ResponseReturnValue:
        """Asks who comes."""
        return self._show("new", NewForm(formdata=None))

    @open_to(ADMINISTRATOR)
    def add(self) -> ResponseReturnValue:
        """Makes the account and goes on to it, where the temporary password is shown once."""
        form = NewForm()
        if not form.validate():
            return self._show("new", form, 422)
        try:
            with self._register() as register:
                password = register.add(str(form.username.data), str(form.name.data), form.roles.data or [])
                account = register.with_username(str(form.username.data))
        except Refusal as refusal:
            return self._show("new", form, 422, mistakes=[{"text": str(refusal), "href": "#username"}])
        show_once(self.parts.vault, account.key, password)
        return redirect(url_for("staff.one", key=account.key), 303)

    @open_to(ADMINISTRATOR)
    def one(self, key: UUID) -> ResponseReturnValue:
        """An account."""
        account = self._account(key)
        form = ChangeForm(formdata=None, name=account.name, roles=account.roles, seen=mark_of(account))
        return self._one(account, form, password=shown_once(self.parts.vault, account.key))

    @open_to(ADMINISTRATOR)
    def change(self, key: UUID) -> ResponseReturnValue:
        """Another name, other roles. Nobody changes their own roles; the provider's people have theirs from there."""
        account, form = self._account(key), ChangeForm()
        if account.issuer is not None:
            abort(403, "The name and the roles of a work account come from the identity provider. Change them there.")
        if account.id == staff().id:
            form.roles.data = in_order(account.roles)
            form.roles.validators = []
        if not form.validate():
            return self._one(account, form, 422)
        if account.id == staff().id:
            form.roles.data = in_order(account.roles)
        try:
            with self._register() as register:
                fresh = register.with_key(account.key) or abort(404)
                if mark_of(fresh) != form.seen.data:
                    return self._changed_meanwhile(fresh)
                changed = register.change(fresh, str(form.name.data), form.roles.data or [])
        except Refusal as refusal:
            return self._one(account, form, 409, mistakes=[{"text": str(refusal), "href": "#roles"}])
        flash("The account is changed." if changed else "Nothing was changed.", "success" if changed else "message")
        return redirect(url_for("staff.one", key=account.key), 303)

    @open_to(ADMINISTRATOR)
    def reset_page(self, key: UUID) -> ResponseReturnValue:
        """Asks what is to be reset."""
        account = self._other_s_account(key)
        return self._show("reset", ResetForm(formdata=None, what="both"), person=account)

    @open_to(ADMINISTRATOR)
    def reset(self, key: UUID) -> ResponseReturnValue:
        """Resets the password, the app, or both, and goes on to the account."""
        account, form = self._other_s_account(key), ResetForm()
        if not form.validate():
            return self._show("reset", form, 422, person=account)
        try:
            with self._register() as register:
                fresh = register.with_key(account.key) or abort(404)
                what = form.what.data
                password = register.reset(fresh, password=what != "app", app=what != "password")
        except Refusal as refusal:
            return self._show("reset", form, 409, person=account, mistakes=[{"text": str(refusal)}])
        if password:
            show_once(self.parts.vault, account.key, password)
        else:
            flash("The code app is reset. They set up a new one when they sign in.", "success")
        return redirect(url_for("staff.one", key=account.key), 303)

    @open_to(ADMINISTRATOR)
    def disable(self, key: UUID) -> ResponseReturnValue:
        """Switches the account off."""
        return self._switch(key, on=False)

    @open_to(ADMINISTRATOR)
    def enable(self, key: UUID) -> ResponseReturnValue:
        """Switches the account on."""
        return self._switch(key, on=True)

    def _switch(self, key: UUID, *, on: bool) -> ResponseReturnValue:
        account = self._other_s_account(key)
        try:
            with self._register() as register:
                fresh = register.with_key(account.key) or abort(404)
                done = register.enable(fresh) if on else register.disable(fresh)
        except Refusal as refusal:
            form = ChangeForm(formdata=None, name=account.name, roles=account.roles, seen=mark_of(account))
            return self._one(account, form, 409, mistakes=[{"text": str(refusal)}])
        words = ("switched on", "on") if on else ("switched off, and signed out everywhere", "off")
        flash(f"The account is {words[0]}." if done else f"The account was {words[1]} already.", "success")
        return redirect(url_for("staff.one", key=account.key), 303)

    @contextmanager
    def _register(self) -> Iterator[Register]:
        with self.parts.sessions.begin() as writing:
            yield Register(
                writing,
                self.parts.trail,
                self.parts.signing_in.passwords,
                self.parts.clock(),
                By(staff().username),
            )

    def _account(self, key: UUID) -> StaffAccount:
        with self.parts.reads() as reads:
            found = reads.scalars(select(StaffAccount).filter_by(key=str(key))).first()
        return found or abort(404, "There is no such account.")

    def _other_s_account(self, key: UUID) -> StaffAccount:
        account = self._account(key)
        if account.id == staff().id:
            abort(403, OWN)
        return account

    def _changed_meanwhile(self, account: StaffAccount) -> ResponseReturnValue:
        form = ChangeForm(formdata=None, name=account.name, roles=account.roles, seen=mark_of(account))
        typed = request.form.get("name", ""), [ROLE_NAMES[one] for one in in_order(request.form.getlist("roles"))]
        return self._one(account, form, 409, mistakes=[{"text": CHANGED_MEANWHILE, "href": "#name"}], typed=typed)

    def _one(self, account: StaffAccount, form: ChangeForm, status: int = 200, **more: Any) -> ResponseReturnValue:
        locked = is_locked(account, self.parts.clock())
        return self._show(
            "one",
            form,
            status,
            person=account,
            state=state_of(account, locked=locked),
            own=account.id == staff().id,
            **more,
        )

    def _show(self, name: str, form: Any, status: int = 200, **more: Any) -> ResponseReturnValue:
        page = render_template(
            f"staff/{name}.html",
            form=form,
            role_names=ROLE_NAMES,
            role_may=ROLE_MAY,
            reset_hints=RESET_HINTS,
            **{"mistakes": [], **more},
        )
        return make_response(page, status)


def mark_of(account: StaffAccount) -> str:
    """Changes with the name and the roles."""
    content = json.dumps([account.name, in_order(account.roles)])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
