"""The page on which records are chosen and taken out, and the list of what can be asked for."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.exports.disclosing import Export, disclose
from signpost.console.exports.files import attachment, dated
from signpost.console.exports.form import ExportForm
from signpost.console.exports.records import count_for_page
from signpost.console.parts import Parts
from signpost.console.queue.choices import NAMES
from signpost.console.queue.filters import Filters, read_filters
from signpost.console.queue.panel import groups, typed
from signpost.console.queue.showing import Place, chips_of
from signpost.console.queue.wording import word_of
from signpost.console.roles import ADMINISTRATOR, REVIEWER, open_to
from signpost.console.signin.guard import staff

FIELDS = ("label", "cause", "kind", "channel", "account", "delivery", "state")


@dataclass(frozen=True)
class RecordPages:
    """The views."""

    parts: Parts

    @open_to(REVIEWER, ADMINISTRATOR)
    def page(self) -> ResponseReturnValue:
        """Which records, and how many. Nothing of them is shown, so only the export itself is logged."""
        return self._page(read_filters(request.args), ExportForm(formdata=None))

    @open_to(REVIEWER, ADMINISTRATOR)
    def export(self) -> ResponseReturnValue:
        """The file."""
        filters, form = read_filters(request.form), ExportForm()
        if not form.validate() or filters.mistakes:
            return self._page(filters, form)
        export = Export(filters, form.file_format.data, staff().username, form.purpose.data)
        now = self.parts.clock()
        word = word_of(self.parts.mandate, self.parts.accounts)
        made = disclose(export, self.parts.sessions, self.parts.reads, self.parts.trail, word, now)
        return attachment(made.parts, dated("records", now), form.file_format.data)

    @open_to(ADMINISTRATOR)
    def requests(self) -> ResponseReturnValue:
        """What people may ask of the force, and the page for each."""
        return render_template("exports/requests.html")

    def _page(self, filters: Filters, form: ExportForm) -> ResponseReturnValue:
        place = Place(url_for("exports.page"))
        count = None
        if not filters.mistakes:
            with self.parts.reads() as reads:
                count = count_for_page(reads, filters)
        page = render_template(
            "exports/page.html",
            filters=filters,
            place=place,
            panel=groups(filters, self.parts.mandate, self.parts.accounts, FIELDS),
            typed=typed(filters),
            chips=chips_of(self.parts, filters, place),
            count=count,
            form=form,
            mistakes=[
                {"text": sentence, "href": f"#{'panel-' if name in NAMES else ''}{name}"}
                for name, sentence in filters.mistakes.items()
            ],
        )
        return page, 422 if filters.mistakes or form.errors else 200
