"""What the pages between a password and being signed in have in common: where somebody is, and where they go next."""

from typing import Any

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.signin import steps
from signpost.console.signin.arriving import sign_in
from signpost.console.signin.forms import SignInForm
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.onward import own_path
from signpost.console.signin.steps import Way

TOO_LATE = "That took more than 15 minutes, or your account was changed meanwhile. Start again"


class StepPages:
    """The base of views that belong to the sign-in."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def _on(self, step: str) -> Way | ResponseReturnValue:
        """How far somebody has come, if this is the step they need; else where they must go."""
        way = steps.recall(self.parts)
        if way is None:
            steps.forget()
            if request.method == "GET":
                return redirect(url_for("signin.start"))
            return self._start(SignInForm(formdata=None), 400, TOO_LATE)
        return way if way.next_step == step else self._go_on(way)

    def _go_on(self, way: Way) -> ResponseReturnValue:
        if way.next_step != steps.DONE:
            return redirect(url_for(way.next_step), 303)
        sign_in(self.parts, way.account.id, "password")
        return redirect(way.onward, 303)

    def _start(
        self, form: SignInForm, status: int = 200, mistake: str = "", onward: str | None = None
    ) -> ResponseReturnValue:
        provider = self.parts.signing_in.provider
        onward = own_path(onward or request.values.get("next"))
        return self._page(
            "start",
            form,
            status,
            mistakes=[{"text": mistake, "href": "#username"}] if mistake else [],
            local=self.parts.signing_in.local,
            provider=provider.registration if provider else None,
            onward=onward,
            ended=bool(session.get(TOKEN)),
            keeps=onward.startswith("/sign-in/kept/"),
            limits=self.parts.signing_in.limits,
        )

    def _page(self, name: str, form: Any, status: int = 200, **more: Any) -> ResponseReturnValue:
        return make_response(render_template(f"signin/{name}.html", form=form, **more), status)
