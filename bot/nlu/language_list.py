"""The languages that are told apart, and what speaks for each (bot/languages.yml)."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).parent.parent / "languages.yml"
ENGLISH = "en"
OTHER = "other"
"""The code of what is another language than English, nobody knows which."""
OTHER_IN_WORDS = "a language other than English"
LATIN = "Latin"
_NO_MARK = str.maketrans({"ł": "l", "đ": "d", "ı": "i", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "’": "'"})


@dataclass(frozen=True)
class Script:
    """The characters from ``first`` to ``last``; ``alone`` is the language of what no word or letter speaks for."""

    name: str
    first: str
    last: str
    alone: str


@dataclass(frozen=True)
class Languages:
    """What speaks for each language, by its code. Words are kept as :func:`folded` makes them."""

    names: dict[str, str]
    scripts: tuple[Script, ...]
    script_of: dict[str, str]
    words: dict[str, tuple[str, ...]]
    letters: dict[str, tuple[str, ...]]
    endings: tuple[tuple[str, str], ...]

    def name_of(self, code: str) -> str:
        """The language in words, for staff."""
        return self.names.get(code, OTHER_IN_WORDS)


def folded(word: str) -> str:
    """The word in small letters; a Latin one without its accents, since many people type without them."""
    small = word.lower()
    if small.isascii() or small[0] > "\u024f":
        return small
    parts = unicodedata.normalize("NFKD", small.translate(_NO_MARK))
    return "".join(part for part in parts if not unicodedata.combining(part))


def load_languages(path: Path = LIST) -> Languages:
    """The list. Raises ``ValueError`` when a language is of no script that is there."""
    contents = yaml.safe_load(path.read_text("utf-8"))
    scripts = tuple(
        Script(name, one["from"], one["to"], one.get("alone", OTHER)) for name, one in contents["scripts"].items()
    )
    told: dict[str, dict[str, Any]] = contents["languages"]
    known = {LATIN, *(script.name for script in scripts)}
    for code, one in told.items():
        if one["script"] not in known:
            raise ValueError(f"{path.name}: {code}: there is no script {one['script']!r}.")
    words: dict[str, set[str]] = {}
    letters: dict[str, set[str]] = {}
    for code, one in told.items():
        for word in one.get("words", "").split():
            words.setdefault(folded(word), set()).add(code)
        for letter in one.get("letters", ""):
            letters.setdefault(letter, set()).add(code)
    for word in contents["english"].split():
        words.setdefault(folded(word), set()).add(ENGLISH)
    return Languages(
        names={code: one["name"] for code, one in told.items()},
        scripts=scripts,
        script_of={code: one["script"] for code, one in told.items()},
        words={word: tuple(sorted(codes)) for word, codes in words.items()},
        letters={letter: tuple(sorted(codes)) for letter, codes in letters.items()},
        endings=tuple((ending, code) for code, one in told.items() for ending in one.get("endings", "").split()),
    )


@lru_cache
def languages() -> Languages:
    """The list as it came with this version, read once."""
    return load_languages()
