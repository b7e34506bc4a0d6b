"""From a platform's webhook to a delivered reply, through the whole product and platforms in small."""

import pytest

from signpost.force.length import measure
from signpost.log.models import ANSWERED, DELIVERED, FAILED, SILENT
from signpost.log.states import open_alerts

pytestmark = pytest.mark.rasa
REPORT = "someone broke into my car last night and stole my laptop"
URGENT = "help he is breaking into my house right now with a knife"
PRIVATE = ["messenger", "instagram_dm", "x_dm"]
PUBLIC = ["facebook_comment", "instagram_comment", "x_mention"]


def say(rehearsal, channel: str, text: str = REPORT, **more):
    return rehearsal.do("say", channel=channel, text=text, **more)


def delivered(rehearsal, said, replies: int = 1):
    def look():
        message = rehearsal.message(said["platform_id"])
        states = [reply.state for reply in message.replies] if message else []
        return message if states == [DELIVERED] * replies else None

    return rehearsal.until(look)


def words(sent) -> str:
    """The reply without the reference that it bears on X."""
    text, _, _reference = sent["text"].partition(" Ref ")
    return text


@pytest.mark.parametrize("channel", PRIVATE)
def test_a_report_in_private_is_answered_on_its_platform_and_logged(rehearsal, mandate, channel):
    said = say(rehearsal, channel)
    message = delivered(rehearsal, said)
    (sent,) = rehearsal.sent_to(said)
    limits = mandate.channel(channel)
    assert mandate.faults(words(sent), "guidance", limits) == []
    assert measure(sent["text"], limits.unit) <= limits.limit
    rehearsal.product.logged(message.id)


@pytest.mark.parametrize(("channel", "ways"), zip(PUBLIC, [2, 2, 1], strict=True))
def test_a_report_in_public_is_answered_where_it_stands_and_once_in_private(rehearsal, mandate, channel, ways):
    said = say(rehearsal, channel, f"@police {REPORT}")
    delivered(rehearsal, said, ways)
    sent = rehearsal.sent_to(said)
    assert {one["way"] for one in sent} == set(["public_reply", "private_reply"][:ways])
    assert len(sent) == ways, "each way once; which of the two goes first is the threads' affair"
    assert all(mandate.faults(words(one), "guidance", mandate.channel(channel)) == [] for one in sent)


@pytest.mark.parametrize("channel", PUBLIC)
def test_what_is_no_report_is_met_with_silence_in_public(rehearsal, channel):
    said = say(rehearsal, channel, "@police lovely to see you at the fair today, thank you")
    assert rehearsal.ended(said["platform_id"]).end == SILENT
    assert rehearsal.sent_to(said) == []


@pytest.mark.parametrize("channel", [*PRIVATE, *PUBLIC])
def test_an_emergency_is_told_to_call_999_first_on_every_channel(rehearsal, channel):
    said = say(rehearsal, channel, URGENT)
    delivered(rehearsal, said, 1 if channel not in PUBLIC[:2] else 2)
    assert all(one["text"].startswith("Call 999 now") for one in rehearsal.sent_to(said))


def test_what_the_platform_sends_twice_and_out_of_order_is_answered_once(rehearsal):
    messages = [{"channel": "messenger", "text": REPORT, "person": f"Twice {number}"} for number in range(6)]
    burst = rehearsal.do("burst", messages=messages, duplicates=1.0, reorder=True, batch=2)["messages"]
    for said in burst:
        delivered(rehearsal, said)
        assert len(rehearsal.sent_to(said)) == 1


def test_a_member_of_staffs_reply_keeps_signpost_out_but_for_emergencies(rehearsal):
    said = say(rehearsal, "messenger", "good morning, could you tell me when the next coffee with a copper is on?")
    delivered(rehearsal, said)
    before = len(rehearsal.sent_to(said))
    rehearsal.do("act", action="staff_reply", platform_id=said["platform_id"], text="Good morning, it is on Tuesday.")
    rehearsal.until(lambda: rehearsal.message(said["platform_id"]).conversation.staff_until)
    quiet = say(rehearsal, "messenger", REPORT, person=said["person"])
    assert rehearsal.ended(quiet["platform_id"]).end == SILENT
    assert len(rehearsal.sent_to(said)) == before
    urgent = say(rehearsal, "messenger", URGENT, person=said["person"])
    assert rehearsal.ended(urgent["platform_id"]).end == ANSWERED


def test_a_message_that_is_unsent_loses_its_words_in_the_record(rehearsal):
    said = say(rehearsal, "instagram_dm")
    delivered(rehearsal, said)
    rehearsal.do("act", action="unsend", platform_id=said["platform_id"])
    rehearsal.until(lambda: rehearsal.message(said["platform_id"]).text_encrypted is None)


def test_a_picture_without_words_is_met_with_the_guidance(rehearsal, mandate):
    said = rehearsal.do("act", action="photo", channel="messenger")
    delivered(rehearsal, said)
    (sent,) = rehearsal.sent_to(said)
    assert mandate.faults(sent["text"], "guidance", mandate.channel("messenger")) == []


def test_a_platform_that_refuses_a_person_is_told_to_staff(rehearsal):
    rehearsal.do("faults", name="person_unavailable", platform="facebook", times=1)
    said = say(rehearsal, "messenger")
    message = rehearsal.until(
        lambda: (m := rehearsal.message(said["platform_id"])) and m.replies and m.replies[0].state == FAILED and m
    )
    assert message.replies[0].failure


def test_an_answer_that_is_lost_on_messenger_is_not_sent_twice(rehearsal):
    rehearsal.do("faults", name="server_error", platform="facebook", times=1, taken=True)
    said = say(rehearsal, "messenger")
    message = delivered(rehearsal, said)
    assert len(rehearsal.sent_to(said)) == 1
    assert message.replies[0].platform_id


def test_an_expired_token_raises_an_alert_and_its_reply_waits(rehearsal):
    rehearsal.do("faults", name="token_expired", platform="instagram")
    said = say(rehearsal, "instagram_dm")

    def alert():
        with rehearsal.product.reads() as session:
            return [one.kind for one in open_alerts(session) if one.escalation_id is None]

    try:
        assert rehearsal.until(alert) == ["token_expired"]
    finally:
        rehearsal.do("faults", clear=True)
    assert rehearsal.message(said["platform_id"]).replies[0].state == "waiting"
