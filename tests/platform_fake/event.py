"""One thing a platform tells, before it is put into the body of a delivery."""

from dataclasses import dataclass, field
from typing import Any

MESSAGING, STANDBY, CHANGES, ENTRY, X = "messaging", "standby", "changes", "entry", "x"


@dataclass(frozen=True)
class Event:
    """``subscription``: the field or event type one must have subscribed to. ``holder``: where in an entry it stands.

    ``about``: the platform's id of what it tells of, for the accounts of what was acknowledged.
    """

    platform: str
    account: str
    subscription: str
    holder: str
    body: dict[str, Any] = field(default_factory=dict)
    about: str = ""
