"""What the assistant would make of a message, without doing any of it: for trainers who try one.

Nothing is kept: the conversation is made for the question and thrown away, no action is run, and no text is logged.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.likest import Likest
from bot.nlu.classifier import VECTOR
from bot.taking import as_told, model_of
from bot.text import stand_in_for

if TYPE_CHECKING:
    from bot.incoming import Incoming

MOST_LIKE = 24
"""More than anybody looks at: some of them may have left the training messages since."""
MOST_STEPS = 10


class Understanding:
    """Answers ``POST /webhooks/signpost/understanding``."""

    def __init__(self) -> None:
        self._likest = Likest()

    async def of(self, agent: Any, incoming: Incoming) -> dict[str, Any]:
        """The understanding as a message's answer holds it, the steps the rules would take, and ``nearest``.

        ``replies`` are what would be said on the message's channel, ``actions`` what would be done besides.
        ``nearest`` is none where the training messages' vectors aren't at hand.
        """
        message = UserMessage(incoming.text, sender_id=incoming.conversation_id, metadata=incoming.context)
        understood = await agent.processor.parse_message(message, only_output_properties=False)
        nearest = await asyncio.to_thread(self._likest.to, understood[VECTOR], MOST_LIKE)
        replies, actions = await _foreseen(agent.processor, incoming, understood)
        return {
            **as_told(understood),
            "replies": replies,
            "actions": actions,
            "nearest": None if nearest is None else [asdict(one) for one in nearest],
            "model": model_of(agent),
        }


async def _foreseen(
    processor: Any, incoming: Incoming, understood: dict[str, Any]
) -> tuple[list[dict[str, str]], list[str]]:
    """What the rules would say and do, by asking them step by step, in a conversation that is nowhere kept."""
    opening = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
    tracker = DialogueStateTracker.from_events(incoming.conversation_id, opening, processor.domain.slots)
    parsed = {name: understood[name] for name in ("intent", "entities", "decision")}
    stand_in = stand_in_for(incoming.message_id)
    uttered = UserUttered(stand_in, parsed["intent"], parsed["entities"], {"text": stand_in, **parsed})
    tracker.update(uttered, processor.domain)
    # Fills slots from entities; none of the domain's slots is filled by an action of ours.
    tracker = await processor.run_action_extract_slots(CollectingOutputChannel(), tracker)
    replies: list[dict[str, str]] = []
    actions: list[str] = []
    for _ in range(MOST_STEPS):
        action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        name = action.name()
        if name == ACTION_LISTEN_NAME:
            break
        if name.startswith("utter_"):
            said = await processor.nlg.generate(name, tracker, incoming.channel) or {}
            if said.get("text"):
                replies.append({"response": name, "text": said["text"]})
        else:
            actions.append(name)
        tracker.update_with_events(prediction.events, processor.domain)
        tracker.update(ActionExecuted(name), processor.domain)
    return replies, actions
