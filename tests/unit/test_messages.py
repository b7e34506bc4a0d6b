"""Every message is stored once, encrypted, in the conversation it belongs to."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import stored
from sqlalchemy import func, select

from signpost.channels.text import storable
from signpost.desk.case import case_of
from signpost.log.messages import NewMessage, store_inbound, waiting
from signpost.log.models import DELIVERED, ENDED, FAILED, WAITING, Conversation, InboundMessage, OutboundMessage


def new(record, **changed) -> NewMessage:
    fields = {
        "channel": "messenger",
        "account": "page",
        "person": "p1",
        "platform_id": "m1",
        "visibility": "private",
        "text": "my bike's gone",
        "received_at": record.clock(),
        **changed,
    }
    return NewMessage(**fields)


def store(record, message: NewMessage) -> tuple[int, bool]:
    with record.sessions.begin() as session:
        inbound, is_new = store_inbound(session, record.vault, message)
        session.flush()
        return inbound.id, is_new


def count(record, table) -> int:
    with record.reads() as session:
        return session.scalar(select(func.count()).select_from(table))


def conversation_of(record, message_id: int) -> Conversation:
    return stored(record, message_id).conversation


# Once


def test_a_message_that_a_platform_sends_again_and_again_is_stored_once(record):
    first = store(record, new(record))
    assert first[1] is True
    assert [store(record, new(record)) for _ in range(3)] == [(first[0], False)] * 3
    assert count(record, InboundMessage) == 1


def test_a_message_that_is_sent_again_with_other_words_stays_as_it_first_came(record):
    message_id, _ = store(record, new(record))
    store(record, new(record, text="something else", received_at=record.clock() + timedelta(hours=1)))
    message = stored(record, message_id)
    assert record.vault.decrypt(message.text_encrypted) == "my bike's gone"
    assert message.received_at == record.clock()


def test_a_message_sent_twice_within_one_transaction_is_stored_once(record):
    with record.sessions.begin() as session:
        first, is_new = store_inbound(session, record.vault, new(record))
        again, is_new_again = store_inbound(session, record.vault, new(record))
        assert (first is again, is_new, is_new_again) == (True, True, False)
    assert count(record, InboundMessage) == 1


def test_a_message_that_many_processes_are_sent_at_once_is_stored_once(record):
    ready = threading.Barrier(8)
    results: list[tuple[int, bool]] = []

    def take() -> None:
        ready.wait()
        results.append(store(record, new(record)))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message_id for message_id, _ in results}) == 1
    assert sorted(is_new for _, is_new in results) == [False] * 7 + [True]
    assert count(record, InboundMessage) == count(record, Conversation) == 1


def test_the_same_id_on_another_platform_is_another_message(record):
    store(record, new(record))
    assert store(record, new(record, channel="x_dm"))[1] is True
    assert count(record, InboundMessage) == 2


def test_a_new_message_waits_and_is_due_at_once(record):
    message = stored(record, store(record, new(record))[0])
    assert (message.state, message.due_at, message.attempts) == (WAITING, record.clock(), 0)
    assert (message.label, message.end, message.claimed_by) == (None, None, None)


# The conversation


def test_what_one_person_writes_to_one_account_is_one_conversation(record):
    one, _ = store(record, new(record))
    two, _ = store(record, new(record, platform_id="m2"))
    assert conversation_of(record, one).id == conversation_of(record, two).id


@pytest.mark.parametrize("other", [{"person": "p2"}, {"account": "another page"}, {"channel": "instagram_dm"}])
def test_another_person_account_or_channel_is_another_conversation(record, other):
    one, _ = store(record, new(record))
    two, _ = store(record, new(record, platform_id="m2", **other))
    assert conversation_of(record, one).key != conversation_of(record, two).key
    assert count(record, Conversation) == 2


def test_the_keys_that_stand_for_messages_and_conversations_tell_nothing(record):
    message = stored(record, store(record, new(record, person="alice.archer", platform_id="mid.99"))[0])
    for key in (message.key, message.conversation.key):
        assert len(key) == 36
        assert "alice" not in key
        assert "mid" not in key


# At rest


def test_nothing_a_person_wrote_can_be_read_in_the_databases_files(sqlite_record, tmp_path):
    text = "Somebody smashed the window of the Trowbridge chip shop 07700 900123"
    store(sqlite_record, new(sqlite_record, text=text))
    files = [file for file in Path(tmp_path).iterdir() if file.name.startswith("signpost.db")]
    contents = b"".join(file.read_bytes() for file in files)
    assert b"inbound_message" in contents
    assert b"gAAAA" in contents
    for word in text.split():
        if len(word) > 3:
            assert word.encode() not in contents, word
            assert word.encode("utf-16-le") not in contents, word


def test_what_was_stored_can_be_read_with_the_key(record):
    text = "emoji \U0001f622, Cymraeg ŵ, ١٠١ and a\nnew line"
    assert record.vault.decrypt(stored(record, store(record, new(record, text=text))[0]).text_encrypted) == text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b", "a b"),
        ("a\x07\x7fb", "a  b"),
        ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("half \ud83d an emoji", "half \ufffd an emoji"),
        ("whole \U0001f600", "whole \U0001f600"),
        ("", ""),
    ],
)
def test_text_that_no_database_holds_is_made_storable(raw, kept):
    assert storable(raw) == kept
    assert len(storable(raw)) == len(raw)


# Guidance within the hour


def reply(record, message_id: int, kind: str, *, state: str = DELIVERED, position: int = 0) -> None:
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).state = ENDED
        session.add(
            OutboundMessage(
                inbound_message_id=message_id,
                position=position,
                kind=kind,
                response=f"utter_{kind}",
                text="as it was said",
                created_at=record.clock(),
                due_at=record.clock(),
                state=state,
            )
        )


def given_before(record, message_id: int) -> str | None:
    with record.reads() as session:
        return case_of(session.connection(), message_id).guided


def test_somebody_who_was_told_nothing_has_had_no_guidance(record):
    assert given_before(record, record.receive("my bike's gone")) is None


@pytest.mark.parametrize("kind", ["guidance", "emergency_guidance"])
def test_somebody_who_was_told_everything_within_the_hour_has_had_it(record, kind):
    reply(record, record.receive("my bike's gone"), kind)
    record.clock.advance(minutes=59, seconds=59)
    assert given_before(record, record.receive("and my helmet")) == kind


def test_after_an_hour_everything_is_due_again(record):
    reply(record, record.receive("my bike's gone"), "guidance")
    record.clock.advance(hours=1)
    assert given_before(record, record.receive("and my helmet")) is None


@pytest.mark.parametrize("kind", ["reminder", "emergency_reminder", "answer"])
def test_a_reminder_or_an_answer_is_not_the_whole_guidance(record, kind):
    reply(record, record.receive("my bike's gone"), kind)
    assert given_before(record, record.receive("and my helmet")) is None


def test_reminders_do_not_put_the_next_whole_guidance_off(record):
    reply(record, record.receive("my bike's gone"), "guidance")
    record.clock.advance(minutes=50)
    reply(record, record.receive("and my helmet"), "reminder")
    record.clock.advance(minutes=15)
    assert given_before(record, record.receive("and my lock")) is None


def test_the_last_kind_of_guidance_counts(record):
    reply(record, record.receive("my bike's gone"), "guidance")
    record.clock.advance(minutes=5)
    reply(record, record.receive("he has come back with a knife"), "emergency_guidance")
    assert given_before(record, record.receive("help")) == "emergency_guidance"


def test_what_another_person_was_told_does_not_count(record):
    reply(record, record.receive("my bike's gone", person="p1"), "guidance")
    assert given_before(record, record.receive("mine too", person="p2")) is None


def test_what_the_same_person_was_told_on_another_channel_does_not_count(record):
    reply(record, record.receive("my bike's gone", channel="instagram_dm"), "guidance")
    assert given_before(record, record.receive("and my helmet", channel="messenger")) is None


def test_guidance_that_the_platform_refused_was_never_read_and_is_due_again(record):
    reply(record, record.receive("my bike's gone"), "guidance", state=FAILED)
    assert given_before(record, record.receive("and my helmet")) is None


def test_guidance_that_is_on_its_way_counts(record):
    reply(record, record.receive("my bike's gone"), "guidance", state=WAITING)
    assert given_before(record, record.receive("and my helmet")) == "guidance"


def test_messages_that_have_not_come_to_their_end_are_counted(record):
    assert waiting(record.reads()) == 0
    first = record.receive("one")
    record.receive("two")
    with record.reads() as session:
        assert waiting(session) == 2
    reply(record, first, "guidance")
    with record.reads() as session:
        assert waiting(session) == 1
