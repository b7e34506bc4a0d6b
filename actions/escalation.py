"""The rules' last step for a report: log the escalation and bring back its reference as proof."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from signpost.log.escalations import EscalationLog, Finding
from signpost.log.opening import open_escalation_log
from signpost.secrets import with_secrets
from signpost.settings import Settings

PROOF_SLOT = "escalation_reference"


class ActionLogEscalation(Action):
    """Writes the escalation of the message that was just understood, once, however often it is asked."""

    def __init__(self, log: EscalationLog | None = None) -> None:
        """``log`` is passed in by tests; the action server makes this once, at its start, from the settings."""
        self._log = log or open_escalation_log(with_secrets(Settings.from_environment(), may_make=False))
        # The first redaction loads a language model; a person's reply shouldn't wait for that.
        self._log.redactor()

    def name(self) -> str:
        """The name in domain/slots.yml and in the rules."""
        return "action_log_escalation"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Sets the slot ``escalation_reference`` to ``MESSAGE_ID REFERENCE``; says nothing to the person.

        Without a message id (``rasa shell``) there is no stored message, so nothing to log.
        """
        latest = tracker.latest_message or {}
        message_key = latest.get("message_id")
        decision = latest.get("decision")
        if not message_key or not decision:
            return []
        model = (latest.get("metadata") or {}).get("model")
        finding = Finding(
            message_key,
            decision["label"],
            decision["scores"],
            model,
            written_by="action",
            unsure=bool(decision.get("unsure")),
        )
        return [SlotSet(PROOF_SLOT, f"{message_key} {self._log.write(finding)}")]
