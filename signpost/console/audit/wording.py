"""What the audit trail's events are called, and its details in words."""

from collections.abc import Mapping
from typing import Any, Final

from signpost.console.queue.wording import Word, plain_words
from signpost.console.record.happenings import TITLES
from signpost.log import audit_anchor, audit_cutting, audit_verifying, retention_run

VIEWED, EXPORTED = "audit_viewed", "audit_exported"
"""This room's own: a look at the log, and the log taken out as a spreadsheet."""
EVENTS: Final[dict[str, str]] = {
    **TITLES,
    "queue_viewed": "Queue looked at",
    "search_viewed": "Search looked at",
    "view_saved": "View saved",
    "view_renamed": "View renamed",
    "view_deleted": "View deleted",
    "example_added": "Example added to the training messages",
    "conversation_tests_asked": "Conversation tests asked for",
    "conversation_tests_stopped": "Conversation tests stopped",
    "conversation_test_recorded": "Conversation test recorded",
    "conversation_tests_ended": "Conversation tests ended",
    "training_asked": "Training asked for",
    "training_stopped": "Training stopped",
    "training_ended": "Training ended",
    "model_promoted": "Model promoted",
    "model_rolled_back": "Model rolled back",
    "model_discarded": "Model discarded",
    "alert_acknowledged": "Alert acknowledged",
    "people_told": "People told of an alert",
    "records_exported": "Records exported",
    "report_exported": "Report exported",
    "request_prepared": "Request prepared",
    "subject_access_given": "Subject access given",
    "foi_given": "Freedom of information figures given",
    VIEWED: "Audit log looked at",
    EXPORTED: "Audit log exported",
    audit_verifying.VERIFIED: "Audit log verified",
    audit_anchor.RESTORE_NOTED: "Restore from a backup noted",
    audit_cutting.CUT: "Oldest audit entries erased",
    retention_run.BEGUN: "Retention begun",
    retention_run.ENDED: "Retention ended",
    "originals_erased": "Original texts erased",
    "messages_erased": "Messages erased",
    "conversations_erased": "Conversations erased",
    "dialogues_erased": "Assistant’s dialogues erased",
    "alerts_erased": "Alerts erased",
    "sign_ins_erased": "Sign-ins erased",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "signed_out_everywhere": "Signed out everywhere",
    "sign_in_failed": "Sign-in failed",
    "sign_in_refused": "Sign-in refused",
    "account_locked": "Account locked",
    "password_changed": "Password changed",
    "code_app_set_up": "Code app set up",
    "code_app_changed": "Code app changed",
    "staff_added": "Staff account added",
    "staff_changed": "Staff account changed",
    "staff_reset": "Staff account reset",
    "staff_disabled": "Staff account switched off",
    "staff_enabled": "Staff account switched on",
}
"""By event. One that isn't here is shown by its own name, so that a new one breaks no page."""
_CODES: Final = {
    **{name: name for name in ("channel", "account", "label", "cause", "outcome")},
    "old_label": "label",
    "new_label": "label",
    "written_by": "writer",
}
"""Parts of a detail that are codes, with the table of their words."""


def event_words(event: str) -> str:
    """The event in words."""
    return EVENTS.get(event, event.replace("_", " ").capitalize())


def detail_words(detail: Mapping[str, Any] | None, word: Word = plain_words) -> list[tuple[str, str]]:
    """Each part of a detail: what it is, and its value; codes by their words."""
    told = {name: value for name, value in (detail or {}).items() if value not in (None, [], {})}
    return [
        (_name(name), word(_CODES[name], str(value)) if name in _CODES else _value(value))
        for name, value in told.items()
    ]


def _name(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_value(one)}" for key, one in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
