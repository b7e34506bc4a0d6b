"""What members of the public and the force's staff do on the platforms: write, change, take back, hand over."""

from dataclasses import replace

from . import meta_events, secrets
from .event import Event
from .ids import person_id
from .options import BadOption, Habits
from .profiles import CHANNELS, PROFILES, PUBLIC, Profile, X, profile_for
from .services import Services
from .world import PERSON, STAFF, Item, Person
from .x_events import XEvents

KINDS = {
    "messenger": ("text", "photo", "video", "sticker", "share", "postback", "story_reply", "unsupported"),
    "facebook_comment": ("text", "photo"),
    "instagram_dm": ("text", "photo", "video", "share", "postback", "story_reply", "story_mention", "unsupported"),
    "instagram_comment": ("text",),
    "x_dm": ("text", "photo", "ciphertext"),
    "x_mention": ("text", "reply", "quote", "bystander"),
}
"""What may be said on each channel. ``bystander``: a post that doesn't name the account at all, and so isn't told of."""
WORDLESS = frozenset({"photo", "video", "sticker", "share", "story_mention", "unsupported", "ciphertext"})
LONGEST = 20_000


class People:
    """Each method changes the world and gives back what the platform tells of it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._x_events = XEvents(services)
        self._world = services.world
        self._nobody = 0

    def say(  # noqa: PLR0913  # each says something of its own about the message, and may be left out
        self,
        channel: str,
        text: str,
        habits: Habits,
        *,
        person: str = "",
        account: str = "",
        kind: str = "text",
        parent: str = "",
    ) -> tuple[Item, list[Event]]:
        """Somebody writes. ``person``: a name or an id; without one, somebody new. Raises :class:`BadOption`."""
        profile = _profile(channel, account)
        _check(channel, kind, text)
        who = self._person(profile, person)
        item = Item(
            self._new_id(channel, profile, kind),
            channel,
            profile.id,
            who,
            PERSON,
            text,
            self._services.clock(),
            kind=kind,
            parent=self._parent(channel, profile, kind, parent),
        )
        if channel == "x_mention":
            item.mentions = kind != "bystander"
            if kind in ("text", "reply") and f"@{X.username}".lower() not in text.lower():
                item.text = f"@{X.username} {text}"
        with self._world.lock:
            self._world.items[item.platform_id] = item
            if channel not in PUBLIC:
                self._world.last_said[profile.id][who] = item.at
        return item, self._told(item, habits)

    def edit(self, item: Item, text: str, habits: Habits) -> list[Event]:
        """Somebody changes what they wrote. X makes a new post of it; where a platform can't, :class:`BadOption`."""
        if item.channel == "x_mention":
            changed = replace(item, platform_id=self._services.ids.x(), text=text, at=self._services.clock())
            with self._world.lock:
                item.deleted = True
                self._world.items[changed.platform_id] = changed
            return self._told(changed, habits)
        if item.channel not in ("messenger", "facebook_comment", "instagram_dm"):
            raise BadOption(f"Nothing can be changed on {item.channel} once it is written.")
        with self._world.lock:
            item.text, item.edits = text, item.edits + 1
        if item.channel == "facebook_comment":
            return [meta_events.comment(self._world, item, habits, "edited")]
        return [meta_events.message_edit(item)]

    def remove(self, item: Item, habits: Habits) -> list[Event]:
        """Somebody takes back what they wrote. Instagram doesn't tell of comments, nor X of messages."""
        with self._world.lock:
            item.deleted = True
        if item.channel in ("messenger", "instagram_dm"):
            return [meta_events.unsend(item)]
        if item.channel == "facebook_comment":
            return [meta_events.comment(self._world, item, habits, "remove")]
        return [self._x_events.deletion(item, habits.envelope)] if item.channel == "x_mention" else []

    def react(self, item: Item) -> list[Event]:
        """Somebody likes it. Of a like on X or under Instagram nobody is told."""
        if item.channel in ("messenger", "instagram_dm"):
            return [meta_events.reaction(item)]
        return [meta_events.feed_reaction(self._world, item)] if item.channel == "facebook_comment" else []

    def hide(self, item: Item, habits: Habits, *, again_seen: bool = False) -> list[Event]:
        """Staff hide a comment on the page, or show it again."""
        if item.channel != "facebook_comment":
            raise BadOption("Only comments on a page can be hidden.")
        return [meta_events.comment(self._world, item, habits, "unhide" if again_seen else "hide")]

    def staff_reply(self, item: Item, text: str, habits: Habits) -> tuple[Item, list[Event]]:
        """A member of staff answers by hand, with the platform's own inbox."""
        profile = PROFILES[item.account]
        reply = Item(
            self._new_id(item.channel, profile, "text"),
            item.channel,
            profile.id,
            item.person,
            STAFF,
            text,
            self._services.clock(),
            parent=item.platform_id if item.channel in PUBLIC else "",
        )
        with self._world.lock:
            self._world.items[reply.platform_id] = reply
        if item.channel in ("messenger", "instagram_dm"):
            return reply, [meta_events.echo(reply, profile.inbox)]
        if item.channel == "x_dm":
            return reply, [self._x_events.message(reply, habits.envelope)]
        if item.channel == "x_mention":
            return reply, [self._x_events.post(reply, "post.create", habits.envelope)]
        return reply, [meta_events.comment(self._world, reply, habits)]

    def hand_over(self, item: Item, *, back: bool = False) -> list[Event]:
        """The conversation passes to the platform's inbox, or back to the app."""
        if item.channel not in ("messenger", "instagram_dm"):
            raise BadOption("Only conversations of Messenger and Instagram are handed over.")
        inbox = PROFILES[item.account].inbox
        from_app, to_app = (inbox, secrets.APP_ID) if back else (secrets.APP_ID, inbox)
        with self._world.lock:
            self._world.owners[item.account, item.person] = to_app
        return [meta_events.thread_control(replace(item, platform_id=""), to_app, from_app)]

    def _person(self, profile: Profile, who: str) -> str:
        with self._world.lock:
            if not who:
                self._nobody += 1
                who = f"Resident {self._nobody}"
            found = person_id(profile.platform, profile.id, who)
            self._world.people.setdefault((profile.platform, found), Person(found, who))
            return found

    def _new_id(self, channel: str, profile: Profile, kind: str) -> str:
        ids = self._services.ids
        if channel == "messenger":
            return ids.messenger()
        if channel == "instagram_dm":
            return ids.instagram_message()
        if channel == "facebook_comment":
            return ids.facebook_comment(profile.post)
        return ids.instagram_comment() if channel == "instagram_comment" else ids.x()

    def _parent(self, channel: str, profile: Profile, kind: str, parent: str) -> str:
        if channel not in PUBLIC:
            return ""
        return parent or (profile.post if kind in ("reply", "quote") else "")

    def _told(self, item: Item, habits: Habits) -> list[Event]:
        """What the platform tells of something new a person wrote."""
        if item.channel in ("messenger", "instagram_dm"):
            owner = self._world.owners.get((item.account, item.person), secrets.APP_ID)
            return [meta_events.message(item, standby=owner != secrets.APP_ID)]
        if CHANNELS[item.channel] != "x":
            return [meta_events.comment(self._world, item, habits)]
        if item.channel == "x_dm":
            encrypted = item.kind == "ciphertext"
            return [self._x_events.ciphertext(item) if encrypted else self._x_events.message(item, habits.envelope)]
        kinds = {
            "text": ("post.mention.create",),
            # Who answers a post names its author by that: X tells it twice, once as each.
            "reply": ("post.mention.create", "post.reply.create"),
            "quote": ("post.quote.create",),
            "bystander": (),
        }[item.kind]
        return [self._x_events.post(item, kind, habits.envelope) for kind in kinds]


def _profile(channel: str, account: str) -> Profile:
    if channel not in CHANNELS:
        raise BadOption(f"There is no channel {channel}; there are {', '.join(CHANNELS)}.")
    try:
        return profile_for(channel, account)
    except KeyError:
        raise BadOption(f"No account of {CHANNELS[channel]} has the id {account}.") from None


def _check(channel: str, kind: str, text: str) -> None:
    if kind not in KINDS[channel]:
        raise BadOption(f"On {channel} one can't say {kind}; there are {', '.join(KINDS[channel])}.")
    if not text.strip() and kind not in WORDLESS:
        raise BadOption("Write something.")
    if len(text) > LONGEST:
        raise BadOption(f"That is longer than {LONGEST} characters.")
