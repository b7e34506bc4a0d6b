"""A Rasa component that knows a message in another language for what it is: the model reads English, and can't judge it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.labels import EMERGENCY, NOT_REPORT
from bot.nlu.decision import DECISION, MOST_REASONS, REASONS
from bot.nlu.language import read
from bot.nlu.language_list import ENGLISH, load_languages
from bot.nlu.language_urgent import load_urgent_elsewhere, urgent_elsewhere

LANGUAGE = "language"
"""In the decision: the code of a language other than English; not there for English."""
OTHER_LANGUAGE_INTENT = "other_language"
EMERGENCY_INTENT = "report_emergency"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class OtherLanguage(GraphComponent):
    """Notes the language in the decision, after the decision was made, and never lowers a label.

    What the model took for a report stays one. Of the rest, urgent words make an emergency; anything else may well be a
    report, so it is ``unsure``: its writer gets the guidance, and staff a record of it (data/rules/other_languages.yml).
    """

    def __init__(self) -> None:
        self._languages = load_languages()
        self._urgent = load_urgent_elsewhere()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OtherLanguage:
        """A component with the lists of ``bot/languages.yml`` and ``bot/urgent_other_languages.yml``."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Looks at each message that has a decision."""
        for message in messages:
            decision = message.get(DECISION)
            if decision:
                self._look(message, message.get(TEXT) or "", decision)
        return messages

    def _look(self, message: Message, text: str, decision: dict[str, Any]) -> None:
        reading = read(text, self._languages)
        found = None
        if decision["label"] != EMERGENCY:
            found = urgent_elsewhere(self._urgent, text, reading.maybe)
        language = found.language if found and reading.language == ENGLISH else reading.language
        if language == ENGLISH:
            return
        changed = {**decision, LANGUAGE: language}
        if found:
            changed.update(label=EMERGENCY, unsure=False, urgent=found.reason)
            heaviest = {"word": found.words, "speaks": "for"}
            message.set(REASONS, [heaviest, *(message.get(REASONS) or [])][:MOST_REASONS], add_to_output=True)
            _set_intent(message, EMERGENCY_INTENT, decision["scores"][EMERGENCY])
        elif decision["label"] == NOT_REPORT:
            changed["unsure"] = True
            _set_intent(message, OTHER_LANGUAGE_INTENT, decision["scores"][NOT_REPORT])
        message.set(DECISION, changed, add_to_output=True)


def _set_intent(message: Message, name: str, confidence: float) -> None:
    message.set(INTENT, {"name": name, "confidence": float(confidence)}, add_to_output=True)
