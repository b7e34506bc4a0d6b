"""All that stands on the platforms: who wrote what to whom, and every send that was taken."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

PERSON, APP, STAFF = "person", "app", "staff"


@dataclass
class Item:
    """One message, comment or post. ``author``: a person, the app (Signpost) or the force's staff.

    ``person``: the platform's id of the person who wrote it or to whom it is written. ``parent``: what it stands under or
    answers. ``kind``: text, photo, sticker and so on. ``mentions``: the account is named in it, on X.
    """

    platform_id: str
    channel: str
    account: str
    person: str
    author: str
    text: str
    at: datetime
    kind: str = "text"
    parent: str = ""
    mentions: bool = False
    edits: int = 0
    deleted: bool = False


@dataclass(frozen=True)
class Sent:
    """One send that was taken. ``way``: message, public_reply or private_reply. ``key``: its metadata, where the platform
    takes any. ``count``: how many times now the same was taken: by its key, else by whom and what it answers and its text."""

    number: int
    at: datetime
    channel: str
    way: str
    account: str
    person: str
    in_reply_to: str
    text: str
    key: str
    platform_id: str
    count: int


@dataclass
class Person:
    """Somebody, as one platform knows them."""

    id: str
    name: str


@dataclass
class World:
    """Guarded by ``lock``, which whoever reads and then changes must hold."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    items: dict[str, Item] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    """By platform and the platform's id."""
    last_said: defaultdict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    """By account and person: the last action that opened the time in which they may be written to."""
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """By account and person: the app that has the conversation, where it isn't ours."""
    privately_answered: set[str] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def take(self, item: Item, way: str, *, in_reply_to: str = "", key: str = "") -> Sent:
        """Notes a send that was taken, with what it left on the platform."""
        with self.lock:
            same = (
                (item.channel, key) if key else (item.channel, item.account, item.person, in_reply_to, way, item.text)
            )
            self.counts[same] += 1
            self.items[item.platform_id] = item
            sent = Sent(
                len(self.sent) + 1,
                item.at,
                item.channel,
                way,
                item.account,
                item.person,
                in_reply_to,
                item.text,
                key,
                item.platform_id,
                self.counts[same],
            )
            self.sent.append(sent)
            return sent

    def name_of(self, platform: str, person: str) -> str:
        known = self.people.get((platform, person))
        return known.name if known else "Somebody"
