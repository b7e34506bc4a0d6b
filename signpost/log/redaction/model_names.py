"""People's names from the language model, less its mistakes."""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from .base import WORD, bare, is_place, is_thing, shouted, without_possessive
from .forenames import FORENAMES, SURNAMES
from .words import FORENAMES_TOO, NOT_NAMES, PLACE_WORDS


class ModelNameRecognizer(SpacyRecognizer):
    """What the language model takes for a person, less what a capital letter or slang made it take for one.

    The small model calls towns, shops and any word with a capital a person. What is left of each find must have a capital
    that means something, and must not stand where things and places do.
    """

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON"])

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """The model's finds of persons in `nlp_artifacts` that can be names, cut down to the words that can."""
        return [
            RecognizerResult("PERSON", start, end, found.score)
            for found in super().analyze(text, entities, nlp_artifacts)
            for start, end in _likely(text, found.start, found.end)
        ]


_THING_BEFORE = re.compile(
    r"\b(?:the|an?|my|our|your|this|that|some|any|no|every|black|white|grey|gray|silver|blue|red|green|saint|st\.?)\s$",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|outside|into|towards?|via|round|around|behind|opposite|through|on|of|past|leaving|towards)\s$",
    re.IGNORECASE,
)
# "Jack is", but not "Jack the".
_DOES = re.compile(r"\s(?:is|was|has|had|said|says|told|did|hit|went|came|lives|keeps|stole|took|and i)\b")
_SENTENCE_START = re.compile(r"(?:^|[^\w,'&)\s])\s*$")


def _likely(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span of the words in a find that can be a name, once or not at all."""
    if shouted(text, start):
        # Every word has capitals there. Known forenames are found all the same.
        return
    words = list(re.compile(WORD).finditer(text, start, end))
    while words and not _nameable(words[0][0]):
        words.pop(0)
    while words and not _nameable(words[-1][0]):
        words.pop()
    if not words:
        return
    start, end = words[0].start(), words[-1].start() + len(without_possessive(words[-1][0]))
    said = [bare(word[0]) for word in words]
    lead = text[max(0, start - 12) : start]
    known = any(word in FORENAMES for word in said)
    if any(word in PLACE_WORDS and not (known and word in SURNAMES) for word in said) or is_place(text, end):
        return
    if is_thing(text, start, end) or _THING_BEFORE.search(lead):
        return
    if not known and _PLACE_BEFORE.search(lead) and not any(word in SURNAMES for word in said):
        return
    alone = len(words) == 1 and not known
    initial = _SENTENCE_START.search(lead if start > 12 else text[:start])
    begins = initial and not (said[0] in FORENAMES_TOO and _DOES.match(text[end:]))
    if alone and (words[0][0].isupper() or begins):
        return
    yield start, end


def _nameable(word: str) -> bool:
    """Whether a word may begin or end a name that the model found."""
    lower = bare(word)
    return word[0].isupper() and len(lower) > 1 and (lower not in NOT_NAMES or lower in FORENAMES)
