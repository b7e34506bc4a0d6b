"""What is asked for at the same time is done in one round, and each has its own result or its own fault."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, wait

import pytest

from signpost.gathering import MOST, Gatherer


class Rounds:
    """Doubles numbers. The first round waits until it may go on, so that others gather behind it."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.began, self.may_end = threading.Event(), threading.Event()
        self.faults: dict[int, Exception] = {}

    def serve(self, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        if len(self.groups) == 1:
            self.began.set()
            assert self.may_end.wait(20)
        for item in items:
            if item in self.faults:
                raise self.faults[item]
        return [item * 2 for item in items]


class Broken(Exception):
    """A fault of everybody's."""


def gather(rounds: Rounds, numbers: Sequence[int]) -> list["Future[int]"]:
    """Asks for the first alone; the others come while its round runs."""
    gatherer: Gatherer[int, int] = Gatherer(rounds.serve, (Broken,))
    asked = [gatherer.ask(numbers[0])]
    assert rounds.began.wait(20)
    asked += map(gatherer.ask, numbers[1:])
    rounds.may_end.set()
    wait(asked, 20)
    return asked


def test_one_alone_is_served_at_once():
    rounds = Rounds()
    rounds.may_end.set()
    gatherer: Gatherer[int, int] = Gatherer(rounds.serve)
    assert [gatherer.ask(number).result(20) for number in (1, 2, 3)] == [2, 4, 6]
    assert rounds.groups == [[1], [2], [3]]


def test_those_who_come_while_a_round_runs_are_served_together_in_the_next_in_their_order():
    rounds = Rounds()
    asked = gather(rounds, [1, 2, 3, 4])
    assert [one.result() for one in asked] == [2, 4, 6, 8]
    assert rounds.groups == [[1], [2, 3, 4]]


def test_a_round_serves_so_many_and_no_more():
    rounds = Rounds()
    asked = gather(rounds, list(range(MOST + 12)))
    assert [one.result() for one in asked] == [number * 2 for number in range(MOST + 12)]
    assert [len(group) for group in rounds.groups] == [1, MOST, 11]


def test_a_fault_of_one_leaves_the_others_alone():
    rounds = Rounds()
    rounds.faults = {3: ValueError("three")}
    asked = gather(rounds, [1, 2, 3, 4])
    assert [one.result() for one in asked if one is not asked[2]] == [2, 4, 8]
    with pytest.raises(ValueError, match="three"):
        asked[2].result()
    assert rounds.groups == [[1], [2, 3, 4], [2], [3], [4]]


def test_a_fault_of_everybodys_isnt_waited_for_again():
    rounds = Rounds()
    rounds.faults = {2: Broken()}
    asked = gather(rounds, [1, 2, 3])
    assert asked[0].result() == 2
    for one in asked[1:]:
        with pytest.raises(Broken):
            one.result()
    assert rounds.groups == [[1], [2, 3]]


def test_a_fault_of_everybodys_is_that_of_those_who_wait_in_line_too():
    rounds = Rounds()
    rounds.faults = {1: Broken()}
    for one in gather(rounds, [1, 2, 3]):
        assert isinstance(one.exception(), Broken)
    assert rounds.groups == [[1]]


def test_once_one_alone_meets_a_fault_of_everybodys_the_rest_are_not_tried():
    rounds = Rounds()
    rounds.faults = {4: ValueError()}
    serve = rounds.serve

    def alone_it_breaks(items: Sequence[int]) -> list[int]:
        done = serve(items)
        if items == [2]:
            raise Broken
        return done

    rounds.serve = alone_it_breaks  # type: ignore[method-assign]
    asked = gather(rounds, [1, 2, 3, 4])
    assert asked[0].result() == 2
    assert [type(one.exception()) for one in asked[1:]] == [Broken] * 3
    assert rounds.groups == [[1], [2, 3, 4], [2]]


@pytest.mark.parametrize("fault", [ValueError(), KeyboardInterrupt()])
def test_after_a_fault_the_next_is_served(fault):
    rounds = Rounds()
    rounds.may_end.set()
    rounds.faults = {1: fault}
    gatherer: Gatherer[int, int] = Gatherer(rounds.serve)
    assert gatherer.ask(1).exception(20) is fault
    assert gatherer.ask(2).result(20) == 4


def test_a_result_too_few_is_a_fault_and_nobody_waits_for_ever():
    gatherer: Gatherer[int, int] = Gatherer(lambda _items: [])
    assert isinstance(gatherer.ask(1).exception(20), ValueError)


def test_what_nobody_waits_for_any_more_is_not_done():
    rounds = Rounds()
    gatherer: Gatherer[int, int] = Gatherer(rounds.serve)
    first = gatherer.ask(1)
    assert rounds.began.wait(20)
    assert gatherer.ask(2).cancel()
    rounds.may_end.set()
    assert first.result(20) == 2
    assert gatherer.ask(3).result(20) == 6
    assert rounds.groups == [[1], [3]]
