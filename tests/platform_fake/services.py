"""What the platforms' interfaces work with, handed to each of them."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .buckets import Buckets
from .clock import PlatformClock
from .event import Event
from .faults import Faults
from .ids import Ids
from .journal import Journal
from .options import Limits
from .world import World


@dataclass
class Services:
    """``tell`` has events delivered; ``sleep`` waits real seconds (tests don't wait); ``limits`` may be replaced."""

    world: World
    clock: PlatformClock
    ids: Ids
    faults: Faults
    buckets: Buckets
    journal: Journal
    chance: random.Random
    tell: Callable[[list[Event]], None]
    sleep: Callable[[float], None]
    limits: Limits

    def refused(self, **facts: Any) -> None:
        """Notes a call that was refused."""
        with self.world.lock:
            self.world.counts[("refused", str(facts.get("platform")))] += 1
        self.journal.write("refused", self.clock(), **facts)
