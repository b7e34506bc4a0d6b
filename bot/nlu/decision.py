"""A Rasa component that decides: from the intents' probabilities to one label, by the thresholds of the channel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.labels import CRIME_REPORT, EMERGENCY, FALLBACK_INTENT, LABELS, NOT_REPORT, REPORT_INTENTS, label_of_intent
from bot.nlu.urgent import load_urgent, urgent_words

DECISION = "decision"
REASONS = "reasons"
MOST_REASONS = 5
THRESHOLDS = Path(__file__).parent.parent / "thresholds.yml"


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from 0 to 1 at which a message counts as a report, as an emergency, and as one to look at."""

    report: float
    emergency: float
    unsure_from: float
    answer: float


def load_thresholds(path: Path = THRESHOLDS) -> dict[str, Thresholds]:
    """The thresholds by channel or visibility. Raises ``ValueError`` when a figure isn't a probability."""
    figures = yaml.safe_load(path.read_text("utf-8"))["thresholds"]
    for place, values in figures.items():
        for name, value in values.items():
            if not 0 < float(value) < 1:
                raise ValueError(f"{path.name}: {place}: {name} is {value}; it must lie between 0 and 1.")
    return {place: Thresholds(**values) for place, values in figures.items()}


def decide(
    ranking: list[dict[str, Any]], thresholds: Thresholds, *, urgent: bool = False
) -> tuple[str, dict[str, Any]]:
    """The intent that the rules act on, and the decision ``{label, scores, unsure}``.

    An emergency is judged apart from a report, and first: it needs less to be called one, once the message is
    likely enough to be a report at all. ``urgent`` words make it one whatever the scores say.
    """
    scores = dict.fromkeys(LABELS, 0.0)
    for entry in ranking:
        scores[label_of_intent(entry["name"])] += entry["confidence"]
    report = scores[EMERGENCY] + scores[CRIME_REPORT]
    if urgent or scores[EMERGENCY] >= thresholds.emergency:
        label = EMERGENCY
    elif report >= thresholds.report:
        label = CRIME_REPORT
    else:
        label = NOT_REPORT
    best = next((e for e in ranking if label_of_intent(e["name"]) == label), ranking[0])
    unsure = thresholds.unsure_from <= report < thresholds.report
    intent = best["name"]
    if label == CRIME_REPORT:
        intent = "report_crime"
    elif label == NOT_REPORT and (unsure or best["confidence"] < thresholds.answer):
        intent = FALLBACK_INTENT
    rounded = {name: round(score, 4) for name, score in scores.items()}
    return intent, {"label": label, "scores": rounded, "unsure": unsure}


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class Decision(GraphComponent):
    """Replaces the likeliest intent by the one that the thresholds choose; the ranking stays as it was."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._thresholds = load_thresholds()
        self._urgent = load_urgent()
        self._ranking_length = config["ranking_length"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``ranking_length``: how many intents of the ranking to keep."""
        return {"ranking_length": 8}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        """A decision component with the thresholds of ``bot/thresholds.yml``."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``intent`` and ``decision`` on each message that has a ranking."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if not ranking:
                continue
            urgent = urgent_words(self._urgent, message.get(TEXT) or "")
            name, decision = decide(
                ranking, self._thresholds_for(message.get("metadata") or {}), urgent=urgent is not None
            )
            if urgent is not None:
                decision["urgent"] = urgent[1]
                heaviest = {"word": urgent[0], "speaks": "for"}
                message.set(REASONS, [heaviest, *(message.get(REASONS) or [])][:MOST_REASONS], add_to_output=True)
            confidence = self._confidence(name, ranking, decision)
            message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._ranking_length], add_to_output=True)
            message.set(DECISION, decision, add_to_output=True)
        return messages

    def _thresholds_for(self, metadata: dict[str, Any]) -> Thresholds:
        visibility = metadata.get("visibility", "private")
        return self._thresholds.get(
            metadata.get("channel", ""), self._thresholds.get(visibility, self._thresholds["private"])
        )

    @staticmethod
    def _confidence(name: str, ranking: list[dict[str, Any]], decision: dict[str, Any]) -> float:
        if name in REPORT_INTENTS:
            return float(decision["scores"][label_of_intent(name)])
        return float(next((e["confidence"] for e in ranking if e["name"] == name), decision["scores"][NOT_REPORT]))
