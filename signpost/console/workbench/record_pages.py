"""The addresses for recording: a conversation of the simulator's, looked over, reviewed as a change, and written."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.signin.guard import staff
from signpost.console.workbench.heard import Held, held
from signpost.console.workbench.record_form import RecordForm, name_of, texts_in
from signpost.console.workbench.recording import NAME, ChangedSince, NotRecorded, Proposed, propose, record, test_of
from signpost.console.workbench.suite import key_of
from signpost.console.workbench.wording import CHANGED, NO_SUCH_CONVERSATION
from signpost.mistakes import Mistake

Texts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class RecordPages:
    """The views."""

    parts: Parts

    @open_to(TRAINER)
    def page(self, key: UUID) -> ResponseReturnValue:
        """The conversation, to be named and looked over."""
        heard = self._held(key)
        return self._show(heard, self._form(heard), texts_in({}, heard))

    @open_to(TRAINER)
    def take(self, key: UUID) -> ResponseReturnValue:
        """Shows what would be written, or writes it, as the button says; or goes back to changing it."""
        heard = self._held(key)
        form, texts = self._form(heard), texts_in(request.form, heard)
        if "change" in request.form:
            return self._show(heard, form, texts)
        if heard.trouble:
            return self._show(heard, form, texts, 409)
        if not form.good(texts):
            return self._show(heard, form, texts, 422)
        try:
            return self._review_or_write(heard, form, texts)
        except NotRecorded as fault:
            form.form_errors.append(f"{fault} What you wrote is still here.")
            return self._show(heard, form, texts, 503)
        except Mistake as mistake:
            form.form_errors.append(mistake.sentence)
            return self._show(heard, form, texts, 422)

    def _review_or_write(self, heard: Held, form: RecordForm, texts: Texts) -> ResponseReturnValue:
        test = test_of(heard, form.title.data or "", str(form.channels.data), texts)
        if "write" not in request.form:
            return _review(heard, form, texts, propose(self.parts.bench.suite_folder, test))
        try:
            record(self.parts, staff().username, test, form.seen.data or "")
        except ChangedSince:
            form.form_errors.append(CHANGED)
            return _review(heard, form, texts, propose(self.parts.bench.suite_folder, test), 409)
        flash(f"Written to {NAME}. Run the conversations to hold it.", "success")
        return redirect(url_for("workbench.conversation", key=key_of(test.file, test.title)), 303)

    def _form(self, heard: Held) -> RecordForm:
        form = RecordForm()
        form.offer(heard, self.parts.mandate)
        return form

    def _held(self, key: UUID) -> Held:
        with self.parts.reads() as reads:
            found = held(reads, str(key), self.parts.vault, self.parts.bench.redactor())
        return found or abort(404, NO_SUCH_CONVERSATION)

    def _show(self, heard: Held, form: RecordForm, texts: Texts, status: int = 200) -> ResponseReturnValue:
        return render_template("workbench/record.html", held=heard, form=form, texts=texts, name_of=name_of), status


def _review(heard: Held, form: RecordForm, texts: Texts, proposed: Proposed, status: int = 200) -> ResponseReturnValue:
    form.seen.data = proposed.seen
    page = render_template(
        "workbench/record_review.html", held=heard, form=form, texts=texts, name_of=name_of, proposed=proposed
    )
    return page, status
