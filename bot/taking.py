"""Takes one message: understands it, lets the rules act on it, and tells what came of both."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.finishing import Finishing
from bot.incoming import SAID, Incoming
from bot.labels import EMERGENCY, LABELS
from bot.nlu.kind_list import NOT_GIVEN
from bot.text import MAX_CHARACTERS, clean, defuse, stand_in_for


class Collector(OutputChannel):
    """Keeps what the assistant says; its name is the platform's, so that `channel:` variants of responses match."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[dict[str, str]] = []
        self.said: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once there are replies, and what follows is the log."""

    def name(self) -> str:
        """The platform's channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps a reply's text and the response it came from."""
        if message.get("text"):
            self.replies.append({"response": str(message.get("utter_action", "")), "text": message["text"]})

    def log_follows(self) -> None:
        """Told when an action is about to be called: the rules say all words before it."""
        if self.replies and not self.said.done():
            self.said.set_result(None)


async def urgency_of(agent: Any, text: str) -> int:
    """The chance, in hundredths, that a text tells of an emergency; nothing is kept and nothing is said."""
    cleaned = clean(text[:MAX_CHARACTERS])
    if not cleaned:
        return 0
    context = {"channel": "messenger", "visibility": "private"}
    understood = await agent.processor.parse_message(UserMessage(defuse(cleaned), metadata=context))
    decision = understood["decision"]
    return 100 if decision["label"] == EMERGENCY else round(100 * decision["scores"][EMERGENCY])


async def take_turn(agent: Any, incoming: Incoming, finishing: Finishing) -> dict[str, Any]:
    """Understands the message, lets the rules act on it, and returns what came of both, or as much as ``answer_when`` asks for.

    The understanding is made first and handed to Rasa as ``parse_data``; what Rasa keeps in its tracker, sends to
    actions and logs holds the message's id in place of its text (docs/decisions/0004).
    """
    understood = await agent.processor.parse_message(
        UserMessage(incoming.text, sender_id=incoming.conversation_id, metadata=incoming.context)
    )
    decision = understood["decision"]
    result = {
        "message_id": incoming.message_id,
        **as_told(understood),
        "replies": [],
        "escalation": None,
        "model": model_of(agent),
        "logging": False,
        "held": bool(incoming.hold) and LABELS.index(decision["label"]) >= LABELS.index(incoming.hold),
    }
    if result["held"]:
        return result
    stand_in = stand_in_for(incoming.message_id)
    collector = Collector(incoming.channel)
    turn = UserMessage(
        stand_in,
        collector,
        incoming.conversation_id,
        parse_data={
            "text": stand_in,
            "intent": understood["intent"],
            "entities": understood["entities"],
            "decision": decision,
        },
        input_channel=incoming.channel,
        message_id=incoming.message_id,
        metadata={**incoming.context, "model": model_of(agent)},
    )
    rest = asyncio.ensure_future(agent.processor.turn(turn))
    if incoming.answer_when == SAID and finishing.has_room:
        await asyncio.wait({rest, collector.said}, return_when=asyncio.FIRST_COMPLETED)
        if not rest.done():
            replies = list(collector.replies)
            finishing.keep(rest, lambda: collector.replies == replies)
            return {**result, "replies": replies, "logging": True}
    tracker = await rest
    return {**result, "replies": collector.replies, "escalation": proof_in(tracker, incoming.message_id)}


def as_told(understood: dict[str, Any]) -> dict[str, Any]:
    """What the desk is told of an understanding; ``slots`` is what the rules could ask about besides the intent."""
    kind = understood.get("kind", NOT_GIVEN)
    return {
        "intent": understood["intent"]["name"],
        "ranking": understood["intent_ranking"],
        **understood["decision"],
        "reasons": understood["reasons"],
        "kind": None if kind == NOT_GIVEN else kind,
        "slots": {one["entity"]: one["value"] for one in understood["entities"]},
    }


def proof_in(tracker: DialogueStateTracker, message_id: str) -> str | None:
    """The escalation's reference, if ``action_log_escalation`` put it there in answer to this very message."""
    proof = tracker.get_slot("escalation_reference") or ""
    proved, _, reference = proof.partition(" ")
    return reference if proved == message_id and reference else None


def model_of(agent: Any) -> str:
    """The name of the model that runs."""
    return str(agent.model_id)
