"""What the alerts' page says of each alert, in words."""

from dataclasses import dataclass
from datetime import datetime

from signpost.alerts.kinds import kind_of
from signpost.console.alerts.reading import Shown
from signpost.force.accounts import Accounts
from signpost.log.models import Alert
from signpost.log.states import SERVICE_ACCOUNT

ITSELF = "Signpost itself"
LEAST_LATER = 120
"""Seconds after which it is worth saying that an alert was seen again."""


@dataclass(frozen=True)
class Card:
    """One alert as it is shown."""

    alert: Alert
    title: str
    to_do: str
    account: str
    reference: str | None
    acknowledged_by: str | None
    told: str
    seen_again: bool


def card(shown: Shown, accounts: Accounts) -> Card:
    """The alert in words."""
    alert, kind = shown.alert, kind_of(shown.alert.kind)
    later = (alert.last_seen_at - alert.raised_at).total_seconds() >= LEAST_LATER
    return Card(
        alert,
        kind.title,
        kind.to_do,
        account_name(alert.account, accounts),
        shown.reference,
        shown.acknowledged_by,
        how_often(alert.notices),
        alert.times > 1 and later,
    )


def account_name(account: str, accounts: Accounts) -> str:
    """The account's name; its id where force/accounts.yml doesn't list it any more."""
    if account == SERVICE_ACCOUNT:
        return ITSELF
    known = accounts.of_id(account)
    return known.name if known is not None else account


def how_often(notices: int) -> str:
    """How often people were told."""
    return {0: "Nobody yet", 1: "Once", 2: "Twice"}.get(notices, f"{notices} times")


def next_notice(alert: Alert, now: datetime) -> datetime | None:
    """When people are told next; none when that is just now, or never."""
    due = alert.notice_due_at
    return due if due is not None and due > now else None
