"""How long the messages of each intent are, and whether length alone gives the label away."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from signpost.corpus.folding import words_of
from signpost.corpus.reading import Example
from signpost.corpus.telling import area_under_curve


@dataclass(frozen=True)
class Length:
    """Words of an intent's messages: a quarter has ``lower`` or fewer, half ``middle``, a quarter ``upper`` or more."""

    shortest: int
    lower: float
    middle: float
    upper: float
    longest: int


def length_by_intent(examples: Iterable[Example]) -> dict[str, Length]:
    """The quartiles of each intent."""
    counts: dict[str, list[int]] = defaultdict(list)
    for example in examples:
        counts[example.intent].append(len(words_of(example.text)))
    return {intent: _length(counts[intent]) for intent in sorted(counts)}


def _length(counts: list[int]) -> Length:
    lower, middle, upper = quantiles(counts, n=4, method="inclusive") if len(counts) > 1 else counts * 3
    return Length(min(counts), lower, middle, upper, max(counts))


def told_by_length(examples: Iterable[Example]) -> float:
    """How well the number of words alone tells reports from the rest (an area under the curve, 0 to 1)."""
    figures: dict[bool, list[int]] = {True: [], False: []}
    for example in examples:
        figures[example.is_report].append(len(words_of(example.text)))
    return area_under_curve(figures[True], figures[False])
