"""A Rasa component that names the kind of crime a report tells of, for the record alone: no label or reply depends on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.labels import NOT_REPORT
from bot.nlu.classifier import VECTOR
from bot.nlu.decision import DECISION
from bot.nlu.encoder import Encoder
from bot.nlu.kind_list import NOT_GIVEN, labelled_reports, load_kinds
from bot.nlu.kind_teaching import Taught, teach
from bot.nlu.vectors import vectors_of
from bot.text import clean

KIND = "kind"
PROJECT = Path(__file__).parents[2]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class Kinds(GraphComponent):
    """Sets ``kind`` on every message, after the decision; it reads the vector that decided and changes nothing else.

    Most messages get ``not given``: whatever is no report, whatever the model isn't sure enough of, and everything on a
    channel that isn't named in ``bot/kinds.yml``.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``topics``: the folder of the topic files, from the project's own."""
        return {"topics": "data/nlu"}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._list = load_kinds()
        self._taught: Taught | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Kinds:
        """A component that knows no kind yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> Kinds:
        """The component as it was trained."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            about = json.loads((folder / "kinds.json").read_text("utf-8"))
            arrays = np.load(folder / "kinds.npz", allow_pickle=False)
            component._taught = Taught(weights=arrays["weights"], bias=arrays["bias"], **about)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the reports that stand in a topic's file; the classifier has read them all before."""
        labelled = labelled_reports(self._list, PROJECT / self._config["topics"])
        texts = [clean(example.get(TEXT)) for example in training_data.intent_examples if example.get(TEXT)]
        texts = [text for text in texts if text in labelled]
        self._taught = teach(vectors_of(Encoder(), texts), [labelled[text] for text in texts], self._list.precision)
        self._persist(self._taught)
        return self._resource

    def _persist(self, taught: Taught) -> None:
        about = {"kinds": taught.kinds, "threshold": taught.threshold, "figures": taught.figures}
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "kinds.npz", weights=taught.weights, bias=taught.bias)
            (folder / "kinds.json").write_text(json.dumps(about, indent=1), "utf-8")

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from what this one says."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets ``kind`` on each message."""
        for message in messages:
            message.set(KIND, self._kind_of(message), add_to_output=True)
        return messages

    def _kind_of(self, message: Message) -> str:
        label = (message.get(DECISION) or {}).get("label", NOT_REPORT)
        channel = (message.get("metadata") or {}).get("channel")
        vector = message.get(VECTOR)
        if self._taught is None or label == NOT_REPORT or channel not in self._list.channels or vector is None:
            return NOT_GIVEN
        return self._taught.kind_of(vector)
