"""Finds the words that mark an intent: those it uses far more than the others do."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt

from signpost.corpus.folding import words_of
from signpost.corpus.reading import Example

SHOWN = 8
LIGHTEST = 0.5
"""A word that weighs less may be there by chance."""
LEAST = 3
"""A word in fewer messages of an intent marks nothing."""


@dataclass(frozen=True)
class Mark:
    """A word, how many messages of the intent hold it and how many others do, and how sure that is (standard deviations)."""

    word: str
    here: int
    elsewhere: int
    weight: float


def marks_by_intent(examples: Iterable[Example], shown: int = SHOWN) -> dict[str, list[Mark]]:
    """The words that most mark each intent, heaviest first.

    The weight is the log-odds ratio with an informative Dirichlet prior, divided by its standard deviation (Monroe,
    Colaresi and Quinn, "Fightin' Words", 2008). What is counted is the messages that hold a word; the prior is the whole
    corpus, so that rare words don't come first by chance.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        counts[example.intent].update(set(words_of(example.text)))
    everywhere: Counter[str] = Counter()
    for counter in counts.values():
        everywhere.update(counter)
    return {intent: _heaviest(counts[intent], everywhere)[:shown] for intent in sorted(counts)}


def _heaviest(here: Counter[str], everywhere: Counter[str]) -> list[Mark]:
    size, whole = here.total(), everywhere.total()
    marks = []
    for word, count in here.items():
        if count < LEAST:
            continue
        elsewhere, prior = everywhere[word] - count, everywhere[word]
        odds_here = log((count + prior) / max(size + whole - count - prior, 1))
        odds_elsewhere = log((elsewhere + prior) / max(2 * whole - size - elsewhere - prior, 1))
        weight = (odds_here - odds_elsewhere) / sqrt(1 / (count + prior) + 1 / (elsewhere + prior))
        if weight >= LIGHTEST:
            marks.append(Mark(word, count, elsewhere, round(weight, 1)))
    return sorted(marks, key=lambda mark: (-mark.weight, mark.word))
