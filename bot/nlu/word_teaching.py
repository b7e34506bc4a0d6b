"""How the weights of words are learnt: for each label, a logistic regression that tells it from the others."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags  # type: ignore[import-untyped]  # it ships no types
from sklearn.linear_model import LogisticRegression

from bot.labels import LABELS
from bot.nlu.marks import marks_of
from bot.nlu.word_scores import WordScores

STRENGTH = 30.0
LEAST_MESSAGES = 3
RARITY = 7.0
"""The rarity that leaves a mark's weight as it is; a mark in every message has 1, one in three of them 9."""


def learn(texts: list[str], labels: list[str]) -> WordScores:
    """The weights that tell the labels of these texts from each other.

    What a label's share among the texts says is taken out of the scores: the encoder's regression counts it already.
    """
    read = ReadTexts.of(texts)
    having = [np.array([one == label for one in labels]) for label in LABELS]
    found = [read.weights_of(has_it) for has_it in having]
    weights = np.stack([of_marks for of_marks, _ in found], axis=1)
    start = np.array([added - _log_odds(has_it) for (_, added), has_it in zip(found, having, strict=True)])
    marks = {mark: row for row, mark in enumerate(read.marks)}
    return WordScores(marks, weights.astype(np.float32), start.astype(np.float32))


def _log_odds(has_it: npt.NDArray[np.bool_]) -> float:
    share = float(has_it.mean())
    return math.log(share / (1 - share)) if 0 < share < 1 else 0.0


@dataclass(frozen=True)
class ReadTexts:
    """``marks``: those that are in enough of the texts, with the ``rarity`` of each; ``table`` (texts, marks): who has which."""

    marks: list[str]
    rarity: npt.NDArray[np.float64]
    table: csr_matrix

    @classmethod
    def of(cls, texts: list[str]) -> ReadTexts:
        """Reads the texts. Each counts the same, however many marks it has."""
        read = [marks_of(text) for text in texts]
        often = Counter(chain.from_iterable(read))
        marks = sorted(mark for mark, times in often.items() if times >= LEAST_MESSAGES)
        # "The" and "I" are in everything; what tells a report is rare, and may weigh much though it was seen seldom.
        rarity = np.array([((1 + math.log(len(texts) / often[mark])) / RARITY) ** 2 for mark in marks])
        column_of = {mark: column for column, mark in enumerate(marks)}
        columns = [sorted(column_of[mark] for mark in one if mark in column_of) for one in read]
        values = np.repeat([1 / math.sqrt(len(one)) for one in read], [len(one) for one in columns])
        ends = np.cumsum([0, *map(len, columns)])
        places = np.fromiter(chain.from_iterable(columns), dtype=np.int32)
        return cls(marks, rarity, csr_matrix((values, places, ends), (len(texts), len(marks))))

    def weights_of(
        self, has_it: npt.NDArray[np.bool_], class_weight: str | None = None
    ) -> tuple[npt.NDArray[np.float64], float]:
        """The weight of each mark in telling the texts that have it, and what is added to every sum; nothing where there is nothing to tell."""
        if not self.marks or has_it.all() or not has_it.any():
            return np.zeros(len(self.marks)), 0.0
        regression = LogisticRegression(C=STRENGTH, class_weight=class_weight, max_iter=300, solver="liblinear")
        regression.fit(self.table @ diags(self.rarity), has_it)
        return regression.coef_[0] * self.rarity, float(regression.intercept_[0])
