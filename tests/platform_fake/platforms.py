"""The platforms in small, in one object: people write, webhooks go out, and what Signpost sends is taken or refused."""

import dataclasses
import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from signpost.log.clock import utc_now

from . import secrets
from .answer import Answer, Call
from .buckets import Buckets
from .clock import PlatformClock
from .courier import Courier, Post
from .event import Event
from .faults import Faults
from .graph import GraphApi
from .ids import Ids
from .journal import Journal
from .options import BadOption, Habits, Limits, changed
from .people import People
from .poster import Poster
from .profiles import CHANNELS, PROFILES
from .services import Services
from .subscriptions import Subscriptions
from .telling import Teller
from .timetable import Timetable
from .world import Item, World
from .x_api import XApi
from .x_webhooks import XWebhooks

WORKERS = 8


class Platforms:
    """``intake``: Signpost's address for webhooks. ``clock``: the time, UTC without a zone. ``post``: carries deliveries.

    Nothing is delivered before :meth:`start` (on threads) or :meth:`deliver` (on the caller's). ``folder``: where the
    journal is written, if anywhere. ``sleep``: waits real seconds where a fault asks for it.
    """

    def __init__(  # noqa: PLR0913  # all have a usual value; tests replace what they must
        self,
        intake: str = "http://127.0.0.1:9",
        folder: Path | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        factor: float = 1.0,
        post: Post | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seed: int = 1,
        workers: int = WORKERS,
    ) -> None:
        chance = random.Random(seed)
        carry = post or Poster()
        self.clock = PlatformClock(clock, factor)
        self.world = World()
        self.faults = Faults(chance)
        self.journal = Journal(folder)
        self.subscriptions = Subscriptions({one.id: one.platform for one in PROFILES.values()})
        self._timetable = Timetable(self.clock, workers)
        self.courier = Courier(self._timetable, self.clock, carry, self.journal, self._unsubscribe)
        self.services = Services(
            world=self.world,
            clock=self.clock,
            ids=Ids(),
            faults=self.faults,
            buckets=Buckets(),
            journal=self.journal,
            chance=chance,
            tell=self.tell,
            sleep=sleep,
            limits=Limits(),
        )
        self.webhooks = XWebhooks(self.services, self._timetable, self.courier, carry, secrets.CONSUMER_SECRET)
        self._people = People(self.services)
        self._teller = Teller(intake, self.services, self.courier, self.subscriptions, self.webhooks)
        self._graph = GraphApi(self.services, self.subscriptions)
        self._x = XApi(self.services, self.webhooks, lambda: self.habits["x"].envelope)
        self.webhooks.take_over(f"{intake.rstrip('/')}/webhooks/x")

    # What Signpost calls.

    def graph(self, call: Call, host: str = "graph") -> Answer:
        """Meta's answer; ``host``: ``graph`` or ``instagram``."""
        return self._graph.answer(call, host)

    def x(self, call: Call) -> Answer:
        """X's answer."""
        return self._x.answer(call)

    # What people do.

    def say(self, channel: str, text: str = "", **more: Any) -> Item:
        """Somebody writes; ``more``: person, account, kind, parent. Raises :class:`BadOption`."""
        item, events = self._people.say(channel, text, self.habits[_platform(channel)], **more)
        self._said(item)
        self.tell(events)
        return item

    def burst(self, messages: list[dict[str, Any]], **habits: Any) -> list[Item]:
        """Many write at once; each message has the arguments of :meth:`say`, ``habits`` are for these deliveries alone."""
        items: list[Item] = []
        by_platform: dict[str, list[Event]] = {}
        for one in messages:
            platform = _platform(str(one.get("channel")))
            item, events = self._people.say(habits=changed(self.habits[platform], habits), **{"text": "", **one})
            self._said(item)
            items.append(item)
            by_platform.setdefault(platform, []).extend(events)
        for platform, events in by_platform.items():
            self._teller.tell(events, changed(self.habits[platform], habits))
        return items

    def act(self, action: str, platform_id: str, text: str = "") -> Item:
        """Somebody does something with what was written: edit, delete, unsend, react, hide, unhide, staff_reply,
        hand_over or hand_back. Gives back what it is done to, or the staff's reply. Raises :class:`BadOption`."""
        item = self.find(platform_id)
        habits = self.habits[_platform(item.channel)]
        does: dict[str, Callable[[], list[Event]]] = {
            "edit": lambda: self._people.edit(item, text, habits),
            "delete": lambda: self._people.remove(item, habits),
            "unsend": lambda: self._people.remove(item, habits),
            "react": lambda: self._people.react(item),
            "hide": lambda: self._people.hide(item, habits),
            "unhide": lambda: self._people.hide(item, habits, again_seen=True),
            "hand_over": lambda: self._people.hand_over(item),
            "hand_back": lambda: self._people.hand_over(item, back=True),
        }
        if action in ("edit", "staff_reply") and not text.strip():
            raise BadOption("Write something.")
        if action == "staff_reply":
            item, events = self._people.staff_reply(item, text, habits)
        elif action in does:
            events = does[action]()
        else:
            raise BadOption(f"There is no action {action}; there are {', '.join((*does, 'staff_reply'))}.")
        self.journal.write("acted", self.clock(), action=action, platform_id=platform_id, text=text)
        self.tell(events)
        return item

    def find(self, platform_id: str) -> Item:
        """What stands on the platform under this id. Raises :class:`BadOption`."""
        try:
            return self.world.items[platform_id]
        except KeyError:
            raise BadOption("Nothing stands on the platforms under this id.") from None

    def tell(self, events: list[Event]) -> None:
        """Has events delivered."""
        self._teller.tell(events)

    # How it is steered.

    @property
    def habits(self) -> dict[str, Habits]:
        """How each platform delivers."""
        return self._teller.habits

    def set_habits(self, platform: str = "", **changes: Any) -> None:
        """Changes how one platform delivers, or all of them. Raises :class:`BadOption`."""
        if platform not in ("", *self.habits):
            raise BadOption(f"There is no platform {platform}; there are {', '.join(self.habits)}.")
        for one in [platform] if platform else list(self.habits):
            self.habits[one] = changed(self.habits[one], changes)

    def set_limits(self, **changes: Any) -> None:
        """Changes the limits. Raises :class:`BadOption`."""
        self.services.limits = changed(self.services.limits, changes)

    def advance(self, seconds: float) -> None:
        """Moves the platforms' time on."""
        self.clock.advance(seconds)
        self._timetable.wake()

    def set_factor(self, factor: float) -> None:
        """Makes the platforms' waiting go so many times as fast."""
        self.clock.set_factor(factor)
        self._timetable.wake()

    def start(self) -> None:
        """Delivers from now on, on threads."""
        self._timetable.start()

    def stop(self) -> None:
        """Delivers no more."""
        self._timetable.stop()
        self.journal.close()

    def deliver(self) -> int:
        """Delivers all that is due now, on this thread; how much was done."""
        return self._timetable.run_due()

    def state(self) -> dict[str, Any]:
        """Everything that can be changed, as it is, and how much has happened."""
        with self.world.lock:
            said = sum(1 for item in self.world.items.values() if item.author == "person")
            refused = {key[1]: count for key, count in self.world.counts.items() if key[0] == "refused"}
            return {
                "now": self.clock().isoformat(),
                "factor": self.clock.factor,
                "idle": self._timetable.idle,
                "said": said,
                "sent": len(self.world.sent),
                "sent_again": sum(1 for sent in self.world.sent if sent.count > 1),
                "refused": refused,
                "habits": {platform: dataclasses.asdict(habits) for platform, habits in self.habits.items()},
                "limits": dataclasses.asdict(self.services.limits),
                "faults": self.faults.listed(),
                "subscriptions": {one: self.subscriptions.of(one) for one in PROFILES if PROFILES[one].platform != "x"},
                "webhooks": [webhook.shown() for webhook in self.webhooks.listed()],
            }

    def _said(self, item: Item) -> None:
        self.journal.write(
            "said",
            item.at,
            platform_id=item.platform_id,
            channel=item.channel,
            account=item.account,
            person=item.person,
            kind=item.kind,
            text=item.text,
        )

    def _unsubscribe(self, account: str) -> None:
        """Meta has had enough: nothing more is delivered for this account until the app subscribes again."""
        self.subscriptions.set(account, set())
        self.courier.forget(account)
        self.journal.write("unsubscribed", self.clock(), account=account)


def _platform(channel: str) -> str:
    try:
        return CHANNELS[channel]
    except KeyError:
        raise BadOption(f"There is no channel {channel}; there are {', '.join(CHANNELS)}.") from None
