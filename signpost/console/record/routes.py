"""The addresses of a record's page, and of its review."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.queue.wording import account_name
from signpost.console.record.conversation import KINDS, WAYS, Window
from signpost.console.record.finding import by, found, whole_number
from signpost.console.record.form import ReviewForm
from signpost.console.record.hold_pages import HoldPages
from signpost.console.record.original_pages import OriginalPages
from signpost.console.record.reading import Look, look, note_look
from signpost.console.record.references import canonical
from signpost.console.roles import REVIEWER, open_to
from signpost.console.signin.guard import staff
from signpost.console.simulator.wording import spoken
from signpost.log.models import Escalation
from signpost.log.reviewing import Outdated, review_of, save_review


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    views, holds, originals = RecordPages(parts), HoldPages(parts), OriginalPages(parts)
    pages = Blueprint("record", __name__)
    pages.context_processor(lambda: {"kinds": KINDS, "ways": WAYS, "spoken": spoken})
    pages.get("/records/<reference>")(views.page)
    pages.get("/records/<reference>/review")(views.back)
    pages.post("/records/<reference>/review")(views.review)
    pages.get("/records/<reference>/hold")(holds.hold)
    pages.post("/records/<reference>/hold")(holds.change_hold)
    pages.get("/records/<reference>/original")(originals.original)
    pages.post("/records/<reference>/original")(originals.see_original)
    return pages


@dataclass(frozen=True)
class RecordPages:
    """The views. Each showing of a record is logged before it is shown, also one with a mistake to put right on it."""

    parts: Parts

    @open_to(REVIEWER)
    def page(self, reference: str) -> ResponseReturnValue:
        """The record. A reference that was typed otherwise leads to the one it means."""
        meant = canonical(reference)
        if meant is not None and meant != reference:
            return redirect(url_for("record.page", reference=meant))
        shown = self._look(reference, _window())
        form = _form(shown.escalation)
        form.version.data = str(shown.escalation.version)
        form.fill(review_of(shown.escalation))
        return self._show(shown, form)

    @open_to(REVIEWER)
    def back(self, reference: str) -> ResponseReturnValue:
        """Where a form was sent, opened as a page: on to the record."""
        return redirect(url_for("record.page", reference=reference))

    @open_to(REVIEWER)
    def review(self, reference: str) -> ResponseReturnValue:
        """Saves a review, and goes on to the next record where that was asked for."""
        with self.parts.reads() as reads:
            form = _form(found(reads, reference))
        if not form.validate():
            return self._show(self._look(reference, Window()), form, 422)
        who = by(form.version.data, self.parts.clock)
        try:
            with self.parts.sessions.begin() as session:
                save_review(session, self.parts.trail, found(session, reference), form.review(), who)
        except Outdated:
            return self._outdated(reference, form)
        flash(f"Record {reference} is reviewed.", "success")
        if "next" in request.form:
            return redirect(url_for("queue.next_record", after=reference), 303)
        return redirect(url_for("record.page", reference=reference), 303)

    def _look(self, reference: str, window: Window) -> Look:
        with self.parts.reads() as reads:
            shown = look(reads, found(reads, reference), window)
        note_look(self.parts, staff().username, shown)
        return shown

    def _show(self, shown: Look, form: ReviewForm, status: int = 200) -> ResponseReturnValue:
        record = shown.escalation
        named = account_name(self.parts.accounts, record.account, record.channel)
        return render_template("record/page.html", look=shown, record=record, account_name=named, form=form), status

    def _outdated(self, reference: str, form: ReviewForm) -> ResponseReturnValue:
        """What was saved in between beside what was typed; saving it all the same is a step of its own."""
        record = self._look(reference, Window()).escalation
        form.version.data = str(record.version)
        page = render_template(
            "record/outdated.html", record=record, form=form, theirs=review_of(record), mine=form.review()
        )
        return page, 409


def _form(record: Escalation) -> ReviewForm:
    form = ReviewForm()
    form.choose_by(record)
    return form


def _window() -> Window:
    """Which part of the conversation the address asks for; nonsense asks for none."""
    before, after = whole_number(request.args.get("before")), whole_number(request.args.get("after"))
    if before > 0:
        return Window(before=before)
    return Window(after=after) if after > 0 else Window()
