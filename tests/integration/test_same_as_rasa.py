"""A turn in our way says, does and keeps what it does in Rasa's own, however long a dialogue is; either store reads the other's."""

import asyncio
import random
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.assistant import Assistant
from bot.taking import Collector
from bot.text import stand_in_for
from bot.tracker_store import SLOTS, Dialogues

pytestmark = [pytest.mark.rasa, pytest.mark.filterwarnings("ignore")]
MODEL = Path(__file__).parents[2] / "models" / "signpost.tar.gz"
SLOT_VALUES = {
    "visibility": ("private", "public"),
    "guidance": ("full", "reminder"),
    "replies": ("on_request", "off_by_request"),
}


class Actions(EndpointConfig):
    """An action server that logs every third escalation, is away at every other, and refuses the rest."""

    def __init__(self) -> None:
        super().__init__("http://nowhere.example")
        self.asked = count(1)

    async def request(self, **given: Any) -> dict[str, Any]:
        number = next(self.asked)
        if number % 3 == 0:
            raise OSError("away")
        if number % 7 == 0:
            raise ClientResponseError(400, "refused", '{"action_name": "action_log_escalation"}')
        key = given["json"]["tracker"]["latest_message"]["message_id"]
        slot = {"event": "slot", "timestamp": None, "name": "escalation_reference", "value": f"{key} CDF-{number}"}
        return {"events": [slot], "responses": []}


class Side:
    """One way of doing turns, with a store of its own."""

    def __init__(self, make: type[Agent], store: Any) -> None:
        self.agent = make(tracker_store=store, action_endpoint=Actions())
        self.agent.load_model(str(MODEL))

    async def turn(self, dialogue: str, number: int, intent: str, slots: dict[str, str]) -> tuple[list[str], Any]:
        """What was said, and the escalation's reference afterwards."""
        entities = [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in slots.items()]
        parsed = {"text": "", "intent": {"name": intent}, "entities": entities, "decision": {"label": intent}}
        said = Collector("messenger")
        message = UserMessage(
            stand_in_for(str(number)), said, dialogue, parse_data=parsed, message_id=str(number), metadata={"a": "b"}
        )
        if isinstance(self.agent, Assistant):
            await self.agent.processor.turn(message)
        else:
            await self.agent.handle_message(message)
        tracker = await self.agent.processor.get_tracker(dialogue)
        return [one["response"] for one in said.replies], tracker.current_slot_values()

    async def kept(self, dialogue: str) -> list[dict[str, Any]]:
        """Everything in the store about a dialogue, save for times and what we add to it."""
        tracker = await self.agent.tracker_store.retrieve_full_tracker(dialogue)
        assert isinstance(tracker, DialogueStateTracker)
        return [_timeless(event.as_dict()) for event in tracker.events]


def _timeless(event: dict[str, Any]) -> dict[str, Any]:
    metadata = {name: value for name, value in event.get("metadata", {}).items() if name != SLOTS}
    return {**event, "timestamp": None, "metadata": metadata}


def turns(seed: int, intents: list[str], number: int) -> list[tuple[str, dict[str, str]]]:
    chance = random.Random(seed)
    return [
        (chance.choice(intents), {name: chance.choice(values) for name, values in SLOT_VALUES.items()})
        for _ in range(number)
    ]


def of_model(agent: Agent) -> list[str]:
    return [name for name in agent.domain.intents if name not in {"restart", "back", "session_start", "out_of_scope"}]


def test_what_is_said_set_and_kept_is_what_rasa_itself_says_sets_and_keeps(tmp_path):
    async def both() -> None:
        rasas = Side(Agent, SQLTrackerStore(host=f"sqlite:///{tmp_path / 'rasa.db'}"))
        ours = Side(Assistant, Dialogues(None, f"sqlite:///{tmp_path / 'ours.db'}"))
        number = 0
        for dialogue in range(8):
            for intent, slots in turns(dialogue, of_model(ours.agent), 14):
                number += 1
                key = f"dialogue {dialogue}"
                expected = await rasas.turn(key, number, intent, slots)
                assert await ours.turn(key, number, intent, slots) == expected, (intent, slots)
            assert await ours.kept(key) == await rasas.kept(key)

    asyncio.run(both())


def test_a_dialogue_goes_from_rasas_store_to_ours_and_back(tmp_path):
    url = f"sqlite:///{tmp_path / 'conversations.db'}"

    async def taking_turns() -> None:
        alone = Side(Agent, SQLTrackerStore(host=f"sqlite:///{tmp_path / 'alone.db'}"))
        rasas, ours = Side(Agent, SQLTrackerStore(host=url)), Side(Assistant, Dialogues(None, url))
        for number, (intent, slots) in enumerate(turns(1, of_model(ours.agent), 12)):
            side = ours if number // 3 % 2 else rasas
            rasas.agent.processor.action_endpoint.asked = ours.agent.processor.action_endpoint.asked = count(1)
            alone.agent.processor.action_endpoint.asked = count(1)
            assert await side.turn("k", number, intent, slots) == await alone.turn("k", number, intent, slots)
        assert await ours.kept("k") == await rasas.kept("k") == await alone.kept("k")

    asyncio.run(taking_turns())
