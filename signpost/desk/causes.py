"""Why a person should look at a message that has ended: at most one cause each, so that it stands in the log once."""

from collections.abc import Iterable

from signpost.channels import events
from signpost.log.escalations import LABELS
from signpost.log.models import ABUSE, FAILED, FAILURE, REPORT, UNREADABLE, UNSURE, InboundMessage, OutboundMessage

ABUSIVE = "abuse"
"""The intent of what is never answered (data/rules/silence.yml)."""


def cause_of(message: InboundMessage, replies: Iterable[OutboundMessage]) -> str | None:
    """One of :data:`signpost.log.models.CAUSES`; none for what nobody needs to look at.

    The weightiest counts, and a later failure of a reply never takes the place of a weightier one: what is a report, or
    may be one, stays that. Abuse is logged because CCE considers what follows from it (policy: blocking).
    """
    if message.label in LABELS:
        return REPORT
    if message.end == FAILED:
        return UNREADABLE if message.kind == events.UNREADABLE else FAILURE
    if message.unsure:
        return UNSURE
    if any(reply.state == FAILED for reply in replies):
        return FAILURE
    return ABUSE if message.intent == ABUSIVE else None
