"""Makes the audit trail: each day's acts in order, each chained to the one before with the trail's own digest."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from signpost.log.audit import (
    ADMINISTRATION,
    ALTERATION,
    COLLECTION,
    CONSULTATION,
    DISCLOSURE,
    ERASURE,
    FIRST,
    SERVICE,
    Trail,
)
from tests.large.force import REVIEWERS
from tests.large.records import Understood
from tests.large.rows import shown

COLUMNS = ("sequence", "at", "actor", "action", "event", "subject", "purpose", "detail", "digest")
EVENTS = (
    (46, CONSULTATION, "record_opened"),
    (24, ALTERATION, "review_saved"),
    (17, ADMINISTRATION, "session_started"),
    (6, CONSULTATION, "original_shown"),
    (5, ERASURE, "original_erased"),
    (1, DISCLOSURE, "records_exported"),
    (1, ALTERATION, "hold_set"),
)
PURPOSES = ("To pass it to the control room.", "To check a place that was taken out.", "Asked for by the author.")
RECENT = 4000


@dataclass(slots=True)
class Entry:
    """An entry, with the fields the digest is made over."""

    sequence: int
    at: datetime
    actor: str
    action: str
    event: str
    subject: str | None
    purpose: str | None
    detail: dict[str, Any] | None


@dataclass
class Acts:
    """Makes the entries of one day after another."""

    trail: Trail
    chance: Random
    sequence: int = 0
    digest: str = FIRST
    _recent: list[str] = field(default_factory=list)

    def of_a_day(self, logged: list[Understood], times: list[datetime]) -> list[tuple[Any, ...]]:
        """The rows: one for each escalation of the day, and one of some other act for each of ``times``."""
        entries = [
            Entry(0, one.received, SERVICE, COLLECTION, "escalation_logged", one.reference, None,
                  {"channel": one.home.channel, "label": one.label, "cause": one.cause, "written_by": "action"})
            for one in logged
        ]  # fmt: skip
        self._recent = (self._recent + [one.reference or "" for one in logged])[-RECENT:]
        weights = [weight for weight, _action, _event in EVENTS]
        for at, (_weight, action, event) in zip(times, self.chance.choices(EVENTS, weights, k=len(times)), strict=True):
            entries.append(self._other(at, action, event))
        entries.sort(key=_by_time)
        return [self._chained(entry) for entry in entries]

    def _other(self, at: datetime, action: str, event: str) -> Entry:
        actor = SERVICE if action == ERASURE else REVIEWERS[self.chance.randrange(len(REVIEWERS))]
        subject, purpose, detail = actor, None, None
        if event not in {"session_started", "records_exported"} and self._recent:
            subject = self._recent[self.chance.randrange(len(self._recent))]
        if event == "original_shown":
            purpose = PURPOSES[self.sequence % len(PURPOSES)]
        elif event == "review_saved":
            detail = {"outcome": "signposted", "was_report": "yes", "version": 1}
        elif event == "records_exported":
            subject, purpose, detail = (
                None,
                "For the monthly meeting.",
                {"rows": self.chance.randrange(10, 5000), "form": "csv"},
            )
        return Entry(0, at, actor, action, event, subject, purpose, detail)

    def _chained(self, entry: Entry) -> tuple[Any, ...]:
        self.sequence += 1
        entry.sequence = self.sequence
        self.digest = self.trail.digest(self.digest, entry)
        detail = None if entry.detail is None else json.dumps(entry.detail)
        # fmt: off
        return (
            entry.sequence, shown(entry.at), entry.actor, entry.action, entry.event, entry.subject, entry.purpose, detail,
            self.digest,
        )
        # fmt: on

    def head(self) -> tuple[Any, ...]:
        """The row of the chain's end, sealed."""
        return 1, self.sequence, self.digest, self.trail.head_seal(self.sequence, self.digest)


def _by_time(entry: Entry) -> datetime:
    return entry.at
