"""The addresses of a record's original text: who asks why first, and then sees it."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.record.finding import found
from signpost.console.record.form import WhyForm
from signpost.console.record.original import is_there, show_original, why_erased
from signpost.console.roles import REVIEWER, open_to
from signpost.console.signin.guard import staff


@dataclass(frozen=True)
class OriginalPages:
    """The views."""

    parts: Parts

    @open_to(REVIEWER)
    def original(self, reference: str) -> ResponseReturnValue:
        """Asks why somebody needs the original text, or says why it is gone."""
        return self._ask(reference, WhyForm())

    @open_to(REVIEWER)
    def see_original(self, reference: str) -> ResponseReturnValue:
        """Shows the original text to whoever said why."""
        form = WhyForm()
        with self.parts.reads() as reads:
            gone = not is_there(reads, found(reads, reference))
        if gone or not form.validate():
            return self._ask(reference, form, 200 if gone else 422)
        with self.parts.sessions.begin() as session:
            record = found(session, reference)
            said = show_original(session, self.parts, record, staff().username, form.purpose())
        return render_template("record/original.html", record=record, said=said)

    def _ask(self, reference: str, form: WhyForm, status: int = 200) -> ResponseReturnValue:
        with self.parts.reads() as reads:
            record = found(reads, reference)
            gone = None if is_there(reads, record) else why_erased(reads, record)
        return render_template("record/why.html", form=form, record=record, gone=gone), status
