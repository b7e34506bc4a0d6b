"""In a flood, what waits is looked through before it is answered, so that no emergency waits behind small talk."""

import contextlib

import pytest
from fakes import FakeAssistant, FakePlatform, desk_for, stored, understood

from signpost.desk.assistant import AssistantAway
from signpost.desk.queue import VERY_URGENT
from signpost.desk.triage import AT_ONCE, CALM_SECONDS, CROWD, FLOOD, OLDEST_EVERY, Triage, together
from signpost.log.models import ENDED, WAITING, InboundMessage


class Knowing(FakeAssistant):
    """Calls every text urgent that has the word in it, whatever the hint said."""

    def __init__(self, *gives) -> None:
        super().__init__(*gives or [understood("not_report")])
        self.looked_at: list[str] = []
        self.fault: Exception | None = None

    def urgency_of(self, texts: list[str]) -> list[int]:
        if self.fault is not None:
            raise self.fault
        self.looked_at += texts
        return [95 if "knife" in text else 1 for text in texts]


def flooded(record, assistant, messages: int = FLOOD + 1):
    ids = [record.receive(f"message {number}", person=f"p{number}") for number in range(messages)]
    return ids, Triage(record.sessions, record.reads, record.vault, assistant, record.clock)


def test_a_few_messages_are_no_flood(record):
    _ids, triage = flooded(record, Knowing(), FLOOD)
    assert not triage.is_behind()
    record.receive("one more", person="another")
    record.clock.advance(seconds=CALM_SECONDS)
    assert triage.is_behind()


def turns(triage: Triage) -> list[bool]:
    return [triage.goes_by_urgency() for _ in range(2 * OLDEST_EVERY)]


def test_among_few_whoever_came_first_is_next(record):
    _ids, triage = flooded(record, Knowing(), CROWD)
    assert not any(turns(triage))
    record.receive("one more", person="another")
    assert not any(turns(triage))  # They aren't counted before every message.


def test_in_a_crowd_looked_through_or_not_the_most_urgent_is_next_but_for_each_fourth_turn(record):
    _ids, triage = flooded(record, Knowing(), CROWD + 1)
    assert turns(triage) == [True, True, True, False] * 2
    while triage.is_behind():
        triage.look_through()
    record.clock.advance(seconds=CALM_SECONDS)
    assert turns(triage) == [True, True, True, False] * 2


def test_the_least_urgent_is_answered_while_more_urgent_ones_keep_coming(record, mandate):
    least = record.receive("hello", person="p-least", urgency=0)
    assistant = Knowing()
    ids, triage = flooded(record, assistant, 2 * CROWD)
    with record.sessions.begin() as session:
        for one in ids:
            session.get_one(InboundMessage, one).urgency = VERY_URGENT - 1
    while triage.is_behind():
        triage.look_through()
    desk = desk_for(record, mandate, assistant, FakePlatform(), triage=triage)
    for answered in range(OLDEST_EVERY):
        assert stored(record, least).state == WAITING, answered
        assert desk.work_once("worker-1")
    assert stored(record, least).state == ENDED


def test_the_assistant_raises_an_urgency_and_never_lowers_a_high_one(record):
    assistant = Knowing()
    ids, triage = flooded(record, assistant)
    quiet = record.receive("he is in the kitchen with a knife", person="p-quiet", urgency=20)
    loud = record.receive("help", person="p-loud", urgency=80)
    while triage.is_behind():
        assert triage.look_through()
    assert [stored(record, one).urgency for one in (quiet, loud)] == [together(20, 95), 80]
    assert len(assistant.looked_at) == len(ids) + 2


def test_an_emergency_that_the_hint_missed_is_answered_before_the_flood(record, mandate):
    assistant = Knowing()
    ids, triage = flooded(record, assistant, 3 * FLOOD)
    quiet = record.receive("he is in the kitchen with a knife", person="p-quiet")
    desk = desk_for(record, mandate, assistant, FakePlatform(), triage=triage)
    steps = 0
    while stored(record, quiet).state != ENDED:
        assert desk.work_once("worker-1")
        steps += 1
    assert [stored(record, one).state for one in ids] == [WAITING] * len(ids)
    assert steps == -(-(len(ids) + 1) // AT_ONCE) + 1


def test_what_the_hint_alone_calls_very_urgent_does_not_wait_to_be_looked_through(record, mandate):
    assistant = Knowing()
    _ids, triage = flooded(record, assistant)
    urgent = record.receive("help", person="p-loud", urgency=VERY_URGENT)
    desk_for(record, mandate, assistant, FakePlatform(), triage=triage).work_once("worker-1")
    assert stored(record, urgent).state == ENDED
    assert assistant.looked_at == []


def test_while_the_assistant_cannot_tell_the_hint_decides(record, mandate):
    assistant = Knowing()
    assistant.fault = AssistantAway("the assistant could not be reached (ConnectError)")
    ids, triage = flooded(record, assistant)
    desk = desk_for(record, mandate, assistant, FakePlatform(), triage=triage)
    assert not desk.work_once("worker-1")
    assert not triage.is_behind()
    assert desk.work_once("worker-1")
    assert stored(record, ids[0]).state == ENDED


@pytest.mark.parametrize("fault", [AssistantAway("away"), RuntimeError("odd")])
def test_whatever_happens_the_next_thread_may_look(record, fault):
    assistant = Knowing()
    assistant.fault = fault
    _ids, triage = flooded(record, assistant)
    with contextlib.suppress(RuntimeError):
        triage.look_through()
    assert not triage.busy.locked()


def test_two_threads_never_look_through_the_same(record):
    _ids, triage = flooded(record, Knowing())
    with triage.busy:
        assert not triage.look_through()


@pytest.mark.parametrize(
    ("hint", "found", "low", "high"),
    [(0, 0, 0, 1), (0, 100, 40, 50), (50, 50, 50, 50), (49, 49, 45, 49), (45, 90, 58, 65), (90, 0, 90, 90)],
)
def test_the_hint_and_the_assistant_count_together(hint, found, low, high):
    assert low <= together(hint, found) <= high
    assert together(hint, found) <= together(hint, min(found + 10, 100))
