"""When people write: more in the evening and at weekends, a little more each month, and some days far more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

HOURS = (9, 6, 5, 4, 4, 5, 8, 14, 22, 26, 28, 30, 32, 30, 29, 32, 38, 46, 54, 60, 62, 52, 36, 20)
WEEKDAYS = (1.0, 0.95, 0.95, 1.0, 1.15, 1.3, 1.2)
GROWTH = 0.6
"""By how much more is written at the end than at the beginning, as a share."""
BUSY_DAY_ONE_IN = 60


@dataclass(frozen=True)
class Days:
    """The days up to ``until`` (UTC without a zone), oldest first, with their share of everything."""

    until: datetime
    days: int
    seed: int

    def shares(self) -> list[tuple[datetime, float]]:
        """(midnight, share) of each day; the shares add up to 1."""
        chance = Random(self.seed)
        last = self.until.replace(hour=0, minute=0, second=0, microsecond=0)
        weighed = []
        for number in range(self.days):
            midnight = last - timedelta(days=self.days - 1 - number)
            weight = WEEKDAYS[midnight.weekday()] * (1 + GROWTH * number / self.days) * chance.uniform(0.85, 1.15)
            if chance.randrange(BUSY_DAY_ONE_IN) == 0:
                weight *= chance.uniform(2, 3.5)
            if midnight == last:
                weight *= sum(HOURS[: self.until.hour + 1]) / sum(HOURS)
            weighed.append((midnight, weight))
        whole = sum(weight for _day, weight in weighed)
        return [(midnight, weight / whole) for midnight, weight in weighed]

    def portions(self, total: int) -> Iterator[tuple[datetime, int]]:
        """How many of ``total`` each day gets: whole numbers that add up to it."""
        owed, given = 0.0, 0
        shares = self.shares()
        for number, (midnight, share) in enumerate(shares):
            owed += share * total
            upto = total if number == len(shares) - 1 else round(owed)
            yield midnight, upto - given
            given = upto

    def times(self, chance: Random, midnight: datetime, how_many: int) -> list[datetime]:
        """So many times of one day, in order; none of them after the end."""
        limit = min(24 * 3600.0, (self.until - midnight).total_seconds())
        hours = [hour for hour in range(24) if hour * 3600 < limit]
        weights = [HOURS[hour] for hour in hours]
        seconds = [
            min(hour * 3600 + chance.random() * 3600, limit) for hour in chance.choices(hours, weights, k=how_many)
        ]
        return [midnight + timedelta(seconds=round(second, 3)) for second in sorted(seconds)]
