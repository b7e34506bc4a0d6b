"""The addresses of the queue: the list, its search, what to review next, what is new, and saved views."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from signpost.channels.text import storable
from signpost.console.parts import Parts
from signpost.console.queue.acts import QUEUE_VIEWED, SEARCH_VIEWED, note_look
from signpost.console.queue.changes import changes, newest_id, told
from signpost.console.queue.choices import NAMES
from signpost.console.queue.counting import count_waiting
from signpost.console.queue.filters import Filters, read_filters
from signpost.console.queue.form import SearchForm, ViewForm
from signpost.console.queue.next_one import next_reference
from signpost.console.queue.panel import groups, typed
from signpost.console.queue.sealed import seal, unseal
from signpost.console.queue.searching import BY_NUMBER, search_expression
from signpost.console.queue.showing import (
    Cursor,
    Listing,
    NoSuchPage,
    Place,
    chips_of,
    cursor_of,
    is_reviewed_tab,
    order_of,
    queue_listing,
    search_listing,
    tiles,
)
from signpost.console.queue.view_routes import ViewPages
from signpost.console.queue.views import views_of
from signpost.console.record.reading import find
from signpost.console.record.references import canonical
from signpost.console.roles import REVIEWER, open_to
from signpost.console.signin.guard import staff
from signpost.log.models import REVIEWED

QUEUE_FIELDS = ("group", "label", "cause", "kind", "channel", "account", "delivery")
SEARCH_FIELDS = (*QUEUE_FIELDS, "state")
NO_SUCH_PAGE = "This part of the list doesn’t exist. Open the queue from its beginning."
OUT_OF_DATE = "This search can’t be read any more, as it was another person’s or is a day old. Search again"
NO_LETTER = "Enter at least one letter or number to search for"
LAST_ONE = "That was the last one: nothing else waits for a review."
SEEN = "queue_newest"
"""In the browser's cookie: the number of the record that was the newest when the queue was looked at last."""
HIGHEST_ID = 2**31 - 1
"""That a database gives out."""


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages, views, saved = Blueprint("queue", __name__), QueuePages(parts), ViewPages(parts)
    pages.get("/queue")(views.page)
    pages.get("/queue/next")(views.next_record)
    pages.get("/queue/changes")(views.changes)
    pages.get("/queue/search")(views.found)
    pages.post("/queue/search")(views.search)
    pages.get("/queue/views")(saved.views)
    pages.post("/queue/views")(saved.save_view)
    pages.post(f"/queue/views/<int(max={HIGHEST_ID}):view_id>/rename")(saved.rename_view)
    pages.post(f"/queue/views/<int(max={HIGHEST_ID}):view_id>/delete")(saved.delete_view)
    return pages


