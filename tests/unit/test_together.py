"""What several threads need at once is done in one round, and each has its own result or its own fault."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from signpost.intake.together import MOST, Together


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
    """Asks for the first alone; the others come, one after another, while its round runs."""
    together: Together[int, int] = Together(rounds.serve, (Broken,))
    pool = ThreadPoolExecutor(len(numbers))
    asked = [pool.submit(together, numbers[0])]
    assert rounds.began.wait(20)
    for place, number in enumerate(numbers[1:], 1):
        asked.append(pool.submit(together, number))
        while len(together._line) < place:  # nothing else says that it is in line
            pass
    rounds.may_end.set()
    pool.shutdown()
    return asked


def test_one_alone_is_served_at_once():
    rounds = Rounds()
    rounds.may_end.set()
    together: Together[int, int] = Together(rounds.serve)
    assert [together(number) for number in (1, 2, 3)] == [2, 4, 6]
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


def test_after_a_fault_the_next_is_served():
    rounds = Rounds()
    rounds.may_end.set()
    rounds.faults = {1: ValueError()}
    together: Together[int, int] = Together(rounds.serve)
    with pytest.raises(ValueError):
        together(1)
    assert together(2) == 4


def test_nobody_waits_for_a_round_that_was_cut_off():
    rounds = Rounds()
    rounds.faults = {2: KeyboardInterrupt()}  # type: ignore[dict-item]
    asked = gather(rounds, [1, 2, 3])
    for one in asked[1:]:
        assert isinstance(one.exception(), KeyboardInterrupt)
