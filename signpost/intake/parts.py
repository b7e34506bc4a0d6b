"""What intake works with, handed to it whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session, sessionmaker

from signpost.channels.events import Event
from signpost.intake.receiving import Tally
from signpost.intake.signatures import Scheme
from signpost.log.clock import Clock

META, INSTAGRAM, X = "meta", "instagram", "x"
"""The last part of each platform's address, ``/webhooks/…``, and its name in counts and logs."""


class Taker(Protocol):
    """Puts events into the record: :class:`signpost.intake.receiving.Receiver`."""

    def take(self, events: Sequence[Event]) -> Tally:
        """On disk when it returns. Raises :class:`sqlalchemy.exc.SQLAlchemyError` when it can't be stored."""


@dataclass(frozen=True)
class Source:
    """One address that webhooks come to, with the secret they are signed with (empty: not set up).

    ``read`` makes events of a decoded body, or raises :class:`signpost.channels.events.Unreadable`.
    """

    name: str
    scheme: Scheme
    secret: str = field(repr=False)
    read: Callable[[object], Sequence[Event]]


@dataclass(frozen=True)
class Parts:
    """``verify_token`` is the one entered in Meta's app; ``prove`` answers X's challenge-response check.

    ``prove`` is none where X isn't set up. ``metrics_token`` empty: only this machine may read the metrics.
    ``proxies``: how many reverse proxies stand in front, whose word on the caller's address is believed.
    """

    sources: tuple[Source, ...]
    taker: Taker
    reads: sessionmaker[Session]
    clock: Clock
    verify_token: str = field(repr=False)
    prove: Callable[[str], dict[str, str]] | None = None
    metrics_token: str = field(default="", repr=False)
    proxies: int = 0
