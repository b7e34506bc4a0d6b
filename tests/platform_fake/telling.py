"""From events to signed deliveries: subscriptions, batches, order, duplicates and addresses."""

from collections.abc import Iterator

from . import secrets
from .clock import epoch
from .courier import Courier, Letter
from .event import Event
from .meta_events import unknown
from .options import Habits
from .packing import packed
from .services import Services
from .signing import meta_headers, raw, x_headers
from .subscriptions import Subscriptions
from .x_events import XEvents
from .x_webhooks import XWebhooks

_JSON = {"Content-Type": "application/json"}
_AGAIN_WITHIN = 3.0
"""Seconds within which a duplicate follows."""


class Teller:
    """``habits``: how each platform delivers; may be replaced at any time. ``intake``: where Signpost listens."""

    def __init__(
        self,
        intake: str,
        services: Services,
        courier: Courier,
        subscriptions: Subscriptions,
        webhooks: XWebhooks,
    ) -> None:
        self.habits = {platform: Habits() for platform in ("facebook", "instagram", "x")}
        self._intake = intake.rstrip("/")
        self._clock = services.clock
        self._chance = services.chance
        self._courier = courier
        self._subscriptions = subscriptions
        self._webhooks = webhooks
        self._x_events = XEvents(services)

    def tell(self, events: list[Event], habits: Habits | None = None) -> None:
        """Has these events delivered. ``habits``: in place of each platform's own, for a burst."""
        for platform in ("facebook", "instagram", "x"):
            mine = [event for event in events if event.platform == platform]
            own = habits or self.habits[platform]
            if not mine:
                continue
            if own.reorder:
                self._chance.shuffle(mine)
            if platform == "x":
                self._tell_x(mine, own)
            else:
                self._tell_meta(platform, mine, own)

    def _tell_meta(self, platform: str, events: list[Event], habits: Habits) -> None:
        wanted = [
            event
            for event in events
            if self._subscriptions.wants(event.account, event.subscription) and (habits.echoes or not _is_echo(event))
        ]
        own_login = platform == "instagram" and habits.login == "instagram"
        url = f"{self._intake}/webhooks/{'instagram' if own_login else 'meta'}"
        secret = secrets.INSTAGRAM_APP_SECRET if own_login else secrets.APP_SECRET
        now = epoch(self._clock())
        for batch in _batches(wanted, habits.batch):
            told = [*batch, unknown(platform, batch[0].account, now)] if self._happens(habits.unknown) else batch
            body = raw(packed(platform, told, now, int_ids=habits.int_ids))
            headers = {**_JSON, **meta_headers(body, secret, habits.signature), "User-Agent": "facebookexternalua"}
            accounts = tuple({event.account for event in batch})
            letter = Letter(platform, url, body, headers, accounts, _about(batch))
            for wait in self._times(habits):
                self._courier.offer(letter, wait)

    def _tell_x(self, events: list[Event], habits: Habits) -> None:
        wanted = [
            event
            for event in events
            if event.subscription in self._webhooks.types and (habits.echoes or event.subscription != "dm.sent")
        ]
        if wanted and self._happens(habits.unknown):
            wanted.append(self._x_events.unknown(self._clock()))
        for event in wanted:
            body = raw(event.body, slashes=False)
            headers = {**_JSON, **x_headers(body, secrets.CONSUMER_SECRET, habits.signature)}
            letter = Letter("x", "", body, headers, (event.account,), _about([event]))
            for wait in self._times(habits):
                self._webhooks.tell(letter, wait)

    def _times(self, habits: Habits) -> Iterator[float]:
        """When a delivery sets out, in seconds of waiting: once, or twice where it is told as a duplicate."""
        # Latency is real time, however fast the platforms' own waiting goes.
        first = habits.latency * self._clock.factor
        yield first
        if self._happens(habits.duplicates):
            yield first + self._chance.random() * _AGAIN_WITHIN

    def _happens(self, likely: float) -> bool:
        return likely > 0 and self._chance.random() < likely


def _batches(events: list[Event], size: int) -> Iterator[list[Event]]:
    step = max(size, 1)
    for start in range(0, len(events), step):
        yield events[start : start + step]


def _about(events: list[Event]) -> tuple[str, ...]:
    return tuple(event.about for event in events if event.about)


def _is_echo(event: Event) -> bool:
    message = event.body.get("message")
    return isinstance(message, dict) and bool(message.get("is_echo"))
