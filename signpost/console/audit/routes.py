"""The pages' addresses: the audit log, its chain, and the log as a spreadsheet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.audit.chain import NEWEST, look_at_chain, verify_newest
from signpost.console.audit.filters import FIELDS, HIGHEST, AuditFilters, People, people, read_audit_filters
from signpost.console.audit.panel import panel
from signpost.console.audit.reading import Entries, all_entries, count, read_page
from signpost.console.audit.spreadsheet import spreadsheet
from signpost.console.audit.wording import EXPORTED, VIEWED, detail_words, event_words
from signpost.console.exports.files import attachment, dated
from signpost.console.exports.form import PurposeForm
from signpost.console.parts import Parts
from signpost.console.queue.wording import word_of
from signpost.console.roles import ADMINISTRATOR, AUDITOR, open_to
from signpost.console.signin.guard import staff
from signpost.log.audit import CONSULTATION, DISCLOSURE, Act
from signpost.log.audit_faults import Verdict

NO_SUCH_PAGE = "This part of the log doesn’t exist. Open the audit log from its newest entries."


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages, views = Blueprint("audit", __name__), AuditPages(parts)
    pages.get("/audit")(views.page)
    pages.post("/audit")(views.export)
    pages.get("/audit/chain")(views.chain)
    pages.post("/audit/chain")(views.verify)
    return pages


@dataclass(frozen=True)
class AuditPages:
    """The views."""

    parts: Parts

    @open_to(AUDITOR, ADMINISTRATOR)
    def page(self) -> ResponseReturnValue:
        """A page of the log, newest first. Reading it is itself logged."""
        key, back = _place()
        with self.parts.reads() as reads:
            known = people(reads)
            filters = read_audit_filters(request.args, known)
            entries = Entries([]) if filters.mistakes else read_page(reads, filters, key, back=back)
        if not filters.mistakes:
            detail = {"filters": filters.told(), "entries": len(entries.rows)}
            self._note(Act(staff().username, CONSULTATION, VIEWED, detail=detail))
        return self._page(filters, known, entries, PurposeForm(formdata=None), 422 if filters.mistakes else 200)

    @open_to(AUDITOR, ADMINISTRATOR)
    def export(self) -> ResponseReturnValue:
        """All that the filters ask for, as a spreadsheet: a disclosure, for it leaves the service."""
        form = PurposeForm()
        with self.parts.reads() as reads:
            known = people(reads)
            filters = read_audit_filters(request.form, known)
            if filters.mistakes:
                return self._page(filters, known, Entries([]), form, 422)
            if not form.validate():
                return self._page(filters, known, read_page(reads, filters, None), form, 422)
            number, newest = count(reads, filters)
        detail = {"filters": filters.told(), "entries": number}
        self._note(Act(staff().username, DISCLOSURE, EXPORTED, purpose=form.purpose.data, detail=detail))
        lines: Iterable[str] = spreadsheet(all_entries(self.parts.reads, filters, newest))
        return attachment(lines, dated("audit", self.parts.clock()), "csv")

    @open_to(AUDITOR, ADMINISTRATOR)
    def chain(self) -> ResponseReturnValue:
        """How the chain stands."""
        return self._chain(None)

    @open_to(AUDITOR, ADMINISTRATOR)
    def verify(self) -> ResponseReturnValue:
        """Verifies the newest entries."""
        return self._chain(verify_newest(self.parts, staff().username))

    def _chain(self, verdict: Verdict | None) -> ResponseReturnValue:
        with self.parts.reads() as reads:
            chain = look_at_chain(reads, self.parts)
        return render_template(
            "audit/chain.html",
            chain=chain,
            verdict=verdict,
            newest=NEWEST,
            anchored=self.parts.anchor_file is not None,
        )

    def _page(
        self, filters: AuditFilters, known: People, entries: Entries, form: PurposeForm, status: int
    ) -> ResponseReturnValue:
        _key, back = _place()
        way = "before" if back else "after"
        page = render_template(
            "audit/page.html",
            filters=filters,
            panel=panel(filters, known),
            entries=entries,
            names={username: known.shown[key] for key, username in known.usernames.items()},
            newer=_address(filters, before=entries.newer) if entries.newer else "",
            older=_address(filters, after=entries.older) if entries.older else "",
            further=_address(filters, **{way: entries.further}) if entries.further else "",
            at_beginning=_key is None,
            form=form,
            mistakes=list(_mistakes(filters)),
            event_words=event_words,
            detail_words=partial(detail_words, word=word_of(self.parts.mandate, self.parts.accounts)),
        )
        return page, status

    def _note(self, act: Act) -> None:
        """Before anything is shown: what can't be logged isn't shown."""
        with self.parts.sessions.begin() as session:
            self.parts.trail.write(session, act, self.parts.clock())


def _place() -> tuple[int | None, bool]:
    """The number of the entry that the page begins after, or ends before."""
    after, before = request.args.get("after"), request.args.get("before")
    text = after or before
    if not text:
        return None, False
    if not text.isascii() or not text.isdigit() or int(text[:20]) > HIGHEST:
        abort(400, NO_SUCH_PAGE)
    return int(text), not after


def _address(filters: AuditFilters, **place: Any) -> str:
    return f"{url_for('audit.page')}?{urlencode([*filters.args, *place.items()])}"


def _mistakes(filters: AuditFilters) -> Iterator[dict[str, str]]:
    """In the order in which the fields stand on the page."""
    for name in FIELDS:
        if name in filters.mistakes:
            yield {"text": filters.mistakes[name], "href": f"#{name}"}
