"""What people are told of: alerts by kind, reference, channel, account and time, and nothing of any person."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote


@dataclass(frozen=True)
class Told:
    """One alert as it is told. ``number`` counts its notices from 1; ``channel`` and ``account`` are names for people.

    ``reference`` and ``channel`` are empty where the alert is about an account rather than a record.
    """

    id: str
    number: int
    kind: str
    urgent: bool
    account: str
    raised_at: datetime
    reference: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Notice:
    """Some alerts told at once. ``console_url`` is where links begin; without it the reference alone is told.

    A notice without alerts is a test.
    """

    alerts: tuple[Told, ...]
    now: datetime
    repeat_minutes: int
    console_url: str = ""

    @property
    def urgent(self) -> bool:
        """Whether any of them is urgent."""
        return any(one.urgent for one in self.alerts)

    @property
    def mark(self) -> str:
        """The same for the same alerts told the same time, so that a notice that was sent twice is known for what it is."""
        told = "\n".join(sorted(f"{one.id} {one.number}" for one in self.alerts)) or f"test {self.now.isoformat()}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def link(self, reference: str = "") -> str:
        """Where the record, or the list of alerts, is opened; empty where the console's address isn't known."""
        if not self.console_url:
            return ""
        return f"{self.console_url}/records/{quote(reference, safe='')}" if reference else f"{self.console_url}/alerts"


class NotTold(Exception):
    """Nobody could be told this way; the sentence is for staff and quotes nothing of what the server said."""
