"""The addresses for adding an example of a trainer's own: written, held against the others, reviewed, and kept."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.corrections.deciding import faults_of
from signpost.console.corrections.known import KnownMessages
from signpost.console.corrections.reviewed import NAME, ChangedSince
from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.signin.guard import staff
from signpost.console.workbench.adding import Proposed, add, intents_of, like, propose
from signpost.console.workbench.forms import ExampleForm
from signpost.corpus.nearest import Like
from signpost.corpus.repeats import NEAR
from signpost.mistakes import Mistake

CHANGED = "What you wrote is still here. Look at the change as it would be now, and write it then."


@dataclass(frozen=True)
class ExamplePages:
    """The views."""

    parts: Parts
    known: KnownMessages

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """The form, empty."""
        return self._show(self._form())

    @open_to(TRAINER)
    def begin(self) -> ResponseReturnValue:
        """The form with a message that was tried, and the messages that are like it."""
        form = self._form()
        form.seen.data = ""
        form.text.data = form.line()
        return self._show(form)

    @open_to(TRAINER)
    def take(self) -> ResponseReturnValue:
        """Shows what would be written, or writes it, as the button says; or goes back to changing it."""
        form = self._form()
        if "change" in request.form:
            return self._show(form)
        if not form.acceptable():
            return self._show(form, 422)
        try:
            form.text.errors = faults_of(self.known, form.line(), str(form.intent.data))
            return self._show(form, 422) if form.text.errors else self._review_or_write(form)
        except Mistake as fault:
            form.form_errors.append(f"{fault.sentence} What you wrote is still here.")
            return self._show(form, 503)

    def _review_or_write(self, form: ExampleForm) -> ResponseReturnValue:
        intent, line = str(form.intent.data), form.line()
        proposed = propose(self.parts, intent, line)
        if "write" not in request.form:
            return self._review(form, proposed)
        try:
            add(self.parts, staff().username, intent, line, form.seen.data or "")
        except ChangedSince as fault:
            form.form_errors.append(f"{fault.sentence} {CHANGED}")
            return self._review(form, propose(self.parts, intent, line), 409)
        flash(f"Written to {NAME}. Signpost learns from it at the next training.", "success")
        return redirect(url_for("workbench.trying"), 303)

    def _review(self, form: ExampleForm, proposed: Proposed, status: int = 200) -> ResponseReturnValue:
        form.seen.data = proposed.seen
        page = render_template("workbench/example_review.html", form=form, proposed=proposed, line=form.line())
        return page, status

    def _show(self, form: ExampleForm, status: int = 200) -> ResponseReturnValue:
        alike, trouble = self._alike(form.line())
        page = render_template("workbench/example.html", form=form, alike=alike, near=NEAR, trouble=trouble)
        return page, status

    def _alike(self, line: str) -> tuple[list[Like], str | None]:
        """The messages most like the line, and what keeps them from being read, if anything does."""
        try:
            self.known.all()  # What can't be read is said before anything is typed.
            return like(self.known, line), None
        except Mistake as mistake:
            return [], mistake.sentence
        except OSError as fault:
            return [], f"The training messages can’t be read here ({fault.strerror})."

    def _form(self) -> ExampleForm:
        form = ExampleForm()
        try:
            form.offer(intents_of(self.known))
        except (Mistake, OSError):
            form.offer([])  # The page says why, where the messages are compared.
        return form
