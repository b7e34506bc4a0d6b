"""Finds the messages that are most like a given text: what a new message must be held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from signpost.corpus.folding import folded
from signpost.corpus.reading import Example
from signpost.corpus.repeats import ROUNDING, pieces_of


@dataclass(frozen=True)
class Like:
    """A message, and how much of it and the text is common: pieces by all pieces (Jaccard), 0 to 1."""

    example: Example
    likeness: float
    is_same: bool
    """Whether they are the same but for case, spaces and punctuation."""


class Nearest:
    """Some messages, folded once, to be compared again and again."""

    def __init__(self, examples: Iterable[Example]) -> None:
        """Takes about a second for ten thousand."""
        self._folded = [(folded(example.text), example) for example in examples]

    def like(self, text: str, least: float) -> list[Like]:
        """The messages at least so much like the text, the likest first."""
        own = folded(text)
        pieces = sorted(set(pieces_of(own)))
        enough = ceil(least * len(pieces) - ROUNDING)
        # Whatever is so much alike holds one of these; looking whether it does is quicker than cutting it into pieces.
        some = pieces[: len(pieces) - enough + 1]
        found = []
        for other, example in self._folded:
            held = other.__contains__
            if any(map(held, some)) and sum(map(held, pieces)) >= enough:
                likeness = _likeness(set(pieces), set(pieces_of(other)))
                if likeness >= least - ROUNDING:
                    found.append(Like(example, likeness, is_same=other == own))
        return sorted(found, key=lambda one: (not one.is_same, -one.likeness, one.example.place))


def _likeness(one: set[str], other: set[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)
