"""A cheap hint of how urgent a text is, for the order in which messages are taken. It never labels anything.

Words and pairs of words, each with a weight (``hint.json.gz``, made by ``python -m training.hint``), summed up in pure
Python: whoever stores a message has no language model at hand.
"""

import gzip
import json
import math
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

WEIGHTS = Path(__file__).with_name("hint.json.gz")
LONGEST = 4000
"""Characters that are looked at: the beginning and the end of what is longer."""
_TOKEN = re.compile(r"[a-z]+|0|[!?]|[^\sa-z0-9.,;:'\"()!?-]")
_FIGURES = re.compile(r"[0-9]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_ENDINGS = ("ing", "ed", "es", "s", "in")
_LEAST_STEM, _LONGEST_STEM = 3, 6


@dataclass(frozen=True)
class Hint:
    """The weights, and what is added to every sum."""

    weights: dict[str, float]
    start: float

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> "Hint":
        """Reads the weights that came with this version."""
        contents = json.loads(gzip.decompress(file.read_bytes()))
        return cls(contents["weights"], contents["start"])

    def urgency(self, text: str) -> int:
        """0 to 100: about the chance, in hundredths, of an emergency, were every other message of the training one."""
        marks = features(text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}")
        total = sum(self.weights.get(mark, 0.0) for mark in marks)
        score = self.start + total / math.sqrt(len(marks))
        return round(100 / (1 + math.exp(-max(min(score, 50.0), -50.0))))


def features(text: str) -> set[str]:
    """The words of a text, their stems, and the pairs of each, with marks for its beginning and its end."""
    plain = _DRAWN_OUT.sub(r"\1\1", _FIGURES.sub("0", text.lower().replace("’", "").replace("'", "")))
    words = ["<s>", *_TOKEN.findall(plain), "</s>"]
    stems = [_stem(word) for word in words]
    found = set(words)
    found.update(map(" ".join, pairwise(words)))
    found.update("~" + stem for stem in stems)
    found.update("~" + " ".join(pair) for pair in pairwise(stems))
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)][:_LONGEST_STEM]
    return word[:_LONGEST_STEM]
