"""Times the encoder alone over the bench's texts, and prints the median in milliseconds: ``floor_encoder.py TIMES``."""

import sys
import time
from statistics import median

from bot.nlu.encoder import Encoder
from signpost.bench.load import MILLISECONDS, TEXTS

WARMING = 20


def main(times: int) -> float:
    """The median of so many encodings."""
    encoder, taken = Encoder(), []
    for number in range(times + WARMING):
        began = time.perf_counter()
        encoder.encode(TEXTS[number % len(TEXTS)])
        taken.append(time.perf_counter() - began)
    return median(taken[WARMING:]) * MILLISECONDS


if __name__ == "__main__":
    print(main(int(sys.argv[1])))  # noqa: T201  # read by the bench
