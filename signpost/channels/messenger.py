"""Messenger: sends a private message from a page to a person who wrote to it."""

from signpost.channels.graph import GraphAddress, said_privately
from signpost.channels.transport import MESSAGE, Credentials, Delivery, DeliveryRefused, Request


def request(delivery: Delivery, address: GraphAddress, credentials: Credentials) -> Request:
    """The request that sends a message, as in Meta's documentation of the Send API.

    Raises :class:`DeliveryRefused` for a reply that can't be addressed.
    """
    if delivery.way != MESSAGE:
        raise DeliveryRefused("Messenger carries private messages only; there is nothing there to answer in public.")
    return said_privately(delivery, address, credentials, {"id": delivery.person})
