"""What a model made of the messages, beside the right answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, LABELS, REPORTS, Message, MessageId, twice
from signpost.evaluation.thresholds import Thresholds
from signpost.jsonl import check_id, read_jsonl
from signpost.mistakes import Mistake

DIGITS = 6
"""Scores are sums of rounded numbers; beyond this digit they differ by how a computer adds, not by what was meant."""
SLACK = 0.01
NAMED = 5


@dataclass(frozen=True)
class Prediction:
    """The label a message was given, and the probabilities (0 to 1) of an emergency and of any report at all."""

    label: str
    emergency: float
    report: float


@dataclass(frozen=True)
class Case:
    """A message and what the model made of it. ``flagged``: taken for a report, so that guidance is sent."""

    message: Message
    prediction: Prediction

    @property
    def flagged(self) -> bool:
        """Whether the model took it for an emergency or a report of a crime."""
        return self.prediction.label in REPORTS

    @property
    def score(self) -> float:
        """The probability of a report, from 0 to 1."""
        return self.prediction.report


def read_predictions(file: Path) -> dict[MessageId, Prediction]:
    """By id, from lines ``{id, label, scores}`` as `signpost classify` writes them.

    Raises :class:`Mistake` (exit status 2) that names the wrong lines.
    """
    seen: set[MessageId] = set()

    def check(item: dict[str, Any]) -> str | None:
        return check_id(item) or _fault(item) or twice(item["id"], seen)

    return {item["id"]: prediction_of(item) for item in read_jsonl(file, check)}


def pair(messages: Sequence[Message], predictions: Mapping[MessageId, Prediction], file: Path) -> list[Case]:
    """Each message with its prediction. Raises :class:`Mistake` (exit status 2) naming the ids that have none."""
    missing = [str(message.id) for message in messages if message.id not in predictions]
    if missing:
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        raise Mistake(f"{file} says nothing of {', '.join(missing[:NAMED])}{more}. Nothing was done.", 2)
    return [Case(message, predictions[message.id]) for message in messages]


def unexplained(cases: Sequence[Case], thresholds: Thresholds) -> int:
    """How many labels these thresholds can't have made: more than a few mean another channel's or another model's."""
    made = (thresholds.explain(c.prediction.label, c.prediction.report, c.prediction.emergency) for c in cases)
    return sum(not explained for explained in made)


def _fault(item: dict[str, Any]) -> str | None:
    scores = item.get("scores")
    if item.get("label") not in LABELS:
        return f"label is missing, or is none of {', '.join(LABELS)}"
    if not isinstance(scores, dict) or not all(_is_probability(scores.get(label)) for label in LABELS):
        return f"scores must give {', '.join(LABELS)} a number from 0 to 1 each"
    if not math.isclose(sum(scores[label] for label in LABELS), 1, abs_tol=SLACK):
        return "scores don't add up to 1"
    return None


def _is_probability(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def prediction_of(item: dict[str, Any]) -> Prediction:
    """The prediction of a line ``{label, scores}`` that is in order."""
    emergency, crime = float(item["scores"][EMERGENCY]), float(item["scores"][CRIME_REPORT])
    return Prediction(item["label"], emergency, round(emergency + crime, DIGITS))
