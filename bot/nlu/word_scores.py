"""What the words themselves say of a message, beside the encoder: a weight for each mark and label, summed up."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.labels import LABELS
from bot.nlu.marks import marks_of

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class WordScores:
    """``marks``: the row of each known mark in ``weights`` (marks, labels); ``start`` (labels,) is added to every sum.

    The labels are those of :data:`bot.labels.LABELS`, in that order.
    """

    marks: dict[str, int]
    weights: Scores
    start: Scores

    @classmethod
    def none(cls) -> WordScores:
        """No words known: every score is 0."""
        return cls({}, np.zeros((0, len(LABELS)), dtype=np.float32), np.zeros(len(LABELS), dtype=np.float32))

    @classmethod
    def load(cls, folder: Path) -> WordScores:
        """As :meth:`save` left them."""
        marks = json.loads((folder / "words.json").read_text("utf-8"))
        arrays = np.load(folder / "words.npz", allow_pickle=False)
        return cls({mark: row for row, mark in enumerate(marks)}, arrays["weights"], arrays["start"])

    def save(self, folder: Path) -> None:
        """Writes ``words.json`` and ``words.npz``."""
        (folder / "words.json").write_text(json.dumps(list(self.marks), ensure_ascii=False), "utf-8")
        np.savez(folder / "words.npz", weights=self.weights, start=self.start)

    def judge(self, text: str) -> Judged:
        """What the words of a text say. A long text's marks count for less each, so that many weak ones drown nothing."""
        marks = marks_of(text)
        known = [(self.marks[mark], words) for mark, words in marks.items() if mark in self.marks]
        weights = self.weights[[row for row, _ in known]] / np.float32(math.sqrt(len(marks)))
        return Judged(self.start + weights.sum(axis=0), [words for _, words in known], weights)


@dataclass(frozen=True)
class Judged:
    """``scores`` (labels,) as log odds: the sum of ``weights`` (known marks, labels), each read from the ``words`` beside it."""

    scores: Scores
    words: list[tuple[str, ...]]
    weights: Scores

    def parts(self, direction: Scores) -> dict[str, float]:
        """What each word adds in a direction (labels,); a pair's weight is halved between its words."""
        found: dict[str, float] = {}
        for words, weight in zip(self.words, (self.weights @ direction).tolist(), strict=True):
            for word in words:
                found[word] = found.get(word, 0.0) + weight / len(words)
        return found
