"""What X tells of messages and posts: its activity (XAA), and the older account activity (AAA)."""

import base64
from datetime import datetime
from typing import Any

from .clock import epoch
from .event import Event
from .event import X as HOLDER
from .profiles import X
from .services import Services
from .world import PERSON, Item

_METRICS = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")


class XEvents:
    """Makes X's events in the envelope asked for."""

    def __init__(self, services: Services) -> None:
        self._world = services.world
        self._ids = services.ids
        self._chance = services.chance

    def message(self, item: Item, envelope: str) -> Event:
        """A message in private, received or sent."""
        received = item.author == PERSON
        sender, target = (item.person, item.account) if received else (item.account, item.person)
        payload: dict[str, Any] = {
            "direct_message_events": [
                {
                    "type": "message_create",
                    "id": item.platform_id,
                    "created_timestamp": str(int(epoch(item.at) * 1000)),
                    "message_create": {
                        "target": {"recipient_id": target},
                        "sender_id": sender,
                        "message_data": {
                            "text": item.text,
                            "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
                        },
                    },
                }
            ]
        }
        if item.kind == "photo":
            data = payload["direct_message_events"][0]["message_create"]["message_data"]
            data["attachment"] = {"type": "media", "media": {"id": self._ids.x(), "type": "photo"}}
        kind = "dm.received" if received else "dm.sent"
        if envelope == "aaa":
            payload["users"] = {who: self._old_user(who, item.at) for who in (sender, target)}
            return self._aaa(kind, payload, item)
        payload["users"] = {who: {"data": self._user(who)} for who in (sender, target)}
        return self._xaa(kind, "dm-inbound" if received else "dm-outbound", payload, item)

    def ciphertext(self, item: Item) -> Event:
        """An encrypted message of XChat, which nobody without its keys can read."""
        noise = base64.b64encode(self._chance.randbytes(60)).decode()
        payload = {
            "conversation_token": f"rehearsal.{noise[:20]}",
            "id": item.platform_id,
            "created_at_msec": str(int(epoch(item.at) * 1000)),
            "sender_id": item.person,
            "conversation_id": f"{item.person}:{item.account}",
            "conversation_key_version": "1768236281331",
            "encoded_event": noise,
            "conversation_key_change_event": noise[:50],
            "message_event_signature": {
                "public_key_version": "1765382634817",
                "signature": noise[:40],
                "signature_version": "7",
                "signing_public_key": noise,
            },
        }
        return self._xaa("chat.received", "chat-inbound", payload, item)

    def post(self, item: Item, kind: str, envelope: str) -> Event:
        """A post: ``kind`` is the event's type, such as ``post.mention.create``."""
        if envelope == "aaa":
            return self._aaa(kind, {"tweet_create_events": [self._old_post(item)]}, item)
        writer = item.person if item.author == PERSON else item.account
        post = self._post(item, writer)
        includes = {"users": [self._user(writer), self._user(item.account)], "tweets": [post]}
        return self._xaa(kind, kind.split(".")[1], post, item, includes)

    def deletion(self, item: Item, envelope: str) -> Event:
        writer = item.person if item.author == PERSON else item.account
        if envelope == "aaa":
            status = {"id": item.platform_id, "user_id": writer}
            told = [{"status": status, "timestamp_ms": str(int(epoch(item.at) * 1000))}]
            return self._aaa("post.delete", {"tweet_delete_events": told}, item)
        payload = {"id": item.platform_id, "author_id": writer}
        return self._xaa("post.delete", "post-deletes", payload, item, {"users": [{"data": self._user(writer)}]})

    def unknown(self, at: datetime) -> Event:
        """Something of a kind that nobody has documented."""
        payload = {"date_time": at.isoformat()}
        body = {"event_uuid": self._uuid(), "filter": {}, "event_type": "tarot.card.turned", "payload": payload}
        return Event("x", X.id, "", HOLDER, {"data": body})

    def _xaa(
        self, kind: str, tag: str, payload: dict[str, Any], item: Item, includes: dict[str, Any] | None = None
    ) -> Event:
        data: dict[str, Any] = {
            "event_uuid": self._uuid(),
            "filter": {"user_id": item.account},
            "event_type": kind,
            "tag": tag,
            "payload": payload,
        }
        if includes is not None:
            data["includes"] = includes
        return Event("x", item.account, kind, HOLDER, {"data": data}, about=item.platform_id)

    def _aaa(self, kind: str, told: dict[str, Any], item: Item) -> Event:
        return Event("x", item.account, kind, HOLDER, {"for_user_id": item.account, **told}, about=item.platform_id)

    def _uuid(self) -> str:
        return str(self._chance.randrange(-(2**63), 2**63))

    def _username(self, who: str) -> str:
        return X.username if who == X.id else self._world.name_of("x", who).replace(" ", "_")

    def _user(self, who: str) -> dict[str, Any]:
        counts = ("followers_count", "following_count", "tweet_count", "listed_count", "like_count", "media_count")
        return {
            "id": who,
            "name": X.name if who == X.id else self._world.name_of("x", who),
            "username": self._username(who),
            "created_at": "2024-01-01T00:00:00.000Z",
            "description": "",
            "protected": False,
            "verified": False,
            "verified_type": "none",
            "is_identity_verified": False,
            "profile_image_url": "https://cdn.example/profile.png",
            "public_metrics": _numbers(counts),
            "url": "",
        }

    def _old_user(self, who: str, at: datetime) -> dict[str, Any]:
        return {
            "id": who,
            "created_timestamp": str(int(epoch(at) * 1000)),
            "name": X.name if who == X.id else self._world.name_of("x", who),
            "screen_name": self._username(who),
            "protected": False,
            "verified": False,
            "followers_count": 1,
            "friends_count": 1,
            "statuses_count": 1,
            "profile_image_url_https": "https://cdn.example/profile.png",
        }

    def _post(self, item: Item, writer: str) -> dict[str, Any]:
        post: dict[str, Any] = {
            "id": item.platform_id,
            "text": item.text,
            "author_id": writer,
            "created_at": item.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "edit_history_tweet_ids": [item.platform_id],
            "conversation_id": item.parent or item.platform_id,
            "display_text_range": [0, len(item.text)],
            "edit_controls": {"edits_remaining": 5, "edits_remaining_str": "5", "is_edit_eligible": not item.parent},
            "lang": "en",
            "paid_partnership": False,
            "possibly_sensitive": False,
            "public_metrics": _numbers(_METRICS),
            "reply_settings": "everyone",
        }
        start = item.text.lower().find(f"@{X.username}".lower())
        if start >= 0:
            end = start + len(X.username) + 1
            mention = {"start": start, "start_str": str(start), "end": end, "end_str": str(end)}
            post["entities"] = {"mentions": [{**mention, "username": X.username, "id": X.id}]}
        if item.kind == "quote":
            post["referenced_tweets"] = [{"type": "quoted", "id": item.parent}]
        elif item.parent:
            post["in_reply_to_tweet_id"] = item.parent
            post["in_reply_to_user_id"] = item.account if item.author == PERSON else item.person
            post["referenced_tweets"] = [{"type": "replied_to", "id": item.parent}]
        return post

    def _old_post(self, item: Item) -> dict[str, Any]:
        writer = item.person if item.author == PERSON else item.account
        answered = item.parent if item.parent and item.kind != "quote" else None
        return {
            "created_at": item.at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
            "id": int(item.platform_id),
            "id_str": item.platform_id,
            "text": item.text,
            "truncated": False,
            "in_reply_to_status_id": int(answered) if answered else None,
            "in_reply_to_status_id_str": answered,
            "in_reply_to_user_id": int(item.account) if answered else None,
            "in_reply_to_user_id_str": item.account if answered else None,
            "in_reply_to_screen_name": X.username if answered else None,
            "user": {
                "id": int(writer),
                "id_str": writer,
                "name": X.name if writer == X.id else self._world.name_of("x", writer),
                "screen_name": self._username(writer),
            },
            "is_quote_status": item.kind == "quote",
            "entities": {
                "user_mentions": [{"screen_name": X.username, "id": int(X.id), "id_str": X.id}] if item.mentions else []
            },
        }


def _numbers(names: tuple[str, ...]) -> dict[str, Any]:
    """Counts as X gives them, each as a number and as text."""
    return {key: value for name in names for key, value in ((name, 0), (f"{name}_str", "0"))}
