"""Every stored reply is delivered, in order, until the platform has taken or refused it."""

from datetime import timedelta

import pytest
from fakes import FakeAssistant, FakePlatform, deliverer_for, guidance, log_for, stored, turn_for, understood
from sqlalchemy import select
from structlog.testing import capture_logs

from signpost.channels.simulated import SimulatedTransport
from signpost.channels.transport import (
    PRIVATE_REPLY,
    PUBLIC_REPLY,
    Delivery,
    DeliveryDelayed,
    DeliveryRefused,
    Taken,
)
from signpost.desk.delivery import LEASE
from signpost.log.escalations import Finding
from signpost.log.models import DELIVERED, FAILED, WAITING, DeliveryAttempt, InboundMessage, OutboundMessage
from signpost.log.replies import ECHOED, mark_delivered, mark_failed
from signpost.log.states import open_alerts


@pytest.fixture
def answered(record, mandate):
    """Stores a message and the replies to it, and returns the message's id."""

    def answer(*texts: str, person: str = "p1", channel: str = "messenger") -> int:
        message_id = record.receive("my bike's gone", person=person, channel=channel)
        said = [guidance(mandate, channel), *(("utter_thanks", text) for text in texts)]
        turn_for(record, mandate, FakeAssistant(understood(said=said))).take(message_id)
        return message_id

    return answer


def escalate(record, message_id: int) -> str:
    return log_for(record).write(Finding(stored(record, message_id).key, "crime_report", {}, "model-1", "action"))


def replies(record, message_id: int) -> list[OutboundMessage]:
    return list(stored(record, message_id).replies)


def test_a_reply_is_taken_by_the_platform_and_known_to_be(record, mandate, answered):
    message_id, platform = answered(), FakePlatform()
    record.clock.advance(seconds=2)
    assert deliverer_for(record, platform).deliver_due() == 1
    (reply,) = replies(record, message_id)
    assert (reply.state, reply.platform_id, reply.delivered_at, reply.failure) == (
        DELIVERED,
        "taken-1",
        record.clock(),
        None,
    )
    message = stored(record, message_id)
    assert platform.sent == [
        Delivery(
            f"{message.key}-0",
            "messenger",
            "page",
            "p1",
            message.platform_id,
            guidance(mandate)[1],
            "message",
            message.received_at,
        )
    ]


def test_a_reply_that_was_delivered_is_never_sent_again(record, answered):
    answered()
    platform = FakePlatform()
    deliverer = deliverer_for(record, platform)
    deliverer.deliver_due()
    record.clock.advance(hours=24)
    assert deliverer.deliver_due() == 0
    assert len(platform.sent) == 1


def test_nothing_is_delivered_where_nothing_is_due(record):
    assert deliverer_for(record, FakePlatform()).deliver_due() == 0


def test_only_the_replies_of_one_message_are_delivered_when_asked_for(record, answered):
    one, two = answered(person="p1"), answered(person="p2")
    assert deliverer_for(record, FakePlatform()).deliver_due(two) == 1
    assert [replies(record, message_id)[0].state for message_id in (one, two)] == [WAITING, DELIVERED]


def test_the_transport_is_chosen_by_channel_and_account(record, answered):
    answered(channel="x_dm")
    asked = []
    deliverer = deliverer_for(record, None)
    object.__setattr__(deliverer, "transport_for", lambda *which: asked.append(which) or FakePlatform())
    deliverer.deliver_due()
    assert asked == [("x_dm", "page")]


def test_the_simulator_takes_every_reply(record, answered):
    message_id = answered()
    deliverer_for(record, SimulatedTransport()).deliver_due()
    assert replies(record, message_id)[0].platform_id == f"simulated-{stored(record, message_id).key}-0"


# Order


def test_the_replies_to_one_message_are_delivered_in_their_order(record, answered):
    message_id, platform = answered("Thank you.", "Goodbye."), FakePlatform()
    deliverer = deliverer_for(record, platform)
    for _ in range(3):
        deliverer.deliver_due(message_id)
    assert [delivery.key.rsplit("-", 1)[1] for delivery in platform.sent] == ["0", "1", "2"]
    assert [reply.state for reply in replies(record, message_id)] == [DELIVERED] * 3


