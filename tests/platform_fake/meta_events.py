"""What Meta tells of messages and comments (Messenger, page and Instagram webhook documentation)."""

from typing import Any

from .clock import epoch
from .event import CHANGES, ENTRY, MESSAGING, STANDBY, Event
from .options import Habits
from .profiles import PROFILES
from .world import PERSON, Item, World

ATTACHMENTS: dict[str, dict[str, Any]] = {
    "photo": {"type": "image", "payload": {"url": "https://cdn.example/photo.jpg"}},
    "video": {"type": "video", "payload": {"url": "https://cdn.example/video.mp4"}},
    "story_mention": {"type": "story_mention", "payload": {"url": "https://cdn.example/story.jpg"}},
    "share": {"type": "share", "payload": {"url": "https://cdn.example/post"}},
}
STICKER = {"type": "image", "payload": {"url": "https://cdn.example/sticker.png", "sticker_id": 369239263222822}}


def platform_of(item: Item) -> str:
    return PROFILES[item.account].platform if item.account in PROFILES else "facebook"


def message(item: Item, *, standby: bool = False) -> Event:
    """Somebody wrote to the account in private."""
    if item.kind == "postback":
        happened: dict[str, Any] = {
            "postback": {"mid": item.platform_id, "title": item.text, "payload": "REHEARSAL_PAYLOAD"}
        }
        return _messaging(item, "messaging_postbacks", happened, standby=standby)
    told: dict[str, Any] = {"mid": item.platform_id}
    if item.text:
        told["text"] = item.text
    if item.kind == "sticker":
        told |= {"sticker_id": 369239263222822, "attachments": [STICKER]}
    elif item.kind == "unsupported":
        told["is_unsupported"] = True
    elif item.kind == "story_reply":
        told["reply_to"] = {"story": {"url": "https://cdn.example/story.jpg", "id": "17900000000000301"}}
    elif item.kind in ATTACHMENTS:
        told["attachments"] = [ATTACHMENTS[item.kind]]
    return _messaging(item, "messages", {"message": told}, standby=standby)


def echo(item: Item, app_id: str, metadata: str = "", *, standby: bool = False) -> Event:
    """The account wrote: Messenger tells so under a subscription of its own, Instagram among the messages.

    Instagram's echoes carry no metadata.
    """
    told: dict[str, Any] = {"mid": item.platform_id, "text": item.text, "is_echo": True}
    facebook = platform_of(item) == "facebook"
    told["app_id"] = int(app_id)
    if facebook and metadata:
        told["metadata"] = metadata
    return _messaging(item, "message_echoes" if facebook else "messages", {"message": told}, standby=standby)


def message_edit(item: Item) -> Event:
    told = {"mid": item.platform_id, "text": item.text, "num_edit": item.edits}
    return _messaging(item, "message_edits", {"message_edit": told})


def unsend(item: Item) -> Event:
    return _messaging(item, "messages", {"message": {"mid": item.platform_id, "is_deleted": True}})


def reaction(item: Item) -> Event:
    told = {"mid": item.platform_id, "action": "react", "reaction": "love", "emoji": "\u2764"}
    return _messaging(item, "message_reactions", {"reaction": told})


def thread_control(item: Item, to_app: str, from_app: str) -> Event:
    """A conversation was passed on; ``item`` says whose."""
    told = {"previous_owner_app_id": from_app, "new_owner_app_id": to_app, "metadata": ""}
    return _messaging(item, "messaging_handovers", {"pass_thread_control": told})


def _messaging(item: Item, field: str, happened: dict[str, Any], *, standby: bool = False) -> Event:
    sender, recipient = item.person, item.account
    if item.author != PERSON:
        sender, recipient = recipient, sender
    body = {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": int(epoch(item.at) * 1000),
        **happened,
    }
    return Event(
        platform_of(item), item.account, field, STANDBY if standby else MESSAGING, body, about=item.platform_id
    )


def comment(world: World, item: Item, habits: Habits, verb: str = "add") -> Event:
    """A comment was written, changed, hidden or removed. Instagram tells of new ones only."""
    profile = PROFILES[item.account]
    writer = item.person if item.author == PERSON else profile.id
    name = world.name_of(profile.platform, writer) if item.author == PERSON else profile.name
    if profile.platform == "instagram":
        return _instagram_comment(item, habits, writer, name)
    post = f"{profile.id}_{profile.post}"
    value: dict[str, Any] = {
        "from": {"id": writer, "name": name},
        "post": {"permalink_url": f"https://www.facebook.com/{profile.id}/posts/{profile.post}", "id": post},
        "item": "comment",
        "verb": verb,
        "comment_id": item.platform_id,
        "post_id": post,
        "parent_id": item.parent or post,
        "created_time": int(epoch(item.at)),
    }
    if verb != "remove":
        value["message"] = item.text
    if verb in ("hide", "unhide"):
        value["is_hidden"] = verb == "hide"
    if item.kind == "photo":
        value["photo"] = "https://cdn.example/photo.jpg"
    if habits.without_from:
        del value["from"]
    return Event("facebook", profile.id, "feed", CHANGES, {"field": "feed", "value": value}, about=item.platform_id)


def _instagram_comment(item: Item, habits: Habits, writer: str, name: str) -> Event:
    profile = PROFILES[item.account]
    value: dict[str, Any] = {
        "id": item.platform_id,
        "text": item.text,
        "from": {"id": writer, "username": name.lower().replace(" ", "_")},
        "media": {"id": profile.post, "media_product_type": "FEED"},
    }
    if item.parent:
        value["parent_id"] = item.parent
    if habits.without_from:
        del value["from"]
    holder = ENTRY if habits.comments == "entry" else CHANGES
    return Event("instagram", profile.id, "comments", holder, {"field": "comments", "value": value}, item.platform_id)


def feed_reaction(world: World, item: Item) -> Event:
    """Somebody liked a comment."""
    profile = PROFILES[item.account]
    post = f"{profile.id}_{profile.post}"
    value = {
        "from": {"id": item.person, "name": world.name_of("facebook", item.person)},
        "item": "reaction",
        "verb": "add",
        "reaction_type": "love",
        "post_id": post,
        "comment_id": item.platform_id,
        "parent_id": post,
        "created_time": int(epoch(item.at)),
    }
    return Event("facebook", profile.id, "feed", CHANGES, {"field": "feed", "value": value}, about=item.platform_id)


def unknown(platform: str, account: str, at: float) -> Event:
    """Something of a kind that nobody has documented."""
    body = {"field": "tarot_cards", "value": {"item": "card", "verb": "turn", "created_time": int(at)}}
    return Event(platform, account, "", CHANGES, body)
