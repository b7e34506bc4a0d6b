"""The newest escalations that the simulator caused, for the panel "The log"."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.channels.simulated import ACCOUNT
from signpost.channels.text import storable
from signpost.console.simulator.wording import DELIVERIES, LABELS, spoken, words_for
from signpost.force.mandate import Mandate
from signpost.log.models import REPORT, Escalation

MOST_ENTRIES = 20
LONGEST_TEXT = 240


@dataclass(frozen=True)
class Entry:
    """One row of the log."""

    reference: str
    spoken: str
    at: datetime
    channel: str
    label: str
    label_words: str
    text: str
    delivery: str


def newest_escalations(session: Session, mandate: Mandate) -> tuple[Entry, ...]:
    """The newest reports first. Only the simulator's own: the page has no sign-in, so it shows nobody else's reports."""
    query = (
        select(Escalation).filter_by(account=ACCOUNT, cause=REPORT).order_by(Escalation.id.desc()).limit(MOST_ENTRIES)
    )
    return tuple(_entry(escalation, mandate) for escalation in session.scalars(query))


def _entry(escalation: Escalation, mandate: Mandate) -> Entry:
    channel, text = mandate.channels.get(escalation.channel), storable(escalation.redacted_text)
    return Entry(
        reference=escalation.reference,
        spoken=spoken(escalation.reference),
        at=escalation.received_at,
        channel=channel.name if channel else escalation.channel,
        label=escalation.label,
        label_words=words_for(LABELS, escalation.label),
        text=text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT].rstrip()} …",
        delivery=words_for(DELIVERIES, escalation.delivery_state),
    )
