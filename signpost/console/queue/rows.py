"""A row of the queue: what one sees of a record before it is opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, select

from signpost.channels.simulated import ACCOUNT
from signpost.channels.text import storable
from signpost.console.queue.wording import account_name
from signpost.console.words import words
from signpost.force.accounts import Accounts
from signpost.log.models import FAILED, REPORT, URGENT, Escalation

LONGEST_TEXT = 280
"""Characters of the redacted text; the rest is on the record's own page."""
COLUMNS: Final = (
    Escalation.id, Escalation.reference, Escalation.priority, Escalation.cause, Escalation.label, Escalation.unsure,
    Escalation.crime_kind, Escalation.channel, Escalation.account, Escalation.received_at, Escalation.delivery_state,
    Escalation.reply.is_not(None).label("has_reply"), Escalation.review_state, Escalation.reviewed_at, Escalation.outcome,
    func.substr(Escalation.redacted_text, 1, LONGEST_TEXT + 1).label("text"),
)  # fmt: skip
QUERY: Final = select(*COLUMNS)
_COLOURS: Final = {"emergency": "red", "crime_report": "orange", "not_report": "grey"}


@dataclass(frozen=True)
class Tag:
    """A word or two in a coloured box; the colour says nothing that the words don't."""

    words: str
    colour: str


@dataclass(frozen=True)
class Shown:
    """One row."""

    id: int
    reference: str
    urgent: bool
    tags: tuple[Tag, ...]
    kind: str
    channel: str
    account: str
    text: str
    clipped: bool
    received_at: datetime
    waits: str
    delivery: Tag
    reviewed_at: datetime | None
    outcome: str | None


def shown(row: Row[Any], accounts: Accounts, now: datetime) -> Shown:
    """The row as people read it."""
    text = storable(row.text)
    return Shown(
        id=row.id,
        reference=row.reference,
        urgent=row.priority == URGENT,
        tags=tuple(_tags(row)),
        kind=(row.crime_kind or "")[:1].upper() + (row.crime_kind or "")[1:],
        channel=row.channel,
        account=account_name(accounts, row.account, row.channel),
        text=text[:LONGEST_TEXT].rstrip(),
        clipped=len(text) > LONGEST_TEXT,
        received_at=row.received_at,
        waits=waiting_time(now - row.received_at),
        delivery=_delivery(row),
        reviewed_at=row.reviewed_at,
        outcome=row.outcome,
    )


def waiting_time(waited: timedelta) -> str:
    """Such as 3 minutes, 2 hours or 5 days."""
    seconds = max(waited.total_seconds(), 0)
    for length, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count:,} {name}{'' if count == 1 else 's'}"
    return "under a minute"


def _tags(row: Row[Any]) -> list[Tag]:
    """What it was understood as, and why it is here where that says more."""
    tags = [Tag(words(row.label, "label"), _COLOURS.get(row.label, "grey"))]
    if row.cause != REPORT:
        tags.append(Tag(SHORT_CAUSES.get(row.cause, words(row.cause, "cause")), _CAUSE_COLOURS.get(row.cause, "grey")))
    if row.unsure and row.cause in {REPORT, FAILED}:
        tags.append(Tag("Unsure", "yellow"))
    if row.account == ACCOUNT:
        tags.append(Tag("Simulator", "purple"))
    return tags


SHORT_CAUSES: Final = {
    "unsure": "Unsure",
    "failed": "Failed",
    "unreadable": "Unreadable",
    "abuse": "Abuse",
}
_CAUSE_COLOURS: Final = {"unsure": "yellow", "failed": "red", "unreadable": "red", "abuse": "pink"}
_DELIVERY_COLOURS: Final = {"waiting": "blue", "delivered": "green", "failed": "red"}


def _delivery(row: Row[Any]) -> Tag:
    if not row.has_reply:
        return Tag("No reply", "grey")
    return Tag(
        f"Reply: {words(row.delivery_state, 'delivery').lower()}", _DELIVERY_COLOURS.get(row.delivery_state, "grey")
    )
