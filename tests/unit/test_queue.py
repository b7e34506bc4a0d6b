"""Workers take messages in order, one at a time per conversation, and never two the same."""

import threading

import pytest
from fakes import stored

from signpost.desk.queue import BURST_GAP, CLAIM, LONGEST_BURST, VERY_URGENT, anything_due, claim_next
from signpost.log.models import ENDED, InboundMessage


def claim(record, worker: str = "w", *, by_urgency: bool = False) -> int | None:
    with record.sessions.begin() as session:
        message = claim_next(session.connection(), record.clock, worker, by_urgency=by_urgency)
        return message.id if message else None


def end(record, message_id: int) -> None:
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.state, message.claimed_by, message.claimed_until = ENDED, None, None


def put_off(record, message_id: int, **by: float) -> None:
    before = record.clock.now
    record.clock.advance(**by)
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.due_at, message.claimed_by, message.claimed_until = record.clock(), None, None
    record.clock.now = before


def due(record) -> bool:
    with record.reads() as session:
        return anything_due(session.connection(), record.clock)


def test_an_empty_queue_gives_nothing(record):
    assert claim(record) is None
    assert not due(record)


def test_the_message_that_has_waited_longest_comes_first(record):
    ids = []
    for person in ("p1", "p2", "p3"):
        ids.append(record.receive("help", person=person))
        record.clock.advance(seconds=1)
    assert [claim(record) for _ in range(4)] == [*ids, None]


def test_messages_of_the_same_moment_come_in_the_order_in_which_they_were_stored(record):
    ids = [record.receive("help", person=f"p{n}") for n in range(5)]
    assert [claim(record) for _ in ids] == ids


def test_a_claimed_message_bears_the_workers_name_until_the_claim_runs_out(record):
    message_id = record.receive("help")
    claim(record, "worker-7")
    message = stored(record, message_id)
    assert (message.claimed_by, message.claimed_until) == ("worker-7", record.clock() + CLAIM)


def test_a_message_that_is_claimed_is_nobody_elses(record):
    record.receive("help")
    assert claim(record) is not None
    assert claim(record) is None
    assert not due(record)


def test_a_persons_second_message_waits_until_the_first_has_ended(record):
    first, second = an_hour_apart(record)
    assert claim(record) == first
    assert claim(record) is None
    end(record, first)
    assert claim(record) == second


def an_hour_apart(record) -> tuple[int, int]:
    first = record.receive("my bike's gone")
    record.clock.advance(hours=1)
    return first, record.receive("and my helmet")


def test_a_first_message_that_was_put_off_is_taken_when_a_second_one_is_due(record):
    first, second = an_hour_apart(record)
    put_off(record, first, seconds=30)
    assert claim(record) == first
    end(record, first)
    assert claim(record) == second


# Bursts


def test_messages_that_follow_one_another_at_once_are_taken_together_the_last_for_all(record):
    first = record.receive("my neighbour")
    record.clock.advance(seconds=BURST_GAP.total_seconds())
    second = record.receive("is in the garden")
    third = record.receive("with a chainsaw")
    assert claim(record) == third
    assert [stored(record, one).part_of_id for one in (first, second, third)] == [third, third, None]
    assert {stored(record, one).claimed_by for one in (first, second)} == {stored(record, third).claimed_by}
    assert claim(record) is None


def test_what_comes_later_than_a_burst_lasts_is_a_message_of_its_own(record):
    first = record.receive("my neighbour")
    record.clock.advance(seconds=BURST_GAP.total_seconds() + 1)
    second = record.receive("is in the garden")
    assert claim(record) == first
    end(record, first)
    assert claim(record) == second


def test_a_burst_that_goes_on_is_taken_whole_the_next_time(record):
    first = record.receive("my neighbour")
    assert claim(record) == first
    put_off(record, first, seconds=3)
    second = record.receive("is in the garden")
    assert claim(record) == second
    assert stored(record, first).part_of_id == second


def test_comments_under_a_post_are_never_taken_together(record):
    first, second = (record.receive(text, channel="facebook_comment") for text in ("my neighbour", "is in the garden"))
    assert claim(record) == first
    end(record, first)
    assert claim(record) == second


def test_a_picture_between_words_is_taken_by_itself(record):
    first, picture = record.receive("look at this"), record.receive("", kind="attachment")
    assert claim(record) == first
    end(record, first)
    assert claim(record) == picture


def test_a_burst_without_end_is_taken_in_pieces(record):
    ids = [record.receive(f"word {number}") for number in range(LONGEST_BURST + 2)]
    assert claim(record) == ids[LONGEST_BURST - 1]


