"""Idle threads are woken by what is due, and by nothing else."""

import threading
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from signpost.bell import Bell
from signpost.desk import lookout as lookouts
from signpost.desk.lookout import Calls, Lookout
from signpost.desk.queue import CLAIM, claim_next
from signpost.log.models import ENDED, InboundMessage


@pytest.fixture
def lookout(either_record):
    with closing(Lookout(either_record.reads, either_record.clock)) as one:
        yield one


def change(record, message_id: int, **fields) -> None:
    with record.sessions.begin() as session:
        for name, value in fields.items():
            setattr(session.get_one(InboundMessage, message_id), name, value)


def claim(record):
    with record.sessions.begin() as session:
        return claim_next(session.connection(), record.clock, "w")


def test_a_message_that_has_come_in_is_seen(either_record, lookout):
    assert not lookout._look()
    either_record.receive("help")
    assert lookout._look()
    assert lookout._look()


def test_what_was_put_off_is_seen_when_its_time_has_come_though_nothing_was_written(either_record, lookout):
    message_id = either_record.receive("hi")
    change(either_record, message_id, due_at=either_record.clock() + timedelta(seconds=3))
    assert not lookout._look()
    either_record.clock.advance(seconds=2.9)
    assert not lookout._look()
    either_record.clock.advance(seconds=0.1)
    assert lookout._look()


def test_what_a_worker_that_died_had_claimed_is_seen_when_the_claim_has_run_out(either_record, lookout):
    either_record.receive("help")
    claim(either_record)
    assert not lookout._look()
    either_record.clock.advance(seconds=CLAIM.total_seconds() + 0.001)
    assert lookout._look()


def test_what_waits_its_turn_behind_a_claimed_message_wakes_nobody_until_that_has_ended(either_record, lookout):
    first = either_record.receive("my bike's gone")
    either_record.clock.advance(hours=1)
    either_record.receive("and my helmet")
    claim(either_record)
    assert not lookout._look()
    change(either_record, first, state=ENDED, claimed_until=None)
    assert lookout._look()


def test_a_bell_wakes_it_at_once_and_rings_for_nothing_are_forgotten(either_record, monkeypatch):
    for pause in ("LOOK_SECONDS", "ASK_SECONDS"):
        monkeypatch.setattr(lookouts, pause, 3600.0)
    stop, looked = threading.Event(), threading.Event()
    with closing(Bell.hung()) as bell, closing(Lookout(either_record.reads, either_record.clock, bell)) as lookout:
        look = lookout._look

        def and_tell() -> bool:
            found = look()
            looked.set()
            return found

        monkeypatch.setattr(lookout, "_look", and_tell)
        thread = threading.Thread(target=lookout.wait, args=(stop,))
        thread.start()
        bell.ring()
        assert looked.wait(30)
        assert thread.is_alive()
        either_record.receive("help")
        bell.ring()
        thread.join(30)
        assert not thread.is_alive()
        assert not bell.wait(0)


def test_while_nothing_is_written_the_messages_are_not_looked_at(sqlite_record):
    with closing(Lookout(sqlite_record.reads, sqlite_record.clock)) as lookout:
        assert not lookout._look()
        looked = []
        lookout.reads = sessionmaker(type("Never", (), {"begin": looked.append})())
        assert not lookout._look()
        assert looked == []


def test_waiting_ends_with_a_message_or_with_the_desk(sqlite_record):
    with closing(Lookout(sqlite_record.reads, sqlite_record.clock)) as lookout:
        stop = threading.Event()
        waiting = threading.Thread(target=lookout.wait, args=(stop,))
        waiting.start()
        sqlite_record.receive("help")
        waiting.join(30)
        assert not waiting.is_alive()
        claim(sqlite_record)
        waiting = threading.Thread(target=lookout.wait, args=(stop,))
        waiting.start()
        stop.set()
        waiting.join(30)
        assert not waiting.is_alive()


def test_each_call_is_one_threads():
    calls = Calls()
    calls.call(2)
    assert [calls.wait(0) for _ in range(3)] == [True, True, False]


def test_what_was_called_for_before_is_not_called_for_again():
    calls = Calls()
    calls.call(2)
    calls.call_for(3)
    calls.call_for(1)
    assert [calls.wait(0) for _ in range(4)] == [True, True, True, False]
