"""Keeps dialogues for Rasa: a turn reads the last turn, however long the dialogue is, and adds its own (0011).

The table is that of Rasa's own SQL store, and either store reads what the other wrote. The event that ends a turn keeps,
in its metadata, the slots as they then were; so what came before the turn before last needn't be read to know them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.dialogue_rows import Row, Rows, open_rows
from bot.together import Together

SLOTS = "slots"
"""In the metadata of a turn's last event: the value of every slot that isn't as a dialogue begins."""
MOST = 64
"""Events looked at for the last turn; a turn has about ten."""
_PLAIN = (ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SessionStarted, SlotSet, UserUttered)
"""Events after which a dialogue is what its slots and its last turn are. The others undo, pause or bind what came before."""


KEPT = "kept_events"
"""An attribute of Rasa's tracker: how many of its first events are in the store, or stand for what is."""


class Dialogues(TrackerStore):
    """``type: bot.tracker_store.Dialogues`` in endpoints.yml; ``url`` as SQLAlchemy takes it, SQLite or PostgreSQL."""

    def __init__(
        self, domain: Domain | None, host: str, event_broker: EventBroker | None = None, **kwargs: Any
    ) -> None:
        """``host`` is the configuration's ``url``: Rasa calls it so."""
        super().__init__(domain, event_broker, **kwargs)
        self._rows: Rows = open_rows(host)
        self._together = Together(self._rows.add)
        self._types: dict[str, type[Event]] = {}

    @property
    def engine(self) -> Any:
        """What holds the connections."""
        return self._rows.engine

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue as far as the next turn needs it: its last turn, and what slots it began with."""
        events = self._recent(sender_id)
        if events is None:
            events = [self._event(row) for row in self._rows.last_session(sender_id)]
        return self._tracker(sender_id, events)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The dialogue with every session of it."""
        return self._tracker(conversation_id, [self._event(row) for row in self._rows.all_sessions(conversation_id)])

    async def keys(self) -> Iterable[str]:
        """Every dialogue's key."""
        return self._rows.keys()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds what is new; it is on disk when this returns."""
        await self.stream_events(tracker)
        length = len(tracker.events)
        # Rasa saves a new dialogue before anything has happened in it.
        kept = getattr(tracker, KEPT, None) if length else 0
        if kept is None:
            kept = len(self._rows.last_session(tracker.sender_id))
        rows = [_row(tracker.sender_id, event) for event in islice(tracker.events, kept, length)]
        if not rows:
            setattr(tracker, KEPT, kept)
            return
        if _may_be_cut(tracker):
            rows[-1]["data"] = json.dumps(_with_slots(tracker))
        if self._rows.in_memory:
            # Its one connection is this thread's as well.
            self._rows.add(rows)
        else:
            await self._together.write(rows)
        setattr(tracker, KEPT, length)

    def _recent(self, sender_id: str) -> list[Event] | None:
        """The events since the turn before last ended, or since the session began; none where neither is in sight."""
        found: list[Event] = []
        rows = self._rows.newest(sender_id, MOST)
        ended = 0
        for row in rows:
            event = self._event(row)
            found.append(event)
            if row.type_name == SessionStarted.type_name:
                break
            slots = event.metadata.get(SLOTS) if isinstance(event, ActionExecuted) else None
            if slots is not None:
                ended += 1
                if ended > 1:
                    found.extend(SlotSet(name, value, event.timestamp) for name, value in slots.items())
                    break
        else:
            if len(rows) == MOST:
                return None
        return found[::-1]

    def _event(self, row: Row) -> Event:
        data = json.loads(row.data)
        if row.type_name not in self._types:
            for one in all_subclasses(Event):
                self._types.setdefault(one.type_name, one)
        kind = self._types.get(row.type_name)
        # Event.from_parameters looks through all of Rasa's classes for each event.
        event = kind._from_parameters(data) if kind else Event.from_parameters(data)  # noqa: SLF001  # as that does
        assert event is not None  # noqa: S101  # it was one when it was written
        return event

    def _tracker(self, sender_id: str, events: list[Event]) -> DialogueStateTracker | None:
        if not events:
            return None
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        setattr(tracker, KEPT, len(events))
        return tracker


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _may_be_cut(tracker: DialogueStateTracker) -> bool:
    """Whether the dialogue, at the end of a turn, is all in its slots and in its last turn."""
    last = tracker.events[-1]
    return (
        isinstance(last, ActionExecuted)
        and last.action_name == ACTION_LISTEN_NAME
        and all(isinstance(event, _PLAIN) for event in tracker.events)
    )


def _with_slots(tracker: DialogueStateTracker) -> dict[str, Any]:
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    data = tracker.events[-1].as_dict()
    return {**data, "metadata": {**data.get("metadata", {}), SLOTS: slots}}
