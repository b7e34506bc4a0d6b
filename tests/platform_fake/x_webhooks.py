"""X's webhooks: registered, checked (CRC), found invalid, and told again what they missed."""

import json
import secrets
import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from . import retries, x_errors
from .courier import Courier, Letter, Post
from .services import Services
from .signing import base64_hmac
from .timetable import Timetable

DEFAULT_TYPES = (
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.delete",
    "dm.received",
    "dm.sent",
    "chat.received",
    "profile.update.bio",
    "oauth.revoke",
)
KEPT = timedelta(hours=24)


@dataclass
class Webhook:
    """One registered address; ``answered``: when its check last went well, by the fast clock."""

    id: str
    url: str
    valid: bool
    created_at: datetime
    answered: float

    def shown(self) -> dict[str, Any]:
        created = self.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return {"id": self.id, "url": self.url, "valid": self.valid, "created_at": created}


class XWebhooks:
    """``secret``: the app's consumer secret, with which it must answer the checks."""

    def __init__(self, services: Services, timetable: Timetable, courier: Courier, post: Post, secret: str) -> None:
        self._clock = services.clock
        self._timetable = timetable
        self._courier = courier
        self._post = post
        self._ids = services.ids
        self._journal = services.journal
        self._secret = secret
        self._lock = threading.Lock()
        self._all: dict[str, Webhook] = {}
        self._told: deque[tuple[datetime, Letter]] = deque()
        self._types = set(DEFAULT_TYPES)

    def take_over(self, url: str) -> Webhook:
        """A webhook that was registered before the story begins: nothing is checked until its next check is due."""
        webhook = Webhook(self._ids.x(), url, valid=True, created_at=self._clock(), answered=self._clock.fast())
        with self._lock:
            self._all[webhook.id] = webhook
        self._timetable.add(lambda: self._periodic(webhook.id), retries.CRC_EVERY)
        return webhook

    def create(self, url: str) -> Webhook:
        """Registers an address once it has proved that it knows the secret. Raises a refusal."""
        if not url.startswith(("https://", "http://127.0.0.1:")) or not 1 <= len(url) <= 200:
            raise x_errors.invalid("UrlValidationFailed: The URL must be https and of at most 200 characters.", url=url)
        with self._lock:
            if any(webhook.url == url for webhook in self._all.values()):
                raise x_errors.invalid("DuplicateUrlFailed: The URL is already registered.", url=url)
        if self.check(url) is not True:
            raise x_errors.invalid("CrcValidationFailed: The CRC check of the URL failed.", url=url)
        return self.take_over(url)

    def find(self, webhook_id: str) -> Webhook:
        """Raises a refusal where there is none of this id."""
        with self._lock:
            webhook = self._all.get(webhook_id)
        if webhook is None:
            raise x_errors.not_found("webhook", "webhook_id", webhook_id)
        return webhook

    def delete(self, webhook_id: str) -> None:
        """Raises a refusal where there is none of this id."""
        self.find(webhook_id)
        with self._lock:
            del self._all[webhook_id]

    def listed(self) -> list[Webhook]:
        with self._lock:
            return list(self._all.values())

    def check(self, url: str) -> bool | None:
        """True: the right token. False: a wrong one or a redirect. None: no answer that counts, which is borne a while."""
        token = secrets.token_urlsafe(32)
        try:
            status, body = self._post("GET", f"{url}?crc_token={token}", b"", {}, retries.X_TIMEOUT)
        except OSError:
            return None
        if not 200 <= status < 400:
            return None
        try:
            answered = json.loads(body).get("response_token") if status < 300 else None
        except (ValueError, AttributeError):
            answered = None
        return bool(answered == f"sha256={base64_hmac(self._secret, token.encode())}")

    def validate(self, webhook: Webhook) -> bool:
        """Checks a webhook now, and marks what came of it."""
        outcome = self.check(webhook.url)
        now = self._clock.fast()
        if outcome:
            webhook.valid, webhook.answered = True, now
        elif outcome is False or now - webhook.answered > retries.CRC_TOLERATED:
            webhook.valid = False
        self._journal.write("webhook", self._clock(), webhook=webhook.id, valid=webhook.valid)
        return outcome is True

    def subscribe(self, types: set[str]) -> None:
        with self._lock:
            self._types = set(types)

    @property
    def types(self) -> set[str]:
        """The event types that are delivered."""
        return set(self._types)

    def tell(self, letter: Letter, in_seconds: float) -> None:
        """Delivers this to every valid webhook, whatever its URL says, and keeps it a day for a replay."""
        now = self._clock()
        with self._lock:
            self._told.append((now, letter))
            while self._told[0][0] < now - KEPT:
                self._told.popleft()
        for webhook in self.listed():
            if webhook.valid:
                self._courier.offer(replace(letter, url=webhook.url), in_seconds)

    def replay(self, webhook: Webhook, first: datetime, last: datetime) -> str:
        """Delivers what happened between these minutes once more; gives back the job's id."""
        if last < first or first < self._clock() - KEPT - timedelta(minutes=1):
            raise x_errors.invalid("from_date and to_date must lie within the last 24 hours.", from_date=str(first))
        with self._lock:
            again = [letter for at, letter in self._told if first <= at < last + timedelta(minutes=1)]
        for letter in again:
            self._courier.offer(replace(letter, url=webhook.url))
        return self._ids.x()

    def _periodic(self, webhook_id: str) -> None:
        with self._lock:
            webhook = self._all.get(webhook_id)
        if webhook is None:
            return
        self.validate(webhook)
        self._timetable.add(lambda: self._periodic(webhook_id), retries.CRC_EVERY)
