"""What a page shows of a channel: a person's conversation, or a post with what stands under it."""

from dataclasses import dataclass, field

from signpost.force.length import measure

from .lengths import LENGTHS
from .profiles import CHANNELS, Profile
from .world import PERSON, Item, World

MOST = 60
"""Newest people, comments or messages that a page shows."""
UNITS = {"characters": "characters", "bytes": "bytes", "weighted": "characters as X counts them"}


@dataclass(frozen=True)
class Somebody:
    """A person who has written, with their newest words."""

    id: str
    name: str
    words: str


@dataclass
class Thread:
    """A comment with what was answered under it, the oldest first."""

    item: Item
    replies: list[Item] = field(default_factory=list)


def people(world: World, channel: str, account: str) -> list[Somebody]:
    """Those with a conversation, the newest first."""
    found: dict[str, Item] = {}
    with world.lock:
        for item in world.items.values():
            if item.channel == channel and item.account == account:
                found.pop(item.person, None)
                found[item.person] = item
        newest = list(reversed(found.values()))[:MOST]
        return [
            Somebody(item.person, world.name_of(CHANNELS[channel], item.person), "" if item.deleted else item.text)
            for item in newest
        ]


def conversation(world: World, channel: str, account: str, person: str) -> list[Item]:
    """What was written between a person and an account, the oldest first."""
    with world.lock:
        every = [
            one for one in world.items.values() if (one.channel, one.account, one.person) == (channel, account, person)
        ]
    return every[-MOST:]


def under_post(world: World, channel: str, profile: Profile) -> list[Thread]:
    """The comments on a post, the oldest first, each with all that was answered to it or to one of its answers."""
    threads: dict[str, Thread] = {}
    belongs: dict[str, str] = {}
    with world.lock:
        for item in world.items.values():
            if item.channel != channel or item.account != profile.id:
                continue
            top = belongs.get(item.parent)
            if top is None:
                threads[item.platform_id] = Thread(item)
            else:
                threads[top].replies.append(item)
            belongs[item.platform_id] = top or item.platform_id
    return list(threads.values())[-MOST:]


def length(item: Item) -> str:
    """How long a reply is against what the platform allows; empty for what a person wrote."""
    if item.author == PERSON:
        return ""
    limit = LENGTHS[item.channel]
    return f"{measure(item.text, limit.unit):,} of {limit.longest:,} {UNITS[limit.unit]}"