def test_a_reply_never_overtakes_one_before_it_that_was_put_off(record, answered):
    message_id, platform = answered("Thank you."), FakePlatform(DeliveryDelayed("busy"))
    deliverer = deliverer_for(record, platform)
    deliverer.deliver_due(message_id)
    assert deliverer.deliver_due(message_id) == 0
    assert [reply.state for reply in replies(record, message_id)] == [WAITING, WAITING]
    record.clock.advance(seconds=1)
    deliverer.deliver_due(message_id)
    deliverer.deliver_due(message_id)
    assert [delivery.key.rsplit("-", 1)[1] for delivery in platform.sent] == ["0", "0", "1"]


def test_a_reply_does_not_wait_for_one_that_was_refused_for_good(record, answered):
    message_id, platform = answered("Thank you."), FakePlatform(DeliveryRefused("blocked"))
    deliverer = deliverer_for(record, platform)
    deliverer.deliver_due(message_id)
    deliverer.deliver_due(message_id)
    assert [reply.state for reply in replies(record, message_id)] == [FAILED, DELIVERED]


def test_the_reply_that_has_waited_longest_goes_first(record, answered):
    ids = []
    for person in ("p1", "p2", "p3"):
        ids.append(answered(person=person))
        record.clock.advance(seconds=1)
    platform = FakePlatform()
    deliverer_for(record, platform).deliver_due()
    assert [delivery.person for delivery in platform.sent] == ["p1", "p2", "p3"]


# Delays


def test_a_reply_the_platform_did_not_take_is_tried_again_with_growing_pauses(record, answered):
    message_id, platform = answered(), FakePlatform(*[DeliveryDelayed("busy")] * 12)
    deliverer = deliverer_for(record, platform)
    pauses = []
    for attempt in range(1, 13):
        assert deliverer.deliver_due() == 1
        (reply,) = replies(record, message_id)
        assert (reply.state, reply.attempts, reply.failure, reply.delivered_at) == (WAITING, attempt, "busy", None)
        pauses.append((reply.due_at - record.clock()).total_seconds())
        record.clock.now = reply.due_at - timedelta(microseconds=1)
        assert deliverer.deliver_due() == 0
        record.clock.now = reply.due_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_reply_that_is_taken_at_last_is_no_longer_said_to_have_failed(record, answered):
    message_id, platform = answered(), FakePlatform(DeliveryDelayed("busy"))
    deliverer = deliverer_for(record, platform)
    deliverer.deliver_due()
    record.clock.advance(seconds=1)
    deliverer.deliver_due()
    (reply,) = replies(record, message_id)
    assert (reply.state, reply.failure, reply.delivered_at) == (DELIVERED, None, record.clock())


def test_every_attempt_bears_the_same_key_so_that_a_platform_can_tell_a_repeat(record, answered):
    answered()
    platform = FakePlatform(DeliveryDelayed("busy"), DeliveryDelayed("busy"))
    deliverer = deliverer_for(record, platform)
    for _ in range(3):
        deliverer.deliver_due()
        record.clock.advance(minutes=1)
    assert len(platform.sent) == 3
    assert len(set(platform.sent)) == 1


# Refusals


def test_a_reply_the_platform_refuses_has_failed_with_the_reason_and_is_not_tried_again(record, answered):
    message_id, platform = answered(), FakePlatform(DeliveryRefused("This person can't be written to."))
    deliverer = deliverer_for(record, platform)
    with capture_logs() as events:
        deliverer.deliver_due()
    (reply,) = replies(record, message_id)
    assert (reply.state, reply.failure, reply.delivered_at) == (FAILED, "This person can't be written to.", None)
    assert [event["event"] for event in events] == ["delivery_refused"]
    record.clock.advance(hours=24)
    assert deliverer.deliver_due() == 0


def test_one_refusal_keeps_no_other_reply_from_going_out(record, answered):
    one, two = answered(person="p1"), answered(person="p2")
    assert deliverer_for(record, FakePlatform(DeliveryRefused("blocked"))).deliver_due() == 2
    assert [replies(record, message_id)[0].state for message_id in (one, two)] == [FAILED, DELIVERED]


def test_a_transport_that_fails_in_a_way_nobody_foresaw_keeps_no_other_reply_from_going_out(record, answered):
    one, two = answered(person="p1"), answered(person="p2")
    deliverer = deliverer_for(record, FakePlatform(RuntimeError("a fault of the transport's own")))
    with capture_logs():
        deliverer.deliver_due()
    assert [replies(record, message_id)[0].state for message_id in (one, two)] == [WAITING, DELIVERED]
    (reply,) = replies(record, one)
    assert reply.due_at > record.clock()


