"""What all recognisers of British formats share: a pattern finds, and Python judges what it found in its surroundings."""

import re
from collections.abc import Iterator

from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from .words import FUNCTION_WORDS, NAMED_THINGS, PLACE_WORDS, STREET_WORDS

#: What people put between the figures and letters of one number.
GAP = r"[\s().\-/_,•·\u200b]"

_SCORE = 0.9


class BritishRecognizer(PatternRecognizer):
    """Finds one kind by patterns, each of which may name the part that is to be redacted: `(?P<find>...)`.

    Presidio's own matching hands a check only the text that was found. British formats can be told from ordinary words
    only by what stands around them, so `keep` gets the match in the whole text. The patterns are for Python's `re`, and
    none may repeat a group that can match the same characters in more than one way.

    Args of the constructor: the kind, one of `kinds.KINDS`; the patterns by name; flags for `re`.
    """

    def __init__(self, kind: str, patterns: dict[str, str], flags: int = re.IGNORECASE) -> None:
        super().__init__(
            supported_entity=kind,
            name=type(self).__name__,
            patterns=[Pattern(name, pattern, _SCORE) for name, pattern in patterns.items()],
        )
        self.kind = kind
        self.compiled = {name: re.compile(pattern, flags) for name, pattern in patterns.items()}

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Whether a match of the pattern called `name` is truly of this kind. Here: always."""
        return True

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """Where the part to redact begins and ends in the text."""
        return match.span("find") if "find" in match.re.groupindex else match.span()

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Every find of this kind in the text. Only `text` is looked at; the rest is Presidio's signature."""
        return [
            RecognizerResult(entity_type=self.kind, start=start, end=end, score=_SCORE)
            for name, pattern in self.compiled.items()
            for start, end in self._spans(name, pattern, text)
        ]

    def _spans(self, name: str, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
        position = 0
        while match := pattern.search(text, position):
            if self.keep(name, match):
                yield self.span(match)
                position = max(match.end(), match.start() + 1)
            else:
                # What was turned down may have swallowed the beginning of what is right.
                position = match.start() + 1


def before(match: re.Match[str], length: int, group: str | int = 0) -> str:
    """Up to `length` characters of the text that stand before a match, or before one of its groups."""
    start = match.start(group)
    return match.string[max(0, start - length) : start]


def after(match: re.Match[str], length: int) -> str:
    """Up to `length` characters of the text that stand after a match."""
    return match.string[match.end() : match.end() + length]


def stands_alone(match: re.Match[str]) -> bool:
    """Whether a code of capitals and figures is not a piece of a longer one.

    "regAB12CDEthanks" counts: capitals that run into small letters are seen for what they are.
    """
    found, left, right = match[0], before(match, 1), after(match, 1)
    return (not left.isalnum() or (left.islower() and found[0].isupper())) and (
        not right.isalnum() or (right.islower() and found[-1].isupper())
    )


def shouted(text: str, around: int = 0) -> bool:
    """Whether a message is written in capitals near the place `around`, so that they say nothing about its words there."""
    near = text[max(0, around - 200) : around + 200]
    capitals = sum(character.isupper() for character in near)
    return capitals > 8 and capitals > 2 * sum(character.islower() for character in near)


#: One word, with the apostrophes and hyphens inside it.
WORD = r"[^\W\d_]+(?:['\-][^\W\d_]+){0,2}"


def without_possessive(word: str) -> str:
    """The word that is shown to own something: "Dave" for "Dave's"."""
    return word[:-2] if word.lower().endswith("'s") else word


def bare(word: str) -> str:
    """A word as the lists have it: in small letters, "dave" for "Dave's", and "they" for "They've"."""
    lower = without_possessive(word.lower())
    begins = lower.partition("'")[0]
    return begins if begins in FUNCTION_WORDS else lower


_THINGS = re.compile(rf"\b(?:{'|'.join(map(re.escape, NAMED_THINGS))})\b", re.IGNORECASE)


def is_thing(text: str, start: int, end: int) -> bool:
    """Whether the words between two places belong to the name of a firm, a law or a breed: "John Lewis"."""
    return any(
        thing.start() < end and start < thing.end() for thing in _THINGS.finditer(text, max(0, start - 20), end + 20)
    )


_FOLLOWING = re.compile(r"(?:'s)?\s{1,2}([^\W\d_]+)(?:\s([^\W\d_]+))?")


def is_place(text: str, end: int) -> bool:
    """Whether the words that end there go on as a place's or a law's name: "George Street", "Victoria Leisure Centre"."""
    follows = _FOLLOWING.match(text[end : end + 40])
    if not follows:
        return False
    first, second = follows[1], follows[2] or ""
    if first.lower() in STREET_WORDS or first.lower() == "law":
        return True
    return first[0].isupper() and (
        first.lower() in PLACE_WORDS or (second[:1].isupper() and second.lower() in PLACE_WORDS)
    )
