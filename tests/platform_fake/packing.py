"""Puts Meta's events into the bodies of deliveries: entries of an account each, in the order of the events."""

from collections.abc import Iterable
from typing import Any

from .event import CHANGES, ENTRY, MESSAGING, STANDBY, Event


def packed(platform: str, events: Iterable[Event], now: float, *, int_ids: bool = False) -> dict[str, Any]:
    """The body that tells all these events of one platform at once. ``now``: seconds since 1970.

    Entries about messages count their time in milliseconds, the others in seconds, as Meta's do.
    """
    entries: list[dict[str, Any]] = []
    for event in events:
        if event.holder == ENTRY:
            entries.append({"id": event.account, "time": int(now), **event.body})
            continue
        entry = _entry_for(entries, event, now)
        entry.setdefault(event.holder, []).append(event.body)
    body = {"object": "page" if platform == "facebook" else "instagram", "entry": entries}
    return _with_int_ids(body) if int_ids else body


def _entry_for(entries: list[dict[str, Any]], event: Event, now: float) -> dict[str, Any]:
    kin = (MESSAGING, STANDBY) if event.holder != CHANGES else (CHANGES,)
    for entry in entries:
        if entry["id"] == event.account and any(holder in entry for holder in kin):
            return entry
    entry = {"id": event.account, "time": int(now if event.holder == CHANGES else now * 1000)}
    entries.append(entry)
    return entry


def _with_int_ids(value: Any) -> Any:
    """Ids of pages and people as numbers, as older versions of the Graph API have them."""
    if isinstance(value, list):
        return [_with_int_ids(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: int(one) if name == "id" and isinstance(one, str) and one.isdecimal() else _with_int_ids(one)
        for name, one in value.items()
    }
