"""The training messages most like a message, by the encoder's vectors that the last training left behind."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.encoder import Vectors, version
from bot.nlu.vectors import VARIABLE, read_stored


@dataclass(frozen=True)
class Like:
    """``key``: the SHA-256 of the training message's text; ``likeness``: the cosine of the two vectors, -1 to 1."""

    key: str
    likeness: float


class Likest:
    """Reads the vectors again only when a training has written new ones."""

    def __init__(self) -> None:
        self._stamp: tuple[int, int] | None = None
        self._keys: list[str] = []
        self._vectors: Vectors = np.zeros((0, 0), dtype=np.float32)

    def to(self, vector: Vectors, most: int) -> list[Like] | None:
        """The likest first, at most so many; none where the vectors aren't on this machine or are another encoder's."""
        file = Path(os.environ.get(VARIABLE) or os.devnull)
        try:
            about = file.stat()
            stamp = about.st_mtime_ns, about.st_size
            if stamp != self._stamp:
                self._keys, self._vectors = read_stored(file, version())
                self._stamp = stamp
        except (OSError, ValueError, KeyError):
            return None
        likeness = self._vectors @ vector
        order = np.argsort(-likeness)[:most]
        return [Like(self._keys[place], round(float(likeness[place]), 4)) for place in order]
