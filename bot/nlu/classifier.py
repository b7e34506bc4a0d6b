"""A Rasa component that reads a message with the encoder and gives every intent a probability, with reasons."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.labels import REPORT_INTENTS
from bot.nlu.decision import REASONS
from bot.nlu.encoder import Encoder, Window
from bot.nlu.reasons import weightiest_words
from bot.nlu.vectors import vectors_of
from bot.text import clean

VECTOR = "vector"
"""The vector (384,) of the window that decided, for later components; it is no part of the answer."""


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probabilities over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """Multinomial logistic regression over the encoder's sentence vectors.

    A message longer than the encoder's window is read window by window, and the window most like a report decides:
    a crime in the middle of nine hundred characters counts as much as one at the start.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C``: inverse strength of the regularisation; ``max_iter``: when to stop looking for better weights."""
        return {"C": 1.0, "max_iter": 300}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._encoder = Encoder()
        self._intents: list[str] = []
        self._weights: npt.NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._bias: npt.NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> IntentClassifier:
        """The classifier as it was trained. Raises ``ValueError`` when it was trained for another encoder."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            about = json.loads((folder / "intents.json").read_text("utf-8"))
            weights = np.load(folder / "weights.npz", allow_pickle=False)
            classifier._weights, classifier._bias = weights["weights"], weights["bias"]
        if about["encoder"] != classifier._encoder.version:
            raise ValueError("The model was trained for another encoder. Run: signpost train")
        classifier._intents = about["intents"]
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example that has an intent."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        vectors = vectors_of(self._encoder, [clean(e.get(TEXT)) for e in examples])
        regression = LogisticRegression(C=self._config["C"], max_iter=self._config["max_iter"], random_state=0)
        regression.fit(vectors, [e.get(INTENT) for e in examples])
        self._intents = [str(name) for name in regression.classes_]
        self._weights = regression.coef_.astype(np.float32)
        self._bias = regression.intercept_.astype(np.float32)
        self._persist()
        return self._resource

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "weights.npz", weights=self._weights, bias=self._bias)
            about = {"intents": self._intents, "encoder": self._encoder.version}
            (folder / "intents.json").write_text(json.dumps(about), "utf-8")

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from what this one predicts."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``intent``, ``intent_ranking`` and ``reasons`` on each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text and self._intents:
                self._understand(message, clean(text))
        return messages

    def _understand(self, message: Message, text: str) -> None:
        window, probabilities = self._deciding_window(self._encoder.encode(text))
        message.set(VECTOR, window.vector)
        order = np.argsort(-probabilities)
        ranking = [{"name": self._intents[i], "confidence": float(probabilities[i])} for i in order]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(REASONS, weightiest_words(text, window, self._report_direction(probabilities)), add_to_output=True)

    def _deciding_window(self, windows: list[Window]) -> tuple[Window, npt.NDArray[np.float32]]:
        reports = [i for i, name in enumerate(self._intents) if name in REPORT_INTENTS]
        judged = [(w, softmax(self._weights @ w.vector + self._bias)) for w in windows]
        return max(judged, key=lambda pair: float(pair[1][reports].sum()))

    def _report_direction(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The direction (384,) in which a vector becomes more like a report, weighed by what this message may be."""
        is_report = np.array([name in REPORT_INTENTS for name in self._intents])
        toward = self._mean_weights(is_report, probabilities)
        away = self._mean_weights(~is_report, probabilities)
        return toward - away

    def _mean_weights(
        self, which: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        share = np.where(which, probabilities + 1e-6, 0.0)
        return (share / share.sum()) @ self._weights
