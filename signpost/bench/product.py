"""What the bench asks of a product it measures, whichever it is."""

from collections.abc import Sequence
from typing import Protocol

from signpost.mistakes import Mistake

PATIENCE_SECONDS = 180.0
"""How long a start or an answer may take before the bench gives up."""


class NoReply(Exception):
    """A message wasn't taken, or its reply didn't come."""


class Product(Protocol):
    """One of the two, in a folder of its own. All times are seconds."""

    name: str

    def start(self) -> None:
        """Starts its processes and comes back at once."""

    def stop(self) -> None:
        """Ends all of them."""

    def pids(self) -> Sequence[int]:
        """The processes that belong to it, without what only plays the platforms."""

    def alive(self) -> bool:
        """Whether all that was started still runs."""

    def why_not(self) -> str:
        """Its last words, for a person."""

    def send(self, person: str, text: str, patience: float = PATIENCE_SECONDS) -> tuple[float, str]:
        """Posts a message and waits for its reply to be delivered: the seconds that took, and the reply.

        Many threads may call it at once, each for other people. Raises :class:`NoReply`.
        """

    def settle(self, patience: float = PATIENCE_SECONDS) -> None:
        """Waits until all that was sent is in the log whole. Raises :class:`NoReply`."""


def must_live(product: Product) -> None:
    """Raises :class:`Mistake` when a process of the product has ended."""
    if not product.alive():
        raise Mistake(f"{product.name} stopped: {product.why_not()}")


def is_guidance(reply: str) -> bool:
    """Whether a reply to a report is right: it holds what all of our guidance does, and no other of our responses."""
    return all(part in reply for part in ("101", "999", "24/7", "confidentiality"))
