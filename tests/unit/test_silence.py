"""When a message that was understood gets no reply, or not yet; and what becomes of messages without words."""

from datetime import timedelta

import pytest
from fakes import FakeAssistant, guidance, stored, turn_for, understood

from signpost.channels.transport import PRIVATE_REPLY, PUBLIC_REPLY
from signpost.desk.queue import claim_next
from signpost.desk.silence import FRAGMENT_CHARACTERS, QUIET
from signpost.log.models import ANSWERED, ENDED, FAILED, SILENT, WAITING, InboundMessage


def take(record, mandate, message_id: int, *gives, **more) -> FakeAssistant:
    assistant = FakeAssistant(*gives)
    with record.sessions.begin() as session:
        claim_next(session.connection(), record.clock, "w")
    turn_for(record, mandate, assistant, **more).take(message_id)
    return assistant


def held():
    return understood("not_report", "greet", held=True)


def report(mandate, label: str = "crime_report", channel: str = "messenger"):
    kind = "guidance" if label == "crime_report" else "emergency_guidance"
    return understood(label, said=[guidance(mandate, channel, kind)])


def change(record, message_id: int, **fields) -> None:
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        for name, value in fields.items():
            setattr(message.conversation if name == "staff_until" else message, name, value)


# Fragments


def test_a_few_words_that_are_no_report_wait_for_the_rest(record, mandate):
    message_id = record.receive("hi")
    assistant = take(record, mandate, message_id, held())
    message = stored(record, message_id)
    assert assistant.asked[0].hold == "not_report"
    assert (message.state, message.claimed_until, message.attempts) == (WAITING, None, 0)
    assert message.due_at == record.clock() + QUIET


def test_when_no_more_has_come_they_are_answered(record, mandate):
    message_id = record.receive("hi")
    take(record, mandate, message_id, held())
    record.clock.advance(seconds=QUIET.total_seconds())
    assistant = take(record, mandate, message_id, understood("not_report", said=[("utter_greeting", "Hello.")]))
    assert assistant.asked[0].hold == ""
    assert stored(record, message_id).end == ANSWERED


def test_a_burst_is_understood_as_one_and_answered_once(record, mandate):
    first, second = record.receive("my neighbour is"), record.receive("waving a chainsaw at people")
    assistant = take(record, mandate, second, report(mandate, "emergency"))
    assert assistant.asked[0].text == "my neighbour is\nwaving a chainsaw at people"
    assert [(stored(record, one).end, len(stored(record, one).replies)) for one in (first, second)] == [
        (SILENT, 0),
        (ANSWERED, 1),
    ]
    assert "together with the message after it" in stored(record, first).end_reason


@pytest.mark.parametrize(
    ("text", "channel"), [("x" * (FRAGMENT_CHARACTERS + 1), "messenger"), ("hi", "facebook_comment")]
)
def test_what_looks_whole_and_what_is_public_is_answered_at_once(record, mandate, text, channel):
    message_id = record.receive(text, channel=channel)
    assert take(record, mandate, message_id, understood("not_report")).asked[0].hold == ""


def test_what_follows_guidance_at_once_is_not_answered_again(record, mandate):
    first = record.receive("someone has taken my bike from the station, just now it seems")
    take(record, mandate, first, report(mandate))
    record.clock.advance(seconds=QUIET.total_seconds())
    second = record.receive("blue, with a basket")
    take(record, mandate, second, understood("not_report", said=[("utter_greeting", "Hello.")]))
    message = stored(record, second)
    assert (message.end, message.replies) == (SILENT, [])
    assert "moment ago" in message.end_reason


def test_what_follows_guidance_at_once_and_is_more_urgent_is_answered(record, mandate):
    take(record, mandate, record.receive("someone has taken my bike from the station"), report(mandate))
    second = record.receive("he is back and he has a hammer")
    take(record, mandate, second, report(mandate, "emergency"))
    assert [reply.kind for reply in stored(record, second).replies] == ["emergency_guidance"]


def test_what_follows_when_the_guidance_can_have_been_read_is_answered(record, mandate):
    take(record, mandate, record.receive("someone has taken my bike from the station"), report(mandate))
    record.clock.advance(seconds=QUIET.total_seconds() + 1)
    second = record.receive("my phone was in its basket, so they have that too")
    reminder = "Please call 101, or 999 in an emergency."
    take(record, mandate, second, understood("crime_report", said=[("utter_reminder", reminder)]))
    assert [reply.kind for reply in stored(record, second).replies] == ["reminder"]