# Urgency


@pytest.mark.parametrize(("by_urgency", "order"), [(False, [3, 2, 0, 1]), (True, [3, 2, 1, 0])])
def test_only_the_very_urgent_go_before_who_has_waited_longer_except_by_urgency(record, by_urgency, order):
    ids = []
    for number, urgency in enumerate((3, VERY_URGENT - 1, VERY_URGENT, VERY_URGENT + 20)):
        ids.append(record.receive("hi", person=f"p{number}", urgency=urgency))
        record.clock.advance(seconds=1)
    assert [ids.index(claim(record, by_urgency=by_urgency)) for _ in ids] == order


def test_the_most_urgent_is_taken_first_and_then_the_oldest(record):
    calm, urgent, older = (record.receive("hi", person=f"p{n}", urgency=u) for n, u in enumerate((0, 90, 0)))
    assert [claim(record), claim(record), claim(record)] == [urgent, calm, older]


def test_an_urgent_message_brings_its_conversations_earlier_one_forward(record):
    other = record.receive("hello", person="p2")
    first = record.receive("my bike's gone", person="p1")
    record.clock.advance(hours=1)
    record.receive("he is back with a knife", person="p1", urgency=90)
    assert claim(record) == first
    assert claim(record) == other


# References


def test_a_reference_is_drawn_once_and_kept(record):
    message_id = record.receive("help")
    claim(record)
    drawn = stored(record, message_id).reference
    put_off(record, message_id, seconds=0)
    claim(record)
    assert drawn is not None
    assert stored(record, message_id).reference == drawn


def test_a_reference_that_is_taken_is_drawn_again(record):
    draws = iter(["CDF-346", "CDF-346", "KLM-679"])
    references = []
    for person in ("p1", "p2"):
        record.receive("help", person=person)
        with record.sessions.begin() as session:
            references.append(claim_next(session.connection(), record.clock, "w", draw=lambda: next(draws)).reference)
    assert references == ["CDF-346", "KLM-679"]


def test_another_persons_message_does_not_wait(record):
    record.receive("my bike's gone", person="p1")
    record.receive("and my helmet", person="p1")
    other = record.receive("help", person="p2")
    claim(record)
    assert claim(record) == other


def test_the_same_person_on_another_channel_does_not_wait(record):
    record.receive("my bike's gone", channel="messenger")
    other = record.receive("my bike's gone", channel="instagram_dm")
    claim(record)
    assert claim(record) == other


def test_a_message_that_is_put_off_is_not_taken_before_its_time(record):
    message_id = record.receive("help")
    put_off(record, message_id, seconds=5)
    record.clock.advance(seconds=4)
    assert claim(record) is None
    assert not due(record)
    record.clock.advance(seconds=1)
    assert due(record)
    assert claim(record) == message_id


def test_a_worker_that_died_gives_its_message_up_when_its_claim_runs_out(record):
    message_id = record.receive("help")
    claim(record, "dead")
    record.clock.advance(seconds=CLAIM.total_seconds())
    assert claim(record, "alive") is None
    record.clock.advance(seconds=1)
    assert due(record)
    assert claim(record, "alive") == message_id
    assert stored(record, message_id).claimed_by == "alive"


def test_a_message_that_has_ended_is_never_taken_again(record):
    message_id = record.receive("help")
    end(record, message_id)
    record.clock.advance(hours=24)
    assert claim(record) is None
    assert not due(record)


@pytest.mark.parametrize("people", [1, 5, 20])
def test_workers_side_by_side_never_get_the_same_message_nor_two_of_one_person(record, people):
    ids = [record.receive("help", person=f"p{n % people}", channel="facebook_comment") for n in range(20)]
    ready, taken, held, overlapping = threading.Barrier(4), [], set(), []
    lock = threading.Lock()

    def work(name: str) -> None:
        ready.wait(30)
        idle = 0
        while idle < 50 and len(taken) < len(ids):
            message_id = claim(record, name)
            if message_id is None:
                idle += 1
                continue
            idle = 0
            person = (message_id - 1) % people
            with lock:
                if person in held:
                    overlapping.append(message_id)
                held.add(person)
                taken.append(message_id)
            assert stored(record, message_id).claimed_by == name
            with lock:
                held.discard(person)
            end(record, message_id)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == ids
    assert overlapping == []
    for person in range(people):
        own = [message_id for message_id in taken if (message_id - 1) % people == person]
        assert own == sorted(own)
