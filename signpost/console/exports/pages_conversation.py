"""Requests about one conversation: its person asks what is held, or asks for it to be erased."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.channels.text import storable
from signpost.console.exports.conversation import Outline, outline_of
from signpost.console.exports.erasure import erase_on_request
from signpost.console.exports.files import attachment
from signpost.console.exports.request_form import ErasureForm, ReferenceForm, SubjectAccessForm
from signpost.console.exports.subject_access import Gatherer, lines, said
from signpost.console.parts import Parts
from signpost.console.queue.wording import word_of
from signpost.console.record.references import canonical
from signpost.console.roles import ADMINISTRATOR, open_to
from signpost.console.signin.guard import staff
from signpost.log.audit import CONSULTATION, DISCLOSURE, Act
from signpost.log.erasing import Held, UnderWay

PREPARED, GIVEN = "request_prepared", "subject_access_given"
LONGEST_REFERENCE = 40
NO_REFERENCE = "Enter a reference with 6 letters or numbers, such as KMR-4C7"


@dataclass(frozen=True)
class ConversationPages:
    """What both kinds of request have in common: first a reference, then what it leads to."""

    parts: Parts

    def _outline(self, reference: str) -> Outline | None:
        with self.parts.reads() as reads:
            return outline_of(reads, reference)

    def _ask(self, template: str) -> tuple[Outline | None, ResponseReturnValue]:
        """The conversation that the address asks about; and the page that asks for a reference, where it names none."""
        typed = request.args.get("reference")
        form = ReferenceForm(formdata=None)
        if typed is None:
            return None, render_template(template, reference_form=form, outline=None)
        form.reference.data = storable(typed)[:LONGEST_REFERENCE].strip()
        reference = canonical(form.reference.data)
        outline = self._outline(reference) if reference else None
        if outline is None:
            form.reference.errors = [
                f"There is no record {reference}. Check the reference" if reference else NO_REFERENCE
            ]
            return None, (render_template(template, reference_form=form, outline=None, form=form), 422)
        return outline, ""

    def _prepare(self, outline: Outline, kind: str) -> None:
        """Somebody looks at what there is of a conversation: that is logged, for each of its records."""
        with self.parts.sessions.begin() as session:
            for reference in outline.references:
                act = Act(staff().username, CONSULTATION, PREPARED, reference, detail={"request": kind})
                self.parts.trail.write(session, act, self.parts.clock())

    def _words(self, outline: Outline) -> dict[str, Any]:
        word = word_of(self.parts.mandate, self.parts.accounts)
        return {
            "outline": outline,
            "where": f"{word('channel', outline.channel)}, {word('account', outline.account)}",
        }


@dataclass(frozen=True)
class SubjectAccessPages(ConversationPages):
    """A person asks what is held about them."""

    @open_to(ADMINISTRATOR)
    def subject_access(self) -> ResponseReturnValue:
        """Asks for a reference, then for what must be known before anything is given."""
        outline, page = self._ask("exports/subject_access.html")
        if outline is None:
            return page
        self._prepare(outline, "subject access")
        return self._page(outline, SubjectAccessForm(formdata=None))

    @open_to(ADMINISTRATOR)
    def give(self) -> ResponseReturnValue:
        """The file."""
        form = SubjectAccessForm()
        outline, page = self._ask("exports/subject_access.html")
        if outline is None:
            return page
        if not form.validate():
            return self._page(outline, form), 422
        now = self.parts.clock()
        word = word_of(self.parts.mandate, self.parts.accounts)
        gatherer = Gatherer(self.parts.vault, word, staff_notes=form.staff_notes.data)
        with self.parts.sessions.begin() as session:
            held = gatherer.gather(session, outline, now)
            for reference in outline.references:
                detail = {
                    "identity": form.identity.data,
                    "format": form.file_format.data,
                    "staff_notes": form.staff_notes.data,
                    "asked_with": outline.reference,
                    "messages": outline.messages,
                }
                act = Act(staff().username, DISCLOSURE, GIVEN, reference, form.purpose.data, detail)
                self.parts.trail.write(session, act, now)
        if form.file_format.data == "json":
            made = held.as_json()
        else:
            made = render_template("exports/held.html", held=held, lines=lines, said=said, reference=outline.reference)
        return attachment([made], f"signpost-{outline.reference}", form.file_format.data)

    def _page(self, outline: Outline, form: SubjectAccessForm) -> str:
        return render_template("exports/subject_access.html", form=form, **self._words(outline))


@dataclass(frozen=True)
class ErasurePages(ConversationPages):
    """A person asks for what is held about them to be erased."""

    @open_to(ADMINISTRATOR)
    def erasure(self) -> ResponseReturnValue:
        """Asks for a reference, then shows what would go and what stays."""
        outline, page = self._ask("exports/erasure.html")
        if outline is None:
            return page
        self._prepare(outline, "erasure")
        return self._page(outline, ErasureForm(outline.reference, formdata=None))

    @open_to(ADMINISTRATOR)
    def erase(self) -> ResponseReturnValue:
        """Erases it."""
        outline, page = self._ask("exports/erasure.html")
        if outline is None:
            return page
        form = ErasureForm(outline.reference)
        if outline.erased:
            return self._page(outline, form), 409
        if not form.validate():
            return self._page(outline, form), 422
        someone, now = staff(), self.parts.clock()
        try:
            with self.parts.sessions.begin() as session:
                # Anew: since the page was made, a message may have come.
                current = outline_of(session, outline.reference) or outline
                erase_on_request(session, self.parts.trail, current, someone.username, form.purpose.data, now)
        except (Held, UnderWay) as refusal:
            return self._page(self._outline(outline.reference) or outline, form, refusal.sentence), 409
        flash(f"The conversation of {outline.reference} was erased. The audit log says so.", "success")
        return redirect(url_for("exports.erasure", reference=outline.reference), 303)

    def _page(self, outline: Outline, form: ErasureForm, refusal: str = "") -> str:
        mistakes = [{"text": refusal, "href": "#what-goes"}] if refusal else []
        return render_template("exports/erasure.html", form=form, mistakes=mistakes, **self._words(outline))
