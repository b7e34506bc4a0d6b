"""What the desk needs of a platform to deliver a reply, and what may come of an attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

MESSAGE, PUBLIC_REPLY, PRIVATE_REPLY = "message", "public_reply", "private_reply"
WAYS = (MESSAGE, PUBLIC_REPLY, PRIVATE_REPLY)
"""A private message to a person; a public answer under a comment; a private message about a comment."""

TOKEN_EXPIRED, SENDING_RESTRICTED = "token_expired", "sending_restricted"
SENDING_ALERTS = frozenset({TOKEN_EXPIRED, SENDING_RESTRICTED})
"""Why an account's replies are put off until people act; over as soon as one of them is taken."""
METADATA_MARK = "signpost:"
"""Stands before a reply's key where a platform carries metadata with a message and gives it back in the echo."""


@dataclass(frozen=True)
class Delivery:
    """A reply on its way. ``key`` is the same at every attempt, so that a platform can tell a repeat.

    ``person`` and ``in_reply_to`` are the platform's ids; ``said_at`` is when the person said what is answered (UTC
    without a zone), from which the platforms count the time in which they may be answered.
    """

    key: str
    channel: str
    account: str
    person: str
    in_reply_to: str
    text: str
    way: str = MESSAGE
    said_at: datetime | None = None


class DeliveryRefused(Exception):
    """The platform won't take this reply, now or later; the sentence is for staff."""


class DeliveryDelayed(Exception):
    """The platform didn't take the reply this time; trying again may work.

    ``seconds``: how long to wait, where the platform says so. ``whole_account``: no other reply of this account will
    fare better until then. ``alert``: the kind of alert that people must see, one of :data:`SENDING_ALERTS`. ``unknown``:
    the reply may have gone out all the same (the answer was lost on its way).
    """

    def __init__(
        self,
        why: str,
        *,
        seconds: float | None = None,
        whole_account: bool = False,
        alert: str | None = None,
        unknown: bool = False,
    ) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.whole_account = whole_account
        self.alert = alert
        self.unknown = unknown


@dataclass(frozen=True)
class Request:
    """One HTTP request to a platform, ready to be sent: ``json`` is its body."""

    method: str
    url: str
    headers: Mapping[str, str]
    json: Mapping[str, Any]


@dataclass(frozen=True)
class Response:
    """A platform's answer as it came: status, headers (names in lower case) and raw body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Taken:
    """The platform took the reply, under an id of its own (empty where it gives none).

    ``rest_seconds``: the account should send nothing more for so long, as the answer's headers say.
    """

    platform_id: str
    rest_seconds: float = 0.0


@dataclass(frozen=True)
class Credentials:
    """What an account signs its requests with. X's user context needs all four; Meta the token alone. Never logged."""

    token: str = field(default="", repr=False)
    token_secret: str = field(default="", repr=False)
    consumer_key: str = field(default="", repr=False)
    consumer_secret: str = field(default="", repr=False)


class Transport(Protocol):
    """Carries replies to a platform."""

    def send(self, delivery: Delivery) -> Taken:
        """Raises :class:`DeliveryRefused` or :class:`DeliveryDelayed`."""
