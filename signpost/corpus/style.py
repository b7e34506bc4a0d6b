"""How messages of each label are written, and whether the way they are written gives the label away."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

from bot.labels import LABELS
from signpost.corpus.folding import words_of
from signpost.corpus.reading import Example
from signpost.corpus.telling import area_under_curve

FOLDS = 5
LENGTHS = (5, 10, 20, 50)
"""Words at which a message counts as longer, for the score of style and length together."""
_FEWEST_CAPITALS = 4
_NO_EMOJI = set("©®™°")


def in_lower_case(text: str) -> bool:
    """Letters, and none of them a capital."""
    return text.islower()


def in_capitals(text: str) -> bool:
    """Four letters or more, and none of them small."""
    return text.isupper() and sum(character.isalpha() for character in text) >= _FEWEST_CAPITALS


def without_punctuation(text: str) -> bool:
    """None of the marks that end or part sentences."""
    return not any(mark in text for mark in ".,;:!?…")


def with_emoji(text: str) -> bool:
    """At least one pictograph."""
    return any(unicodedata.category(character) == "So" and character not in _NO_EMOJI for character in text)


def with_question(text: str) -> bool:
    """At least one question mark."""
    return "?" in text


def with_digits(text: str) -> bool:
    """At least one figure."""
    return any(character.isdigit() for character in text)


STYLES: dict[str, Callable[[str], bool]] = {
    "in small letters": in_lower_case,
    "in capitals": in_capitals,
    "without punctuation": without_punctuation,
    "with emoji": with_emoji,
    "with a question mark": with_question,
    "with figures": with_digits,
}


@dataclass(frozen=True)
class Style:
    """How many messages out of 1 of each label are written so, and how well that tells reports from the rest (0 to 1)."""

    shares: dict[str, float]
    area: float


def style_by_label(examples: Sequence[Example]) -> dict[str, Style]:
    """Each way of writing by its name."""
    sizes = Counter(example.label for example in examples)
    styles = {}
    for name, is_so in STYLES.items():
        counts = Counter(example.label for example in examples if is_so(example.text))
        area = _area([(example.is_report, float(is_so(example.text))) for example in examples])
        styles[name] = Style({label: counts[label] / max(sizes[label], 1) for label in LABELS}, area)
    return styles


def told_by_style(examples: Sequence[Example], *, length: bool) -> float:
    """How well all ways of writing together, and ``length`` if so asked, tell reports from the rest (0 to 1).

    A message's score is the sum, over its ways of writing, of the logarithm of how much more often reports are written so
    (naive Bayes, one added to each count). The counts are taken from the other four fifths of the messages.
    """
    traits = [_traits(example.text, length=length) for example in examples]
    scored = []
    for fold in range(FOLDS):
        learnt = [place for place in range(len(examples)) if place % FOLDS != fold]
        weights = _weights([(examples[place].is_report, traits[place]) for place in learnt])
        for place in range(fold, len(examples), FOLDS):
            score = sum(weights.get((which, trait), 0.0) for which, trait in enumerate(traits[place]))
            scored.append((examples[place].is_report, score))
    return _area(scored)


def _traits(text: str, *, length: bool) -> tuple[int, ...]:
    styles = tuple(int(is_so(text)) for is_so in STYLES.values())
    return (*styles, sum(len(words_of(text)) > words for words in LENGTHS)) if length else styles


def _weights(learnt: list[tuple[bool, tuple[int, ...]]]) -> dict[tuple[int, int], float]:
    sizes = Counter(is_report for is_report, _ in learnt)
    counts: dict[bool, Counter[tuple[int, int]]] = {True: Counter(), False: Counter()}
    for is_report, traits in learnt:
        counts[is_report].update(enumerate(traits))
    return {
        trait: log((counts[True][trait] + 1) / (sizes[True] + 1)) - log((counts[False][trait] + 1) / (sizes[False] + 1))
        for trait in counts[True] | counts[False]
    }


def _area(scored: list[tuple[bool, float]]) -> float:
    return area_under_curve(
        [score for is_report, score in scored if is_report], [score for is_report, score in scored if not is_report]
    )
