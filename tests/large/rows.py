"""The tables' rows as they are collected, and how their values are written for both databases."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

Row = tuple[Any, ...]
COLUMNS: dict[str, tuple[str, ...]] = {
    "conversation": ("id", "key", "channel", "account", "person"),
    "inbound_message": (
        "id", "key", "conversation_id", "channel", "account", "platform_id", "visibility", "kind", "reply_target",
        "received_at", "sent_at", "text_encrypted", "state", "urgency", "looked_through", "due_at", "reference", "attempts",
        "label", "intent", "scores", "ranking", "unsure", "crime_kind", "model", "end", "end_reason", "ended_at", "settled",
    ),
    "outbound_message": (
        "id", "inbound_message_id", "position", "way", "kind", "response", "text", "created_at", "due_at", "state", "attempts",
        "delivered_at", "platform_id", "failure",
    ),
    "delivery_attempt": ("id", "outbound_message_id", "at", "outcome", "detail"),
    "escalation": (
        "id", "reference", "inbound_message_id", "cause", "priority", "channel", "account", "received_at", "logged_at",
        "answered_at", "delivered_at", "redacted_text", "label", "unsure", "crime_kind", "scores", "confidence", "reasons",
        "model", "written_by", "reply", "delivery_state", "version", "review_state", "reviewer_id", "reviewed_at", "was_report",
        "was_emergency", "reply_right", "outcome", "niche_reference", "notes", "hold_reason", "hold_by_id", "hold_at",
        "original_erased_at",
    ),
    "correction": (
        "id", "escalation_id", "text", "old_label", "new_label", "proposed_by_id", "proposed_at", "state", "decided_by_id",
        "decided_at",
    ),
    "alert": (
        "id", "key", "kind", "account", "escalation_id", "urgent", "detail", "raised_at", "last_seen_at", "times", "cleared_at",
        "acknowledged_at", "acknowledged_by_id", "notices",
    ),
}  # fmt: skip
"""In the order in which rows refer to one another."""


class Rows:
    """Collects rows by table, each with its number, until they are taken away."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        self._last = dict.fromkeys(COLUMNS, 0)

    def add(self, table: str, *values: Any) -> int:
        """Adds a row; its number, given back, comes before the values."""
        self._last[table] += 1
        self._rows[table].append((self._last[table], *values))
        return self._last[table]

    def made(self, table: str) -> int:
        """How many rows of a table there were in all."""
        return self._last[table]

    def waiting(self) -> int:
        """How many messages wait to be taken away."""
        return len(self._rows["inbound_message"])

    def take(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """All that was collected, by table."""
        for table, rows in self._rows.items():
            self._rows[table] = []
            yield table, rows


class Choice:
    """Chooses one of several, some more often than others."""

    def __init__(self, weights: dict[Any, float]) -> None:
        self._values, self._sums, total = list(weights), [], 0.0
        for weight in weights.values():
            total += weight
            self._sums.append(total)

    def of(self, chance: Random) -> Any:
        """One of them."""
        return chance.choices(self._values, cum_weights=self._sums)[0]


def shown(when: datetime | None) -> str | None:
    """A time as both databases read it."""
    return None if when is None else when.isoformat(" ", "microseconds")


def new_key(chance: Random) -> str:
    """An opaque key like those of the product, the same in every run."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
