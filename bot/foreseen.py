"""Remembers what the rules said to a dialogue's last events: a model says the same to the same events every time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
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

from bot.text import stand_in_for

MOST = 2_000
Key = tuple[Any, ...]


class Foreseen:
    """For one model: a prediction depends on what was said, done and set, and on the domain, and on nothing else."""

    def __init__(self, domain: Domain) -> None:
        self._unseen = {slot.name for slot in domain.slots if not slot.has_features()}
        """Slots that no rule can ask about, such as an escalation's reference."""
        self._kept: OrderedDict[Key, PolicyPrediction] = OrderedDict()

    def of(
        self, tracker: DialogueStateTracker, predict: Callable[[DialogueStateTracker], PolicyPrediction]
    ) -> PolicyPrediction:
        """What ``predict`` says to the dialogue; it is asked only where it hasn't been before."""
        key = self._key(tracker)
        if key is None:
            return predict(tracker)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = predict(tracker)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        # Whoever gets it sets times in its events and may strike out a rejected action.
        again = copy(found)
        again.probabilities = list(found.probabilities)
        again.events = [copy(event) for event in found.events]
        return again

    def _key(self, tracker: DialogueStateTracker) -> Key | None:
        key: list[Any] = []
        for event in tracker.events:
            part = self._part(event)
            if part is None:
                return None
            if part:
                key.append(part)
        return tuple(key)

    def _part(self, event: Event) -> Key | None:
        """What of an event a rule can see: nothing at all (empty), or more than is told here (none)."""
        kind = type(event)
        if kind is ActionExecuted:
            return (event.action_name, event.action_text, event.hide_rule_turn)
        if kind is SlotSet:
            return () if event.key in self._unseen else (event.key, repr(event.value))
        if kind is UserUttered:
            # A message's id stands where its text would; no rule can ask for that.
            text = "" if event.text == stand_in_for(event.message_id) else event.text
            said = [(one.get("entity"), one.get("role"), one.get("group")) for one in event.entities]
            return (kind, text, repr(event.intent.get("full_retrieval_intent_name")), event.intent_name, *said)
        if kind is DefinePrevUserUtteredFeaturization:
            return (kind, event.use_text_for_featurization)
        if kind is SessionStarted:
            return (kind,)
        return () if kind is BotUttered else None
