"""Webhook bodies as Meta sends them, one of every kind of event, with texts and ids of our own invention."""

from typing import Any

Json = Any

ACCOUNT, PICTURES, PERSON = "100000000000001", "17841400000000001", "7000000000000001"
AT, AT_SECONDS = 1_795_000_000_000, 1_795_000_000
POST, COMMENT = f"{ACCOUNT}_122000000000001", "122000000000001_333000000000001"


def page(*items: Json, part: str = "messaging", account: Json = ACCOUNT) -> Json:
    return {"object": "page", "entry": [{"id": account, "time": AT, part: list(items)}]}


def pictures(*items: Json, part: str = "messaging") -> Json:
    return {"object": "instagram", "entry": [{"id": PICTURES, "time": AT, part: list(items)}]}


def item(account: Json = ACCOUNT, person: Json = PERSON, **fields: Json) -> Json:
    return {"sender": {"id": person}, "recipient": {"id": account}, "timestamp": AT, **fields}


def message(text: str | None = "Somebody has taken the bench from our green", **fields: Json) -> Json:
    words = {} if text is None else {"text": text}
    return item(message={"mid": "m_one", **words, **fields})


def sent(kind: str, **payload: Json) -> Json:
    return message(None, attachments=[{"type": kind, "payload": {"url": "https://cdn.example/one", **payload}}])


def change(field: str, **value: Json) -> Json:
    return {"field": field, "value": value}


def feed(item_: str = "comment", verb: str = "add", **value: Json) -> Json:
    writer = {"id": PERSON, "name": "A person"}
    ids = {"post_id": POST, "comment_id": COMMENT, "parent_id": POST}
    return change("feed", item=item_, verb=verb, created_time=AT_SECONDS, **{"from": writer, **ids, **value})


