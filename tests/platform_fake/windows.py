"""When Meta lets an account write to a person (Send API and private replies documentation). Pure rules."""

from datetime import datetime, timedelta

STANDARD = timedelta(hours=24)
PRIVATE_REPLY = timedelta(days=7)
TAGS = ("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "CUSTOMER_FEEDBACK", "HUMAN_AGENT", "POST_PURCHASE_UPDATE")
RETIRED_TAGS = frozenset({"ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE"})
"""Since 27 April 2026."""


def may_write(last_said: datetime | None, now: datetime) -> bool:
    """Whether the person did anything within the last 24 hours that opens a conversation; a comment doesn't."""
    return last_said is not None and now - last_said <= STANDARD


def may_reply_privately(commented: datetime, now: datetime) -> bool:
    """Whether a comment is young enough for a private reply."""
    return now - commented <= PRIVATE_REPLY
