"""In which order people review: set wherever a label, a doubt or a delivery changes."""

from signpost.log.models import DOUBTFUL, FAILED, FAILURE, ORDINARY, UNREADABLE, URGENT, Escalation


def set_priority(escalation: Escalation) -> None:
    """Emergencies, failures and what nobody could read first, then the unsure, then the rest."""
    if (
        escalation.label == "emergency"
        or escalation.delivery_state == FAILED
        or escalation.cause in {FAILURE, UNREADABLE}
    ):
        escalation.priority = URGENT
    else:
        escalation.priority = DOUBTFUL if escalation.unsure else ORDINARY
