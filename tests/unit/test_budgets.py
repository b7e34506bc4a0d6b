"""Budgets of a message: what is kept, when a part has grown, and what is counted at all."""

import sqlite3
import sys
import threading
from contextlib import closing

from tests.budgets.counting import Counter, Counts
from tests.budgets.keeping import accept, grown, kept, least

BEFORE = {"desk": {"statements": 20.0, "calls": 10_000.0, "transactions": 0.0}}


def test_a_part_may_grow_a_little_and_shrink_as_it_likes():
    assert grown({"desk": {"statements": 23.0, "calls": 5_000.0, "transactions": 0.0}}, BEFORE) == []


def test_a_part_that_grew_by_more_is_named_with_how_to_accept_it():
    (said,) = grown({"desk": {"statements": 24.0, "calls": 10_000.0}}, BEFORE)
    assert said == (
        "Desk grew: 24.0 statements a message, where 20.0 are kept (20 % more). If that is meant, accept it: make budgets"
    )
    (said,) = grown({"desk": {"transactions": 1.0}}, BEFORE)
    assert "where there were none" in said


def test_what_nothing_is_kept_for_is_told():
    assert "Nothing is kept yet for the calls of intake" in grown({"intake": {"calls": 1.0}}, BEFORE)[0]


def test_each_version_of_python_has_numbers_of_its_own(tmp_path):
    file = tmp_path / "kept.json"
    assert kept(file, "3.10") is None
    accept(BEFORE, file, "3.10")
    accept({"desk": {"calls": 1.0}}, file, "3.13")
    assert kept(file, "3.10") == BEFORE
    assert kept(file, "3.13") == {"desk": {"calls": 1.0}}


def test_of_two_looks_the_smaller_count_counts():
    assert least({"desk": {"calls": 3.0, "statements": 1.0}}, {"desk": {"calls": 2.0, "statements": 4.0}}) == {
        "desk": {"calls": 2.0, "statements": 1.0}
    }


def test_calls_statements_and_transactions_are_counted_in_every_thread(tmp_path):
    def called() -> None:
        pass

    def write() -> None:
        with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as database:
            database.execute("BEGIN")
            database.execute("CREATE TABLE thing (id INTEGER)")
            called()
            database.execute("COMMIT")

    before, counter = sys.getprofile(), Counter()
    with counter.installed():
        thread = threading.Thread(target=write)
        counter.begin()
        thread.start()
        thread.join()
        counted = counter.end()
        called()
    assert (counted.statements, counted.transactions) == (1, 1)
    assert counted.calls > 2
    assert counter.end() == Counts(counted.calls, 1, 1)
    sys.setprofile(before)
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("SELECT 1")
    assert counter.end().statements == 1
