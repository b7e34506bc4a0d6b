"""Reads what Meta's webhooks bring: one envelope for Messenger, a page's feed, and Instagram's messages and comments."""

from collections.abc import Iterator, Mapping

from signpost.channels import facebook, instagram
from signpost.channels.events import Event, Noted, Unreadable
from signpost.channels.meta_messaging import read_item
from signpost.channels.meta_values import EMPTY, INCOMPLETE, LONGEST_PARTY_ID, identity, mapping, moment, sequence

PAGE, INSTAGRAM = "page", "instagram"
_INSTAGRAM_IDS = "1784"
_PARTS = ("messaging", "standby", "changes", "field")


def read(body: object) -> list[Event]:
    """The events of a webhook's body, decoded from JSON, in the order in which it holds them.

    ``{object: page|instagram, entry: [{id, time, messaging|standby|changes: [...]}]}``, or ``field`` and ``value`` on the
    entry itself, as in Meta's webhook documentation; the same thing may come as a change when a dashboard's button sends
    it. Whatever isn't known, or lacks what it must have, is :class:`Noted` and spoils nothing beside it.

    Raises :class:`Unreadable`, and nothing else whatever the JSON is, for a body that is no such envelope.
    """
    if not isinstance(body, dict):
        raise Unreadable("The body isn't a JSON object.")
    if not isinstance(body.get("entry"), list):
        raise Unreadable("The body has no list of entries.")
    named = body.get("object")
    if named is not None and named not in (PAGE, INSTAGRAM):
        raise Unreadable("The body is about something other than a page or an Instagram account.")
    return [event for entry in body["entry"] for event in _events(mapping(entry), named)]


def _events(entry: Mapping[str, object], named: object) -> Iterator[Event]:
    account = identity(entry.get("id"), LONGEST_PARTY_ID)
    # Old payloads of Instagram's don't say what they are about; its accounts' ids do.
    on_instagram = named == INSTAGRAM or (named is None and account.startswith(_INSTAGRAM_IDS))
    parts = [name for name in entry if name in _PARTS]
    if not parts:
        yield Noted(EMPTY, account)
    for name in parts:
        if name == "field":
            yield _change(entry, entry, account, on_instagram=on_instagram)
        elif not isinstance(entry[name], list):
            yield Noted(INCOMPLETE, account)
        for item in sequence(entry[name]):
            if name == "changes":
                yield _change(mapping(item), entry, account, on_instagram=on_instagram)
            else:
                yield read_item(item, _messages(on_instagram=on_instagram), account, standby=name == "standby")


def _change(change: Mapping[str, object], entry: Mapping[str, object], account: str, *, on_instagram: bool) -> Event:
    field, value = change.get("field"), mapping(change.get("value"))
    if not isinstance(field, str):
        return Noted(INCOMPLETE, account)
    if "sender" in value and (field.startswith("messag") or field == "standby"):
        return read_item(value, _messages(on_instagram=on_instagram), account, standby=field == "standby")
    if not account:
        return Noted(INCOMPLETE)  # nobody could tell whether the account itself wrote it
    reader = instagram.read_change if on_instagram else facebook.read_change
    return reader(field, value, account, moment(entry.get("time")))


def _messages(*, on_instagram: bool) -> str:
    return instagram.MESSAGES if on_instagram else facebook.MESSAGES
