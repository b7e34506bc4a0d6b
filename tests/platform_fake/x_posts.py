"""Messages and posts as X takes them, with all the reasons for which they are refused."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from signpost.force.length import measure

from . import x_errors
from .lengths import LENGTHS
from .profiles import X
from .services import Services
from .world import APP, PERSON, Item
from .x_events import XEvents

RECENT = timedelta(hours=24)
"""For how long the same text counts as said before."""
MESSAGE_FIELDS = frozenset({"text", "attachments"})
POST_FIELDS = frozenset(
    {
        "card_uri", "community_id", "direct_message_deep_link", "edit_options", "for_super_followers_only", "geo",
        "made_with_ai", "media", "nullcast", "paid_partnership", "poll", "quote_tweet_id", "reply", "reply_settings",
        "share_with_followers", "text",
    }
)  # fmt: skip
REPLY_FIELDS = frozenset({"auto_populate_reply_metadata", "exclude_reply_user_ids", "in_reply_to_tweet_id"})


class XPosts:
    """What the account writes. ``envelope``: in which of its forms X tells of it."""

    def __init__(self, services: Services, envelope: Callable[[], str]) -> None:
        self._services = services
        self._envelope = envelope
        self._events = XEvents(services)
        self._last_said: dict[tuple[str, str, str], datetime] = {}

    def message(self, person: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Takes a message in private, or raises a refusal."""
        text = _text(body, MESSAGE_FIELDS)
        if measure(text, LENGTHS["x_dm"].unit) > LENGTHS["x_dm"].longest:
            raise x_errors.invalid("The text of your direct message is over the max character limit.", text="")
        world = self._services.world
        if ("x", person) not in world.people and not self._services.limits.strangers:
            raise x_errors.not_found("user", "participant_id", person)
        with world.lock:
            if self._said_before("x_dm", person, text):
                raise x_errors.forbidden(x_errors.DUPLICATE_MESSAGE)
            item = self._take(Item(self._services.ids.x(), "x_dm", X.id, person, APP, text, self._services.clock()))
        self._services.tell([self._events.message(item, self._envelope())])
        first, second = sorted((int(person), int(X.id)))
        return {"dm_conversation_id": f"{first}-{second}", "dm_event_id": item.platform_id}

    def post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Takes a post or a reply, or raises a refusal."""
        text = _text(body, POST_FIELDS)
        if measure(text, LENGTHS["x_mention"].unit) > LENGTHS["x_mention"].longest:
            raise x_errors.invalid(x_errors.TOO_LONG)
        above = self._answered(body)
        with self._services.world.lock:
            if self._said_before("x_mention", "", text):
                raise x_errors.forbidden(x_errors.DUPLICATE)
            person, parent = (above.person, above.platform_id) if above else ("", "")
            now = self._services.clock()
            item = Item(self._services.ids.x(), "x_mention", X.id, person, APP, text, now, parent=parent)
            self._take(item)
        self._services.tell([self._events.post(item, "post.create", self._envelope())])
        return {"id": item.platform_id, "text": text, "edit_history_post_ids": [item.platform_id]}

    def _take(self, item: Item) -> Item:
        way = "public_reply" if item.channel == "x_mention" else "message"
        sent = self._services.world.take(item, way, in_reply_to=item.parent)
        self._services.journal.write("sent", item.at, **{k: v for k, v in vars(sent).items() if k != "at"})
        return item

    def _answered(self, body: Mapping[str, Any]) -> Item | None:
        """The post that is replied to, if any; only one that summons the account may be (X's developer terms)."""
        reply = body.get("reply")
        quoted = body.get("quote_tweet_id")
        if reply is None and quoted is None:
            return None
        if reply is not None and (not isinstance(reply, Mapping) or not reply.keys() <= REPLY_FIELDS):
            raise x_errors.invalid("The reply is not one of the documented form.", reply="")
        above_id = str(reply.get("in_reply_to_tweet_id", "") if reply is not None else quoted)
        if not above_id.isdecimal():
            raise x_errors.invalid("The in_reply_to_tweet_id is not a post's id.", in_reply_to_tweet_id=above_id)
        above = self._services.world.items.get(above_id)
        if above is None and self._services.limits.strangers:
            return Item(above_id, "x_mention", X.id, "0", PERSON, "", self._services.clock())
        if above is None or above.deleted or above.channel != "x_mention":
            raise x_errors.forbidden(x_errors.NOT_VISIBLE)
        if not above.mentions and above.author == PERSON:
            raise x_errors.forbidden(x_errors.NOT_MENTIONED)
        return above

    def _said_before(self, channel: str, person: str, text: str) -> bool:
        """Whether the account said just this within the day: to this person in private, to anybody in public."""
        since = self._services.clock() - RECENT
        key = (channel, person, " ".join(text.split()).casefold())
        if self._last_said.get(key, since) > since:
            return True
        self._last_said[key] = self._services.clock()
        return False


def _text(body: Mapping[str, Any], fields: frozenset[str]) -> str:
    """The text of a body that has no other fields than the documented ones."""
    for name in body.keys() - fields:
        raise x_errors.invalid(
            f"$.{name}: is not defined in the schema and the schema does not allow additional properties"
        )
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise x_errors.invalid("$.text: must not be empty", text="")
    return text
