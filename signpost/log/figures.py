"""What a day comes to: how many messages, of which kinds, how soon they were answered. Figures only, and nobody's data.

A :data:`Tally` holds counts under a name and a key. Two tallies add up to that of both days, accounts or channels together,
so any range is the sum of its days.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Tally = dict[str, dict[str, int]]
"""Counts by name (those below), then by key. What isn't there is 0."""

ESCALATIONS, MESSAGES = "escalations", "messages"
"""By half hour of the week in London: 0 is Monday from midnight, 335 Sunday from half past eleven at night."""
CHANNEL, ACCOUNT, LABEL, CAUSE, KIND = "channel", "account", "label", "cause", "kind"
"""Escalations by what these say."""
MESSAGE_CHANNEL, MESSAGE_ACCOUNT = "message_channel", "message_account"
REPLY_TIME, REVIEW_TIME = "reply_time", "review_time"
"""Escalations by the bucket of how long it took, from receipt."""
REPLIED_WITHIN, REVIEWED_WITHIN = "replied_within", "reviewed_within"
"""Escalations whose reply arrived, or that were reviewed, within so many seconds, :data:`PROMPT` and :data:`TIMELY`: exact,
and one counts under each of the limits it kept."""
JUDGED, OVERTURNED = "judged", "overturned"
"""By label: what a reviewer judged clearly, and what of it they judged otherwise."""
AGAIN = "again"
"""Conversations that were given guidance on the day, and those of them that reported again within a week."""
REDIRECTED, WROTE_AGAIN = "redirected", "wrote_again"

PROMPT = (1, 10, 60)
TIMELY = (3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600)
HALF_HOURS = 48
"""Of a day."""
SHORTEST = 0.01
RATIO = 1.05
_LOG_RATIO = math.log(RATIO)
ERROR = RATIO**0.5 - 1
"""How far a percentile may be from the exact one, as a share of it: half a bucket, 2.5 %."""


@dataclass(frozen=True)
class Times:
    """How long something took, in seconds: for how many, the median, and what 95 % of them stayed within."""

    count: int
    median: float | None = None
    most: float | None = None


def count(tally: Tally, name: str, key: str | int, by: int = 1) -> None:
    """Counts ``by`` more under the name and key."""
    group = tally.setdefault(name, {})
    group[str(key)] = group.get(str(key), 0) + by


def add(into: Tally, other: Mapping[str, Mapping[str, int]]) -> None:
    """Adds the other's counts."""
    for name, group in other.items():
        known = into.setdefault(name, {})
        for key, number in group.items():
            known[key] = known.get(key, 0) + number


def total(tally: Mapping[str, Mapping[str, int]], name: str) -> int:
    """All counts under a name together."""
    return sum(tally.get(name, {}).values())


def bucket(seconds: float) -> int:
    """The bucket of a time: each is 5 % longer than the one before; the first holds all up to a hundredth second."""
    return max(0, math.ceil(math.log(seconds / SHORTEST) / _LOG_RATIO)) if seconds > SHORTEST else 0


def times(buckets: Mapping[str, int]) -> Times:
    """What the buckets say. Percentiles are by nearest rank, exact but for :data:`ERROR`."""
    in_order = sorted((int(key), number) for key, number in buckets.items())
    whole = sum(number for _bucket, number in in_order)
    if not whole:
        return Times(0)
    return Times(whole, _at_rank(in_order, math.ceil(0.5 * whole)), _at_rank(in_order, math.ceil(0.95 * whole)))


def by_half_hour(tally: Mapping[str, Mapping[str, int]], name: str) -> list[int]:
    """The counts of :data:`ESCALATIONS` or :data:`MESSAGES` by half hour of the day, whichever day of the week it was."""
    day = [0] * HALF_HOURS
    for key, number in tally.get(name, {}).items():
        day[int(key) % HALF_HOURS] += number
    return day


def _at_rank(in_order: Iterable[tuple[int, int]], rank: int) -> float:
    passed, last = 0, 0
    for one, number in in_order:
        passed, last = passed + number, one
        if passed >= rank:
            break
    return float(SHORTEST * RATIO ** (last - 0.5)) if last else SHORTEST
