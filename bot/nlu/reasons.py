"""Which words of a message moved the decision most: the vector is a mean over tokens, so each one's part is exact."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import Window
from bot.nlu.marks import words_of

_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
STOPWORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "do",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "who",
        "with",
        "you",
        "your",
    ]
)


@dataclass(frozen=True)
class Reading:
    """A window of a text, or of the part of it that begins at ``start``, and the share it had in the decision."""

    window: Window
    start: int = 0
    share: float = 1.0


def weightiest_words(
    text: str, readings: list[Reading], direction: npt.NDArray[np.float32], by_words: dict[str, float], most: int = 4
) -> list[dict[str, str]]:
    """Up to ``most`` words as ``{"word", "speaks"}``, heaviest first; ``speaks`` is ``for`` or ``against`` a report.

    ``direction`` (384,) is that in which a vector becomes more like a report; ``by_words`` is what each word, as
    :func:`bot.nlu.marks.words_of` reads it, adds by itself.
    """
    words = [(m.start(), m.end()) for m in _WORDS.finditer(text)]
    starts = [start for start, _ in words]
    weights: dict[str, float] = {}
    placed = [
        (_word_at(words, starts, reading.start + span[0]), float(part))
        for reading in readings
        for span, part in zip(reading.window.spans, _parts(reading, direction), strict=True)
        if span[1] > span[0]
    ]
    for place, group in groupby(placed, key=lambda pair: pair[0]):
        if place is None:
            continue
        word = text[slice(*words[place])].lower()
        if len(word) > 1 and word not in STOPWORDS:
            weights[word] = weights.get(word, 0.0) + sum(part for _, part in group)
    left = dict(by_words)
    for word in weights:
        # Each counts once: "dont" and "don't" are one word there and two here.
        weights[word] += sum(left.pop(read, 0.0) for read in words_of(word))
    heaviest = sorted(weights.items(), key=lambda item: -abs(item[1]))[:most]
    return [{"word": word, "speaks": "for" if weight > 0 else "against"} for word, weight in heaviest]


def _parts(reading: Reading, direction: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What each token adds."""
    return np.float32(reading.share / max(len(reading.window.spans), 1)) * (reading.window.tokens @ direction)


def _word_at(words: list[tuple[int, int]], starts: list[int], begin: int) -> int | None:
    place = bisect_right(starts, begin) - 1
    return place if place >= 0 and begin < words[place][1] else None
