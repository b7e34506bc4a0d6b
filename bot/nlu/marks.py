"""Reads a text as marks: its words, their stems, and the pairs of each. Pure Python, for whoever has no encoder at hand."""

import re
from itertools import pairwise

_TOKEN = re.compile(r"[a-z]+|0|[!?]|[^\sa-z0-9.,;:'\"()!?-]")
_FIGURES = re.compile(r"[0-9]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_ENDINGS = ("ing", "ed", "es", "s", "in")
_LEAST_STEM, _LONGEST_STEM = 3, 6


def words_of(text: str) -> list[str]:
    """The words in small letters, without apostrophes, figures as ``0``; drawn-out letters twice; ``!``, ``?`` and emoji too."""
    plain = _DRAWN_OUT.sub(r"\1\1", _FIGURES.sub("0", text.lower().replace("’", "").replace("'", "")))
    return _TOKEN.findall(plain)


def marks_of(text: str) -> dict[str, tuple[str, ...]]:
    """Each mark once, with the one or two words that it was read from; ``<s>`` and ``</s>`` stand for beginning and end."""
    words = ["<s>", *words_of(text), "</s>"]
    stems = ["~" + _stem(word) for word in words]
    found: dict[str, tuple[str, ...]] = {}
    for word, stem in zip(words, stems, strict=True):
        found[word] = found[stem] = (word,)
    for place, pair in enumerate(pairwise(words)):
        found[" ".join(pair)] = pair
        found[f"{stems[place]} {stems[place + 1][1:]}"] = pair
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)][:_LONGEST_STEM]
    return word[:_LONGEST_STEM]
