"""Why a person should look at a message that has ended: at most one cause each, so that it stands in the log once."""

from collections.abc import Iterable
from dataclasses import dataclass

from signpost.channels import events
from signpost.log.models import ABUSE, FAILED, FAILURE, REPORT, UNREADABLE, UNSURE, InboundMessage, OutboundMessage

LABELS = frozenset({"emergency", "crime_report"})
"""Of messages that are escalated for what they are. Others are for their cause: a doubt, a failure, abuse."""
ABUSIVE = "abuse"
"""The intent of what is never answered (data/rules/silence.yml)."""


@dataclass(frozen=True)
class Outcome:
    """What came of a message, as far as it says whether a person should look at it. ``failed``: a reply has failed."""

    kind: str
    end: str | None
    label: str | None = None
    intent: str | None = None
    unsure: bool = False
    failed: bool = False


def cause_of(outcome: Outcome) -> str | None:
    """One of :data:`signpost.log.models.CAUSES`; none for what nobody needs to look at.

    The weightiest counts, and a later failure of a reply never takes the place of a weightier one: what is a report, or
    may be one, stays that. Abuse is logged because CCE considers what follows from it (policy: blocking).
    """
    if outcome.label in LABELS:
        return REPORT
    if outcome.end == FAILED:
        return UNREADABLE if outcome.kind == events.UNREADABLE else FAILURE
    if outcome.unsure:
        return UNSURE
    if outcome.failed:
        return FAILURE
    return ABUSE if outcome.intent == ABUSIVE else None


def outcome_of(message: InboundMessage, replies: Iterable[OutboundMessage]) -> Outcome:
    """What came of a stored message with its replies; rows with their columns will do."""
    failed = any(reply.state == FAILED for reply in replies)
    return Outcome(message.kind, message.end, message.label, message.intent, message.unsure, failed)
