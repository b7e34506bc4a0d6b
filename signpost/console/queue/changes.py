"""What came into the queue while somebody has it open: told to the page's script, which changes nothing by itself."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.console.queue.counting import Counts, count_waiting
from signpost.console.queue.filters import Filters
from signpost.log.models import UNREVIEWED, URGENT, Escalation

MOST = 500
"""Newly logged records that are looked at; a page that was open that long is told "500 or more"."""


def newest_id(session: Session) -> int:
    """The number of the record that was logged last; 0 when there is none."""
    return session.scalar(select(func.max(Escalation.id))) or 0


def changes(session: Session, since: int, filters: Filters, dialect_name: str) -> dict[str, Any]:
    """What the page is told: new records of its list since the one of this number, and the counts of the whole queue."""
    newer = select(Escalation.id).where(Escalation.id > since).order_by(Escalation.id).limit(MOST)
    found = session.execute(
        select(Escalation.label, Escalation.priority).where(
            Escalation.id.in_(newer.scalar_subquery()),
            Escalation.review_state == UNREVIEWED,
            *filters.only("state").where(dialect_name),
        )
    ).all()
    emergencies = sum(one.label == "emergency" for one in found)
    return {
        "new": len(found),
        "new_urgent": sum(one.priority == URGENT for one in found),
        "sentence": sentence(len(found), emergencies),
        **told(count_waiting(session)),
    }


def told(counts: Counts) -> dict[str, Any]:
    """The counts as the page's script takes them."""
    return {
        "counts": {group: str(count) for group, count in counts.groups.items()},
        "urgent": counts.urgent.number,
        "urgent_words": str(counts.urgent),
    }


def sentence(new: int, emergencies: int) -> str:
    """Such as "2 new records, 1 of them an emergency"; empty when there is nothing new."""
    if not new:
        return ""
    words = f"{new}{' or more' if new >= MOST else ''} new record{'' if new == 1 else 's'}"
    if not emergencies:
        return words
    if new == 1:
        return f"{words}, an emergency"
    return f"{words}, {emergencies} of them {'an emergency' if emergencies == 1 else 'emergencies'}"
