"""How hard a text is to read: words, sentences, and the age at which most people can read it.

The age is the Flesch-Kincaid grade (Kincaid and others, 1975: the school year in the United States) and five years, which is how
old a child is in the school year before the first.
"""

import re
from dataclasses import dataclass

_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)*|\d+(?:/\d+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_AS_SAID = {
    "anyone": 3, "asking": 2, "being": 2, "don't": 1, "somebody": 4, "someone": 2, "typing": 2,
    "media": 3, "reference": 3, "isn't": 2, "wasn't": 2, "aren't": 1, "can't": 1, "it's": 1, "you're": 1, "we're": 1,
    "something": 2, "sometimes": 2, "nobody": 3, "everyone": 3, "weren't": 1, "you've": 1, "didn't": 2,
    "telling": 2, "sounds": 1, "details": 2, "police": 2, "facebook": 2, "messages": 3, "sure": 1,
    "confidentiality": 7, "confidential": 4, "emergency": 4, "security": 4, "channels": 2, "questions": 2,
}  # fmt: skip
"""Words that the rule below gets wrong, or could."""


@dataclass(frozen=True)
class Readability:
    """Counts of a text, and in which year of their life people can read it."""

    words: int
    sentences: int
    syllables: int

    @property
    def age(self) -> float:
        """Reading age in years; 0 for a text without words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59 + 5


def readability(text: str) -> Readability:
    """The counts. A line's end ends a sentence, too."""
    sentences = [words for part in _END.split(text) if (words := _WORD.findall(part.replace("\u2019", "'")))]
    every = [word for words in sentences for word in words]
    return Readability(len(every), len(sentences), sum(map(syllables, every)))


def syllables(word: str) -> int:
    """How many syllables an English word has, by its vowels; at least one. Figures are known by sight and count one."""
    small = word.lower()
    if small[0].isdigit():
        return 1
    if small in _AS_SAID:
        return _AS_SAID[small]
    small = small.replace("'", "")
    count = len(_VOWELS.findall(small))
    silent_e = small.endswith("e") and not small.endswith(("le", "ee", "ye"))
    silent = silent_e or re.search(r"[^aeiouytd]ed$", small) is not None
    return max(1, count - silent)
