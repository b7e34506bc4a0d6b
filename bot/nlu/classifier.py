"""A Rasa component that reads a message with the encoder and gives every intent a probability, with reasons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
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

from bot.labels import LABELS, REPORT_INTENTS, label_of_intent
from bot.nlu.decision import REASONS
from bot.nlu.encoder import Encoder, Vectors, Window
from bot.nlu.reasons import Reading, weightiest_words
from bot.nlu.recent import Recent
from bot.nlu.sentences import sentences_of
from bot.nlu.vectors import vectors_of
from bot.nlu.word_scores import Judged, Scores, WordScores
from bot.text import clean

VECTOR = "vector"
"""The vector (384,) of the window that decided, for later components; it is no part of the answer."""


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probabilities over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class _Judged:
    """A stretch of a message: the window of it that is most like a report, where it begins, its words, each intent's score."""

    window: Window
    start: int
    words: Judged
    logits: Scores


@dataclass(frozen=True)
class _Found:
    """The deciding window's vector, each intent's probability, and what speaks for and against a report."""

    vector: Vectors
    probabilities: npt.NDArray[np.float32]
    reasons: tuple[dict[str, str], ...]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """Multinomial logistic regression over the encoder's sentence vectors, and beside it what the words themselves say.

    The two err differently: the encoder knows what is meant and misses a telling word, the words know nothing else. So a
    part of the words' score for a label is added to the score of every intent that stands for it.

    A message longer than the encoder's window is read window by window, and the window most like a report decides:
    a crime in the middle of nine hundred characters counts as much as one at the start. Of a long message each sentence is
    read by itself as well, and the one most like a report has a small share in every intent's score.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C``: inverse strength of the regularisation; ``max_iter``: when to stop looking for better weights.

        ``words``: how much the words' score counts beside the encoder's, which counts 1.
        ``sentence``: the share of a long message's likeliest sentence in its score, of 0 to 1.
        """
        return {"C": 1.0, "max_iter": 300, "words": 0.5, "sentence": 0.1}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._encoder = Encoder()
        self._intents: list[str] = []
        self._weights: npt.NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._bias: npt.NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._words = WordScores.none()
        self._recent = Recent[_Found]()

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
            classifier._words = WordScores.load(folder)
        if about["encoder"] != classifier._encoder.version:
            raise ValueError("The model was trained for another encoder. Run: signpost train")
        classifier._intents = about["intents"]
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example that has an intent."""
        # Only a training needs it, and it costs the assistant's start a second and 60 MB.
        from sklearn.linear_model import LogisticRegression

        from bot.nlu.word_teaching import learn

        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        texts, intents = [clean(e.get(TEXT)) for e in examples], [e.get(INTENT) for e in examples]
        regression = LogisticRegression(C=self._config["C"], max_iter=self._config["max_iter"], random_state=0)
        regression.fit(vectors_of(self._encoder, texts), intents)
        self._intents = [str(name) for name in regression.classes_]
        self._weights = regression.coef_.astype(np.float32)
        self._bias = regression.intercept_.astype(np.float32)
        self._words = learn(texts, [label_of_intent(intent) for intent in intents])
        self._persist()
        return self._resource

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "weights.npz", weights=self._weights, bias=self._bias)
            self._words.save(folder)
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
        found = self._recent.of(text, self._find)
        message.set(VECTOR, found.vector)
        order = np.argsort(-found.probabilities)
        ranking = [{"name": self._intents[i], "confidence": float(found.probabilities[i])} for i in order]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(REASONS, [dict(reason) for reason in found.reasons], add_to_output=True)

    def _find(self, text: str) -> _Found:
        judged = self._judge(text)
        sentences = [self._judge(text[start:end], start) for start, end in sentences_of(text)]
        parts = [(1.0, judged)]
        if sentences:
            share = float(self._config["sentence"])
            parts = [(1.0 - share, judged), (share, max(sentences, key=self._report))]
        probabilities = softmax(np.sum([np.float32(share) * part.logits for share, part in parts], axis=0))
        toward = self._toward_report(probabilities)
        toward_label = toward @ self._words_share
        readings = [Reading(part.window, part.start, share) for share, part in parts]
        by_words: dict[str, float] = {}
        for share, part in parts:
            for word, weight in part.words.parts(toward_label).items():
                by_words[word] = by_words.get(word, 0.0) + share * weight
        reasons = weightiest_words(text, readings, toward @ self._weights, by_words)
        return _Found(judged.window.vector, probabilities, tuple(reasons))

    def _judge(self, text: str, start: int = 0) -> _Judged:
        words = self._words.judge(text)
        by_words = self._bias + self._words_share @ words.scores
        windows = [_Judged(w, start, words, self._weights @ w.vector + by_words) for w in self._encoder.encode(text)]
        return max(windows, key=self._report)

    def _report(self, judged: _Judged) -> float:
        """How likely it is a report."""
        return float(softmax(judged.logits)[self._is_report].sum())

    @cached_property
    def _is_report(self) -> npt.NDArray[np.bool_]:
        """Which of the intents (intents,) are a report's."""
        return np.array([name in REPORT_INTENTS for name in self._intents])

    @cached_property
    def _words_share(self) -> Scores:
        """How much of the words' score for each label is added to each intent's (intents, labels)."""
        of_label = [[label_of_intent(intent) == label for label in LABELS] for intent in self._intents]
        return np.float32(self._config["words"]) * np.array(of_label, dtype=np.float32)

    def _toward_report(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """How much each intent's score (intents,) counts for a report, or against one, by what this message may be."""
        return _shares(self._is_report, probabilities) - _shares(~self._is_report, probabilities)


def _shares(which: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    share = np.where(which, probabilities + 1e-6, 0.0)
    return share / share.sum()
