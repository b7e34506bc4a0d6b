"""Where the training messages stand that are most like a message, by what the assistant says of their texts."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.text import clean
from signpost.console.workbench.assistant import Nearest
from signpost.corpus.reading import Example

MOST = 5


@dataclass(frozen=True)
class NearExample:
    """A training message, and how like it is in meaning, 0 to 1."""

    example: Example
    likeness: float


def near_examples(nearest: list[Nearest], examples: Iterable[Example]) -> list[NearExample]:
    """The likest training messages that are still there, with their places; at most :data:`MOST`."""
    wanted = {one.key for one in nearest}
    by_key = {key: example for example in examples if (key := key_of(example.text)) in wanted}
    found = [NearExample(by_key[one.key], max(one.likeness, 0.0)) for one in nearest if one.key in by_key]
    return found[:MOST]


def key_of(text: str) -> str:
    """What the training calls a text by (bot/nlu/vectors.py)."""
    return hashlib.sha256(clean(text).encode("utf-8", "replace")).hexdigest()
