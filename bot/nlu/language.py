"""Tells in which language a message is: by its letters, and by the small words nobody does without.

English unless much speaks against it, so that misspelt English, dialect, names and two words with an emoji stay English.
Pure Python, and some tens of microseconds a message.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from bot.nlu.language_list import ENGLISH, OTHER, Languages, Script, folded

LONGEST = 1_000
"""Characters that are looked at; a language shows in far fewer."""
BY_WORD, BY_LETTER = 2, 1
"""What a word of a language's list counts, and what one of its letters or endings does, once for each word."""
ENOUGH = 2 * BY_WORD
SHARE = 0.2
"""The part of all words that must speak for a language, and against English."""
FEW_WORDS = 3
SHORTEST_ALONE = 5
"""A word that is nearly alone must have so many letters to count: "merci" does, "nos" doesn't."""
SHORTEST = 2
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+")
# Letters, and the marks that belong to them in the scripts that need some; apostrophes within a word.
_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u0652\u0900-\u0963\u0971-\u0dff\u0e30-\u0e4e\u200c\u200d]|['’ʼ](?=[^\W\d_]))*"
)


@dataclass(frozen=True)
class Reading:
    """``language``: a code, ``en`` for English and for whatever can't be told, ``other`` for one that isn't in the list.

    ``maybe``: every language that anything at all speaks for, English aside.
    """

    language: str
    maybe: frozenset[str]


def read(text: str, languages: Languages) -> Reading:
    """In which language the text is, as far as can be told."""
    shown = _NO_WORDS.sub(" ", text[:LONGEST])
    if not shown.isascii():
        shown = unicodedata.normalize("NFKC", shown)
    words = list(dict.fromkeys(word for word in _WORD.findall(shown) if len(word) >= SHORTEST))
    points = _points(words, languages)
    english = points.pop(ENGLISH, 0)
    letters = Counter[Script | None]() if shown.isascii() else _letters(words, languages)
    scripts = {script.name for script in letters if script is not None}
    of_scripts = {code for code, name in languages.script_of.items() if name in scripts}
    most = max((script for script in letters if script), key=letters.__getitem__, default=None)
    if most is None or letters[None] > letters.total() / 2:
        return Reading(_by_words(words, points, english, languages), frozenset({*points, *of_scripts}))
    points = Counter({code: n for code, n in points.items() if languages.script_of[code] == most.name})
    return Reading(_best(points) if points else most.alone, frozenset(of_scripts))


def _letters(words: list[str], languages: Languages) -> Counter[Script | None]:
    """How many letters are written in each script; under none, how many in Latin letters."""
    letters = Counter[Script | None]()
    for word in words:
        letters[next((one for one in languages.scripts if one.first <= word[0] <= one.last), None)] += len(word)
    return letters


def _by_words(words: list[str], points: Counter[str], english: int, languages: Languages) -> str:
    points = Counter({code: count for code, count in points.items() if count > english})
    if not points:
        return ENGLISH
    most = max(points.values())
    enough = most >= ENOUGH and most >= BY_WORD * SHARE * len(words)
    return _best(points) if enough or _nearly_alone(words, languages) else ENGLISH


def _nearly_alone(words: list[str], languages: Languages) -> bool:
    """Whether there are two or three words at most, and most of them plainly of other languages."""
    if len(words) > FEW_WORDS:
        return False
    spoken_for = [languages.words.get(folded(word), (ENGLISH,)) for word in words]
    plainly = [ENGLISH not in codes for codes in spoken_for]
    long_enough = any(plain and len(word) >= SHORTEST_ALONE for plain, word in zip(plainly, words, strict=True))
    return long_enough and sum(plainly) >= len(words) / 2


def _points(words: list[str], languages: Languages) -> Counter[str]:
    points = Counter[str]()
    for word in words:
        spoken_for = languages.words.get(folded(word), ())
        if not spoken_for and ("'" in word or "’" in word):
            parts = re.split("['’]", word)
            spoken_for = next((found for part in parts if (found := languages.words.get(folded(part), ()))), ())
        for code in spoken_for:
            points[code] += BY_WORD
        if not word.isascii():
            marked = {code for letter in word.lower() for code in languages.letters.get(letter, ())}
            marked |= {code for ending, code in languages.endings if word.endswith(ending)}
            for code in marked:
                points[code] += BY_LETTER
    return points


def _best(points: Counter[str]) -> str:
    """The language with the most points; two with as many are told apart by nobody."""
    first, *rest = points.most_common(2)
    return OTHER if rest and rest[0][1] == first[1] else first[0]
