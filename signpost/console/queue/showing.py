"""What the pages of the queue show: the rows, the counts, the filters in words, and where the links lead."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from signpost.console.parts import Parts
from signpost.console.queue.choices import GROUPS, PRIORITIES
from signpost.console.queue.counting import Counts
from signpost.console.queue.filters import Chip, Filters
from signpost.console.queue.order import REVIEWED_ONES, TO_REVIEW, Key, Order, Stretch, key_text, read_key, walk
from signpost.console.queue.rows import QUERY, Shown, shown
from signpost.console.queue.searching import BY_NUMBER, search
from signpost.console.queue.wording import word_of
from signpost.log.models import REVIEWED, Escalation

PAGE_SIZE: Final = 25
Args = list[tuple[str, str]]


class NoSuchPage(Exception):
    """The address names a place in the list that can't be one."""


@dataclass(frozen=True)
class Cursor:
    """From which row on a page goes, or before which one with ``back``; the list's beginning without a key."""

    key: Key | None = None
    back: bool = False


@dataclass(frozen=True)
class Listing:
    """A page of a list. ``further``: where to look further, when the look ended before the page was full."""

    rows: tuple[Shown, ...] = ()
    previous: str = ""
    following: str = ""
    further: str = ""


@dataclass(frozen=True)
class Chips:
    """The filters that are set, in words, each with the address without it; and the address without any."""

    each: tuple[tuple[Chip, str], ...] = ()
    clear: str = ""


@dataclass(frozen=True)
class Tile:
    """One group's count, with the address of its list."""

    words: str
    number: str
    address: str
    here: bool
    name: str


@dataclass(frozen=True)
class Place:
    """An address with what must stay in it: a search's token."""

    path: str
    kept: Args = field(default_factory=list)

    def address(self, args: Args, *more: tuple[str, str]) -> str:
        """The address with these filters, and where in the list."""
        query = urlencode([*self.kept, *args, *more])
        return f"{self.path}?{query}" if query else self.path


def is_reviewed_tab(filters: Filters) -> bool:
    """Whether the list of what was reviewed is asked for rather than the queue."""
    return filters.of("state") == (REVIEWED,)


def order_of(filters: Filters) -> Order:
    """The order of the list that the filters ask for; groups are stretches of the queue, so that only these are walked."""
    if is_reviewed_tab(filters):
        return REVIEWED_ONES
    wanted = [PRIORITIES[group] for group in filters.of("group")]
    if not wanted:
        return TO_REVIEW
    stretch = Escalation.priority.between(min(wanted), max(wanted))
    return replace(TO_REVIEW, condition=and_(TO_REVIEW.condition, stretch))


def cursor_of(after: str | None, before: str | None, order: Order) -> Cursor:
    """Where an address begins its page. Raises :class:`NoSuchPage`."""
    text, back = (after, False) if after else (before, True)
    if not text:
        return Cursor()
    key = read_key(text, order)
    if key is None:
        raise NoSuchPage
    return Cursor(key, back)


def queue_listing(session: Session, parts: Parts, filters: Filters, cursor: Cursor, place: Place) -> Listing:
    """A page of the queue, or of what was reviewed."""
    order = order_of(filters)
    conditions = _conditions(session, filters.only("state"))
    stretch = walk(session, order, QUERY, conditions, start=cursor.key, back=cursor.back, size=PAGE_SIZE)
    return _listing(parts, stretch, order, cursor, place, filters.as_args())


def search_listing(  # noqa: PLR0913, PLR0917  # what a search is made of
    session: Session, parts: Parts, expression: str, filters: Filters, cursor: Cursor, place: Place
) -> Listing:
    """A page of what a search found."""
    conditions = _conditions(session, filters)
    stretch = search(session, expression, QUERY, conditions, start=cursor.key, back=cursor.back, size=PAGE_SIZE)
    return _listing(parts, stretch, BY_NUMBER, cursor, place, filters.as_args())


def chips_of(parts: Parts, filters: Filters, place: Place, *hidden: str) -> Chips:
    """The filters in words; those of the ``hidden`` fields are told elsewhere on the page, and stay when all are cleared."""
    said = [chip for chip in filters.chips(word_of(parts.mandate, parts.accounts)) if chip.name not in hidden]
    kept = [one for one in filters.as_args() if one[0] in hidden]
    return Chips(
        tuple((chip, place.address(filters.without(chip.name, chip.value))) for chip in said), place.address(kept)
    )


def tiles(counts: Counts, filters: Filters, place: Place) -> tuple[Tile, ...]:
    """The groups at the top of the queue."""
    return tuple(
        Tile(words, str(counts.groups[name]), place.address([("group", name)]), filters.of("group") == (name,), name)
        for name, words in GROUPS.items()
    )


def _conditions(session: Session, filters: Filters) -> Sequence[ColumnElement[bool]]:
    return filters.where(session.get_bind().dialect.name)


def _listing(  # noqa: PLR0913, PLR0917  # what the links are made of
    parts: Parts, stretch: Stretch, order: Order, cursor: Cursor, place: Place, args: Args
) -> Listing:
    now = parts.clock()
    goes_back = stretch.more if cursor.back else cursor.key is not None
    goes_on = cursor.back or stretch.more
    link: dict[str, Any] = {"previous": "", "following": "", "further": ""}
    if stretch.rows:
        first, last = (key_text(tuple(getattr(row, c.key) for c in order.columns)) for row in _ends(stretch.rows))
        link["previous"] = place.address(args, ("before", first)) if goes_back else ""
        link["following"] = place.address(args, ("after", last)) if goes_on else ""
    if stretch.seen_to is not None:
        way = "before" if cursor.back else "after"
        link["further"] = place.address(args, (way, key_text(stretch.seen_to)))
        link["previous" if cursor.back else "following"] = ""
    return Listing(tuple(shown(row, parts.accounts, now) for row in stretch.rows), **link)


def _ends(rows: Sequence[Any]) -> tuple[Any, Any]:
    return rows[0], rows[-1]
