"""What a platform tells us is stored once, whole, whatever the order in which it comes."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import FakeAssistant, FakePlatform, deliverer_for, guidance, stored, turn_for, understood
from sqlalchemy import select

from signpost.channels.events import Deleted, Echoed, Edited, Event, HandedOver, Noted, Said
from signpost.force.accounts import Account, Accounts
from signpost.intake.receiving import Receiver, Tally
from signpost.log.models import AccountState, Alert, Conversation, InboundMessage
from signpost.log.states import note_received, raise_alert

PAGE = Account("page", "facebook", "100", "Page", ("messenger", "facebook_comment"), staff_pause_hours=2)
PROFILE = Account("profile", "instagram", "200", "Profile", ("instagram_dm", "instagram_comment"))
X_OFF = Account("x", "x", "300", "X", ("x_dm", "x_mention"))
SAID = Said("messenger", "100", "p1", "m1", "someone is in my shed")


@pytest.fixture
def receiver(record, mandate) -> Receiver:
    return Receiver(
        sessions=record.sessions,
        reads=record.reads,
        vault=record.vault,
        accounts=Accounts((PAGE, PROFILE, X_OFF)),
        visibilities={key: channel.visibility for key, channel in mandate.channels.items()},
        app_ids=frozenset({"900"}),
        urgency=lambda text: 90 if "knife" in text else 0,
        clock=record.clock,
    )


def messages(record) -> list[InboundMessage]:
    with record.reads() as session:
        return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def words(record, message: InboundMessage) -> str | None:
    return record.vault.decrypt(message.text_encrypted) if message.text_encrypted else None


def conversation(record, person: str = "p1") -> Conversation:
    with record.reads() as session:
        return session.scalars(select(Conversation).filter_by(person=person)).one()


def answered(record, mandate, *, label: str = "crime_report", deliver: bool = True) -> InboundMessage:
    """The only message there is, answered and, if asked, delivered."""
    (message,) = messages(record)
    said = [guidance(mandate, message.channel)]
    turn_for(record, mandate, FakeAssistant(understood(label, said=said))).take(message.id)
    if deliver:
        deliverer_for(record, FakePlatform()).deliver_due()
    return stored(record, message.id)


# Messages


def test_the_desk_is_called_for_what_is_stored_and_for_nothing_else(receiver):
    rung: list[int] = []

    class Rung:
        def ring(self, times: int = 1) -> None:
            rung.extend([1] * times)

    heard = replace(receiver, bell=Rung())
    heard.take([SAID, replace(SAID, platform_id="m2", person="p2")])
    assert len(rung) == 2
    heard.take([SAID])
    heard.take([Noted("read", "100")])
    assert len(rung) == 2


def test_a_message_is_stored_with_everything_the_desk_needs(record, receiver):
    at = record.clock() - timedelta(minutes=3)
    tally = receiver.take([replace(SAID, text="he has a knife", sent_at=at)])
    (message,) = messages(record)
    assert (tally.stored, tally.known) == (1, 0)
    assert (message.channel, message.account, message.platform_id, message.reply_target) == (
        "messenger",
        "100",
        "m1",
        "m1",
    )
    assert (message.visibility, message.urgency, message.sent_at, message.received_at) == (
        "private",
        90,
        at,
        record.clock(),
    )
    assert words(record, message) == "he has a knife"


def test_a_message_that_is_sent_twice_is_stored_once(record, receiver):
    first = receiver.take([SAID, SAID])
    again = receiver.take([SAID])
    assert (first.stored, first.known, again.stored, again.known) == (1, 1, 0, 1)
    assert len(messages(record)) == 1


def test_every_message_of_a_batch_is_stored_in_the_order_it_came(record, receiver):
    batch = [replace(SAID, platform_id=f"m{n}", person=f"p{n % 7}", text=f"message {n}") for n in range(500)]
    assert receiver.take(batch).stored == 500
    assert [words(record, one) for one in messages(record)] == [f"message {n}" for n in range(500)]


def test_messages_for_accounts_that_are_not_ours_or_are_off_are_counted_and_left(record, receiver):
    others = [replace(SAID, account="999"), replace(SAID, channel="x_dm", account="300")]
    tally = receiver.take(others)
    assert (tally.stored, tally.unknown_account) == (0, 2)
    assert messages(record) == []


def test_a_message_by_another_account_of_the_force_is_never_stored(record, receiver):
    tally = receiver.take([replace(SAID, channel="facebook_comment", person="200")])
    assert (tally.stored, tally.noted) == (0, {"own": 1})


def test_a_comment_whose_writer_is_withheld_is_a_conversation_of_its_own(record, receiver):
    comments = [replace(SAID, channel="facebook_comment", person="", platform_id=f"c{n}") for n in range(2)]
    assert receiver.take(comments).stored == 2
    assert len({message.conversation_id for message in messages(record)}) == 2


def test_what_is_only_counted_is_counted_by_its_kind(record, receiver):
    tally = receiver.take([Noted("reaction", "100"), Noted("read"), Noted("read")])
    assert tally.noted == {"reaction": 1, "read": 2}


def test_a_batch_that_cannot_be_stored_is_not_stored_at_all(record, receiver, monkeypatch):
    def fail(*_arguments, **_more):
        raise RuntimeError

    monkeypatch.setattr("signpost.intake.receiving.note_received", fail)
    with pytest.raises(RuntimeError):
        receiver.take([SAID])
    assert messages(record) == []


# Many webhooks at once


def at_once(record, receiver, webhooks: list[list[Event]]) -> "list[Future[Tally]]":
    """Has all of them taken while somebody else writes, so that they gather, and then lets them go."""
    with ThreadPoolExecutor(len(webhooks)) as pool:
        with record.sessions.begin() as session:
            # On PostgreSQL, what the intake notes of an account waits for this row.
            note_received(session, [("facebook", "100")], record.clock())
            session.flush()
            asked = [pool.submit(receiver.take, webhook) for webhook in webhooks]
            time.sleep(0.2)
        return asked


def test_webhooks_that_come_at_once_are_stored_once_each_and_counted_each_for_itself(record, receiver):
    webhooks = [[replace(SAID, platform_id=f"m{n // 2}", person=f"p{n // 4}")] for n in range(24)]
    tallies = [one.result() for one in at_once(record, receiver, webhooks)]
    assert sorted(message.platform_id for message in messages(record)) == sorted(f"m{n}" for n in range(12))
    assert {(tally.stored, tally.known) for tally in tallies} == {(1, 0), (0, 1)}
    assert sum(tally.stored for tally in tallies) == 12


def test_what_one_webhook_brings_about_leaves_those_stored_with_it_alone(record, receiver, monkeypatch):
    def fail(*_arguments):
        raise ValueError

    monkeypatch.setattr("signpost.intake.receiving.reword", fail)
    said = [[replace(SAID, platform_id=f"m{n}")] for n in range(10)]
    asked = at_once(record, receiver, [*said, [Edited("messenger", "100", "p1", "m1", "1", "no")]])
    assert [one.result().stored for one in asked[:-1]] == [1] * 10
    assert isinstance(asked[-1].exception(), ValueError)
    assert len(messages(record)) == 10


def test_what_several_webhooks_say_and_take_back_at_once_is_gone(record, receiver):
    said = [[replace(SAID, platform_id=f"m{n}")] for n in range(6)]
    taken_back = [[Deleted("messenger", "100", f"m{n}")] for n in range(6)]
    for one in at_once(record, receiver, [*taken_back, *said]):
        one.result()
    assert [words(record, message) for message in messages(record)] == [None] * 6


# Edits


def test_an_edit_of_a_message_that_still_waits_replaces_its_words(record, receiver):
    receiver.take([SAID])
    tally = receiver.take([Edited("messenger", "100", "p1", "m1", "1", "he has a knife")])
    (message,) = messages(record)
    assert (words(record, message), message.urgency, tally.stored) == ("he has a knife", 90, 1)


def test_an_edit_of_a_message_that_was_answered_is_judged_beside_it(record, receiver, mandate):
    receiver.take([SAID])
    first = answered(record, mandate)
    edit = Edited("messenger", "100", "p1", "m1", "1", "he has a knife")
    assert receiver.take([edit]).stored == 1
    assert receiver.take([edit]).stored == 0
    original, edited = messages(record)
    assert words(record, original) == SAID.text
    assert (edited.edit_of_id, edited.reply_target, edited.conversation_id) == (first.id, "m1", first.conversation_id)


def test_an_edit_that_comes_before_its_message_stands_for_it(record, receiver):
    receiver.take([Edited("messenger", "100", "p1", "m1", "1", "the newer words")])
    receiver.take([SAID])
    (message,) = messages(record)
    assert words(record, message) == "the newer words"


def test_an_edit_of_a_message_that_was_taken_back_brings_nothing_back(record, receiver):
    receiver.take([SAID, Deleted("messenger", "100", "m1")])
    receiver.take([Edited("messenger", "100", "p1", "m1", "1", "the newer words")])
    (message,) = messages(record)
    assert words(record, message) is None


# Deletions


def test_a_message_that_is_taken_back_loses_its_words_and_those_of_its_edits(record, receiver, mandate):
    receiver.take([SAID])
    answered(record, mandate)
    receiver.take([Edited("messenger", "100", "p1", "m1", "1", "the newer words")])
    assert receiver.take([Deleted("messenger", "100", "m1")]).erased == 2
    assert [words(record, one) for one in messages(record)] == [None, None]
    assert [one.reasons_encrypted for one in messages(record)] == [None, None]


def test_a_message_that_comes_after_its_deletion_is_not_stored(record, receiver):
    receiver.take([Deleted("messenger", "100", "m1")])
    receiver.take([Deleted("messenger", "100", "m1")])
    assert receiver.take([SAID]).stored == 0
    (mark,) = messages(record)
    assert (mark.state, mark.end, mark.text_encrypted) == ("ended", "silent", None)


def test_on_x_a_deletion_names_its_authors_account_and_leaves_no_mark(record, receiver):
    on = Account("x", "x", "300", "X", ("x_dm", "x_mention"), approval="X, 1 December 2026")
    receiver = replace(receiver, accounts=Accounts((on,)))
    receiver.take([replace(SAID, channel="x_mention", account="300", platform_id="77")])
    assert receiver.take([Deleted("x_mention", "p1", "77"), Deleted("x_mention", "300", "78")]).erased == 1
    (message,) = messages(record)
    assert words(record, message) is None


# Echoes


def echo(**fields) -> Echoed:
    return Echoed(
        **{"channel": "messenger", "account": "100", "person": "p1", "platform_id": "e1", "text": "hi", **fields}
    )


def test_the_echo_of_a_reply_proves_its_delivery(record, receiver, mandate):
    receiver.take([SAID])
    message = answered(record, mandate, deliver=False)
    tally = receiver.take([echo(metadata=f"signpost:{message.key}-0", app_id="900")])
    (reply,) = stored(record, message.id).replies
    assert (reply.state, reply.platform_id, tally.noted) == ("delivered", "e1", {"own_echo": 1})
    assert conversation(record).staff_until is None


@pytest.mark.parametrize("channel", ["messenger", "instagram_dm"])
def test_an_echo_of_what_is_known_to_have_arrived_waits_for_nobody(record, receiver, mandate, channel):
    account = "100" if channel == "messenger" else "200"
    receiver.take([replace(SAID, channel=channel, account=account)])
    message = answered(record, mandate)
    mark = f"signpost:{message.key}-0" if channel == "messenger" else ""
    come = echo(channel=channel, account=account, metadata=mark, platform_id="taken-1")
    with record.sessions.begin() as session:
        session.connection()  # on SQLite, whoever would write had to wait for this one to end
        assert receiver.take([come, come]).noted == {"own_echo": 2}
    # With anything else beside it, it is stored with that.
    more = receiver.take([come, replace(SAID, channel=channel, account=account, platform_id="m2")])
    assert (more.stored, more.noted) == (1, {"own_echo": 1})


def test_an_echo_of_a_private_reply_is_known_by_its_id_though_its_reader_has_another(record, receiver, mandate):
    receiver.take([replace(SAID, channel="facebook_comment", platform_id="c1")])
    message = answered(record, mandate)
    with record.sessions.begin() as session:
        (reply,) = session.get_one(InboundMessage, message.id).replies
        reply.way, reply.platform_id, reply.text = "private_reply", "e1", "something else"
    assert receiver.take([echo(person="another")]).noted == {"own_echo": 1}


def test_an_echo_without_our_mark_is_known_by_its_words(record, receiver, mandate):
    receiver.take([replace(SAID, channel="instagram_dm", account="200")])
    message = answered(record, mandate)
    text = stored(record, message.id).replies[0].text
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message.id).replies[0].platform_id = None
    tally = receiver.take([echo(channel="instagram_dm", account="200", text=text)])
    assert tally.noted == {"own_echo": 1}
    assert conversation(record).staff_until is None


def test_what_a_member_of_staff_writes_pauses_signpost_for_the_accounts_time(record, receiver):
    receiver.take([SAID])
    assert receiver.take([echo(text="Hello, how can I help?")]).noted == {"staff_reply": 1}
    assert conversation(record).staff_until == record.clock() + timedelta(hours=2)


@pytest.mark.parametrize("mark", [{"metadata": "signpost:gone-0"}, {"app_id": "900"}])
def test_what_our_own_app_sent_otherwise_pauses_nothing(record, receiver, mark):
    receiver.take([SAID])
    assert receiver.take([echo(**mark)]).noted == {"own_echo_unknown": 1}
    assert conversation(record).staff_until is None


@pytest.mark.parametrize("known_by", ["id", "words"])
def test_our_own_reply_under_a_post_is_not_answered_though_its_writer_is_withheld(record, receiver, mandate, known_by):
    comment = replace(SAID, channel="facebook_comment", platform_id="c1")
    receiver.take([comment])
    message = answered(record, mandate, deliver=known_by == "id")
    reply = stored(record, message.id).replies[0]
    back = replace(
        comment,
        person="",
        platform_id="taken-1" if known_by == "id" else "c2",
        text="something else" if known_by == "id" else reply.text,
    )
    assert receiver.take([back]).noted == {"own": 1}
    assert len(messages(record)) == 1
    assert receiver.take([replace(back, platform_id="c3", text="my shed was broken into")]).stored == 1


# Hand-over


def test_a_conversation_that_is_handed_over_and_back_is_noted(record, receiver):
    receiver.take([SAID, HandedOver("messenger", "100", "p1", "263902037430900")])
    assert conversation(record).staff_until is not None
    receiver.take([HandedOver("messenger", "100", "p1", "900")])
    assert conversation(record).staff_until is None


def test_a_message_in_a_conversation_somebody_else_has_is_stored_and_noted_as_such(record, receiver):
    assert receiver.take([replace(SAID, standby=True)]).stored == 1
    assert conversation(record).staff_until is not None


# Accounts


def test_an_event_shows_that_the_platform_still_speaks_and_ends_the_alert(record, receiver):
    with record.sessions.begin() as session:
        raise_alert(session, "platform_quiet", "100", "Nothing for 24 hours.", record.clock())
    receiver.take([Noted("read", "100")])
    with record.reads() as session:
        state = session.scalars(select(AccountState)).one()
        alert = session.scalars(select(Alert)).one()
    assert (state.platform, state.account, state.last_received_at) == ("facebook", "100", record.clock())
    assert alert.cleared_at == record.clock()


def test_when_an_account_was_heard_of_is_noted_now_and_then(record, receiver):
    def last_noted():
        with record.reads() as session:
            return session.scalars(select(AccountState.last_received_at)).one()

    receiver.take([SAID])
    first = record.clock()
    record.clock.advance(seconds=9)
    receiver.take([replace(SAID, platform_id="m2")])
    receiver.take([Noted("read", "100")])
    assert last_noted() == first
    record.clock.advance(seconds=1)
    receiver.take([Noted("read", "100")])
    assert last_noted() == record.clock()
    record.clock.advance(hours=-1)
    receiver.take([Noted("read", "100")])
    assert last_noted() == record.clock()
