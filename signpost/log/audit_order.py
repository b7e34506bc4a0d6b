"""Tells what is wrong with an entry that doesn't follow from the one before: altered, moved, or only its neighbour is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import Row

from signpost.log.audit import Trail

MOST_COMPARED = 24
"""Doubtful entries that are tried in each other's places: the work grows with the third power."""


@dataclass(frozen=True)
class Doubt:
    """An entry, and the digests that the one before may have."""

    row: Row[Any]
    before: tuple[str, ...]


def settle(doubts: Sequence[Doubt], trail: Trail) -> Iterator[tuple[Row[Any], int | None]]:
    """Each broken entry with the place it was written for, or none where it was altered.

    An entry is genuine when its digest fits its content after one of the doubtful digests: then only what stands before it
    is broken, and it isn't told. Nobody without the key can make such an entry.
    """
    compared = doubts[:MOST_COMPARED]
    digests = dict.fromkeys([one for doubt in compared for one in (*doubt.before, doubt.row.digest)])
    sequences = [doubt.row.sequence for doubt in compared]
    told = 0
    for position, doubt in enumerate(doubts):
        places = product(digests, sequences) if position < MOST_COMPARED else ()
        belongs_at = next(
            (at for before, at in places if trail.digest(before, doubt.row, at) == doubt.row.digest), None
        )
        last_chance = position == len(doubts) - 1 and told == 0
        if belongs_at == doubt.row.sequence and not last_chance:
            continue
        told += 1
        yield doubt.row, None if belongs_at == doubt.row.sequence else belongs_at
