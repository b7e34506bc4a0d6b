"""The addresses for trying a message. It travels in forms only, and nothing of it is stored or logged."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from signpost.console.corrections.known import KnownMessages
from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.workbench.assistant import NOT_KNOWN_HERE, CantTry, Tried, Understood
from signpost.console.workbench.forms import TryForm
from signpost.console.workbench.showing import Shown, shown


@dataclass(frozen=True)
class TryPages:
    """The views."""

    parts: Parts
    known: KnownMessages

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """The form, empty."""
        form = TryForm()
        form.offer(self.parts.mandate)
        return _page(form)

    @open_to(TRAINER)
    def ask(self) -> ResponseReturnValue:
        """What would be made of the message, beneath the form with all that was typed."""
        form = TryForm()
        form.offer(self.parts.mandate)
        tried = form.tried(self.parts.mandate)
        if tried is None:
            return _page(form), 422
        try:
            understood = self._understood(tried)
        except CantTry as cant:
            return _page(form, away=str(cant)), 503
        return _page(form, shown(self.parts, self.known, tried, understood))

    def _understood(self, tried: Tried) -> Understood:
        if self.parts.bench.assistant is None:
            raise CantTry(NOT_KNOWN_HERE)
        return self.parts.bench.assistant.understand(tried)


def _page(form: TryForm, it: Shown | None = None, away: str = "") -> str:
    return render_template("workbench/try.html", form=form, it=it, away=away)
