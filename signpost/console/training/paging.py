"""A long list, a page at a time, by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

One = TypeVar("One")


@dataclass(frozen=True)
class Page(Generic[One]):
    """``first``: the place of its first entry in the whole list, from 1. The neighbours are none where there is no page."""

    entries: Sequence[One]
    first: int
    of: int
    before: int | None
    after: int | None

    @property
    def last(self) -> int:
        """The place of its last entry."""
        return self.first + len(self.entries) - 1


def page_of(whole: Sequence[One], asked: str | None, at_once: int) -> Page[One]:
    """The page that was asked for, from 1; the nearest there is for any other number, the first for nonsense."""
    pages = max(1, -(-len(whole) // at_once))
    number = min(max(int(asked), 1), pages) if asked and asked.isdecimal() and len(asked) < 10 else 1  # noqa: PLR2004  # digits
    start = (number - 1) * at_once
    return Page(
        whole[start : start + at_once],
        start + 1,
        len(whole),
        number - 1 if number > 1 else None,
        number + 1 if number < pages else None,
    )
