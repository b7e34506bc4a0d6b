"""Instagram: reads comments; answers comments in public or in private, and messages."""

from collections.abc import Mapping
from datetime import datetime

from signpost.channels.events import ATTACHMENT, TEXT, Event, Noted, Said
from signpost.channels.graph import GraphAddress, addressed_to, post
from signpost.channels.meta_values import INCOMPLETE, OWN, identity, kind, party, words
from signpost.channels.transport import MESSAGE, PUBLIC_REPLY, Credentials, Delivery, Request

MESSAGES, COMMENTS = "instagram_dm", "instagram_comment"
_COMMENT_FIELDS = ("comments", "live_comments")
_MENTION_FIELD, _MENTION = "mentions", "mention"


def read_change(field: str, value: Mapping[str, object], account: str, noticed_at: datetime | None) -> Event:
    """One change of an account, as Meta's webhook documentation describes ``comments`` and ``live_comments``.

    ``noticed_at``: when Meta sent it; comments have no time of their own. A mention elsewhere comes without its text,
    and is counted only. Never raises.
    """
    if field not in _COMMENT_FIELDS:
        return Noted(_MENTION if field == _MENTION_FIELD else kind(field), account)
    platform_id, person = identity(value.get("id")), party(value.get("from"))
    if not platform_id:
        return Noted(INCOMPLETE, account)
    if person and person == account:
        return Noted(OWN, account)
    text = words(value.get("text")) or ""
    return Said(COMMENTS, account, person, platform_id, text, TEXT if text else ATTACHMENT, noticed_at)


def request(delivery: Delivery, address: GraphAddress, credentials: Credentials, login: str) -> Request:
    """The request that carries a reply, as in Meta's documentation of the Instagram Platform.

    ``login``: ``facebook`` or ``instagram``, which of Meta's logins the token comes from; each has a host of its own.
    Raises :class:`DeliveryRefused` for a reply that can't be addressed.
    """
    if delivery.way == PUBLIC_REPLY:
        url = address.url(delivery.in_reply_to, "replies", login=login)
        return post(url, {"message": delivery.text}, credentials)
    recipient = {"id": delivery.person} if delivery.way == MESSAGE else {"comment_id": delivery.in_reply_to}
    body = {"recipient": addressed_to(recipient), "message": {"text": delivery.text}}
    return post(address.url(delivery.account, "messages", login=login), body, credentials)