# Staff


@pytest.mark.parametrize(("label", "replies"), [("not_report", 0), ("crime_report", 0), ("emergency", 1)])
def test_signpost_keeps_out_of_a_conversation_a_member_of_staff_has_but_for_emergencies(
    record, mandate, label, replies
):
    message_id = record.receive("a message of some length, so that it is taken for a whole one")
    change(record, message_id, staff_until=record.clock() + timedelta(hours=1))
    take(record, mandate, message_id, report(mandate, label) if label != "not_report" else understood(label))
    message = stored(record, message_id)
    assert (len(message.replies), message.label) == (replies, label)


def test_when_the_pause_is_over_signpost_answers_again(record, mandate):
    message_id = record.receive("a message of some length, so that it is taken for a whole one")
    change(record, message_id, staff_until=record.clock())
    take(record, mandate, message_id, report(mandate))
    assert stored(record, message_id).end == ANSWERED


# Edits


@pytest.mark.parametrize(
    ("before", "hold"), [("not_report", "not_report"), ("crime_report", "crime_report"), ("emergency", "emergency")]
)
def test_an_edit_is_answered_only_when_it_is_more_urgent(record, mandate, before, hold):
    original = record.receive("a message of some length, so that it is taken for a whole one")
    take(record, mandate, original, report(mandate, before) if before != "not_report" else understood(before))
    edit = record.receive("the same in other words", edit_of_id=original, platform_id="m1#1")
    assistant = take(record, mandate, edit, held())
    assert assistant.asked[0].hold == hold
    message = stored(record, edit)
    assert (message.state, message.end, message.label) == (ENDED, SILENT, None)
    assert "edited" in message.end_reason


# Without words


@pytest.mark.parametrize(
    ("kind", "channel", "end", "replies"),
    [
        ("attachment", "messenger", ANSWERED, 1),
        ("attachment", "facebook_comment", SILENT, 0),
        ("unreadable", "x_dm", FAILED, 0),
        ("text", "messenger", SILENT, 0),
    ],
)
def test_a_message_without_words_has_the_end_its_kind_calls_for(record, mandate, kind, channel, end, replies):  # noqa: PLR0913, PLR0917  # the table's columns
    message_id = record.receive("", kind=kind, channel=channel)
    assistant = take(record, mandate, message_id, report(mandate))
    message = stored(record, message_id)
    assert assistant.asked == []
    assert (message.end, len(message.replies)) == (end, replies)


def test_a_second_picture_is_not_met_with_the_guidance_again(record, mandate):
    take(record, mandate, record.receive("", kind="attachment"), report(mandate))
    second = record.receive("", kind="attachment")
    take(record, mandate, second, report(mandate))
    assert stored(record, second).end == SILENT


def test_a_picture_for_a_member_of_staff_is_left_to_them(record, mandate):
    message_id = record.receive("", kind="attachment")
    change(record, message_id, staff_until=record.clock() + timedelta(hours=1))
    take(record, mandate, message_id, report(mandate))
    assert stored(record, message_id).end == SILENT


def test_a_message_that_was_taken_back_before_it_was_read_is_left(record, mandate):
    message_id = record.receive("help me")
    change(record, message_id, text_encrypted=None)
    take(record, mandate, message_id, report(mandate))
    message = stored(record, message_id)
    assert (message.end, message.replies) == (SILENT, [])
    assert "taken back" in message.end_reason


# Ways


def test_a_report_under_a_post_is_answered_there_and_in_private(record, mandate):
    message_id = record.receive("my bike was stolen last night", channel="facebook_comment")
    take(
        record,
        mandate,
        message_id,
        report(mandate, channel="facebook_comment"),
        ways=lambda _channel, _account: (PUBLIC_REPLY, PRIVATE_REPLY),
    )
    replies = stored(record, message_id).replies
    assert [(reply.way, reply.position) for reply in replies] == [(PUBLIC_REPLY, 0), (PRIVATE_REPLY, 1)]
    assert len({reply.text for reply in replies}) == 1


def test_where_replies_are_switched_off_a_report_is_only_recorded(record, mandate):
    message_id = record.receive("my bike was stolen last night", channel="facebook_comment")
    take(record, mandate, message_id, report(mandate, channel="facebook_comment"), ways=lambda _c, _a: ())
    message = stored(record, message_id)
    assert (message.end, message.label, message.replies) == (SILENT, "crime_report", [])
    assert "switched off" in message.end_reason
