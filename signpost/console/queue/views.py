"""Saved views: sets of filters to which somebody gave a name, for themselves alone."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from signpost.console.queue.filters import Filters, read_filters
from signpost.log.models import SavedView

MOST = 30
LONGEST_NAME = 64
LONGEST_QUERY = 8000
TAKEN = "You already have a view with this name. Choose another name"
FULL = f"You have {MOST} views, which is the most there can be. Delete one first"
NOTHING = "Choose at least one filter before you save a view"
SPOILT = "These filters can’t be read. Set them again and then save the view"


class Refused(Exception):
    """The view isn't saved; the sentence says why."""


def views_of(session: Session, staff_id: int) -> list[SavedView]:
    """Somebody's views, by name."""
    found = session.scalars(select(SavedView).filter_by(staff_id=staff_id))
    return sorted(found, key=lambda view: view.name.casefold())


def own_view(session: Session, staff_id: int, view_id: int) -> SavedView | None:
    """The view of this number, if it is theirs."""
    return session.scalars(select(SavedView).filter_by(id=view_id, staff_id=staff_id)).first()


def filters_of(view: SavedView) -> Filters:
    """What the view asks for."""
    return filters_in(view.query)


def filters_in(query: str) -> Filters:
    """The filters of an address's query."""
    return read_filters(MultiDict(parse_qsl(query[:LONGEST_QUERY])))


def save_view(session: Session, staff_id: int, name: str, query: str) -> SavedView:
    """Stores the filters of this query under a name. Raises :class:`Refused`."""
    filters = filters_in(query)
    if filters.mistakes:
        raise Refused(SPOILT)
    if not filters:
        raise Refused(NOTHING)
    known = views_of(session, staff_id)
    if len(known) >= MOST:
        raise Refused(FULL)
    view = SavedView(staff_id=staff_id, query=urlencode(filters.as_args()))
    session.add(_named(view, name, known))
    return _stored(session, view)


def rename_view(session: Session, view: SavedView, name: str) -> SavedView:
    """Gives the view another name. Raises :class:`Refused`."""
    others = [one for one in views_of(session, view.staff_id) if one.id != view.id]
    return _stored(session, _named(view, name, others))


def _named(view: SavedView, name: str, others: list[SavedView]) -> SavedView:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise Refused(TAKEN)
    view.name = name
    return view


def _stored(session: Session, view: SavedView) -> SavedView:
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        # Another window of the same person's was quicker.
        raise Refused(TAKEN) from None
    return view
