"""Work done by a process of its own: what it gives comes back, what it loads doesn't."""

import os
import sys
from contextlib import closing

import pytest

from signpost.apart import Apart
from signpost.mistakes import Mistake

RARE = "sndhdr" if sys.version_info < (3, 13) else "zipapp"


def loads_something(word: str, *, times: int = 1) -> tuple[str, bool, int]:
    __import__(RARE)
    return word * times, RARE in sys.modules, os.getpid()


def refuses() -> None:
    raise Mistake("The key is wrong.", exit_status=2)


def falls_over() -> None:
    raise ValueError("something nobody foresaw")


def vanishes() -> None:
    os._exit(9)


def test_what_is_given_comes_back_and_what_was_loaded_stays_there():
    with closing(Apart()) as other:
        given, loaded, number = other.ask(loads_something, "ab", times=2)
        assert (given, loaded) == ("abab", True)
        assert number != os.getpid()
        assert other.ask(loads_something, "c")[2] == number
    assert RARE not in sys.modules


def test_it_has_ended_once_it_is_closed_and_may_be_closed_again():
    other = Apart()
    number = other.last(os.getpid)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    other.close()


def test_a_mistake_comes_back_as_it_is_and_work_can_go_on():
    with closing(Apart()) as other:
        with pytest.raises(Mistake) as refusal:
            other.ask(refuses)
        assert (refusal.value.sentence, refusal.value.exit_status) == ("The key is wrong.", 2)
        assert other.ask(abs, -3) == 3


@pytest.mark.parametrize("work", [falls_over, vanishes])
def test_a_process_that_fails_otherwise_is_told_too(work, capfd):
    with closing(Apart()) as other, pytest.raises(Mistake, match="The start failed"):
        other.ask(work)
    assert ("something nobody foresaw" in capfd.readouterr().err) == (work is falls_over)
