"""Who writes: mostly somebody new, often somebody who wrote lately, and one person again and again."""

from dataclasses import dataclass, field
from random import Random

from tests.large.force import ACCOUNTS, LONG_CONVERSATION, SIMULATOR_SHARE
from tests.large.rows import Choice, Rows, new_key

RECENT = 6000
"""Whoever writes again is one of so many who wrote last."""
AGAIN_SHARE, LONG_SHARE = 0.5, 0.33
LONG_FROM = 0.97
"""When so much of everything has been said, the long conversation begins."""
HOMES = Choice(
    {
        (channel, account): weight * share
        for account, (_name, channels, weight) in ACCOUNTS.items()
        for channel, share in zip(channels, (0.7, 0.3), strict=True)
    }
)


@dataclass(frozen=True)
class Known:
    """A conversation that may go on."""

    id: int
    channel: str
    account: str


@dataclass
class People:
    """Says whose the next message is; ``total`` is how many messages there are to be."""

    rows: Rows
    chance: Random
    total: int
    _recent: list[Known] = field(default_factory=list)
    _long: Known | None = None
    _long_left: int = LONG_CONVERSATION

    def next(self) -> Known:
        """The conversation of the next message."""
        chance, through = self.chance, self.rows.made("inbound_message") / self.total
        if self._long is None and through > LONG_FROM:
            self._long = self._new("messenger", next(iter(ACCOUNTS)))
        if self._long is not None and self._long_left and chance.random() < LONG_SHARE:
            self._long_left -= 1
            return self._long
        if self._recent and chance.random() < AGAIN_SHARE:
            return self._recent[chance.randrange(len(self._recent))]
        if chance.random() < SIMULATOR_SHARE:
            return self._new("messenger", "simulator")
        return self._new(*HOMES.of(chance))

    def _new(self, channel: str, account: str) -> Known:
        person = f"{7_000_000_000_000_001 + self.rows.made('conversation')}"
        number = self.rows.add("conversation", new_key(self.chance), channel, account, person)
        known = Known(number, channel, account)
        if len(self._recent) < RECENT:
            self._recent.append(known)
        else:
            self._recent[number % RECENT] = known
        return known
