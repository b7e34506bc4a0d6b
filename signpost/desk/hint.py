"""A cheap hint of how urgent a text is, for the order in which messages are taken. It never labels anything.

Words and pairs of words, each with a weight (``hint.json.gz``, made by ``python -m training.hint``), summed up in pure
Python: whoever stores a message has no language model at hand.
"""

import base64
import gzip
import json
import math
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.nlu.marks import marks_of

WEIGHTS = Path(__file__).with_name("hint.json.gz")
LONGEST = 4000
"""Characters that are looked at: the beginning and the end of what is longer."""
EVEN = 50
HUNDREDTHS = 100
STEPS = 6
"""To one of log odds: 0 is 1 in 4,000, 100 all but 1 in 4,000. In hundredths, all that is unlikely would come out at 0 or 1, and the order be lost."""


@dataclass(frozen=True)
class Hint:
    """The weights in hundredths, each with its mark's checksum, in the checksums' order, and what is added to every sum.

    The marks themselves would take 10 MB more. Another word's checksum is one of ours once in 80,000 times: for an order
    that is guessed at, that is never.
    """

    marks: "array[int]"
    weights: "array[int]"
    start: float

    @classmethod
    def load(cls, file: Path = WEIGHTS) -> "Hint":
        """Reads the weights that came with this version."""
        contents = json.loads(gzip.decompress(file.read_bytes()))
        return cls(_unpacked("I", contents["marks"]), _unpacked("h", contents["weights"]), contents["start"])

    @staticmethod
    def packed(weights: Mapping[str, float], start: float, made_from: str) -> bytes:
        """What :meth:`load` reads, for marks in words; ``made_from``: a hash of the messages the weights are from."""
        found = sorted((_checksum(mark), round(weight * HUNDREDTHS)) for mark, weight in weights.items())
        contents = {
            "made_from": made_from,
            "start": start,
            "marks": _packed(array("I", [mark for mark, _ in found])),
            "weights": _packed(array("h", [weight for _, weight in found])),
        }
        return gzip.compress(json.dumps(contents, sort_keys=True).encode(), mtime=0)

    def urgency(self, text: str) -> int:
        """0 to 100, the more the likelier an emergency (:func:`urgency_of`); :data:`EVEN` where as many are one as aren't."""
        marks = marks_of(text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}")
        total = sum(map(self._weight, marks)) / HUNDREDTHS
        return urgency_of(self.start + total / math.sqrt(len(marks)))

    def _weight(self, mark: str) -> int:
        wanted = _checksum(mark)
        place = bisect_left(self.marks, wanted)
        return self.weights[place] if place < len(self.marks) and self.marks[place] == wanted else 0


def _checksum(mark: str) -> int:
    return zlib.crc32(mark.encode("utf-8", "surrogatepass"))


def _packed(numbers: "array[int]") -> str:
    return base64.b64encode(_in_file_order(numbers).tobytes()).decode()


def _unpacked(kind: Literal["I", "h"], packed: str) -> "array[int]":
    return _in_file_order(array(kind, base64.b64decode(packed)))


def _in_file_order(numbers: "array[int]") -> "array[int]":
    """The lowest byte first, on every machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def urgency_of(log_odds: float) -> int:
    """Log odds as an urgency from 0 to 100."""
    return min(max(round(EVEN + STEPS * log_odds), 0), 100)


def log_odds_of(urgency: int) -> float:
    """The log odds that an urgency stands for."""
    return (urgency - EVEN) / STEPS
