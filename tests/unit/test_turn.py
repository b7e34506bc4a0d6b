"""One message across the desk: asked about, guarded, and brought to an end with its replies, whatever goes wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import FakeAssistant, guidance, stored, turn_for, understood
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from structlog.testing import capture_logs

from signpost.desk.assistant import LONGEST_TEXT, AssistantAway, AssistantRefused
from signpost.desk.queue import claim_next
from signpost.desk.turn import _UNSEEN, LEAST_ATTEMPTS, PATIENCE
from signpost.log.models import ANSWERED, ENDED, FAILED, SILENT, WAITING, InboundMessage

AWAY = AssistantAway("the assistant could not be reached (ConnectError)")


def take(record, mandate, message_id: int, *gives) -> FakeAssistant:
    assistant = FakeAssistant(*gives)
    turn_for(record, mandate, assistant).take(message_id)
    return assistant


def claimed(record, message_id: int) -> None:
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.claimed_by, message.claimed_until = "w", record.clock() + timedelta(seconds=60)


# Ends


@pytest.mark.parametrize("label", ["crime_report", "emergency"])
@pytest.mark.parametrize(
    "channel", ["messenger", "facebook_comment", "instagram_dm", "instagram_comment", "x_dm", "x_mention"]
)
def test_a_report_ends_answered_with_what_the_assistant_said(record, mandate, channel, label):
    kind = "guidance" if label == "crime_report" else "emergency_guidance"
    said = guidance(mandate, channel, kind)
    message_id = record.receive("my bike's gone", channel=channel)
    take(record, mandate, message_id, understood(label, said=[said]))
    message = stored(record, message_id)
    (reply,) = message.replies
    assert (message.state, message.end, message.end_reason, message.ended_at) == (ENDED, ANSWERED, None, record.clock())
    assert (reply.response, reply.kind, reply.text, reply.faults) == (said[0], kind, said[1], None)
    assert (reply.state, reply.position, reply.due_at, reply.created_at) == (WAITING, 0, record.clock(), record.clock())


def test_how_a_message_was_understood_is_kept_with_it(record, mandate):
    message_id = record.receive("my bike's gone")
    answer = understood(said=[guidance(mandate)], unsure=True)
    take(record, mandate, message_id, answer)
    message = stored(record, message_id)
    assert (message.label, message.intent, message.model) == ("crime_report", "report_crime", "model-1")
    assert (message.scores, message.ranking, message.unsure) == (answer.scores, answer.ranking, True)


def test_several_replies_keep_their_order(record, mandate):
    message_id = record.receive("hello, my bike's gone")
    said = [("utter_greet", "Hello."), guidance(mandate), ("utter_goodbye", "Goodbye.")]
    take(record, mandate, message_id, understood(said=said))
    replies = stored(record, message_id).replies
    assert [(reply.position, reply.response) for reply in replies] == [
        (0, "utter_greet"),
        (1, "utter_guidance"),
        (2, "utter_goodbye"),
    ]


def test_a_message_to_which_no_rule_replies_ends_in_silence_with_the_reason(record, mandate):
    message_id = record.receive("nice photo", channel="facebook_comment")
    take(record, mandate, message_id, understood("not_report", "everyday_talk"))
    message = stored(record, message_id)
    assert (message.state, message.end, message.end_reason) == (ENDED, SILENT, "no reply is due by rule")
    assert list(message.replies) == []


def test_the_claim_is_given_up_at_the_end(record, mandate):
    message_id = record.receive("my bike's gone")
    claimed(record, message_id)
    take(record, mandate, message_id, understood(said=[guidance(mandate)]))
    message = stored(record, message_id)
    assert (message.claimed_by, message.claimed_until) == (None, None)


@pytest.mark.parametrize("text", ["", "   ", "\n\t \u00a0", "\ufeff"])
def test_a_message_without_text_ends_in_silence_and_the_assistant_is_not_asked(record, mandate, text):
    message_id = record.receive(text)
    assistant = take(record, mandate, message_id, understood())
    message = stored(record, message_id)
    assert (message.end, message.end_reason, message.unsure) == (SILENT, "it holds no text", False)
    assert assistant.asked == []


def test_a_message_whose_text_was_deleted_ends_in_silence(record, mandate):
    message_id = record.receive("my bike's gone")
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).text_encrypted = None
    take(record, mandate, message_id, understood())
    assert stored(record, message_id).end == SILENT


def test_an_end_is_never_stored_twice(record, mandate):
    message_id = record.receive("my bike's gone")
    take(record, mandate, message_id, understood(said=[guidance(mandate)]))
    first = stored(record, message_id)
    record.clock.advance(minutes=5)
    take(record, mandate, message_id, understood("emergency", said=[guidance(mandate, kind="emergency_guidance")]))
    second = stored(record, message_id)
    assert (second.label, second.ended_at) == (first.label, first.ended_at)
    assert [reply.id for reply in second.replies] == [reply.id for reply in first.replies]


@pytest.mark.parametrize("fault", [AWAY, AssistantRefused("the assistant refused the message (status 400)")])
@pytest.mark.parametrize("seconds", [5, 300])
def test_a_fault_after_another_worker_was_quicker_changes_nothing(record, mandate, fault, seconds):
    message_id = record.receive("my bike's gone")
    take(record, mandate, message_id, understood(said=[guidance(mandate)]))
    first = stored(record, message_id)
    record.clock.advance(seconds=seconds)
    take(record, mandate, message_id, fault)
    second = stored(record, message_id)
    assert (second.state, second.end, second.label, second.unsure) == (ENDED, ANSWERED, "crime_report", False)
    assert (second.attempts, second.due_at) == (first.attempts, first.due_at)
    assert len(second.replies) == 1


# What the assistant is asked


def test_the_assistant_is_told_the_text_and_where_it_was_written_and_nobodys_name(record, mandate):
    message_id = record.receive("my bike's gone", person="alice.archer", channel="x_mention", platform_id="mid.99")
    assistant = take(record, mandate, message_id, understood(said=[guidance(mandate, "x_mention")]))
    (question,) = assistant.asked
    message = stored(record, message_id)
    assert (question.text, question.channel, question.visibility) == ("my bike's gone", "x_mention", "public")
    assert (question.message_id, question.conversation_id) == (message.key, message.conversation.key)
    assert (question.guided, question.replies) == ("nothing", "on_request")
    assert "alice" not in repr(question)
    assert "mid.99" not in repr(question)


@pytest.mark.parametrize("kind", ["guidance", "emergency_guidance"])
def test_the_assistant_is_told_what_this_person_was_told_within_the_hour(record, mandate, kind):
    take(record, mandate, record.receive("one"), understood("emergency", said=[guidance(mandate, kind=kind)]))
    told = stored(record, 1).replies[0].kind
    record.clock.advance(minutes=59)
    assistant = take(record, mandate, record.receive("two"), understood(said=[guidance(mandate)]))
    assert assistant.asked[0].guided == told


def test_after_an_hour_the_assistant_is_told_that_nothing_was_said(record, mandate):
    take(record, mandate, record.receive("one"), understood(said=[guidance(mandate)]))
    record.clock.advance(hours=1)
    assistant = take(record, mandate, record.receive("two"), understood(said=[guidance(mandate)]))
    assert assistant.asked[0].guided == "nothing"


def test_guidance_sent_unseen_counts_as_guidance(record, mandate):
    message_id = record.receive("my bike's gone")
    until_patience_ends(record, mandate, message_id)
    take(record, mandate, message_id, AWAY)
    assistant = take(record, mandate, record.receive("and my helmet"), understood(said=[guidance(mandate)]))
    assert assistant.asked[0].guided == "guidance"


# Stop


def test_somebody_who_asks_us_to_stop_is_known_to_have_asked(record, mandate):
    message_id = record.receive("stop texting me")
    take(record, mandate, message_id, understood("not_report", "stop"))
    assert stored(record, message_id).conversation.replies_off_at == record.clock()
    assert stored(record, message_id).end == SILENT
    assistant = take(record, mandate, record.receive("hello"), understood("not_report", "greet"))
    assert assistant.asked[0].replies == "off_by_request"


@pytest.mark.parametrize("label", ["crime_report", "emergency"])
def test_somebody_who_reports_after_asking_us_to_stop_is_talking_to_us_again(record, mandate, label):
    take(record, mandate, record.receive("stop"), understood("not_report", "stop"))
    said = guidance(mandate, kind="emergency_guidance")
    message_id = record.receive("somebody's breaking in")
    take(record, mandate, message_id, understood(label, said=[said]))
    assert stored(record, message_id).conversation.replies_off_at is None
    assistant = take(record, mandate, record.receive("thanks"), understood("not_report", "give_praise_or_thanks"))
    assert assistant.asked[0].replies == "on_request"


def test_small_talk_after_asking_us_to_stop_changes_nothing(record, mandate):
    message_id = record.receive("stop")
    take(record, mandate, message_id, understood("not_report", "stop"))
    since = record.clock()
    record.clock.advance(minutes=5)
    take(record, mandate, record.receive("nice weather"), understood("not_report", "everyday_talk"))
    assert stored(record, message_id).conversation.replies_off_at == since


def test_somebody_who_asks_us_to_stop_is_still_answered_when_the_message_is_a_report(record, mandate):
    """Whatever the rules say: the guard answers every report."""
    take(record, mandate, record.receive("stop"), understood("not_report", "stop"))
    message_id = record.receive("he's got a knife")
    take(record, mandate, message_id, understood("emergency", "report_emergency"))
    (reply,) = stored(record, message_id).replies
    assert reply.kind == "emergency_guidance"


def test_another_person_who_asked_us_to_stop_stops_nobody_else(record, mandate):
    take(record, mandate, record.receive("stop", person="p1"), understood("not_report", "stop"))
    assistant = take(record, mandate, record.receive("hello", person="p2"), understood("not_report", "greet"))
    assert assistant.asked[0].replies == "on_request"


# The guard


def test_a_report_is_answered_even_when_the_assistant_says_nothing(record, mandate):
    message_id = record.receive("my bike's gone")
    with capture_logs() as events:
        take(record, mandate, message_id, understood())
    message = stored(record, message_id)
    (reply,) = message.replies
    assert reply.text == mandate.canonical_text("guidance", mandate.channel("messenger"))
    assert reply.faults == ["the assistant said nothing to a report"]
    assert message.end == ANSWERED
    assert [event["event"] for event in events] == ["reply_replaced"]


def test_why_words_were_replaced_is_kept_with_the_reply(record, mandate):
    message_id = record.receive("any news of my case?")
    said = [("utter_case_update", "Please call 111.")]
    take(record, mandate, message_id, understood("not_report", "ask_case_update", said=said))
    (reply,) = stored(record, message_id).replies
    assert (reply.kind, reply.response) == ("guidance", "utter_case_update")
    assert reply.faults == ["the number 111 is not one the force has approved"]
    assert "111" not in reply.text


LABELS = st.sampled_from(["emergency", "crime_report", "not_report"])
SAID = st.lists(st.tuples(st.sampled_from(["utter_guidance", "utter_reminder", "utter_thanks"]), st.text(max_size=40)), max_size=2)  # fmt: skip


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(LABELS, SAID, st.sampled_from([1, 30, 61])), min_size=1, max_size=3))
def test_whatever_was_said_before_every_report_ends_with_its_guidance_or_a_reminder(record, mandate, steps):
    person = f"p{record.receive('the first of them', person='counter')}"
    for label, said, minutes in steps:
        record.clock.advance(minutes=minutes)
        message_id = record.receive("something", person=person)
        take(record, mandate, message_id, understood(label, said=said))
        kinds = [reply.kind for reply in stored(record, message_id).replies]
        if label == "emergency":
            assert {"emergency_guidance", "emergency_reminder"} & set(kinds)
        elif label == "crime_report":
            assert set(kinds) - {"answer"}


# References on X


def test_on_x_a_reply_bears_its_reference_so_that_no_two_are_the_same(record, mandate):
    said = guidance(mandate, "x_dm")
    message_id = record.receive("my bike's gone", channel="x_dm")
    with record.sessions.begin() as session:
        claim_next(session.connection(), record.clock, "w")
    take(record, mandate, message_id, understood(said=[said]))
    message = stored(record, message_id)
    assert message.reference is not None
    assert [reply.text for reply in message.replies] == [f"{said[1]} Ref {message.reference}"]


def test_elsewhere_a_reply_bears_no_reference(record, mandate):
    said = guidance(mandate)
    message_id = record.receive("my bike's gone")
    with record.sessions.begin() as session:
        claim_next(session.connection(), record.clock, "w")
    take(record, mandate, message_id, understood(said=[said]))
    assert [reply.text for reply in stored(record, message_id).replies] == [said[1]]


# An assistant that refuses


def test_a_private_message_the_assistant_refuses_gets_the_guidance_unseen(record, mandate):
    message_id = record.receive("?")
    with capture_logs() as events:
        take(record, mandate, message_id, AssistantRefused("the assistant refused the message (status 400)"))
    message = stored(record, message_id)
    assert (message.state, message.end, message.unsure) == (ENDED, ANSWERED, True)
    assert message.end_reason.startswith("the assistant refused the message (status 400); the guidance was sent")
    assert mandate.faults(message.replies[0].text, "guidance", mandate.channel("messenger")) == []
    assert [event["event"] for event in events] == ["message_answered_unseen"]


def test_a_public_message_the_assistant_refuses_fails_and_waits_for_a_person(record, mandate):
    message_id = record.receive("?", channel="x_mention")
    with capture_logs() as events:
        take(record, mandate, message_id, AssistantRefused("the assistant refused the message (status 400)"))
    message = stored(record, message_id)
    assert (message.state, message.end, message.unsure) == (ENDED, FAILED, True)
    assert message.end_reason == "the assistant refused the message (status 400)"
    assert [event["event"] for event in events] == ["message_failed"]


# An assistant that is away


def test_while_the_assistant_is_away_a_message_is_put_off_with_growing_pauses(record, mandate):
    message_id = record.receive("my bike's gone")
    pauses = []
    for attempt in range(1, 8):
        claimed(record, message_id)
        record.clock.now = stored(record, message_id).received_at + timedelta(seconds=attempt)
        take(record, mandate, message_id, AWAY)
        message = stored(record, message_id)
        assert (message.state, message.attempts) == (WAITING, attempt)
        assert (message.claimed_by, message.claimed_until) == (None, None)
        pauses.append((message.due_at - record.clock()).total_seconds())
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15]


def test_an_assistant_that_comes_back_answers_as_if_it_had_never_been_away(record, mandate):
    message_id = record.receive("my bike's gone")
    take(record, mandate, message_id, AWAY)
    record.clock.advance(seconds=30)
    take(record, mandate, message_id, understood(said=[guidance(mandate)]))
    message = stored(record, message_id)
    assert (message.end, message.end_reason, message.label) == (ANSWERED, None, "crime_report")
    assert message.replies[0].faults is None


def test_just_before_patience_ends_a_message_is_put_off_once_more(record, mandate):
    message_id = record.receive("my bike's gone")
    record.clock.advance(seconds=PATIENCE["private"].total_seconds() - 0.001)
    take(record, mandate, message_id, AWAY)
    assert stored(record, message_id).state == WAITING


def until_patience_ends(record, mandate, message_id, visibility="private") -> None:
    """Asks in vain as often as it takes, and lets the time pass."""
    for _ in range(LEAST_ATTEMPTS):
        take(record, mandate, message_id, AWAY)
    record.clock.advance(seconds=PATIENCE[visibility].total_seconds())


def test_a_message_that_waited_while_everything_was_off_gives_the_assistant_time_to_start(record, mandate):
    message_id = record.receive("my bike's gone")
    record.clock.advance(hours=9)
    for _ in range(LEAST_ATTEMPTS):
        take(record, mandate, message_id, AWAY)
        assert stored(record, message_id).state == WAITING
    take(record, mandate, message_id, AWAY)
    assert stored(record, message_id).state == ENDED


@pytest.mark.parametrize("channel", ["messenger", "instagram_dm", "x_dm"])
def test_when_patience_ends_a_private_message_gets_the_guidance_unseen(record, mandate, channel):
    message_id = record.receive("my bike's gone", channel=channel)
    until_patience_ends(record, mandate, message_id)
    take(record, mandate, message_id, AWAY)
    message = stored(record, message_id)
    (reply,) = message.replies
    assert (message.state, message.end, message.label, message.unsure) == (ENDED, ANSWERED, None, True)
    assert message.end_reason == f"{AWAY}; the guidance was sent without it"
    assert (reply.kind, reply.response, reply.faults) == ("guidance", "canonical", [str(AWAY)])
    assert reply.text == mandate.canonical_text("guidance", mandate.channel(channel))


@pytest.mark.parametrize("channel", ["facebook_comment", "instagram_comment", "x_mention"])
def test_when_patience_ends_a_public_message_fails_and_nothing_is_said_for_all_to_read(record, mandate, channel):
    message_id = record.receive("my bike's gone", channel=channel)
    until_patience_ends(record, mandate, message_id, "public")
    with capture_logs() as events:
        take(record, mandate, message_id, AWAY)
    message = stored(record, message_id)
    assert (message.state, message.end, message.end_reason, message.unsure) == (ENDED, FAILED, str(AWAY), True)
    assert list(message.replies) == []
    assert [event["event"] for event in events] == ["message_failed"]


def test_a_fault_nobody_foresaw_leaves_the_message_to_be_taken_again(record, mandate):
    message_id = record.receive("my bike's gone")
    claimed(record, message_id)
    with pytest.raises(ZeroDivisionError):
        take(record, mandate, message_id, ZeroDivisionError())
    message = stored(record, message_id)
    assert message.state == WAITING
    assert message.claimed_until is not None


def test_the_text_is_handed_over_whole_however_long_it_is(record, mandate):
    """The client cuts it (test_assistant); what is stored stays whole."""
    message_id = record.receive("a" * (LONGEST_TEXT + 5))
    assistant = take(record, mandate, message_id, understood(said=[guidance(mandate)]))
    assert len(assistant.asked[0].text) == LONGEST_TEXT + 5


def test_a_channel_that_was_taken_out_of_the_mandate_does_not_lose_the_message(record, mandate):
    message_id = record.receive("my bike's gone", channel="instagram_dm")
    fewer = {key: channel for key, channel in mandate.channels.items() if key != "instagram_dm"}
    with pytest.raises(Exception, match="There is no channel 'instagram_dm'"):
        take(record, replace(mandate, channels=fewer), message_id, understood(said=[guidance(mandate)]))
    message = stored(record, message_id)
    assert (message.state, message.label, list(message.replies)) == (WAITING, None, [])


# Kinds of crime


@pytest.mark.parametrize(
    ("channel", "label", "kept"),
    [
        ("messenger", "crime_report", "burglary"),
        ("messenger", "not_report", None),
        ("x_dm", "crime_report", None),
        ("x_mention", "emergency", None),
    ],
)
def test_a_reports_kind_is_kept_and_on_x_none_ever_is(record, mandate, channel, label, kept):
    message_id = record.receive("a message of some length, so that it is taken for a whole one", channel=channel)
    take(record, mandate, message_id, understood(label, kind="burglary"))
    assert stored(record, message_id).crime_kind == kept


# Understood late


def test_a_report_that_ended_unseen_is_in_the_log_once_the_assistant_is_back(record, mandate):
    message_id = unseen(record, mandate)
    assistant = FakeAssistant(understood("crime_report", held=True))
    turn = turn_for(record, mandate, assistant)
    assert turn.understand_late()
    message = stored(record, message_id)
    assert (message.label, message.end, message.unsure, len(message.replies)) == ("crime_report", ANSWERED, True, 1)
    assert assistant.asked[0].hold == "emergency"
    assert not turn.understand_late()


def test_while_the_assistant_is_away_nothing_is_understood_late(record, mandate):
    message_id = unseen(record, mandate)
    assert not turn_for(record, mandate, FakeAssistant(AWAY)).understand_late()
    assert stored(record, message_id).label is None
    assert turn_for(record, mandate, FakeAssistant(understood())).understand_late()


def test_what_the_assistant_refuses_is_not_asked_about_for_ever(record, mandate):
    unseen(record, mandate)
    turn = turn_for(record, mandate, FakeAssistant(AssistantRefused("the assistant refused the message (status 400)")))
    assert turn.understand_late()
    assert not turn.understand_late()


def unseen(record, mandate) -> int:
    """A message that ended with the guidance while the assistant was away."""
    message_id = record.receive("someone has broken into my shed and taken the mower")
    for _ in range(LEAST_ATTEMPTS + 1):
        take(record, mandate, message_id, AWAY)
        record.clock.advance(seconds=30)
    assert stored(record, message_id).state == ENDED
    return message_id


def test_the_look_for_what_nobody_understood_costs_the_same_however_large_the_record(sqlite_record):
    with sqlite_record.reads() as session:
        query = _UNSEEN.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert "ix_inbound_message_attempts" in str(plan)
