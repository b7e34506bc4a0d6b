"""Reads the bodies of X's webhooks, in both of its envelopes: X Activity's and the older Account Activity's."""

import re
from collections.abc import Iterator

from signpost.channels.events import Event, Noted, Unreadable
from signpost.channels.x_messages import INCOMPLETE, UNKNOWN, direct_message, encrypted_message
from signpost.channels.x_posts import deleted_post, post
from signpost.channels.x_values import at, identifier, items

REVOKED = "oauth.revoke"
_EVENT_TYPE = re.compile(r"[a-z._]{1,40}")
_DIRECT = frozenset({"dm.received", "dm.sent"})
_ADDRESSED = frozenset({"post.mention.create", "post.reply.create", "post.quote.create"})
_COUNTED = frozenset(
    {
        "favorite_events", "follow_events", "unfollow_events", "block_events", "unblock_events", "mute_events",
        "unmute_events", "direct_message_indicate_typing_events", "direct_message_mark_read_events",
        "replay_job_status",
    }
)  # fmt: skip


def read(body: object) -> list[Event]:
    """What a webhook's body tells, in the order in which it tells it; at least one event.

    ``{data: {event_uuid, filter, event_type, tag, payload, includes}}`` (X API documentation, activity) or
    ``{for_user_id, direct_message_events, tweet_create_events, tweet_delete_events, ...}`` (X API documentation, account
    activity). Messages and posts keep their own ids, whichever event brought them: the same post may come as a mention
    and as a reply. What can't be read, or isn't acted on, is :class:`Noted`; it spoils nothing beside it.

    Raises :class:`Unreadable` for a body that is no JSON object, and nothing else.
    """
    if not isinstance(body, dict):
        raise Unreadable("X's webhooks send a JSON object, and this is something else.")
    data = body.get("data")
    entries = items(data) if isinstance(data, list) else [data] if "data" in body else []
    events = [event for entry in entries for event in _activity(entry)]
    events += _account_activity(body)
    return events or [Noted(UNKNOWN, identifier(body.get("for_user_id")))]


def _activity(entry: object) -> list[Event]:
    named = at(entry, "event_type")
    kind = named if isinstance(named, str) and _EVENT_TYPE.fullmatch(named) else UNKNOWN
    account = identifier(at(entry, "filter", "user_id"))
    payload = at(entry, "payload")
    if kind in _DIRECT:
        messages = items(at(payload, "direct_message_events"))
        read_ones = [direct_message(one, account, sent=kind == "dm.sent") for one in messages]
        return read_ones or [Noted(INCOMPLETE, account)]
    if kind in _ADDRESSED:
        # A keyword's subscription names no account; a reply still says whom it answers.
        return [post(payload, account or identifier(at(payload, "in_reply_to_user_id")), addressed=True)]
    if kind == "post.delete":
        return [deleted_post(payload, account)]
    if kind == "chat.received":
        return [encrypted_message(payload, account)]
    # Access taken away is told without a filter.
    return [Noted(kind, account or identifier(at(payload, "user_id")))]


def _account_activity(body: dict[str, object]) -> Iterator[Event]:
    account = identifier(body.get("for_user_id"))
    for name, found in body.items():
        if name == "direct_message_events":
            yield from (direct_message(one, account) for one in items(found))
        elif name == "tweet_create_events":
            yield from (post(one, account, addressed=False) for one in items(found))
        elif name == "tweet_delete_events":
            yield from (deleted_post(at(one, "status"), account) for one in items(found))
        elif name == "user_event":
            # The older envelope's name for the same: somebody took the app's access away.
            revoked = isinstance(at(found, "revoke"), dict)
            whose = identifier(at(found, "revoke", "source", "user_id"))
            yield Noted(REVOKED if revoked else UNKNOWN, account or whose)
        elif name in _COUNTED:
            yield Noted(name, account)
