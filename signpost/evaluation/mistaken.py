"""The messages the model was furthest from getting right, by id: their texts are personal."""

from collections.abc import Sequence
from dataclasses import dataclass

from signpost.evaluation.gold import MessageId
from signpost.evaluation.predictions import Case

SHOWN = 20


@dataclass(frozen=True)
class Mistaken:
    """``right``: the label a person gave; ``given``: the model's. ``text`` is none unless somebody asked for texts."""

    id: MessageId
    right: str
    given: str
    score: float
    text: str | None


def misses(cases: Sequence[Case], *, with_texts: bool) -> tuple[Mistaken, ...]:
    """Reports that weren't flagged, the least likely in the model's eyes first."""
    missed = (case for case in cases if case.message.is_report and not case.flagged)
    return _first(sorted(missed, key=lambda case: (case.score, str(case.message.id))), with_texts=with_texts)


def false_alarms(cases: Sequence[Case], *, with_texts: bool) -> tuple[Mistaken, ...]:
    """Other messages that were flagged, the likeliest in the model's eyes first."""
    flagged = (case for case in cases if not case.message.is_report and case.flagged)
    return _first(sorted(flagged, key=lambda case: (-case.score, str(case.message.id))), with_texts=with_texts)


def _first(cases: Sequence[Case], *, with_texts: bool) -> tuple[Mistaken, ...]:
    return tuple(
        Mistaken(
            case.message.id,
            case.message.label,
            case.prediction.label,
            case.score,
            case.message.text if with_texts else None,
        )
        for case in cases[:SHOWN]
    )
