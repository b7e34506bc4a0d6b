"""The rules' last step for a report: log the escalation and bring back its reference as proof."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import OperationalError

from signpost.gathering import Gatherer
from signpost.log.escalations import Finding
from signpost.log.opening import open_escalation_log
from signpost.secrets import with_secrets
from signpost.settings import Settings

PROOF_SLOT = "escalation_reference"
Ask = Callable[[Finding], "Future[str]"]
"""Has an escalation written; the future brings its reference once that is on disk."""
log = structlog.get_logger("actions")


class NotLogged(Exception):
    """The escalation could not be written. The assistant goes on without it, and the desk writes it."""


class ActionLogEscalation(Action):
    """Writes the escalation of the message that was just understood, once, however often it is asked."""

    def __init__(self, ask: Ask | None = None) -> None:
        """``ask`` is passed in by tests; the action server makes this once, at its start, from the settings."""
        self._ask = ask or _open()

    def name(self) -> str:
        """The name in domain/slots.yml and in the rules."""
        return "action_log_escalation"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Sets the slot ``escalation_reference`` to ``MESSAGE_ID REFERENCE``; says nothing to the person.

        Without a message id (``rasa shell``) there is no stored message, so nothing to log. Others that are asked at the
        same time are written in the same transaction. Raises :class:`NotLogged`.
        """
        finding = _finding(tracker.latest_message or {})
        if finding is None:
            return []
        try:
            reference = await asyncio.wrap_future(self._ask(finding))
        except Exception as fault:  # noqa: BLE001  # whatever it was, the server must not tell of it: it may quote the text
            log.error("action_failed", message=finding.message_key, fault=type(fault).__name__)
            raise NotLogged(f"The escalation of message {finding.message_key} could not be logged.") from None
        return [SlotSet(PROOF_SLOT, f"{finding.message_key} {reference}")]


def _open() -> Ask:
    record = open_escalation_log(with_secrets(Settings.from_environment(), may_make=False))
    # The first redaction loads a language model; a person's reply shouldn't wait for that.
    record.redactor()
    # The database's trouble is nobody's in particular: one by one, each would wait for it anew.
    return Gatherer(record.write_all, (OperationalError,)).ask


def _finding(latest: dict[str, Any]) -> Finding | None:
    """What was understood of the message; none where there is no message to log."""
    message_key, decision = latest.get("message_id"), latest.get("decision")
    if not message_key or not decision:
        return None
    return Finding(
        message_key,
        decision["label"],
        decision["scores"],
        (latest.get("metadata") or {}).get("model"),
        written_by="action",
        unsure=bool(decision.get("unsure")),
    )
