"""Webhook bodies as X sends them, in both of its envelopes, with texts and ids of our own invention."""

from typing import Any

Json = Any

ACCOUNT, PERSON = "1000000001", "2000000002"
AT = "1795000000000"
POST = "1999999999999999999"


def activity(kind: str, payload: Json, **more: Json) -> Json:
    """X Activity's envelope."""
    head = {"event_uuid": "1f2e3d4c", "filter": {"user_id": ACCOUNT}, "event_type": kind, "tag": "ours"}
    return {"data": {**head, "payload": payload, **more}}


def account_activity(**events: Json) -> Json:
    """Account Activity's envelope."""
    return {"for_user_id": ACCOUNT, **events}


def direct(sender: str = PERSON, recipient: str = ACCOUNT, **data: Json) -> Json:
    created = {
        "target": {"recipient_id": recipient},
        "sender_id": sender,
        "source_app_id": "268278",
        "message_data": {"text": "There is a man in my garden &amp; he won't go", "entities": {"urls": []}, **data},
    }
    return {"type": "message_create", "id": "1888888888888888888", "created_timestamp": AT, "message_create": created}


def new_post(author: str = PERSON, **more: Json) -> Json:
    """A post in the newer form."""
    return {
        "id": POST,
        "author_id": author,
        "text": "@OurPolice the lights on the bridge have been smashed",
        "created_at": "2026-11-20T10:00:00.000Z",
        "entities": {"mentions": [{"id": ACCOUNT, "username": "OurPolice", "start": 0, "end": 10}]},
        **more,
    }


def old_post(author: str = PERSON, **more: Json) -> Json:
    """A post in the older form."""
    return {
        "created_at": "Fri Nov 20 10:00:00 +0000 2026",
        "timestamp_ms": AT,
        "id": int(POST),
        "id_str": POST,
        "text": "@OurPolice the lights on the bridge have been…",
        "user": {"id": int(author), "id_str": author, "screen_name": "somebody"},
        "in_reply_to_user_id_str": None,
        "entities": {"user_mentions": [{"id": int(ACCOUNT), "id_str": ACCOUNT, "screen_name": "OurPolice"}]},
        **more,
    }


PHOTO = {"type": "media", "media": {"id": 5, "url": "https://t.co/abc", "media_url": "https://cdn.example/one"}}
ADDRESSED = ("post.mention.create", "post.reply.create", "post.quote.create")

X: dict[str, Json] = {
    "dm": activity("dm.received", {"direct_message_events": [direct()], "users": {PERSON: {"id": PERSON}}}),
    "dm sent": activity("dm.sent", {"direct_message_events": [direct(ACCOUNT, PERSON)]}),
    "dm with a photo": activity(
        "dm.received", {"direct_message_events": [direct(text="Look https://t.co/abc", attachment=PHOTO)]}
    ),
    "dm of a photo": activity(
        "dm.received", {"direct_message_events": [direct(text=" https://t.co/abc", attachment=PHOTO)]}
    ),
    "encrypted": activity(
        "chat.received", {"id": "77", "sender_id": PERSON, "created_at_msec": AT, "encoded_event": "CwABAAAAJDk4"}
    ),
    "encrypted and own": activity("chat.received", {"id": "78", "sender_id": ACCOUNT, "created_at_msec": AT}),
    "chat sent": activity("chat.sent", {"id": "79", "sender_id": ACCOUNT}),
    **{kind: activity(kind, new_post(), includes={"users": [{"id": PERSON}]}) for kind in ADDRESSED},
    "long post": activity("post.mention.create", new_post(note_tweet={"text": "@OurPolice " + "the lights " * 40})),
    "post of a photo": activity("post.mention.create", new_post(text="", attachments={"media_keys": ["3_1"]})),
    "own post": activity("post.create", new_post(ACCOUNT)),
    "own reply": activity("post.reply.create", new_post(ACCOUNT, in_reply_to_user_id=PERSON)),
    "reposted": activity("post.mention.create", new_post(referenced_tweets=[{"type": "retweeted", "id": "1"}])),
    "deleted": activity("post.delete", {"id": POST, "author_id": PERSON}),
    "revoked": activity("oauth.revoke", {"user_id": ACCOUNT, "app_id": "1"}),
    "bio": activity("profile.update.bio", {"before": "a", "after": "b"}),
    "follow": activity("follow.follow", {"source": {"id": PERSON}, "target": {"id": ACCOUNT}}),
    "several": {"data": [activity(kind, new_post())["data"] for kind in ADDRESSED]},
    "no filter": {"data": {"event_type": "dm.received", "payload": {"direct_message_events": [direct()]}}},
    "old dm": account_activity(direct_message_events=[direct(), direct(ACCOUNT, PERSON)], users={}, apps={}),
    "old post": account_activity(tweet_create_events=[old_post()]),
    "old long post": account_activity(
        tweet_create_events=[old_post(truncated=True, extended_tweet={"full_text": "@OurPolice " + "the lights " * 20})]
    ),
    "old reply": account_activity(tweet_create_events=[old_post(in_reply_to_user_id_str=ACCOUNT, entities={})]),
    "old quote": account_activity(tweet_create_events=[old_post(quoted_status=old_post(ACCOUNT), entities={})]),
    "old repost": account_activity(tweet_create_events=[old_post(retweeted_status=old_post(ACCOUNT))]),
    "old own": account_activity(tweet_create_events=[old_post(ACCOUNT)]),
    "old and not to us": account_activity(tweet_create_events=[old_post(entities={"user_mentions": []})]),
    "old deleted": account_activity(
        tweet_delete_events=[{"status": {"id": POST, "user_id": PERSON}, "timestamp_ms": AT}]
    ),
    "typing": account_activity(direct_message_indicate_typing_events=[{"sender_id": PERSON, "created_timestamp": AT}]),
    "seen": account_activity(direct_message_mark_read_events=[{"sender_id": PERSON, "last_read_event_id": "1"}]),
    "liked": account_activity(favorite_events=[{"id": "a", "favorited_status": old_post(ACCOUNT)}]),
    "old revoked": {"user_event": {"revoke": {"date_time": "2026-11-20T10:00:00Z", "source": {"user_id": ACCOUNT}}}},
    "replayed": {"replay_job_status": {"webhook_id": "1", "job_state": "Complete"}},
    "something new": account_activity(foo=[{"bar": None}]),
    "nothing": {},
}
"""Every body by a name that tells what it is."""
