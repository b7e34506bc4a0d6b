"""Threads of one process write in the order in which they came, and nobody keeps the turn who has ended."""

import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import sessionmaker

from signpost.log.database import IN_NO_HURRY, open_engine, session_factory
from signpost.log.turns import Turns

NOTE = text("INSERT INTO duty (name, due_at) VALUES (:name, '2026-11-22')")


def note(sessions, name: str) -> None:
    with sessions.begin() as session:
        session.execute(NOTE, {"name": name})


def hasty(record):
    return sessionmaker(record.sessions.kw["bind"].execution_options(**IN_NO_HURRY))


def until(what) -> None:
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_whoever_has_waited_longest_is_next():
    turns, order = Turns(), []
    assert turns.take(0)

    def wait(number: int) -> None:
        assert turns.take(30)
        order.append(number)
        turns.pass_on()

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        until(lambda: len(turns._waiting) == len(threads))
    turns.pass_on()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_who_gives_up_waiting_is_passed_over():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0)
    assert not turns.take(0.001)
    turns.pass_on()
    assert turns.take(0)


def test_a_second_writer_waits_for_the_first(sqlite_record):
    with sqlite_record.sessions.begin() as session:
        session.execute(NOTE, {"name": "first"})
        thread = threading.Thread(target=note, args=(sqlite_record.sessions, "second"))
        thread.start()
        with pytest.raises(OperationalError, match="locked"):
            note(hasty(sqlite_record), "third")
    thread.join()
    with sqlite_record.reads() as session:
        assert session.scalars(text("SELECT name FROM duty ORDER BY rowid")).all() == ["first", "second"]


def test_who_is_in_no_hurry_does_not_wait_for_another_process_either(sqlite_record):
    engine = open_engine(sqlite_record.url)
    with session_factory(engine).begin() as session:
        session.execute(NOTE, {"name": "theirs"})
        with pytest.raises(OperationalError, match="locked"):
            note(hasty(sqlite_record), "ours")
    note(hasty(sqlite_record), "ours")
    engine.dispose()


def test_a_writer_waits_for_another_process(sqlite_record):
    engine = open_engine(sqlite_record.url)
    with session_factory(engine).begin() as session:
        session.execute(NOTE, {"name": "theirs"})
        thread = threading.Thread(target=note, args=(sqlite_record.sessions, "ours"))
        thread.start()
    thread.join()
    with sqlite_record.reads() as session:
        assert session.scalars(text("SELECT name FROM duty ORDER BY rowid")).all() == ["theirs", "ours"]
    engine.dispose()


@pytest.mark.parametrize("how", ["fault", "left", "dropped", "refused"])
def test_however_a_transaction_ends_the_next_may_write(sqlite_record, how):
    if how == "fault":
        note(sqlite_record.sessions, "once")
        with pytest.raises(IntegrityError):
            note(sqlite_record.sessions, "once")
    elif how == "left":
        with sqlite_record.sessions() as session:
            session.execute(NOTE, {"name": "never committed"})
    elif how == "dropped":
        session = sqlite_record.sessions()
        session.connection().invalidate()
    else:
        engine = open_engine(sqlite_record.url, busy_seconds=0.0)
        with sqlite_record.sessions.begin() as session:
            session.execute(NOTE, {"name": "in the way"})
            for _ in range(2):
                with pytest.raises(OperationalError), engine.begin():
                    pass
        with engine.begin() as connection:
            connection.execute(NOTE, {"name": "refused no more"})
        engine.dispose()
    note(hasty(sqlite_record), "next")


def test_a_file_that_cannot_be_written_says_so(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'nowhere' / 'signpost.db'}")
    with pytest.raises(OperationalError, match="unable to open"), closing(engine.connect()):
        pass
