"""Rasa's way of a turn, with its steps as they are and without what it does only for its debug log.

Rasa copies the dialogue before every action, copies what it logs whether it is logged or not, makes all its actions to
choose one, and asks the rules anew what they said to the last thousand people. What a turn says, does and keeps is the same.
"""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import structlog
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction, action_for_name_or_text
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached, ModelNotFound
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS
from rasa.shared.core.events import ActionExecutionRejected, DefinePrevUserUtteredFeaturization, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.action_calls import ActionCall
from bot.foreseen import Foreseen
from bot.in_order import InOrder

log = structlog.get_logger("signpost.turns")


class Turns(MessageProcessor):
    """Rasa's processor for one model."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._foreseen = Foreseen(self.domain)
        self._actions: dict[str, Action] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """As Rasa does it, with a runner of ours. Raises ``ModelNotFound``, and what a component raises."""
        file = Path(model_path)
        if not file.is_file():
            raise ModelNotFound(f"There is no model at {file}.")
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            try:
                metadata, runner = loader.load_predict_graph_runner(Path(folder), file, LocalModelStorage, InOrder)
            except tarfile.ReadError:
                raise ModelNotFound(f"{file} is no model.") from None
        return file.name, metadata, runner

    async def turn(self, message: UserMessage) -> DialogueStateTracker:
        """A message's whole turn, within its dialogue's lock; the dialogue is kept when this returns."""
        async with self.lock_store.lock(message.sender_id):
            tracker = await self.log_message(message, should_save_tracker=False)
            tracker = await self.run_action_extract_slots(message.output_channel, tracker)
            await self._run_prediction_loop(message.output_channel, tracker)
            await self.save_tracker(tracker)
            return tracker

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fills slots from what was understood."""
        action = self._get_action(ACTION_EXTRACT_SLOTS)
        events = await action.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """The next action. Raises ``ActionLimitReached`` when there have been too many in this turn."""
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._get_action(self.domain.action_names_or_texts[prediction.max_confidence_index]), prediction

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        predict = super()._predict_next_with_tracker
        # An action that asks to be followed by another has its say before the rules.
        return predict(tracker) if tracker.followup_action else self._foreseen.of(tracker, predict)

    def _get_action(self, action_name: str) -> Action:
        action = self._actions.get(action_name)
        if action is None:
            action = action_for_name_or_text(action_name, self.domain, self.action_endpoint)
            if type(action) is RemoteAction:
                action = ActionCall(action_name, self.action_endpoint)
            self._actions[action_name] = action
        return action

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        name = action.name()
        seen = tracker
        if not all(isinstance(event, DefinePrevUserUtteredFeaturization) for event in prediction.events):
            # The action is to see what the rules add, which is dropped again should it refuse.
            seen = tracker.copy()
            seen.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, seen, self.domain) or []
        except ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(name, prediction.policy_name, prediction.max_confidence))
            return self.should_predict_another_action(name)
        except Exception as fault:  # noqa: BLE001  # whatever it was, what is said reaches the person
            log.error("action_failed", action=name, fault=type(fault).__name__)
            events = []
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(name)

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Warns nobody: that a model's intents are the domain's was settled when it was trained."""

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Says nothing: the log holds no values."""
