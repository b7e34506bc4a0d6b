"""In which order people review: set wherever a label, a doubt or a delivery changes."""

from signpost.log.models import DOUBTFUL, FAILED, FAILURE, ORDINARY, UNREADABLE, URGENT, Escalation


def priority_of(label: str, delivery_state: str, cause: str, *, unsure: bool) -> int:
    """Emergencies, failures and what nobody could read first, then the unsure, then the rest."""
    if label == "emergency" or delivery_state == FAILED or cause in {FAILURE, UNREADABLE}:
        return URGENT
    return DOUBTFUL if unsure else ORDINARY


def set_priority(escalation: Escalation) -> None:
    """Sets it as the escalation stands (:func:`priority_of`)."""
    escalation.priority = priority_of(
        escalation.label, escalation.delivery_state, escalation.cause, unsure=escalation.unsure
    )
