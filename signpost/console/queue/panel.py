"""The filters' panel: what there is to choose, in words, and which of it is chosen."""

from dataclasses import dataclass

from signpost.channels.simulated import ACCOUNT
from signpost.console.queue.choices import CHOICES, NAMES
from signpost.console.queue.filters import SINGLE, Filters
from signpost.console.queue.wording import word_of
from signpost.force.accounts import Accounts
from signpost.force.mandate import Mandate

LONG = 8
"""A list of more choices than this is folded away until somebody opens it, or has chosen of it."""


@dataclass(frozen=True)
class Choice:
    """One box to tick."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """The boxes of one field. ``mistake``: what is wrong with what was asked for, empty for nothing."""

    name: str
    words: str
    choices: tuple[Choice, ...]
    mistake: str

    @property
    def is_long(self) -> bool:
        """Whether it is folded away."""
        return len(self.choices) > LONG

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded from the start."""
        return any(choice.chosen for choice in self.choices) or bool(self.mistake)


def groups(filters: Filters, mandate: Mandate, accounts: Accounts, names: tuple[str, ...]) -> tuple[Group, ...]:
    """The fields of these names, each with all that it may be set to."""
    word = word_of(mandate, accounts)
    listed = {**CHOICES, "account": (*(one.id for one in accounts.all), ACCOUNT)}
    found = []
    for name in names:
        chosen = filters.of(name)
        # An account that the force has no more may still be asked for.
        values = dict.fromkeys((*listed[name], *chosen))
        choices = tuple(Choice(value, word(name, value), value in chosen) for value in values)
        found.append(Group(name, NAMES[name], choices, filters.mistakes.get(name, "")))
    return tuple(found)


def typed(filters: Filters) -> dict[str, str]:
    """What stands in the single fields: as it was typed where it can't be read, else as people write it."""
    as_read = dict(filters.as_args())
    days = {name: day for name, day in (("from", filters.first_day), ("to", filters.last_day)) if day}
    written = {name: f"{day.day}/{day.month}/{day.year}" for name, day in days.items()}
    return {name: written.get(name) or as_read.get(name) or filters.typed.get(name, "") for name in SINGLE}
