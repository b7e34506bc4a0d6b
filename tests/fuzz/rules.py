"""What every event must keep to, whatever it was made of: the record and the desk rely on it."""

import re
from collections.abc import Iterator
from datetime import datetime

from signpost.channels.events import KINDS, Deleted, Echoed, Edited, Event, HandedOver, Noted, Said
from signpost.channels.text import storable

CHANNELS = {
    "meta": frozenset({"messenger", "facebook_comment", "instagram_dm", "instagram_comment"}),
    "x": frozenset({"x_dm", "x_mention"}),
}
_ACCOUNT, _PERSON, _ID, _TEXT = ("account", 128), ("person", 255), ("platform_id", 224), ("text", None)
STRINGS: dict[type, tuple[tuple[str, int | None], ...]] = {
    Said: (_ACCOUNT, _PERSON, _ID, _TEXT),
    Edited: (_ACCOUNT, _PERSON, _ID, _TEXT, ("revision", 30)),
    Deleted: (_ACCOUNT, _ID),
    Echoed: (_ACCOUNT, _PERSON, _ID, _TEXT, ("metadata", None), ("app_id", 255)),
    HandedOver: (_ACCOUNT, _PERSON, ("to_app", 255)),
    Noted: (_ACCOUNT,),
}
"""Each event's strings, and how many characters the record has room for: 255 in an id, with what it puts beside one."""
NEEDED = {"account", "platform_id", "revision"}
_KIND = re.compile(r"[a-z0-9._]{1,60}")


def broken(events: object, platform: str) -> str:
    """The rule that the events break; empty when they keep to all."""
    if type(events) is not list:
        return "not a list"
    return next((rule for event in events for rule in _broken(event, platform)), "")


def _broken(event: Event, platform: str) -> Iterator[str]:
    kind = type(event)
    for name, longest in STRINGS.get(kind, ()):
        text = getattr(event, name)
        yield from _unstorable(text, longest, name)
        if not text and name in NEEDED and kind is not Noted:
            yield f"no {name}"
    if kind not in STRINGS:
        yield "no event"
    elif kind is Noted:
        if not _KIND.fullmatch(event.kind):
            yield "a kind that isn't a plain name"
    elif event.channel not in CHANNELS[platform]:
        yield "a channel of another platform"
    elif kind is Said and (event.kind not in KINDS or type(event.standby) is not bool):
        yield "a kind or a standby that doesn't exist"
    if kind in (Said, Edited) and event.sent_at is not None and not _is_plain(event.sent_at):
        yield "a time with a zone"


def _unstorable(text: object, longest: int | None, what: str) -> Iterator[str]:
    if type(text) is not str:
        yield f"{what}: not a string"
        return
    if longest is not None and len(text) > longest:
        yield f"{what}: longer than the record has room for"
    if not text.isprintable() and storable(text) != text:
        yield f"{what}: with what can't be stored"


def _is_plain(moment: object) -> bool:
    return type(moment) is datetime and moment.tzinfo is None
