"""A change to a file as people review it: unified, line by line, each with what it is."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True)
class DiffLine:
    """One line. ``kind``: ``added``, ``removed``, ``same`` or ``place``, which says where in the file the next lines are."""

    kind: str
    text: str


_KINDS = {"+": "added", "-": "removed", "@": "place"}


def diff(before: str, after: str) -> list[DiffLine]:
    """The lines that differ with three around them; none where nothing does."""
    return list(_lines(before, after))


def _lines(before: str, after: str) -> Iterator[DiffLine]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    for line in islice(lines, 2, None):  # without the two names
        kind = _KINDS.get(line[:1], "same")
        yield DiffLine(kind, line if kind == "place" else line[1:])