MESSAGES = {
    "text": message(),
    "text with a reply": message(reply_to={"mid": "m_zero", "is_self_reply": False}),
    "quick reply": message(quick_reply={"payload": "MORE"}),
    "story reply": message(reply_to={"story": {"id": "18000000000000001", "url": "https://cdn.example/story"}}),
    "photo": sent("image"),
    "place": message(None, attachments=[{"type": "location", "payload": {"coordinates": {"lat": 51.0, "long": -1.8}}}]),
    "link": message(
        None, attachments=[{"type": "fallback", "title": "A page", "url": "https://a.example", "payload": None}]
    ),
    "old sticker": message(None, sticker_id=369, attachments=[{"type": "image", "payload": {"sticker_id": 369}}]),
    "sticker": sent("sticker", sticker_id="369"),
    "story mention": sent("story_mention"),
    "template": message(None, attachments=[{"type": "template", "payload": {"template_type": "generic"}}]),
    "unsupported": message(None, is_unsupported=True),
    "unsent": message(None, is_deleted=True),
    "echo": item(
        PERSON,
        ACCOUNT,
        message={"mid": "m_two", "text": "Call 101", "is_echo": True, "app_id": 9, "metadata": "signpost:k"},
    ),
    "own": item(PERSON, ACCOUNT, message={"mid": "m_three", "text": "Good morning"}),
    "edit": item(message_edit={"mid": "m_one", "text": "Somebody has taken both benches", "num_edit": 1}),
    "postback": item(postback={"mid": "m_four", "title": "Report it", "payload": "REPORT", "referral": {"ref": "a"}}),
    "old postback": item(postback={"title": "Report it", "payload": "REPORT"}),
    "reaction": item(reaction={"mid": "m_one", "action": "react", "reaction": "love", "emoji": "❤"}),
    "read": item(read={"watermark": AT}),
    "delivery": item(delivery={"mids": ["m_two"], "watermark": AT}),
    "referral": item(referral={"ref": "a", "source": "SHORTLINK", "type": "OPEN_THREAD"}),
    "optin": item(optin={"ref": "a", "user_ref": "b"}),
    "account linking": item(account_linking={"status": "unlinked"}),
    "policy": {
        "recipient": {"id": ACCOUNT},
        "timestamp": AT,
        "policy-enforcement": {"action": "warning", "reason": "spam"},
    },
    "passed on": item(pass_thread_control={"new_owner_app_id": 263902037430900, "metadata": "m"}),
    "taken": item(take_thread_control={"previous_owner_app_id": "900", "metadata": "m"}),
    "asked for": item(request_thread_control={"requested_owner_app_id": 263902037430900, "metadata": "m"}),
    "app roles": {"recipient": {"id": ACCOUNT}, "timestamp": AT, "app_roles": {"900": ["primary_receiver"]}},
}
CHANGES = {
    "comment": feed(message="They are on the roof of the school again"),
    "comment without its writer": change(
        "feed", item="comment", verb="add", comment_id=COMMENT, post_id=POST, message="Hm"
    ),
    "comment with a photo": feed(photo="https://cdn.example/two"),
    "comment edited": feed(verb="edited", message="They were on the roof of the school"),
    "comment removed": feed(verb="remove"),
    "comment hidden": feed(verb="hide"),
    "own comment": feed(message="Thank you all", **{"from": {"id": ACCOUNT, "name": "Our page"}}),
    "visitor's post": feed("post", message="My gate was kicked in", comment_id=None),
    "visitor's photo": feed("photo", photo_id="5", link="https://cdn.example/three"),
    "status": feed("status", message="The fair is on Saturday", published=1),
    "like": feed("like"),
    "reaction": feed("reaction", reaction_type="wow"),
    "share": feed("share", message="Look at this", share_id="6"),
    "mention": change(
        "mention", item="comment", verb="add", comment_id=COMMENT, post_id=POST, message="Ask the police"
    ),
    "review": change(
        "ratings",
        item="rating",
        verb="add",
        reviewer_id=PERSON,
        open_graph_story_id="8",
        review_text="Never there",
        rating=1,
    ),
    "review's comment": change(
        "ratings", item="comment", verb="add", comment_id="8_9", message="Nor here", **{"from": {"id": 1}}
    ),
    "message as a change": change("messages", **message()),
    "something new": change("foo", bar=[1, {"baz": None}]),
}
PICTURE_CHANGES = {
    "comment": change(
        "comments",
        id="17900000000000001",
        text="Who do I tell about this?",
        media={"id": "17800000000000001", "media_product_type": "FEED"},
        **{"from": {"id": PERSON, "username": "somebody"}},
    ),
    "live comment": change("live_comments", id="17900000000000002", text="Hello", **{"from": {"id": PERSON}}),
    "own comment": change("comments", id="17900000000000003", text="Thanks", **{"from": {"id": PICTURES}}),
    "reply": change(
        "comments", id="17900000000000004", parent_id="17900000000000001", text="Them", **{"from": {"id": PERSON}}
    ),
    "mention": change("mentions", media_id="17800000000000002", comment_id="17900000000000005"),
    "insights": change("story_insights", media_id="17800000000000003", reach=12),
}
WHOLE = {
    "several accounts": {
        "object": "page",
        "entry": [
            page(message())["entry"][0],
            page(feed(message="And mine"), part="changes", account="100")["entry"][0],
        ],
    },
    "several kinds": page(message(), item(read={"watermark": AT}), message("And the swings", mid="m_five")),
    "numbers for ids": page(
        item(100000000000001, 7000000000000001, message={"mid": "m_six", "text": "Hello"}), account=100
    ),
    "no object, times in words": {
        "entry": [
            {
                "id": PICTURES,
                "time": "2026-11-20T10:00:00+0000",
                "messaging": [{**message(), "timestamp": "2026-11-20"}],
            }
        ]
    },
    "field on the entry": {
        "object": "instagram",
        "entry": [{"id": PICTURES, "time": AT_SECONDS, **PICTURE_CHANGES["comment"]}],
    },
    "nothing in it": page(),
    "no entries": {"object": "page", "entry": []},
    "about people": {"object": "user", "entry": []},
}

META: dict[str, Json] = {
    **{f"messenger: {name}": page(one) for name, one in MESSAGES.items()},
    **{f"instagram: {name}": pictures({**one, "recipient": {"id": PICTURES}}) for name, one in MESSAGES.items()},
    **{f"standby: {name}": page(MESSAGES[name], part="standby") for name in ("text", "photo", "echo", "postback")},
    **{f"page: {name}": page(one, part="changes") for name, one in CHANGES.items()},
    **{f"pictures: {name}": pictures(one, part="changes") for name, one in PICTURE_CHANGES.items()},
    **WHOLE,
}
"""Every body by a name that tells what it is."""
