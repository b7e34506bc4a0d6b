"""Learns to tell kinds of crime apart, and how sure it must be before it names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import Vectors
from bot.nlu.kind_list import NOT_GIVEN

FOLDS = 5
LEAST_GIVEN = 30
"""With fewer given in cross-validation, their share of right ones is a matter of luck."""


@dataclass(frozen=True)
class Taught:
    """What was learnt: ``weights`` (kinds, 384) and ``bias`` (kinds,) in the order of ``kinds``.

    ``threshold``: the probability from which on a kind is given, none when no probability is high enough. ``figures``:
    what cross-validation says of it, in all and by kind.
    """

    kinds: list[str]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    threshold: float | None
    figures: dict[str, Any]

    def kind_of(self, vector: Vectors) -> str:
        """The kind of a report with this vector (384,), or ``not given``."""
        if self.threshold is None:
            return NOT_GIVEN
        logits = self.weights @ vector + self.bias
        odds = np.exp(logits - logits.max())
        best = int(odds.argmax())
        return self.kinds[best] if odds[best] >= self.threshold * odds.sum() else NOT_GIVEN


def teach(vectors: Vectors, kinds: list[str], precision: float) -> Taught:
    """Logistic regression over the reports' vectors (n, 384), each with its kind or ``not given``.

    The threshold is the lowest probability at which, of the kinds that cross-validation in five parts would give,
    the share ``precision`` is right.
    """
    # Only a training needs these, and whoever reads what was learnt starts without them.
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    regression = LogisticRegression(C=3.0, max_iter=300, random_state=0)
    truth = np.array(kinds)
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    probabilities = cross_val_predict(regression, vectors, truth, cv=parts, method="predict_proba")
    regression.fit(vectors, truth)
    names = [str(name) for name in regression.classes_]
    best = np.array(names)[probabilities.argmax(axis=1)]
    sure = probabilities.max(axis=1)
    threshold = _threshold(sure, best == truth, best != NOT_GIVEN, precision)
    given = (best != NOT_GIVEN) & (sure >= (2.0 if threshold is None else threshold))
    weights, bias = regression.coef_, regression.intercept_
    if len(weights) == 1:
        # Of two kinds scikit-learn keeps one row: how far the second is ahead of the first.
        weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Taught(
        names,
        weights.astype(np.float32),
        bias.astype(np.float32),
        threshold,
        {
            "all": _figures(truth != NOT_GIVEN, given, best == truth),
            **{
                name: _figures(truth == name, given & (best == name), best == truth)
                for name in names
                if name != NOT_GIVEN
            },
        },
    )


def _threshold(
    sure: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], named: npt.NDArray[np.bool_], precision: float
) -> float | None:
    order = [place for place in np.argsort(-sure, kind="stable") if named[place]]
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = [count for count in range(LEAST_GIVEN, len(order) + 1) if shares[count - 1] >= precision]
    return float(sure[order[enough[-1] - 1]]) if enough else None


def _figures(
    of_kind: npt.NDArray[np.bool_], given: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]
) -> dict[str, float | int | None]:
    """How many reports there are, to how many messages the kind is given, and which part of 1 of either that is rightly."""
    hits = int((given & right).sum())
    return {
        "reports": int(of_kind.sum()),
        "given": int(given.sum()),
        "precision": round(hits / int(given.sum()), 3) if given.any() else None,
        "coverage": round(hits / int(of_kind.sum()), 3) if of_kind.any() else 0.0,
    }
