"""How much is measured: rounds, messages, turns and rows."""

from dataclasses import dataclass

from signpost.bench.measures import GROUPS, LARGE


@dataclass(frozen=True)
class Plan:
    """``messages``: by number of senders. ``rows``: of the large record. ``rest``: seconds until a product counts as idle."""

    rounds: int
    messages: dict[int, int]
    warming: int
    turns: int
    rows: int
    rest: float
    floor_times: int
    wanted: frozenset[str]

    def wants(self, *groups: str) -> bool:
        """Whether any of these is to be measured."""
        return not self.wanted.isdisjoint(groups)


def plan_for(*, quick: bool, rounds: int | None, only: tuple[str, ...]) -> Plan:
    """What the options of the command ask for."""
    wanted = frozenset(only or (one for one in GROUPS if not quick or one != LARGE))
    if quick:
        return Plan(rounds or 2, {1: 30, 16: 64, 64: 128}, 8, 40, 20_000, 3.0, 100, wanted)
    return Plan(rounds or 5, {1: 300, 16: 640, 64: 640}, 32, 200, 1_000_000, 10.0, 1000, wanted)
