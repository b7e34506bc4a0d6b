"""A message without what doesn't count when two are compared: case, spaces and punctuation."""

import unicodedata

_APOSTROPHES = "'’‘`´"
_BETWEEN_WORDS = {"P", "Z", "C"}
"""Unicode's punctuation, spaces and control characters. Emoji are symbols, and stay."""


def folded(text: str) -> str:
    """The words in small letters with single spaces: "Theres" for "there's"; a message of punctuation alone is itself."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(_folded(character) for character in plain if character not in _APOSTROPHES)
    return " ".join(kept.split()) or text.strip()


def _folded(character: str) -> str:
    return " " if unicodedata.category(character)[0] in _BETWEEN_WORDS else character


def words_of(text: str) -> list[str]:
    """The words of a message, folded."""
    return folded(text).split()