# Two at once


def test_a_reply_that_is_just_being_sent_is_not_sent_a_second_time_by_the_sweeper(record, answered):
    answered()
    platform = FakePlatform()
    deliverer = deliverer_for(record, platform)
    platform.meanwhile = deliverer.deliver_due
    deliverer.deliver_due()
    assert len(platform.sent) == 1


def test_a_reply_that_was_delivered_since_the_sweeper_looked_is_not_sent_again(record, answered):
    one, two = answered(person="p1"), answered(person="p2")
    platform = FakePlatform()
    deliverer = deliverer_for(record, platform)
    # While the sweeper is sending the first reply, a worker delivers the second.
    platform.meanwhile = lambda: deliverer.deliver_due(two)
    deliverer.deliver_due()
    assert sorted(delivery.person for delivery in platform.sent) == ["p1", "p2"]
    assert {reply.state for message_id in (one, two) for reply in replies(record, message_id)} == {DELIVERED}


# The escalation


def test_an_escalation_is_told_when_its_reply_was_delivered(record, answered):
    message_id = answered()
    escalate(record, message_id)
    assert stored(record, message_id).escalation.delivery_state == WAITING
    record.clock.advance(seconds=2)
    deliverer_for(record, FakePlatform()).deliver_due()
    escalation = stored(record, message_id).escalation
    assert (escalation.delivery_state, escalation.delivered_at) == (DELIVERED, record.clock())


def test_an_escalation_is_told_when_its_reply_was_refused(record, answered):
    message_id = answered()
    escalate(record, message_id)
    deliverer_for(record, FakePlatform(DeliveryRefused("blocked"))).deliver_due()
    escalation = stored(record, message_id).escalation
    assert (escalation.delivery_state, escalation.delivered_at) == (FAILED, None)


def test_an_escalation_whose_reply_is_put_off_goes_on_waiting(record, answered):
    message_id = answered()
    escalate(record, message_id)
    deliverer_for(record, FakePlatform(DeliveryDelayed("busy"))).deliver_due()
    assert stored(record, message_id).escalation.delivery_state == WAITING


# What isn't known, rests and alerts


def test_a_reply_that_may_have_gone_out_waits_for_its_echo_before_it_is_tried_again(record, answered):
    message_id = answered()
    platform = FakePlatform(DeliveryDelayed("the answer was lost", unknown=True))
    deliverer = deliverer_for(record, platform)
    deliverer.deliver_due()
    record.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert deliverer.deliver_due() == 0
    assert replies(record, message_id)[0].attempted_at is not None
    record.clock.advance(seconds=1)
    assert deliverer.deliver_due() == 1
    assert len(platform.sent) == 2


def test_an_echo_that_is_quicker_than_the_answer_settles_the_reply(record, answered):
    message_id = answered()
    platform = FakePlatform(DeliveryDelayed("the answer was lost", unknown=True))

    def echo() -> None:
        with record.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, replies(record, message_id)[0].id)
            mark_delivered(session, reply, "echoed", record.clock())

    platform.meanwhile = echo
    deliverer_for(record, platform).deliver_due()
    (reply,) = replies(record, message_id)
    assert (reply.state, reply.platform_id, reply.failure) == (DELIVERED, "echoed", None)


def test_while_an_account_rests_its_replies_wait_and_others_go(record, answered):
    first, other = answered(), answered(person="p2")
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, other).account = "another page"
    platform = FakePlatform(DeliveryDelayed("too many", seconds=90, whole_account=True))
    deliverer = deliverer_for(record, platform)
    deliverer.deliver_due()
    states = {one: replies(record, one)[0].state for one in (first, other)}
    assert sorted(states.values()) == [DELIVERED, WAITING]
    record.clock.advance(seconds=90)
    deliverer.deliver_due()
    assert replies(record, first)[0].state == DELIVERED


def test_a_platform_that_asks_for_a_rest_with_its_answer_gets_it(record, answered):
    answered()
    deliverer_for(record, FakePlatform()).deliver_due()
    answered(person="p2")

    class Tired(FakePlatform):
        def send(self, delivery):
            return Taken(super().send(delivery).platform_id, rest_seconds=60)

    deliverer = deliverer_for(record, Tired())
    assert deliverer.deliver_due() == 1
    answered(person="p3")
    assert deliverer.deliver_due() == 0
    record.clock.advance(seconds=60)
    assert deliverer.deliver_due() == 1


