"""Finds messages that are there twice, and pairs that are nearly the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from signpost.corpus.folding import folded
from signpost.corpus.reading import Example

NEAR = 0.8
"""From this share of common pieces on, two messages are nearly the same."""
PIECE = 5
"""Characters of a piece."""
LABELS, INTENTS, SAME = "labels", "intents", "same intent"
ROUNDING = 1e-9
"""0.8 times 35 is a little more than 28 to a computer."""


@dataclass(frozen=True)
class Pair:
    """Two messages that are nearly the same. ``likeness``: common pieces by all pieces (Jaccard), 0.8 to 1."""

    one: Example
    other: Example
    likeness: float

    @property
    def across(self) -> str:
        """``labels`` when one is a report and the other isn't, ``intents`` when only the intents differ, else ``same intent``."""
        if self.one.is_report != self.other.is_report:
            return LABELS
        return INTENTS if self.one.intent != self.other.intent else SAME


def exact_repeats(examples: Iterable[Example]) -> list[list[Example]]:
    """Messages that are the same but for case, spaces and punctuation, together."""
    return [group for group in _by_fold(examples).values() if len(group) > 1]


def near_repeats(examples: Iterable[Example], least: float = NEAR) -> list[Pair]:
    """Pairs that share most of their pieces of five characters: conflicts of labels first, then of intents, then the rest.

    Nothing is left to chance. A pair as alike as that must share one of the rarest pieces of each, so only messages
    that do are compared (prefix filtering; Bayardo, Ma and Srikant, "Scaling up all pairs similarity search", 2007).
    """
    groups = _by_fold(examples)
    messages = [group[0] for group in groups.values()]
    pieces = _rare_first([set(pieces_of(text)) for text in groups])
    pairs = [Pair(messages[one], messages[other], likeness) for one, other, likeness in _alike(pieces, least)]
    severity = {LABELS: 0, INTENTS: 1, SAME: 2}
    return sorted(pairs, key=lambda pair: (severity[pair.across], -pair.likeness, pair.one.place, pair.other.place))


def _by_fold(examples: Iterable[Example]) -> dict[str, list[Example]]:
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[folded(example.text)].append(example)
    return groups


def pieces_of(text: str) -> Iterator[str]:
    """Every run of five characters of a folded text."""
    for start in range(max(1, len(text) - PIECE + 1)):
        yield text[start : start + PIECE]


def _rare_first(messages: list[set[str]]) -> list[list[int]]:
    """Each message's pieces as numbers, those that fewest messages hold first."""
    held_by = Counter(piece for pieces in messages for piece in pieces)
    order = sorted(held_by, key=lambda piece: (held_by[piece], piece))
    number = {piece: place for place, piece in enumerate(order)}
    return [sorted(number[piece] for piece in pieces) for pieces in messages]


def _alike(messages: list[list[int]], least: float) -> Iterator[tuple[int, int, float]]:
    sets = [set(pieces) for pieces in messages]
    holding: dict[int, list[int]] = defaultdict(list)
    # Shortest first: whatever a message is compared with is no longer than itself.
    for here in sorted(range(len(messages)), key=lambda place: len(messages[place])):
        pieces = messages[here]
        enough = ceil(least * len(pieces) - ROUNDING)
        candidates: set[int] = set()
        for piece in pieces[: len(pieces) - enough + 1]:
            candidates.update(place for place in holding[piece] if len(messages[place]) >= enough)
            holding[piece].append(here)
        for there in candidates:
            common = len(sets[here] & sets[there])
            likeness = common / (len(sets[here]) + len(sets[there]) - common)
            if likeness >= least - ROUNDING:
                yield min(here, there), max(here, there), likeness
