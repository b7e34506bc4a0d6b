"""A Rasa component that turns what the channel knows about a message into what rules can ask.

A Rasa rule can't see a message's metadata, but it can ask for a slot, and a slot can be filled from an entity. So
this component, registered as an extractor, sets one entity for each thing a rule may want to know (domain/slots.yml).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.labels import EMERGENCY
from bot.nlu.decision import DECISION

VISIBILITIES = ("private", "public")
GUIDED = ("nothing", "guidance", "emergency_guidance")
REPLIES = ("on_request", "off_by_request")


def guidance_due(label: str, guided: str) -> str:
    """``full`` or ``reminder``.

    All four statements are due unless this person had them within the hour, and are due again when the matter
    has turned urgent since: then the reply has to begin with 999.
    """
    if guided == "nothing" or (label == EMERGENCY and guided != "emergency_guidance"):
        return "full"
    return "reminder"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class MessageContext(GraphComponent):
    """Sets the entities ``visibility``, ``guidance`` and ``replies`` from the message's metadata."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageContext:
        """A context component; it has nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities. Without metadata (``rasa shell``) a message is private and nothing was said before."""
        for message in messages:
            metadata = message.get("metadata") or {}
            label = (message.get(DECISION) or {}).get("label", "")
            values = {
                "visibility": _one_of(VISIBILITIES, metadata.get("visibility")),
                "guidance": guidance_due(label, _one_of(GUIDED, metadata.get("guided"))),
                "replies": _one_of(REPLIES, metadata.get("replies")),
            }
            entities = [
                {"entity": name, "value": value, "start": 0, "end": 0, "extractor": type(self).__name__}
                for name, value in values.items()
            ]
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *entities], add_to_output=True)
        return messages


def _one_of(allowed: tuple[str, ...], value: Any) -> str:
    return value if value in allowed else allowed[0]
