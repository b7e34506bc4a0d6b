"""What Signpost understood of a record's message, and why, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.labels import LABELS, NOT_REPORT
from bot.nlu.language_list import languages
from signpost.log.messages import LANGUAGE
from signpost.log.models import Escalation

LIKELIHOOD = ((0.9, "very likely"), (0.7, "likely"), (0.5, "more likely than not"), (0.2, "possible"))
"""From which score on what is said of it."""
LEAST, LEAST_OF_A_REPORT = "unlikely", "unlikely, but likely enough to act on"
"""An emergency needs far less than half (bot/thresholds.yml): to miss one is worse than to answer one too many."""
ALMOST_NONE, ALMOST_ALL = 0.01, 0.99


@dataclass(frozen=True)
class Understanding:
    """``scores`` are the labels with their score in per cent; ``likelihood`` is what the chosen label's means.

    ``language`` is that of the message, in words, where it isn't English.
    """

    scores: tuple[tuple[str, str], ...]
    percent: str | None
    likelihood: str | None
    words_for: tuple[str, ...]
    words_against: tuple[str, ...]
    language: str | None


def understanding_of(escalation: Escalation) -> Understanding:
    """The understanding; empty where nothing was understood, or where it was erased."""
    scores, reasons = escalation.scores or {}, escalation.reasons or []
    chosen = share(escalation.confidence if escalation.confidence is not None else scores.get(escalation.label))
    return Understanding(
        scores=tuple((label, percent(share(scores.get(label)))) for label in LABELS) if scores else (),
        percent=None if chosen is None else percent(chosen),
        likelihood=None if chosen is None else _likelihood(chosen, escalation.label),
        words_for=words_that_speak(reasons, "for"),
        words_against=words_that_speak(reasons, "against"),
        language=next((languages().name_of(code) for code in words_that_speak(reasons, LANGUAGE)), None),
    )


def share(value: Any) -> float | None:
    """A score between 0 and 1; none where the record holds anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        return None
    return float(value)


def percent(value: float | None) -> str:
    """As people read it. Never 0% or 100% of what is only nearly so: nothing here is certain."""
    if value is None:
        return "not known"
    if 0 < value < ALMOST_NONE:
        return "under 1%"
    if ALMOST_ALL < value < 1:
        return "over 99%"
    return f"{value:.0%}"


def _likelihood(chosen: float, label: str) -> str:
    least = LEAST if label == NOT_REPORT else LEAST_OF_A_REPORT
    return next((words for from_there, words in LIKELIHOOD if chosen >= from_there), least)


def words_that_speak(reasons: Iterable[Any], speaks: str) -> tuple[str, ...]:
    """Of the reasons, the words that speak ``for`` a report, or ``against`` one."""
    known = [one for one in reasons if isinstance(one, dict) and "word" in one]
    return tuple(str(one["word"]) for one in known if one.get("speaks") == speaks)
