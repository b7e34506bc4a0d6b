"""The addresses of corrections: the list, and one to read and decide."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.corrections.deciding import Decision, accept, faults_in, refuse
from signpost.console.corrections.form import CorrectionForm
from signpost.console.corrections.known import KnownMessages
from signpost.console.corrections.reading import Page, Place, Proposal, counts, find, page_of
from signpost.console.corrections.reviewed import NAME, NotWritten
from signpost.console.corrections.wording import placeholders_in
from signpost.console.parts import Parts
from signpost.console.record.happenings import CORRECTION_OPENED, CORRECTIONS_LISTED
from signpost.console.roles import TRAINER, open_to
from signpost.console.signin.guard import staff
from signpost.corpus.nearest import Like
from signpost.corpus.repeats import NEAR
from signpost.log.audit import CONSULTATION, Act
from signpost.log.correcting import OPEN, STATES, Decided, stamp
from signpost.mistakes import Mistake

ALIKE = 0.3
"""From this share of common pieces on, a message is shown for comparison."""
MOST_ALIKE = 8
HIGHEST_ID = 2**31 - 1
NO_SUCH = "There’s no such correction, or not any more: a reviewer may have withdrawn it."
OTHERWISE = (
    "Somebody else decided this correction, or changed it, while you had it open. Nothing of yours was saved; what you "
    "wrote is still here."
)


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    views = CorrectionPages(parts, KnownMessages(parts.training_folder))
    pages = Blueprint("corrections", __name__)
    pages.get("/corrections")(views.page)
    pages.get(f"/corrections/<int(max={HIGHEST_ID}):correction_id>")(views.one)
    pages.post(f"/corrections/<int(max={HIGHEST_ID}):correction_id>")(views.decide)
    return pages


@dataclass(frozen=True)
class CorrectionPages:
    """The views."""

    parts: Parts
    known: KnownMessages

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """A page of the corrections in one state."""
        state = request.args.get("state", OPEN)
        if state not in STATES:
            abort(404, "There’s no such list of corrections. Go to the ones to decide, and on from there.")
        with self.parts.reads() as reads:
            shown, counted = page_of(reads, state, _place()), counts(reads)
        self._note_list(shown)
        return render_template("corrections/page.html", state=state, states=STATES, page=shown, counts=counted)

    @open_to(TRAINER)
    def one(self, correction_id: int) -> ResponseReturnValue:
        """One correction, with the messages that are most like it."""
        proposal = self._found(correction_id)
        form = self._form(proposal)
        form.fill(proposal.correction, stamp(proposal.correction))
        return self._show(proposal, form)

    @open_to(TRAINER)
    def decide(self, correction_id: int) -> ResponseReturnValue:
        """Accepts or refuses it, or looks anew for messages like the text as it is typed, as the button says."""
        proposal = self._found(correction_id)
        form = self._form(proposal)
        if proposal.correction.state != OPEN or form.seen.data != stamp(proposal.correction):
            return self._otherwise(correction_id, form)
        if "look" in request.form:
            return self._show(proposal, form)
        return self._decide(proposal, form, accepts="accept" in request.form)

    def _decide(self, proposal: Proposal, form: CorrectionForm, *, accepts: bool) -> ResponseReturnValue:
        """Accepts or refuses it as the form is filled in, if that will do."""
        correction_id = proposal.correction.id
        if not (form.acceptable() if accepts else form.refusable()):
            return self._show(proposal, form, 422)
        decision = Decision(
            correction_id, form.seen.data or "", staff(), form.note.data or None, form.line(), form.intent.data or ""
        )
        try:
            if accepts:
                form.text.errors = faults_in(self.parts, self.known, decision, proposal.reference)
                if form.text.errors:
                    return self._show(proposal, form, 422)
                accept(self.parts, decision)
            else:
                refuse(self.parts, decision)
        except Decided:
            return self._otherwise(correction_id, form)
        except NotWritten as fault:
            form.form_errors.append(f"{fault.sentence} It is still to be decided, and what you wrote is still here.")
            return self._show(proposal, form, 503)
        if accepts:
            flash(
                f"Accepted, and written to {NAME}. Signpost learns from it at the next training.",
                "success",
            )
        else:
            flash("Refused.", "success")
        return redirect(url_for("corrections.page"), 303)

    def _otherwise(self, correction_id: int, form: CorrectionForm) -> ResponseReturnValue:
        """The correction as it is now, with what was typed."""
        proposal = self._found(correction_id)
        form.form_errors.append(OTHERWISE)
        form.choose_by(self._intents(proposal))
        form.seen.data = stamp(proposal.correction)
        return self._show(proposal, form, 409)

    def _show(self, proposal: Proposal, form: CorrectionForm, status: int = 200) -> ResponseReturnValue:
        """The page. That a trainer looked at a record's text is logged before it is shown."""
        alike, trouble = self._alike(form.text.data or "")
        act = Act(
            staff().username,
            CONSULTATION,
            CORRECTION_OPENED,
            proposal.reference,
            detail={"correction": proposal.correction.id},
        )
        with self.parts.sessions.begin() as session:
            self.parts.trail.write(session, act, self.parts.clock())
        page = render_template(
            "corrections/one.html",
            proposal=proposal,
            correction=proposal.correction,
            form=form,
            alike=alike,
            near=NEAR,
            trouble=trouble,
            placeholders=placeholders_in(form.text.data or ""),
            file=NAME,
        )
        return page, status

    def _alike(self, text: str) -> tuple[list[Like], str | None]:
        """The messages most like the text, and what keeps them from being read, if anything does."""
        if not text.strip():
            return [], None
        try:
            return self.known.like(text, ALIKE)[:MOST_ALIKE], None
        except Mistake as mistake:
            return [], mistake.sentence
        except OSError as fault:
            return [], f"The training messages can’t be read here ({fault.strerror})."

    def _form(self, proposal: Proposal) -> CorrectionForm:
        form = CorrectionForm()
        form.choose_by(self._intents(proposal))
        return form

    def _intents(self, proposal: Proposal) -> list[str]:
        try:
            return self.known.intents_of(proposal.correction.new_label)
        except (Mistake, OSError):
            return []  # The page says why, where the messages are compared.

    def _found(self, correction_id: int) -> Proposal:
        with self.parts.reads() as reads:
            return find(reads, correction_id) or abort(404, NO_SUCH)

    def _note_list(self, shown: Page) -> None:
        if not shown.proposals:
            return
        act = Act(
            staff().username,
            CONSULTATION,
            CORRECTIONS_LISTED,
            detail={"records": [one.reference for one in shown.proposals if one.reference]},
        )
        with self.parts.sessions.begin() as session:
            self.parts.trail.write(session, act, self.parts.clock())


def _place() -> Place:
    """Where in the list to go on, as the address says; nonsense is its start."""
    numbers = {name: request.args.get(name, type=int) for name in ("after", "before")}
    good = {name: number for name, number in numbers.items() if number is not None and 0 < number <= HIGHEST_ID}
    return Place(after=good.get("after"), before=None if "after" in good else good.get("before"))
