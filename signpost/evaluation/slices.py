"""The same figures for parts of the messages: by a field, by length, and by the way they are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from signpost.estimates import Estimate
from signpost.evaluation.curve import curve_of
from signpost.evaluation.decisions import decision_figures
from signpost.evaluation.delong import auc_estimate
from signpost.evaluation.predictions import Case

LENGTHS = (1, 4, 11, 31, 81)
LENGTH_NAMES = ("no words", "1 to 3 words", "4 to 10", "11 to 30", "31 to 80", "81 or more")
"""Before, between and after these numbers of words."""
LEAST_FOR_AUC = 10
"""Reports and other messages each; with fewer an area says next to nothing."""
NOT_SAID = "(not said)"

CAPITALS_FROM = 0.7
LEAST_LETTERS = 8
LEAST_WORDS = 4
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]")
_STOPS = re.compile("[.,;:!?…]")


@dataclass(frozen=True)
class Slice:
    """A part of the messages. ``figures`` as :func:`signpost.evaluation.decisions.decision_figures` names them."""

    name: str
    messages: int
    figures: Mapping[str, Estimate]
    auc: Estimate


def breakdowns(cases: Sequence[Case], fields: Iterable[str]) -> dict[str, tuple[Slice, ...]]:
    """By each field's values, by length and by way of writing. A message may be written in several ways."""
    by_field = {name: _by((case.message.fields.get(name, NOT_SAID), case) for case in cases) for name in fields}
    by_length = _by(((length(case.message.text), case) for case in cases), order=LENGTH_NAMES)
    by_style = _by((style, case) for case in cases for style in styles(case.message.text))
    return {**by_field, "length_in_words": by_length, "way_of_writing": by_style}


def length(text: str) -> str:
    """Which of :data:`LENGTH_NAMES` it is."""
    words = len(text.split())
    return LENGTH_NAMES[sum(words >= first for first in LENGTHS)]


def styles(text: str) -> list[str]:
    """How it is written: mostly capitals, with emoji, without a stop or comma in a text of some words, or as usual."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    found = {
        "mostly capitals": len(letters) >= LEAST_LETTERS and capitals >= CAPITALS_FROM * len(letters),
        "with emoji": bool(_EMOJI.search(text)),
        "no punctuation": len(text.split()) >= LEAST_WORDS and not _STOPS.search(text),
    }
    return [name for name, here in found.items() if here] or ["none of these"]


def _by(parted: Iterable[tuple[str, Case]], order: Sequence[str] = ()) -> tuple[Slice, ...]:
    """The parts in the order given, and otherwise the largest first; none is empty."""
    parts: dict[str, list[Case]] = {}
    for name, case in parted:
        parts.setdefault(name, []).append(case)
    place = {name: number for number, name in enumerate(order)}
    in_order = sorted(parts.items(), key=lambda part: (place.get(part[0], 0), -len(part[1]), part[0]))
    return tuple(_slice(name, inside) for name, inside in in_order)


def _slice(name: str, cases: Sequence[Case]) -> Slice:
    scored = [(case.score, case.message.is_report) for case in cases]
    reports = sum(is_report for _, is_report in scored)
    enough = min(reports, len(scored) - reports) >= LEAST_FOR_AUC
    return Slice(
        name, len(cases), decision_figures(cases), auc_estimate(curve_of(scored)) if enough else Estimate(None)
    )
