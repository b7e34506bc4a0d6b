"""The assistant's own store of dialogues (Rasa's tracker store), which falls under retention too.

It holds intents, slots and our replies under a conversation's opaque key, and no text. Rasa writes a row an event and
reads back only what came since the dialogue's last session began, so what is older than that can go.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Column, Engine, Float, Integer, MetaData, String, Table, case, delete, func, inspect, select

from signpost.log.retention_finding import Due

SESSION_STARTED = "session_started"
AT_ONCE = 100
_EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String),
    Column("type_name", String),
    Column("timestamp", Float),
)
_events = _EVENTS.c


@dataclass(frozen=True)
class Dialogue:
    """One dialogue with something old in it. ``session`` is the event its last session began with, 0 for none."""

    key: str
    oldest: datetime
    ended: bool
    session: int


@dataclass(frozen=True)
class Dialogues:
    """Rasa's store, in a database of its own. ``engine`` is none where there is no such store (yet)."""

    engine: Engine | None

    def is_there(self) -> bool:
        """Whether Rasa has made its table."""
        return self.engine is not None and inspect(self.engine).has_table(_EVENTS.name)

    def find(self, cutoff: datetime, after: str, held: Collection[str]) -> tuple[list[Dialogue], str | None]:
        """Those of the next few dialogues in which something is due, and the last key looked at; none at the end."""
        assert self.engine is not None  # noqa: S101  # is_there() was asked
        before = _seconds(cutoff)
        started = func.max(case((_events.type_name == SESSION_STARTED, _events.id), else_=0))
        query = (
            select(
                _events.sender_id,
                func.min(_events.timestamp),
                func.max(_events.timestamp),
                func.min(_events.id),
                started,
            )
            .where(_events.sender_id > after)
            .group_by(_events.sender_id)
            .order_by(_events.sender_id)
            .limit(AT_ONCE)
        )
        with self.engine.connect().execution_options(reads_only=True) as connection:
            rows = connection.execute(query).all()
        due = [
            Dialogue(key, _moment(oldest), newest < before, session)
            for key, oldest, newest, first, session in rows
            if oldest < before and key not in held and (newest < before or first < session)
        ]
        return due, rows[-1][0] if len(rows) == AT_ONCE else None

    def erase(self, due: Collection[Dialogue], cutoff: datetime) -> int:
        """Erases what is due of these dialogues; returns how many events that were."""
        assert self.engine is not None  # noqa: S101  # as above
        erased = 0
        with self.engine.begin() as connection:
            for one in due:
                # Rasa may have written since we looked: only what is older than the cutoff goes.
                old = (_events.sender_id == one.key, _events.timestamp < _seconds(cutoff))
                kept: Any = () if one.ended else (_events.id < one.session,)
                erased += connection.execute(delete(_EVENTS).where(*old, *kept)).rowcount
        return erased

    def count(self, cutoff: datetime, held: Collection[str]) -> Due:
        """In how many dialogues something is due."""
        if not self.is_there():
            return Due()
        count, oldest, after = 0, None, ""
        while True:
            due, last = self.find(cutoff, after, held)
            count += len(due)
            oldest = min([*([oldest] if oldest else []), *(one.oldest for one in due)], default=None)
            if last is None:
                return Due(count, oldest, cutoff if count else None)
            after = last


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=timezone.utc).timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
