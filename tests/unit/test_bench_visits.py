"""A visit to a product takes every figure that the plan wants of it, and breaks off where nothing could be said."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from signpost.bench import visit as visits
from signpost.bench.figures import OWN, STOCK, Figures
from signpost.bench.measures import GROUPS
from signpost.bench.plan import Plan, plan_for
from signpost.bench.product import NoReply, is_guidance
from signpost.bench.visit import visit, visit_large
from signpost.mistakes import Mistake

GUIDANCE = "Call 101, or 999. Not monitored 24/7, no control over confidentiality."
PLAN = replace(plan_for(quick=True, rounds=1, only=()), messages={1: 5, 16: 20, 64: 70}, turns=24, rest=0.0)


@dataclass
class Product:
    """Answers at once, but for the first ``refuses`` messages; ends after ``dies_after``."""

    name: str = "A product"
    refuses: int = 0
    dies_after: int = 10_000
    said: str = GUIDANCE
    sent: int = 0
    runs: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.runs.append("started")

    def stop(self) -> None:
        self.runs.append("stopped")

    def pids(self) -> Sequence[int]:
        return [os.getpid()]

    def alive(self) -> bool:
        return self.sent < self.dies_after

    def why_not(self) -> str:
        return "it had enough"

    def send(self, person: str, text: str, patience: float = 1.0) -> tuple[float, str]:
        self.sent += 1
        if self.sent <= self.refuses:
            raise NoReply("it refuses")
        return 0.002, self.said

    def settle(self, patience: float = 1.0) -> None:
        pass


@pytest.fixture(autouse=True)
def _quicker(monkeypatch):
    monkeypatch.setattr(visits, "ASK_EVERY_SECONDS", 0.01)


def silent(_what: str, _done: int, _total: int) -> None:
    pass


def visited(product: Product, plan: Plan = PLAN, key: str = OWN) -> Figures:
    figures = Figures()
    visit(product, plan, figures, key, silent)
    return figures


def test_everything_is_taken_that_a_running_product_can_tell():
    figures = visited(Product(refuses=3))
    wanted = {
        one.key
        for group in ("throughput", "latency", "cold-start", "memory", "long-conversation")
        for one in GROUPS[group]
    }
    assert wanted <= figures.values.keys()
    assert figures.of("p99_16", OWN) == [2.0]
    assert figures.of("turn_growth", OWN) == [1.0]
    assert (sum(figures.of("failed", OWN)), sum(figures.of("wrong", OWN))) == (0, 0)


def test_only_what_is_wanted_is_taken():
    product = Product()
    figures = visited(product, replace(PLAN, wanted=frozenset({"cold-start"})), STOCK)
    assert figures.values.keys() == {"cold_start"}
    assert product.runs == ["started", "stopped"]


def test_a_large_record_is_held_to_the_empty_one_of_the_same_round():
    figures = Figures()
    figures.add("p50_1", OWN, 1.0)
    visit_large(Product(), PLAN, figures, OWN, silent)
    assert figures.of("large_growth", OWN) == [2.0]


def test_answers_that_are_not_the_guidance_are_counted(monkeypatch):
    product = Product()
    said = iter([GUIDANCE])
    monkeypatch.setattr(product, "send", lambda *_args, **_more: (0.002, next(said, "Call 101 or 999.")))
    figures = visited(product, replace(PLAN, wanted=frozenset({"latency"})))
    assert sum(figures.of("wrong", OWN)) == 5 + 20 + 70


def test_a_product_that_ends_is_stopped_and_told_with_its_last_words():
    product = Product(dies_after=30)
    with pytest.raises(Mistake, match="A product stopped: it had enough"):
        visited(product)
    assert product.runs[-1] == "stopped"


def test_nothing_is_said_of_a_product_that_leaves_messages_without_a_reply(monkeypatch):
    product, real = Product(), Product()

    def send(person: str, text: str, patience: float = 1.0) -> tuple[float, str]:
        if real.sent > PLAN.warming + 2:
            raise NoReply("it is tired")
        return real.send(person, text)

    monkeypatch.setattr(product, "send", send)
    with pytest.raises(Mistake, match=r"messages without a reply \(it is tired\)"):
        visited(product)
    assert product.runs[-1] == "stopped"


def test_guidance_is_known_by_what_only_it_says():
    assert is_guidance(GUIDANCE)
    assert not is_guidance("We're not sure what this is about. Call 101, or 999 in an emergency.")
