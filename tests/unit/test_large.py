"""The generator of large records, on a small one: a record like any other, that holds in every way."""

import json
import re
from datetime import datetime

import pytest
from sqlalchemy import func, select, text

from signpost.log.audit import Trail
from signpost.log.audit_verifying import verify
from signpost.log.database import open_engine, reading
from signpost.log.encryption import Vault, check_key
from signpost.log.models import (
    AuditEntry,
    Conversation,
    Escalation,
    InboundMessage,
    OutboundMessage,
    StaleDay,
)
from signpost.secrets import with_secrets
from tests.large.force import LONG_CONVERSATION, Size
from tests.large.generate import Place, fill, main, settings_of

UNTIL = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # the record keeps UTC without a zone
SIZE = Size(escalations=2000, audit=10_000, others=800, unreviewed_share=0.1)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    folder = tmp_path_factory.mktemp("large")
    made = Place(f"sqlite:///{folder / 'signpost.db'}", folder)
    fill(made, SIZE, seed=7, until=UNTIL)
    return made


@pytest.fixture
def reads(place):
    engine = open_engine(place.url)
    yield reading(engine)
    engine.dispose()


def count(reads, model, *conditions) -> int:
    with reads() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_it_is_as_large_as_was_asked(reads):
    assert count(reads, Escalation) == 2000
    assert count(reads, InboundMessage) == 2800
    assert count(reads, AuditEntry) == 10_000
    assert 0.08 < count(reads, Escalation, Escalation.review_state == "unreviewed") / 2000 < 0.12


def test_the_audit_trail_holds(place, reads):
    settings = with_secrets(settings_of(place), may_make=False)
    verdict = verify(reads, Trail(settings.audit_key))
    assert verdict.holds, verdict
    assert verdict.entries == 10_000


def test_the_database_finds_nothing_wrong_with_it(reads):
    with reads() as session:
        assert session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_indexes_and_triggers_are_those_of_the_migrations(place, reads, sqlite_record):
    query = text("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY type, name")
    with reads() as large, sqlite_record.reads() as new:
        assert large.execute(query).all() == new.execute(query).all()


def test_common_words_are_in_half_of_the_records(reads):
    with reads() as session:
        found = "SELECT count(*) FROM escalation_search WHERE escalation_search MATCH :word"
        assert 800 < session.scalar(text(found), {"word": "police"}) < 1200
        assert session.scalar(text(found), {"word": "xylophone"}) == 0


def test_one_conversation_is_long(reads):
    with reads() as session:
        lengths = select(func.count()).select_from(InboundMessage).group_by(InboundMessage.conversation_id)
        longest = max(session.scalars(lengths))
    # It has begun when most has been said, so a small record may end before it does.
    assert 20 < longest <= LONG_CONVERSATION


def test_messages_lie_in_the_order_in_which_they_came(reads):
    with reads() as session:
        times = session.scalars(select(InboundMessage.received_at).order_by(InboundMessage.id)).all()
    assert times == sorted(times)
    assert times[-1] <= UNTIL
    assert (UNTIL - times[0]).days in range(700, 731)


def test_what_is_encrypted_can_be_read_and_is_not_older_than_its_retention(place, reads):
    settings = with_secrets(settings_of(place), may_make=False)
    vault = Vault(settings.encryption_key)
    with reads() as session:
        check_key(session, vault)
        kept = session.scalars(select(InboundMessage).where(InboundMessage.text_encrypted.is_not(None))).all()
        assert kept
        assert all((UNTIL - one.received_at).days < 28 for one in kept)
        assert vault.decrypt(kept[0].text_encrypted)


def test_it_names_nobody(reads):
    with reads() as session:
        said = "\n".join(session.scalars(select(Escalation.redacted_text)))
        said += "\n".join(session.scalars(select(OutboundMessage.text)))
        people = session.scalars(select(Conversation.person)).all()
    assert not re.search(r"\b0[127][\d ]{8,}|\b[A-Z]{2}\d{2} ?[A-Z]{3}\b|@\w", said)
    assert all(re.fullmatch(r"7\d{15}", person) for person in people)


def test_what_each_record_says_of_itself_fits_together(reads):
    with reads() as session:
        for one in session.scalars(select(Escalation).where(Escalation.id % 20 == 0)):
            assert one.message.reference == one.reference
            assert one.message.received_at == one.received_at
            assert one.scores[one.label] == one.confidence if one.label != "unknown" else True
            assert (one.reviewed_at is None) == (one.review_state == "unreviewed") == (one.reviewer_id is None)
            assert one.message.settled
            assert not (one.channel.startswith("x_") and one.crime_kind)
            json.dumps(one.reasons)


def test_all_days_are_marked_to_be_counted(reads):
    assert count(reads, StaleDay) >= 730


def test_a_second_one_in_the_same_place_is_refused(place, capsys):
    assert main([str(place.folder), "--escalations", "10", "--audit", "20"]) == 1
    assert "holds a record already" in capsys.readouterr().err


def test_it_is_made_on_postgresql_too(postgresql_url, tmp_path):
    place = Place(postgresql_url, tmp_path)
    fill(place, Size(escalations=300, audit=1200, others=100, unreviewed_share=0.1, days=30), seed=7, until=UNTIL)
    engine = open_engine(place.url)
    reads = reading(engine)
    settings = with_secrets(settings_of(place), may_make=False)
    assert verify(reads, Trail(settings.audit_key)).holds
    assert count(reads, Escalation) == 300
    assert count(reads, StaleDay) >= 30
    with reads() as session:
        triggers = session.scalar(text("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'"))
        assert triggers == 0
        found = session.scalar(
            text("SELECT count(*) FROM escalation WHERE search @@ plainto_tsquery('english', 'police')")
        )
        assert 100 < found < 200
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO conversation (key, channel, account, person) VALUES ('k', 'c', 'a', 'p')"))
    engine.dispose()
