"""A Facebook page's feed: reads comments, visitors' posts, mentions and reviews; answers under them or in private."""

from collections.abc import Mapping
from datetime import datetime

from signpost.channels.events import ATTACHMENT, TEXT, Deleted, Edited, Event, Noted, Said
from signpost.channels.graph import GraphAddress, post, said_privately
from signpost.channels.meta_values import (
    INCOMPLETE,
    LONGEST_PARTY_ID,
    OWN,
    identity,
    kind,
    moment,
    party,
    revision_of,
    words,
)
from signpost.channels.transport import PRIVATE_REPLY, PUBLIC_REPLY, Credentials, Delivery, DeliveryRefused, Request

MESSAGES, COMMENTS = "messenger", "facebook_comment"
_MENTION = "mention"
_POSTS = dict.fromkeys(("post", "status", "photo", "video", "share"), "post_id")
_IDS = {
    "feed": {"comment": "comment_id", **_POSTS},
    _MENTION: {"comment": "comment_id", **_POSTS},
    "ratings": {"comment": "comment_id", "rating": "open_graph_story_id"},
}
"""Where a thing that people write has its id, for each field of a page."""
_ADDED, _CHANGED, _REMOVED = ("add",), ("edited", "edit"), "remove"


def read_change(field: str, value: Mapping[str, object], account: str, noticed_at: datetime | None) -> Event:
    """One change of a page, as Meta's webhook documentation describes ``feed``, ``mention`` and ``ratings``.

    ``noticed_at``: when Meta sent it, for a change that has no time of its own. The time of an edit is that of what was
    edited, since Meta counts the days for a private reply from there. Never raises.
    """
    item, verb = value.get("item"), value.get("verb")
    where = _IDS.get(field, {}).get(item) if isinstance(item, str) else None
    if where is None:
        return Noted(kind(item, prefix=f"{field}_") if field in _IDS else kind(field), account)
    platform_id = identity(value.get(where))
    if verb not in (*_ADDED, *_CHANGED, _REMOVED):
        return Noted(kind(verb, prefix=f"{field}_"), account)
    if not platform_id:
        return Noted(INCOMPLETE, account)
    if verb == _REMOVED:
        # Whoever wrote or removed it: it is gone from the platform.
        return Deleted(COMMENTS, account, platform_id)
    return _written(field, value, account, platform_id, moment(value.get("created_time")) or noticed_at)


def _written(field: str, value: Mapping[str, object], account: str, platform_id: str, at: datetime | None) -> Event:
    """What was added or changed: by a person, unless the account itself is named as its writer."""
    person = party(value.get("from")) or identity(value.get("reviewer_id"), LONGEST_PARTY_ID)
    if person and person == account:
        return Noted(OWN, account)
    rating = value.get("item") == "rating"
    text = words(value.get("review_text" if rating else "message")) or ""
    changed = value.get("verb") in _CHANGED
    if not text and (changed or rating or field == _MENTION):
        return Noted(f"{field}_without_text", account)
    if changed:
        return Edited(COMMENTS, account, person, platform_id, revision_of(text), text, at)
    return Said(COMMENTS, account, person, platform_id, text, TEXT if text else ATTACHMENT, at)


def request(delivery: Delivery, address: GraphAddress, credentials: Credentials) -> Request:
    """The request that puts a reply under a comment or post, or sends it to who wrote that, as Meta's documentation says.

    A public reply is a comment on the comment (Graph API, ``comments``), a private one a message to whoever wrote it
    (Messenger Platform, Private Replies). A visitor's post has the page's own id before its underscore and a comment
    that of the post it stands under: that tells which of the two is answered. Raises :class:`DeliveryRefused` for a
    reply that can't be addressed.
    """
    answered = delivery.in_reply_to
    if delivery.way == PUBLIC_REPLY:
        return post(address.url(answered, "comments"), {"message": delivery.text}, credentials)
    if delivery.way == PRIVATE_REPLY:
        name = "post_id" if answered.startswith(f"{delivery.account}_") else "comment_id"
        return said_privately(delivery, address, credentials, {name: answered})
    raise DeliveryRefused("A comment can be answered in public or with a private reply, not with a plain message.")
