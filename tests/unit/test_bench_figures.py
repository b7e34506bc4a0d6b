"""Figures of a bench: medians, ratios of rounds that stood beside each other, goals, and how all of it is told."""

import json

import pytest
from rich.console import Console

from signpost.bench.figures import OWN, STOCK, Figures, Goal, Measure, Ratio
from signpost.bench.load import Outcome
from signpost.bench.measures import GROUPS
from signpost.bench.plan import plan_for
from signpost.bench.report import as_json, faults, table


def figures(**values: tuple[list[float], list[float]]) -> Figures:
    made = Figures()
    for key, (own, stock) in values.items():
        for value in own:
            made.add(key, OWN, value)
        for value in stock:
            made.add(key, STOCK, value)
    return made


def test_a_ratio_is_of_medians_and_its_spread_of_rounds_beside_each_other():
    made = figures(p50_1=([2.0, 4.0, 3.0], [10.0, 40.0, 10.0]))
    assert made.ratio("p50_1") == Ratio(0.3, 0.1, 0.3)


def test_there_is_no_ratio_to_nothing():
    assert figures(p50_1=([1.0], [])).ratio("p50_1") is None
    assert figures(p50_1=([1.0], [0.0])).ratio("p50_1") is None


@pytest.mark.parametrize(
    ("goal", "own_only", "own", "met"),
    [
        (Goal(8.0, at_least=True), False, [80.0], True),
        (Goal(8.0, at_least=True), False, [79.0], False),
        (Goal(0.25), False, [2.5], True),
        (Goal(1.1), True, [1.05, 1.2, 1.0], True),
        (Goal(1.1), True, [1.2], False),
        (Goal(1.1), True, [], None),
        (None, False, [1.0], None),
    ],
)
def test_a_goal_is_held_to_the_ratio_or_to_our_own_figure(goal, own_only, own, met):
    assert figures(some=(own, [10.0])).verdict(Measure("some", "Some", "x", goal, own_only)) is met


def test_the_table_and_the_json_tell_what_was_taken_and_nothing_else():
    made = figures(throughput_16=([100.0, 140.0], [10.0, 10.0]), floor_commit=([4.0], []))
    told = json.loads(json.dumps(as_json(made)))
    assert set(told) == {"throughput_16", "floor_commit"}
    assert told["throughput_16"]["ratio"] == {"median": 12.0, "least": 10.0, "most": 14.0}
    assert (told["throughput_16"]["goal"], told["throughput_16"]["met"]) == ({"at_least": 8.0}, True)
    assert told["throughput_16"]["signpost"]["rounds"] == [100.0, 140.0]
    assert told["floor_commit"]["stock"] is None
    console = Console(width=160, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115  # shown to nobody
    console.print(table(made))
    shown = console.export_text()
    assert "Messages a second, 16 senders" in shown
    assert ">= 8" in shown
    assert "Training" not in shown


def test_messages_that_went_wrong_are_told():
    made = figures(failed=([0.0], [2.0]), wrong=([3.0, 1.0], [0.0]))
    assert faults(made) == [
        "Signpost answered 4 reports with something other than the guidance; they count all the same.",
        "Stock Rasa left 2 messages without a reply; they count for nothing.",
    ]


def test_shares_of_times_are_those_of_real_messages():
    outcome = Outcome(seconds=[0.001 * number for number in range(1, 101)], whole=2.0)
    assert (outcome.share(0.5), outcome.share(0.99), outcome.per_second) == (50.0, 99.0, 50.0)
    assert Outcome(seconds=[0.25], whole=1.0).share(0.99) == 250.0


def test_a_quick_plan_leaves_the_large_record_out_unless_it_is_asked_for():
    assert not plan_for(quick=True, rounds=None, only=()).wants("large-record")
    assert plan_for(quick=True, rounds=None, only=("large-record",)).wants("large-record")
    whole = plan_for(quick=False, rounds=3, only=())
    assert whole.wanted == frozenset(GROUPS)
    assert (whole.rounds, whole.turns, whole.rows) == (3, 200, 1_000_000)


def test_every_measure_has_a_name_of_its_own():
    keys = [measure.key for measures in GROUPS.values() for measure in measures]
    assert len(keys) == len(set(keys))
