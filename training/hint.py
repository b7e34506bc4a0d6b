"""Makes the weights of the cheap hint of urgency from ``data/nlu``: ``.venv/bin/python -m training.hint`` (a minute)."""

import gzip
import json
from pathlib import Path

import numpy as np
from scipy.sparse import diags  # type: ignore[import-untyped]  # it ships no types
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from signpost.desk.hint import WEIGHTS, features
from training.corpus import LABEL_OF, NOT_REPORT, examples, fingerprint

EMERGENCY = 0
STRENGTH = 30.0
LEAST_MESSAGES = 3
LEAST_WEIGHT = 0.35
DECIMALS = 2
RARITY = 7.0
"""The rarity that leaves a mark's weight as it is; a mark in every message has 1, one in three of them 9."""


def main(target: Path = WEIGHTS) -> None:
    """Writes the weights, with a hash of the messages that they are from."""
    found = examples()
    counts = CountVectorizer(analyzer=features, min_df=LEAST_MESSAGES, binary=True)
    marks = counts.fit_transform([example.text for example in found])
    # A set has another order in each process, and sums of floating-point numbers differ with it.
    marks.sort_indices()
    lengths = np.array([len(features(example.text)) for example in found])
    # "The" and "I" are in everything; what tells an emergency is rare, and may weigh much though it was seen seldom.
    rarity = ((1 + np.log(len(found) / marks.sum(axis=0).A1)) / RARITY) ** 2
    urgent = np.array([LABEL_OF.get(example.intent, NOT_REPORT) == EMERGENCY for example in found])
    # Balanced: a missed emergency costs the queue more than a message that is taken too early.
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300, solver="liblinear").fit(
        diags(1 / np.sqrt(lengths)) @ marks @ diags(rarity), urgent
    )
    weights = {
        name: round(float(weight), DECIMALS)
        for name, weight in zip(counts.get_feature_names_out(), model.coef_[0] * rarity, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }
    contents = {"made_from": fingerprint(found), "start": round(float(model.intercept_[0]), 4), "weights": weights}
    packed = gzip.compress(json.dumps(contents, ensure_ascii=False, sort_keys=True).encode(), mtime=0)
    target.write_bytes(packed)
    print(f"{len(weights):,} weights, {len(packed) / 1000:.0f} kB: {target}")


if __name__ == "__main__":
    main()