def test_an_expired_token_raises_one_alert_and_loses_nothing(record, answered):
    message_id = answered()
    fault = DeliveryDelayed("The token has expired.", seconds=300, whole_account=True, alert="token_expired")
    deliverer = deliverer_for(record, FakePlatform(fault, fault))
    for _ in range(2):
        deliverer.deliver_due()
        record.clock.advance(seconds=300)
    with record.reads() as session:
        (alert,) = open_alerts(session)
    assert (alert.kind, alert.account, alert.times) == ("token_expired", "page", 2)
    deliverer.deliver_due()
    assert replies(record, message_id)[0].state == DELIVERED
    with record.reads() as session:
        assert open_alerts(session) == []


def test_a_reply_that_nobody_takes_for_days_fails_where_staff_see_it(record, answered):
    message_id = answered()
    deliverer = deliverer_for(record, FakePlatform(*[DeliveryDelayed("busy")] * 3))
    deliverer.deliver_due()
    record.clock.advance(days=4)
    deliverer.deliver_due()
    (reply,) = replies(record, message_id)
    assert (reply.state, reply.failure) == (FAILED, "busy; it was tried for 3 days")


def test_the_most_urgent_reply_goes_first(record, answered):
    answered(person="p1")
    urgent = answered(person="p2")
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, urgent).urgency = 90
    platform = FakePlatform()
    deliverer_for(record, platform).deliver_one()
    assert [delivery.person for delivery in platform.sent] == ["p2"]


def test_a_private_reply_does_not_wait_for_a_public_one_that_is_put_off(record, answered):
    message_id = answered("Thank you for your message.")
    with record.sessions.begin() as session:
        public, private = session.get_one(InboundMessage, message_id).replies
        public.way, private.way = PUBLIC_REPLY, PRIVATE_REPLY
    deliverer_for(record, FakePlatform(DeliveryDelayed("busy"))).deliver_due()
    assert [reply.state for reply in replies(record, message_id)] == [WAITING, DELIVERED]


# The history


def history(record, message_id: int) -> list[tuple[str, str]]:
    with record.reads() as session:
        (reply,) = session.get_one(InboundMessage, message_id).replies
        query = select(DeliveryAttempt).filter_by(outbound_message_id=reply.id).order_by(DeliveryAttempt.id)
        return [(one.outcome, one.detail) for one in session.scalars(query)]


def test_every_attempt_and_what_came_of_it_is_kept_for_the_record(record, answered):
    message_id = answered()
    deliverer = deliverer_for(record, FakePlatform(DeliveryDelayed("busy"), RuntimeError("private")))
    with capture_logs():
        for _ in range(3):
            deliverer.deliver_due()
            record.clock.advance(minutes=1)
    assert history(record, message_id) == [
        ("later", "busy"),
        ("later", "the reply could not be sent (RuntimeError)"),
        ("delivered", "The platform took it."),
    ]


def test_a_refusal_is_the_end_of_the_history(record, answered):
    message_id = answered()
    deliverer = deliverer_for(record, FakePlatform(DeliveryRefused("This person can't be written to.")))
    with capture_logs():
        deliverer.deliver_due()
    assert history(record, message_id) == [("failed", "This person can't be written to.")]


def test_an_echo_that_settles_a_reply_is_in_the_history_once(record, answered):
    message_id = answered()
    platform = FakePlatform(DeliveryDelayed("the answer was lost", unknown=True))

    def echo() -> None:
        with record.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, replies(record, message_id)[0].id)
            mark_delivered(session, reply, "echoed", record.clock(), ECHOED)

    platform.meanwhile = echo
    deliverer_for(record, platform).deliver_due()
    echo()
    assert history(record, message_id) == [("delivered", ECHOED)]


def test_an_outcome_that_cannot_be_stored_leaves_no_trace_in_the_history(record, answered):
    message_id = answered()
    with record.sessions() as session:
        mark_failed(session, session.get_one(OutboundMessage, replies(record, message_id)[0].id), "no", record.clock())
        session.rollback()
    assert history(record, message_id) == []
    assert replies(record, message_id)[0].state == WAITING
