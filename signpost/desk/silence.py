"""When a message gets no reply, or not yet. An emergency always gets one, at once."""

from datetime import datetime, timedelta

from signpost.channels.events import TEXT
from signpost.desk.case import RANK, Case

STAFF = "a member of staff has this conversation"
EDIT = "the message was edited, and is no more urgent than it was"
JUST_ANSWERED = "this person was sent the guidance a moment ago"
FRAGMENT_CHARACTERS = 40
QUIET = timedelta(seconds=3)
"""How long a few words that are no report wait for the rest of what their writer is typing."""


def held_until(case: Case, text: str, now: datetime) -> datetime | None:
    """Until when to wait for more, should the text be no report; none for what looks whole, or has waited."""
    until = case.received_at + QUIET
    fragment = case.visibility == "private" and case.kind == TEXT and len(text) <= FRAGMENT_CHARACTERS
    return until if fragment and case.edit_of_id is None and now < until else None


def no_reply_because(case: Case, label: str, staff_until: datetime | None, now: datetime) -> str | None:
    """Why a message that was understood gets no reply, in words for staff; none when it gets one."""
    if label == "emergency":
        return None
    if staff_has(staff_until, now):
        return STAFF
    if case.visibility == "private" and _just_answered(case, label):
        return JUST_ANSWERED
    return None


def staff_has(staff_until: datetime | None, now: datetime) -> bool:
    """Whether a member of staff wrote in the conversation of late, or it was handed over."""
    return staff_until is not None and staff_until > now


def _just_answered(case: Case, label: str) -> bool:
    """Whether full guidance for something as urgent went out while this was being typed: nobody reads it so fast."""
    last = case.last_guided
    if last is None or last.at < case.received_at - QUIET:
        return False
    return RANK.get(last.label or "", 0) >= RANK[label]
