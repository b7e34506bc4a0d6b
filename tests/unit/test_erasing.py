"""Erasing takes away what tells of a person, everywhere it stands, and never what a legal hold keeps."""

import pytest
from console_records import report, stored_record, two_reviewers
from sqlalchemy import select, text, update

from signpost.log.erasing import (
    Held,
    UnderWay,
    erase_conversation,
    erase_original,
    erase_record,
    is_erased,
    messages_in,
)
from signpost.log.messages import sealed_reasons
from signpost.log.models import Conversation, Correction, Escalation, InboundMessage, OutboundMessage

MARK = "Quillfeather"
"""A name that must be found nowhere afterwards."""


@pytest.fixture
def kept(either_record):
    """A conversation of a burst of two, a later wording, a record with all that may tell of the person, and a chat."""
    record = either_record
    (ann, _bob) = two_reviewers(record)
    escalation = report(
        record,
        f"redacted but for {MARK}",
        original=f"{MARK} smashed my window",
        person=f"person-{MARK}",
        reasons=[{"word": MARK, "speaks": "for"}],
        notes=f"Rang {MARK} back",
        niche_reference=f"N-{MARK}",
    )
    first = record.receive(f"it was {MARK}", person=f"person-{MARK}", platform_id=f"first-{MARK}")
    edit = record.receive(
        f"{MARK} smashed my shop window", person=f"person-{MARK}", edit_of_id=escalation.inbound_message_id
    )
    chat = record.receive(f"thanks, {MARK}", person=f"person-{MARK}")
    with record.sessions.begin() as session:
        for one in (first, edit, chat):
            message = session.get_one(InboundMessage, one)
            message.state, message.part_of_id = "ended", escalation.inbound_message_id if one == first else None
        session.execute(update(OutboundMessage).values(platform_id=f"reply-{MARK}"))
        reported = session.get_one(InboundMessage, escalation.inbound_message_id)
        reported.reasons_encrypted = sealed_reasons(record.vault, [{"word": MARK, "speaks": "for"}])
        session.add(
            Correction(
                escalation_id=escalation.id,
                text=f"redacted but for {MARK}",
                old_label="crime_report",
                new_label="not_report",
                proposed_by_id=ann.id,
                proposed_at=record.clock(),
            )
        )
    return record


def the_record(session) -> Escalation:
    return session.scalars(select(Escalation)).one()


def whole_database(record) -> str:
    """Everything in it as text, encrypted texts decrypted."""
    found = []
    with record.reads() as session:
        for table in (Conversation, InboundMessage, OutboundMessage, Escalation, Correction):
            for row in session.execute(select(table.__table__)):
                for value in row:
                    if isinstance(value, bytes):
                        value = record.vault.decrypt(value)  # noqa: PLW2901  # as it can be read
                    found.append(str(value))
    return "\n".join(found)


def finds(record, word: str) -> int:
    with record.reads() as session:
        if session.get_bind().dialect.name == "postgresql":
            query = "SELECT count(*) FROM escalation WHERE search @@ to_tsquery('english', :word)"
        else:
            query = "SELECT count(*) FROM escalation_search WHERE escalation_search MATCH :word"
        return session.execute(text(query), {"word": word}).scalar_one()


def test_the_original_goes_with_its_burst_and_its_later_wordings_and_the_redacted_text_stays(kept) -> None:
    with kept.sessions.begin() as session:
        assert erase_original(session, the_record(session), kept.clock()) == 3
    escalation = stored_record(kept)
    assert escalation.original_erased_at == kept.clock()
    assert escalation.redacted_text == f"redacted but for {MARK}"
    assert not is_erased(escalation)
    with kept.reads() as session:
        texts = [one.text_encrypted is not None for one in session.scalars(select(InboundMessage).order_by("id"))]
        assert texts == [False, False, False, True], "the chat beside it is none of the record's"
        assert all(one.reasons_encrypted is None for one in session.scalars(select(InboundMessage)))


def test_the_time_of_the_first_erasure_stands(kept) -> None:
    first = kept.clock()
    with kept.sessions.begin() as session:
        erase_original(session, the_record(session), first)
    kept.clock.advance(days=1)
    with kept.sessions.begin() as session:
        assert erase_original(session, the_record(session), kept.clock()) == 0
    assert stored_record(kept).original_erased_at == first


def test_a_record_goes_but_for_an_empty_shell_under_its_reference(kept) -> None:
    with kept.sessions.begin() as session:
        erase_record(session, the_record(session), kept.clock())
    shell = stored_record(kept)
    assert is_erased(shell)
    assert (shell.redacted_text, shell.reasons, shell.notes, shell.niche_reference) == ("", None, None, None)
    assert (shell.reference, shell.channel, shell.label, shell.confidence) == (
        "KMR-4C7",
        "messenger",
        "crime_report",
        0.82,
    )
    assert shell.version == 1, "a form that was opened before is not saved over it"
    with kept.reads() as session:
        correction = session.scalars(select(Correction)).one()
        assert (correction.text, correction.state) == ("", "refused")


def test_nothing_of_a_conversation_tells_of_the_person_any_more(kept) -> None:
    assert MARK in whole_database(kept)
    assert finds(kept, MARK) == 1
    with kept.sessions.begin() as session:
        assert erase_conversation(session, 1, kept.clock()) == 4
    assert MARK not in whole_database(kept)
    assert finds(kept, MARK) == 0
    assert is_erased(stored_record(kept))


def test_what_the_person_writes_next_begins_a_new_conversation(kept) -> None:
    with kept.sessions.begin() as session:
        erase_conversation(session, 1, kept.clock())
    kept.receive("hello again", person=f"person-{MARK}")
    with kept.reads() as session:
        assert len(messages_in(session, 1)) == 4
        assert session.query(Conversation).count() == 2


def test_another_persons_conversation_stays_as_it_is(kept) -> None:
    report(kept, "another's", "CDF-346", original="another's own", person="p2")
    with kept.sessions.begin() as session:
        erase_conversation(session, 1, kept.clock())
    other = stored_record(kept, "CDF-346")
    assert (other.redacted_text, other.original_erased_at) == ("another's", None)
    assert finds(kept, "another") == 1
    assert "another's own" in whole_database(kept)


def test_a_decided_correction_keeps_its_decision_and_loses_its_text(kept) -> None:
    with kept.sessions.begin() as session:
        session.execute(update(Correction).values(state="accepted", note="Good."))
        erase_record(session, the_record(session), kept.clock())
    with kept.reads() as session:
        correction = session.scalars(select(Correction)).one()
        assert (correction.text, correction.state, correction.note) == ("", "accepted", "Good.")


@pytest.mark.parametrize(
    "erase",
    [
        lambda session, now: erase_original(session, the_record(session), now),
        lambda session, now: erase_record(session, the_record(session), now),
        lambda session, now: erase_conversation(session, 1, now),
    ],
)
def test_a_legal_hold_keeps_everything(kept, erase) -> None:
    with kept.sessions.begin() as session:
        session.execute(update(Escalation).values(hold_reason="Evidence."))
    before = whole_database(kept)
    with pytest.raises(Held, match="KMR-4C7 is under a legal hold"), kept.sessions.begin() as session:
        erase(session, kept.clock())
    assert whole_database(kept) == before


def test_a_conversation_under_way_is_not_erased_half(kept) -> None:
    kept.receive("one more thing", person=f"person-{MARK}")
    before = whole_database(kept)
    with pytest.raises(UnderWay), kept.sessions.begin() as session:
        erase_conversation(session, 1, kept.clock())
    assert whole_database(kept) == before
