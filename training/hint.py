"""Makes the weights of the cheap hint of urgency from ``data/nlu``: ``.venv/bin/python -m training.hint`` (seconds)."""

from pathlib import Path

import numpy as np

from bot.nlu.word_teaching import ReadTexts
from signpost.desk.hint import WEIGHTS, Hint
from training.corpus import LABEL_OF, NOT_REPORT, examples, fingerprint

EMERGENCY = 0
LEAST_WEIGHT = 0.35
DECIMALS = 2


def main(target: Path = WEIGHTS) -> None:
    """Writes the weights, with a hash of the messages that they are from."""
    found = examples()
    read = ReadTexts.of([example.text for example in found])
    urgent = np.array([LABEL_OF.get(example.intent, NOT_REPORT) == EMERGENCY for example in found])
    # Balanced: a missed emergency costs the queue more than a message that is taken too early.
    learnt, start = read.weights_of(urgent, class_weight="balanced")
    weights = {
        mark: round(float(weight), DECIMALS)
        for mark, weight in zip(read.marks, learnt, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }
    packed = Hint.packed(weights, round(start, 4), fingerprint(found))
    target.write_bytes(packed)
    print(f"{len(weights):,} weights, {len(packed) / 1000:.0f} kB: {target}")


if __name__ == "__main__":
    main()
