"""Reads one messaging item of Meta's webhooks, which are the same for Messenger and for Instagram's messages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from signpost.channels.events import (
    POSTBACK,
    STORY_REPLY,
    TEXT,
    Deleted,
    Echoed,
    Edited,
    Event,
    HandedOver,
    Noted,
    Said,
)
from signpost.channels.meta_attachments import wordless
from signpost.channels.meta_values import (
    EMPTY,
    INCOMPLETE,
    LONGEST_PARTY_ID,
    OWN,
    identity,
    is_true,
    kind,
    mapping,
    moment,
    party,
    revision_of,
    sequence,
    words,
)
from signpost.channels.text import is_blank

NO_ACCOUNT = ("", "0")
"""Ids of entries that name no account: the dashboard's test button sends the second."""
_ABOUT_THE_ITEM = {"sender", "recipient", "timestamp", "is_self", "prior_message"}


@dataclass(frozen=True)
class _Item:
    """One item with what all its kinds share."""

    channel: str
    account: str
    sender: str
    recipient: str
    standby: bool
    fields: Mapping[str, object]

    def other_than_account(self, *ends: str) -> str:
        """The first of these that isn't the account, or the account when none is."""
        others = [one for one in ends if one != self.account]
        return next((one for one in (*others, *ends) if one), "")

    @property
    def own(self) -> bool:
        """Whether the account itself sent it. Both ends alike are a test of a dashboard unless it says otherwise."""
        to_itself = any(is_true(one.get("is_self")) for one in (self.fields, mapping(self.fields.get("message"))))
        return to_itself or self.sender == self.account != self.recipient


def read_item(item: object, channel: str, entry_id: str, *, standby: bool = False) -> Event:
    """One element of ``messaging`` or ``standby``, as Meta's webhook documentation describes them.

    ``entry_id`` is the account, unless it names none. Never raises; what can't be used is :class:`Noted`.
    """
    fields = mapping(item)
    sender, recipient = party(fields.get("sender")), party(fields.get("recipient"))
    echo = is_true(mapping(fields.get("message")).get("is_echo"))
    account = entry_id if entry_id not in NO_ACCOUNT else (sender if echo else recipient) or entry_id
    if not account:
        return Noted(INCOMPLETE, account)
    read = _Item(channel, account, sender, recipient, standby, fields)
    for name, reader in _READERS.items():
        if isinstance(fields.get(name), dict):
            return reader(read, mapping(fields[name]))
    names = [name for name in fields if name not in _ABOUT_THE_ITEM]
    if any(name in _READERS for name in names):
        return Noted(INCOMPLETE, account)
    return Noted(kind(names[0]) if names else EMPTY, account)


def _message(item: _Item, message: Mapping[str, object]) -> Event:
    mid = identity(message.get("mid"))
    if not mid:
        return Noted(INCOMPLETE, item.account)
    if is_true(message.get("is_deleted")):
        return Deleted(item.channel, item.account, mid)
    if is_true(message.get("is_echo")):
        return _echo(item, message, mid)
    if item.own or not item.sender:
        return Noted(OWN if item.own else INCOMPLETE, item.account)
    return _written(item, message, mid)


def _written(item: _Item, message: Mapping[str, object], mid: str) -> Event:
    text, attachments = words(message.get("text")), sequence(message.get("attachments"))
    if text and not (attachments and is_blank(text)):
        story = isinstance(mapping(message.get("reply_to")).get("story"), dict)
        return _said(item, mid, text, STORY_REPLY if story else TEXT)
    said, what = wordless(message, attachments)
    return _said(item, mid, "", what) if said else Noted(what, item.account)


def _said(item: _Item, mid: str, text: str, what: str) -> Said:
    sent_at = moment(item.fields.get("timestamp"))
    return Said(item.channel, item.account, item.sender, mid, text, what, sent_at, item.standby)


def _echo(item: _Item, message: Mapping[str, object], mid: str) -> Event:
    # The person is the recipient; old payloads name the two the other way round.
    person = item.other_than_account(item.recipient, item.sender)
    if not person:
        return Noted(INCOMPLETE, item.account)
    text, metadata = words(message.get("text")) or "", words(message.get("metadata")) or ""
    return Echoed(item.channel, item.account, person, mid, text, metadata, identity(message.get("app_id")))


def _postback(item: _Item, postback: Mapping[str, object]) -> Event:
    timestamp = identity(item.fields.get("timestamp"), LONGEST_PARTY_ID // 2)
    # Meta gave postbacks no id of their own before Graph 8.
    made_up = f"postback:{item.sender}:{timestamp}" if timestamp else ""
    platform_id = identity(postback.get("mid")) or made_up
    if item.own:
        return Noted(OWN, item.account)
    if not item.sender or not platform_id:
        return Noted(INCOMPLETE, item.account)
    return _said(item, platform_id, words(postback.get("title")) or "", POSTBACK)


def _edit(item: _Item, edit: Mapping[str, object]) -> Event:
    mid, text = identity(edit.get("mid")), words(edit.get("text"))
    if item.own:
        return Noted(OWN, item.account)
    if not mid or not item.sender or text is None:
        return Noted(INCOMPLETE, item.account)
    revision = identity(edit.get("num_edit"), 12) or revision_of(text)
    return Edited(item.channel, item.account, item.sender, mid, revision, text, moment(item.fields.get("timestamp")))


def _handover(item: _Item, control: Mapping[str, object]) -> Event:
    person = item.other_than_account(item.sender, item.recipient)
    if not person:
        return Noted(INCOMPLETE, item.account)
    return HandedOver(item.channel, item.account, person, identity(control.get("new_owner_app_id")))


_READERS: dict[str, Callable[[_Item, Mapping[str, object]], Event]] = {
    "message": _message,
    "postback": _postback,
    "message_edit": _edit,
    "pass_thread_control": _handover,
    "take_thread_control": _handover,
}
