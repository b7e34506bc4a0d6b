"""A cheap hint of how urgent a text is, for the order in which messages are taken. It never labels anything.

Words and pairs of words, each with a weight (``hint.json.gz``, made by ``python -m training.hint``), summed up in pure
Python: whoever stores a message has no language model at hand.
"""

import gzip
import json
import math
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.marks import marks_of

WEIGHTS = Path(__file__).with_name("hint.json.gz")
LONGEST = 4000
"""Characters that are looked at: the beginning and the end of what is longer."""
EVEN = 50
STEPS = 6
"""To one of log odds: 0 is 1 in 4,000, 100 all but 1 in 4,000. In hundredths, all that is unlikely would come out at 0 or 1, and the order be lost."""


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
        """0 to 100, the more the likelier an emergency (:func:`urgency_of`); :data:`EVEN` where as many are one as aren't."""
        marks = marks_of(text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}")
        total = sum(self.weights.get(mark, 0.0) for mark in marks)
        return urgency_of(self.start + total / math.sqrt(len(marks)))


def urgency_of(log_odds: float) -> int:
    """Log odds as an urgency from 0 to 100."""
    return min(max(round(EVEN + STEPS * log_odds), 0), 100)


def log_odds_of(urgency: int) -> float:
    """The log odds that an urgency stands for."""
    return (urgency - EVEN) / STEPS
