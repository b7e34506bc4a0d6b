"""Meta's Send API: private messages and private replies, with all the reasons for which they are refused."""

from collections.abc import Mapping
from typing import Any

from signpost.force.length import measure

from . import secrets, windows
from .answer import Answer, Call
from .clock import epoch
from .graph_errors import refusal
from .lengths import LENGTHS
from .meta_events import echo, thread_control
from .profiles import Profile
from .services import Services
from .world import APP, PERSON, Item

TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
ACTIONS = ("mark_seen", "typing_on", "typing_off", "react", "unreact")
LONGEST_METADATA = 1000
_BURST_SECONDS, _HOUR = 1.0, 3600.0


class Messages:
    """``POST /{page or profile}/messages``."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def answer(self, profile: Profile, call: Call) -> Answer:
        """Takes the message and answers with its id, or raises a refusal."""
        recipient = call.body.get("recipient")
        if not isinstance(recipient, Mapping) or len(recipient.keys() & {"id", "comment_id", "post_id"}) != 1:
            raise refusal(100, message="(#100) The parameter recipient is required")
        if call.body.get("sender_action"):
            return self._action(profile, call, recipient)
        _check_type(call)
        text, metadata = _contents(profile, call)
        under = str(recipient.get("comment_id") or recipient.get("post_id") or "")
        with self._services.world.lock:
            person = self._privately(profile, under) if under else self._addressed(profile, recipient)
            self._limit(profile, private_reply=bool(under))
            if under:
                self._services.world.privately_answered.add(under)
            facebook = profile.platform == "facebook"
            item = Item(
                self._services.ids.messenger() if facebook else self._services.ids.instagram_message(),
                "messenger" if facebook else "instagram_dm",
                profile.id,
                person,
                APP,
                text,
                self._services.clock(),
                parent=under,
            )
            way = "private_reply" if under else "message"
            sent = self._services.world.take(item, way, in_reply_to=under, key=metadata)
        self._services.journal.write("sent", item.at, **{k: v for k, v in vars(sent).items() if k != "at"})
        self._services.tell([echo(item, secrets.APP_ID, metadata)])
        return Answer(200, {"recipient_id": person, "message_id": item.platform_id})

    def thread_control(self, profile: Profile, edge: str, call: Call) -> Answer:
        """Passes a conversation on, takes it back or lets go of it."""
        recipient = call.body.get("recipient")
        person = str(recipient.get("id", "")) if isinstance(recipient, Mapping) else ""
        if (profile.platform, person) not in self._services.world.people:
            raise refusal(100, 2018001)
        key = (profile.id, person)
        with self._services.world.lock:
            before = self._services.world.owners.pop(key, secrets.APP_ID)
            after = str(call.body.get("target_app_id") or profile.inbox) if edge != "take_thread_control" else ""
            if after and after != secrets.APP_ID:
                self._services.world.owners[key] = after
        marker = Item("", "", profile.id, person, PERSON, "", self._services.clock())
        self._services.tell([thread_control(marker, after or secrets.APP_ID, before)])
        return Answer(200, {"success": True})

    def _action(self, profile: Profile, call: Call, recipient: Mapping[str, Any]) -> Answer:
        if call.body["sender_action"] not in ACTIONS or call.body.get("message"):
            raise refusal(100, message=f"(#100) sender_action must be one of {', '.join(ACTIONS)} and stand alone")
        return Answer(200, {"recipient_id": self._addressed(profile, recipient)})

    def _addressed(self, profile: Profile, recipient: Mapping[str, Any]) -> str:
        person = str(recipient.get("id", ""))
        world = self._services.world
        if (profile.platform, person) not in world.people:
            if not self._services.limits.strangers:
                raise refusal(100, 2018001)
            return person
        if world.owners.get((profile.id, person), secrets.APP_ID) != secrets.APP_ID:
            raise refusal(10, 2018300)
        if not windows.may_write(world.last_said[profile.id].get(person), self._services.clock()):
            raise refusal(10, 2018278)
        return person

    def _privately(self, profile: Profile, under: str) -> str:
        """The person who wrote the comment, if it may still be answered in private."""
        item = self._services.world.items.get(under)
        if item is None or item.account != profile.id or item.deleted or item.author != PERSON:
            if item is None and self._services.limits.strangers:
                return "0"
            raise refusal(100, 2018292)
        if under in self._services.world.privately_answered:
            code = {2534014: 10, 2534039: 10903}[self._services.limits.repeated_private_reply]
            raise refusal(code, self._services.limits.repeated_private_reply)
        if not windows.may_reply_privately(item.at, self._services.clock()):
            raise refusal(10, 2018278)
        return item.person

    def _limit(self, profile: Profile, *, private_reply: bool) -> None:
        now = epoch(self._services.clock())
        limits = self._services.limits
        if private_reply:
            level = self._services.buckets.take(("private", profile.id), now, limits.private_replies, _HOUR)
        else:
            level = self._services.buckets.take(("texts", profile.id), now, limits.page_texts, _BURST_SECONDS)
        if level.refused:
            raise refusal(613)


def _check_type(call: Call) -> None:
    kind = call.body.get("messaging_type", "RESPONSE")
    if kind not in TYPES:
        raise refusal(100, message=f"(#100) Param messaging_type must be one of {{{', '.join(TYPES)}}}")
    tag = call.body.get("tag")
    if kind == "MESSAGE_TAG" and (tag not in windows.TAGS or tag in windows.RETIRED_TAGS):
        raise refusal(100, message="(#100) Param tag is not supported")
    if kind == "MESSAGE_TAG":
        # The app of a rehearsal has been granted none: HUMAN_AGENT is for what a human wrote.
        raise refusal(10)


def _contents(profile: Profile, call: Call) -> tuple[str, str]:
    """Text and metadata of the message."""
    message = call.body.get("message")
    if not isinstance(message, Mapping) or not isinstance(message.get("text"), str) or not message["text"].strip():
        raise refusal(100, 2018034, message="(#100) Message cannot be empty, must provide valid attachment or text")
    text, metadata = message["text"], message.get("metadata", "")
    limit = LENGTHS["messenger" if profile.platform == "facebook" else "instagram_dm"]
    if measure(text, limit.unit) > limit.longest:
        raise refusal(
            100, message=f"(#100) Length of param message[text] must be less than or equal to {limit.longest}"
        )
    if not isinstance(metadata, str) or len(metadata) > LONGEST_METADATA:
        raise refusal(100, message="(#100) Length of param message[metadata] must be less than or equal to 1000")
    return text, metadata
