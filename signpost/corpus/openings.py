"""Finds openings that an intent repeats: a model learns them in place of what is meant."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from signpost.corpus.folding import words_of
from signpost.corpus.reading import Example

WORDS = 3
MOST = 5
"""An opening may begin this many messages of an intent over and above what the other intents would lead one to expect."""


@dataclass(frozen=True)
class Opening:
    """The first three words of ``count`` messages of an intent, where the others' habits make ``expected`` likely."""

    words: str
    intent: str
    count: int
    expected: float


def repeated_openings(examples: Iterable[Example], most: int = MOST) -> list[Opening]:
    """Openings that begin more messages of an intent than ``most`` and what the other intents show together, most first."""
    sizes: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        sizes[example.intent] += 1
        words = words_of(example.text)
        if len(words) >= WORDS:
            counts[" ".join(words[:WORDS])][example.intent] += 1
    found = []
    for opening, by_intent in counts.items():
        for intent, count in by_intent.items():
            others = sizes.total() - sizes[intent]
            share = (by_intent.total() - count) / others if others else 0.0
            if count - share * sizes[intent] > most:
                found.append(Opening(opening, intent, count, round(share * sizes[intent], 1)))
    return sorted(found, key=lambda one: (one.expected - one.count, one.words, one.intent))
