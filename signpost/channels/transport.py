"""What the desk needs of a platform to deliver a reply."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Delivery:
    """A reply on its way: ``key`` is the same at every attempt, so that a platform can tell a repeat."""

    key: str
    channel: str
    account: str
    person: str
    in_reply_to: str
    text: str


class DeliveryRefused(Exception):
    """The platform won't take this reply, now or later; the sentence is for staff."""


class DeliveryDelayed(Exception):
    """The platform didn't take the reply this time; trying again may work."""


class Transport(Protocol):
    """Carries replies to a platform."""

    def send(self, delivery: Delivery) -> str:
        """The platform's id of the reply. Raises :class:`DeliveryRefused` or :class:`DeliveryDelayed`."""
