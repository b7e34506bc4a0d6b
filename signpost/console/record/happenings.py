"""What the audit trail's events about a record are called on its timeline."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from signpost.console.words import words
from signpost.log import correcting, erasing, escalations, reviewing

OPENED, SHOWN = "record_opened", "original_shown"
CORRECTION_OPENED, CORRECTIONS_LISTED = "correction_opened", "corrections_listed"
"""Looks: at a record, at its original text; a trainer's at its correction, and at a list of them."""
TITLES: Final = {
    escalations.LOGGED: "Logged for review",
    OPENED: "Opened",
    SHOWN: "Original text shown",
    CORRECTION_OPENED: "Opened as a proposed correction",
    CORRECTIONS_LISTED: "Corrections looked at",
    reviewing.SAVED: "Review saved",
    reviewing.HOLD_SET: "Legal hold set",
    reviewing.HOLD_LIFTED: "Legal hold lifted",
    correcting.PROPOSED: "Correction proposed",
    correcting.WITHDRAWN: "Proposed correction withdrawn",
    correcting.TAKEN: "Correction accepted",
    correcting.TURNED_DOWN: "Correction refused",
    erasing.ORIGINAL_ERASED: "Original text erased",
    erasing.RECORD_ERASED: "Record erased",
    erasing.CONVERSATION_ERASED: "Conversation erased",
}
_FIELDS: Final = {
    "was_report": ("Was it a report", "judgement"),
    "was_emergency": ("Was it an emergency", "judgement"),
    "reply_right": ("Was the reply right", "judgement"),
    "outcome": ("Outcome", "outcome"),
}
_TYPED: Final = {"niche_reference": "Niche reference", "notes": "Notes"}


def happening(event: str, detail: Mapping[str, Any], purpose: str | None) -> tuple[str, str]:
    """The event's title and what more is to be said of it. An event of somebody else's has its own name as its title."""
    title = TITLES.get(event, event.replace("_", " ").capitalize())
    said = [f"Reason: {purpose}"] if purpose else []
    if event == reviewing.SAVED:
        said += _changes(detail.get("changed") or {})
    if event in {correcting.PROPOSED, correcting.TAKEN} and "new_label" in detail:
        said.append(f"{words(detail.get('old_label'), 'label')} → {words(detail['new_label'], 'label')}")
    return title, ". ".join(said)


def _changes(changed: Mapping[str, Any]) -> Iterator[str]:
    for name, change in changed.items():
        if name in _FIELDS and isinstance(change, list):
            words_for, table = _FIELDS[name]
            yield f"{words_for}: {words(change[0], table)} → {words(change[1], table)}"
        elif name in _TYPED:
            yield f"{_TYPED[name]} changed"
