"""The addresses of a record's legal hold."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.record.finding import by, found
from signpost.console.record.form import HoldForm
from signpost.console.roles import REVIEWER, open_to
from signpost.log.reviewing import Outdated, lift_hold, set_hold

CHANGED = "Somebody else changed this record while you had it open. Nothing was saved: look at it as it is now."


@dataclass(frozen=True)
class HoldPages:
    """The views."""

    parts: Parts

    @open_to(REVIEWER)
    def hold(self, reference: str) -> ResponseReturnValue:
        """Asks for the reason of a hold, or of lifting the one there is."""
        return self._show(reference, HoldForm())

    @open_to(REVIEWER)
    def change_hold(self, reference: str) -> ResponseReturnValue:
        """Sets a hold, or lifts it, as the button says."""
        form, lifts = HoldForm(), "lift" in request.form
        if not form.validate():
            return self._show(reference, form, 422)
        change = lift_hold if lifts else set_hold
        who = by(form.version.data, self.parts.clock)
        try:
            with self.parts.sessions.begin() as session:
                change(session, self.parts.trail, found(session, reference), form.reason.data, who)
        except Outdated:
            form.form_errors.append(CHANGED)
            return self._show(reference, form, 409)
        flash(f"The legal hold on {reference} is {'lifted' if lifts else 'set'}.", "success")
        return redirect(url_for("record.page", reference=reference), 303)

    def _show(self, reference: str, form: HoldForm, status: int = 200) -> ResponseReturnValue:
        with self.parts.reads() as reads:
            record = found(reads, reference)
        form.version.data = str(record.version)
        return render_template("record/hold.html", form=form, record=record), status
