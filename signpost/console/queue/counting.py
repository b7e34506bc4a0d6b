"""How many records wait for a review, by group: counted so far as it matters, so that it takes as long however many there are."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.console.queue.choices import EMERGENCIES, FAILURES, OTHERS, UNSURE_ONES
from signpost.log.models import DOUBTFUL, ORDINARY, UNREVIEWED, URGENT, Escalation

HUNDRED: Final = 100
MOST: Final = 1000
"""Of each group are counted. Among the urgent so many are looked through to tell emergencies from failures."""


@dataclass(frozen=True)
class Count:
    """``more``: there are more than ``number``."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        """Such as 12, or 1,000+; where the counting ended early, in whole hundreds."""
        exact = not self.more or self.number < HUNDRED
        return f"{self.number if exact else self.number // HUNDRED * HUNDRED:,}{'+' if self.more else ''}"


@dataclass(frozen=True)
class Counts:
    """What waits for a review."""

    groups: dict[str, Count]

    @property
    def urgent(self) -> Count:
        """Emergencies and failures together."""
        return _sum(self.groups[EMERGENCIES], self.groups[FAILURES])

    @property
    def all(self) -> Count:
        """Everything together."""
        return _sum(*self.groups.values())


def count_waiting(session: Session, most: int = MOST) -> Counts:
    """The counts of what isn't reviewed. Each is read from the queue's index; for the urgent, labels are looked up."""
    unsure, others = (_of_priority(session, priority, most) for priority in (DOUBTFUL, ORDINARY))
    first = (
        select(Escalation.label)
        .where(Escalation.review_state == UNREVIEWED, Escalation.priority == URGENT)
        .order_by(Escalation.priority, Escalation.received_at)
        .limit(most + 1)
        .subquery()
    )
    by_label = dict(session.execute(select(first.c.label, func.count()).group_by(first.c.label)).tuples().all())
    emergencies = by_label.pop("emergency", 0)
    failures = sum(by_label.values())
    more = emergencies + failures > most
    return Counts(
        {
            EMERGENCIES: Count(emergencies, more),
            FAILURES: Count(failures, more),
            UNSURE_ONES: unsure,
            OTHERS: others,
        }
    )


def _of_priority(session: Session, priority: int, most: int) -> Count:
    some = (
        select(Escalation.priority)
        .where(Escalation.review_state == UNREVIEWED, Escalation.priority == priority)
        .limit(most + 1)
        .subquery()
    )
    number = session.scalar(select(func.count()).select_from(some)) or 0
    return Count(min(number, most), number > most)


def _sum(*counts: Count) -> Count:
    return Count(sum(one.number for one in counts), any(one.more for one in counts))
