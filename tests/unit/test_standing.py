"""How the record stands: what waits, what failed, what people must see to."""

from datetime import timedelta

from signpost.log.models import DELIVERED, ENDED, FAILED, WAITING, AccountState, Alert, InboundMessage, OutboundMessage
from signpost.log.standing import Standing, standing


def look(record) -> Standing:
    with record.reads() as session:
        return standing(session, record.clock())


def end(record, message_id: int) -> None:
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).state = ENDED


def reply(record, message_id: int, position: int, state: str) -> None:
    now = record.clock()
    with record.sessions.begin() as session:
        session.add(
            OutboundMessage(
                inbound_message_id=message_id,
                position=position,
                kind="guidance",
                response="utter_guidance",
                text="Call 101.",
                created_at=now,
                due_at=now,
                state=state,
            )
        )


def alert(record, kind: str, account: str, *, cleared: bool = False) -> None:
    now = record.clock()
    with record.sessions.begin() as session:
        session.add(
            Alert(
                kind=kind,
                account=account,
                detail="Somebody must look.",
                raised_at=now,
                last_seen_at=now,
                cleared_at=now if cleared else None,
            )
        )


def test_in_a_new_record_nothing_waits(record):
    assert look(record) == Standing(0, 0.0, 0, 0, {}, {})


def test_messages_that_have_not_come_to_their_end_wait_and_the_oldest_tells_how_long(record):
    first = record.receive("one")
    record.clock.advance(minutes=3)
    second = record.receive("two")
    record.clock.advance(seconds=20)
    assert (look(record).messages_waiting, look(record).oldest_waiting_seconds) == (2, 200.0)
    end(record, first)
    assert (look(record).messages_waiting, look(record).oldest_waiting_seconds) == (1, 20.0)
    end(record, second)
    assert (look(record).messages_waiting, look(record).oldest_waiting_seconds) == (0, 0.0)


def test_a_clock_that_was_put_back_makes_no_message_younger_than_new(record):
    record.receive("one")
    record.clock.advance(hours=-1)
    assert look(record).oldest_waiting_seconds == 0.0


def test_replies_are_counted_as_waiting_or_failed_and_delivered_ones_not_at_all(record):
    message_id = record.receive("one")
    for position, state in enumerate([WAITING, WAITING, FAILED, DELIVERED, DELIVERED, DELIVERED]):
        reply(record, message_id, position, state)
    assert (look(record).replies_waiting, look(record).replies_failed) == (2, 1)


def test_open_alerts_are_counted_by_kind_and_cleared_ones_not_at_all(record):
    alert(record, "token_expired", "1")
    alert(record, "token_expired", "2")
    alert(record, "platform_quiet", "1")
    alert(record, "unsubscribed", "1", cleared=True)
    assert look(record).alerts_open == {"token_expired": 2, "platform_quiet": 1}


def test_each_account_says_when_it_last_received_anything_if_it_ever_did(record):
    now = record.clock()
    with record.sessions.begin() as session:
        for platform, account, received in (
            ("facebook", "1", now - timedelta(hours=2)),
            ("instagram", "1", now),
            ("x", "2", None),
        ):
            session.add(AccountState(platform=platform, account=account, watched_since=now, last_received_at=received))
    assert look(record).last_received == {("facebook", "1"): now - timedelta(hours=2), ("instagram", "1"): now}
