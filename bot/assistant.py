"""Makes the assistant of its endpoints and a model: Rasa's agent, with turns and calls of ours (bot/turns.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.http_interpreter import RasaNLUHttpInterpreter
from rasa.core.lock_store import LockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore

from bot.action_calls import KeptEndpoint
from bot.turns import Turns


class Assistant(Agent):
    """Rasa's agent, whose turns are :class:`bot.turns.Turns`."""

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Takes a model from its file. Raises what Rasa or the model's parts raise."""
        self.processor = Turns(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses if self.domain else {}


def without_dialogues(file: Path | str) -> Assistant:
    """An assistant for understanding messages only. Raises what Rasa or the model's parts raise."""
    assistant = Assistant()
    assistant.load_model(file)
    return assistant


async def start(file: Path, endpoints: Any) -> Assistant:
    """The first assistant of a process. ``endpoints`` are Rasa's; raises what Rasa or the model's parts raise."""
    if endpoints.action:
        endpoints.action = KeptEndpoint.of(endpoints.action)
    broker = await EventBroker.create(endpoints.event_broker)
    return _make(file, endpoints, broker, LockStore.create(endpoints.lock_store))


def beside(file: Path, old: Agent, endpoints: Any) -> Assistant:
    """One that waits for the same dialogues' turns as ``old``. Raises what Rasa or the model's parts raise."""
    # The same locks: two messages of one dialogue are never worked on at once, whichever model has them.
    return _make(file, endpoints, old.tracker_store.event_broker, old.lock_store)


async def close(assistant: Agent, endpoints: Any) -> None:
    """Lets go of connections at the end of the process."""
    if assistant.tracker_store.event_broker:
        await assistant.tracker_store.event_broker.close()
    if endpoints.action:
        await endpoints.action.close()


def _make(file: Path, endpoints: Any, broker: Any, locks: LockStore) -> Assistant:
    assistant = Assistant(
        generator=endpoints.nlg,
        # One of its own: Rasa gives a store the model's domain, and an old model still reads with its own.
        tracker_store=TrackerStore.create(endpoints.tracker_store, event_broker=broker),
        lock_store=locks,
        action_endpoint=endpoints.action,
        http_interpreter=RasaNLUHttpInterpreter(endpoints.nlu) if endpoints.nlu else None,
    )
    assistant.load_model(file)
    return assistant