@dataclass(frozen=True)
class QueuePages:
    """The views."""

    parts: Parts

    @open_to(REVIEWER)
    def page(self) -> ResponseReturnValue:
        """The queue, or what was reviewed."""
        filters, place = read_filters(request.args), Place(url_for("queue.page"))
        cursor = _cursor(order_of(filters))
        with self.parts.reads() as reads:
            # Before the rows: what comes in between the two is told of as new, rather than not at all.
            newest, counts = newest_id(reads), count_waiting(reads)
            views = views_of(reads, staff().id)
            listing = Listing() if filters.mistakes else queue_listing(reads, self.parts, filters, cursor, place)
        if cursor.back and not listing.rows and not listing.further:
            # Whatever stood there before has been reviewed: this is the list's beginning.
            return redirect(place.address(filters.as_args()))
        if not filters.mistakes:
            note_look(self.parts, staff(), QUEUE_VIEWED, filters, len(listing.rows))
        session[SEEN] = newest
        query = urlencode(filters.as_args())
        reviewed = is_reviewed_tab(filters)
        rest = filters.only("state")
        page = render_template(
            "queue/page.html",
            **self._around(filters, place, listing, QUEUE_FIELDS),
            search_form=SearchForm(formdata=None),
            chips=chips_of(self.parts, filters, place, "state"),
            counts=counts,
            tiles=tiles(counts, filters, place),
            live={"since": newest, "query": urlencode(rest.as_args()), **told(counts)},
            reviewed=reviewed,
            cursor=cursor,
            tabs=[
                ("To review", place.address(rest.as_args()), not reviewed),
                ("Reviewed", place.address(filters.only("state", REVIEWED).as_args()), reviewed),
            ],
            views=[(view.name, f"{place.path}?{view.query}", view.query == query) for view in views],
            query=query,
            view_form=ViewForm(query=query),
        )
        return page, 422 if filters.mistakes else 200

    @open_to(REVIEWER)
    def next_record(self) -> ResponseReturnValue:
        """On to the record that is to be reviewed next; to the queue when there is none."""
        after = request.args.get("after")
        with self.parts.reads() as reads:
            newest = newest_id(reads)
            reference = next_reference(reads, canonical(storable(after)) if after else None, session.get(SEEN))
        session[SEEN] = newest
        if reference is None:
            if after:
                flash(LAST_ONE)
            return redirect(url_for("queue.page"))
        return redirect(url_for("record.page", reference=reference))

    @open_to(REVIEWER)
    def changes(self) -> ResponseReturnValue:
        """For the page's script. Counts only, so it isn't logged as a look at anything."""
        since, filters = request.args.get("since", ""), read_filters(request.args)
        if not since.isascii() or not since.isdigit() or int(since[:20]) > HIGHEST_ID or filters.mistakes:
            abort(400)
        with self.parts.reads() as reads:
            return jsonify(changes(reads, int(since), filters, reads.get_bind().dialect.name))

    @open_to(REVIEWER)
    def search(self) -> ResponseReturnValue:
        """Takes what somebody typed: on to the record of a reference, else to what is found, by an address that tells nobody what it was."""
        form = SearchForm()
        if not form.validate():
            return self._search_page(form)
        words = form.words.data
        if not search_expression(words):
            form.words.errors = [NO_LETTER]
            return self._search_page(form)
        reference = canonical(words)
        with self.parts.reads() as reads:
            known = find(reads, reference) if reference else None
        if known is not None:
            return redirect(url_for("record.page", reference=reference), 303)
        token = seal(self.parts.vault, staff().key, words, self.parts.clock())
        return redirect(url_for("queue.found", search=token), 303)

    @open_to(REVIEWER)
    def found(self) -> ResponseReturnValue:
        """What a search found, newest first."""
        form = SearchForm(formdata=None)
        token = request.args.get("search")
        if token is None:
            return render_template("queue/search.html", search_form=form, words=None)
        words = unseal(self.parts.vault, staff().key, token, self.parts.clock())
        if words is None:
            form.words.errors = [OUT_OF_DATE]
            return self._search_page(form, 400)
        form.words.data = words
        filters, place = read_filters(request.args), Place(url_for("queue.found"), [("search", token)])
        cursor = _cursor(BY_NUMBER)
        listing = Listing()
        if not filters.mistakes:
            with self.parts.reads() as reads:
                listing = search_listing(reads, self.parts, search_expression(words), filters, cursor, place)
            note_look(self.parts, staff(), SEARCH_VIEWED, filters, len(listing.rows))
        page = render_template(
            "queue/search.html",
            **self._around(filters, place, listing, SEARCH_FIELDS),
            search_form=form,
            chips=chips_of(self.parts, filters, place),
            cursor=cursor,
            words=words,
        )
        return page, 422 if filters.mistakes else 200

    def _search_page(self, form: SearchForm, status: int = 422) -> ResponseReturnValue:
        return render_template("queue/search.html", search_form=form, form=form, words=None), status

    def _around(self, filters: Filters, place: Place, listing: Listing, names: tuple[str, ...]) -> dict[str, Any]:
        """What the list's pages have in common."""
        return {
            "filters": filters,
            "listing": listing,
            "place": place,
            "panel": groups(filters, self.parts.mandate, self.parts.accounts, names),
            "typed": typed(filters),
            "mistakes": [
                {"text": sentence, "href": f"#{'panel-' if name in NAMES else ''}{name}"}
                for name, sentence in filters.mistakes.items()
            ],
        }


def _cursor(order: Any) -> Cursor:
    try:
        return cursor_of(request.args.get("after"), request.args.get("before"), order)
    except NoSuchPage:
        abort(400, NO_SUCH_PAGE)
