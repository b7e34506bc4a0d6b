"""What is erased is gone from the files too: from the tables, the search's index, free pages and the write-ahead log."""

import secrets
import string
from pathlib import Path

import pytest
from kept_record import Kept, RasaStore
from sqlalchemy import text

from signpost.log.retention_dialogues import Dialogues
from signpost.log.retention_opening import open_dialogues
from signpost.log.retention_traces import remove_traces


def word() -> str:
    """A word that nobody ever wrote before."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(14))


@pytest.fixture
def kept(record) -> Kept:
    return Kept(record)


def files(record) -> bytes:
    """All bytes of the database, whatever file they lie in."""
    path = Path(record.url.removeprefix("sqlite:///"))
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def stands(record, said: str) -> bool:
    # The index may keep the first letters of a word with its neighbour's.
    return said[4:].encode() in files(record)


def test_the_words_of_a_record_are_in_no_file_any_more_once_it_is_erased(kept, record):
    gone, stays = [word() for _ in range(40)], [word() for _ in range(40)]
    for said in gone:
        kept.escalation(f"{said} was stolen", redacted=f"{said} was stolen", person=said)
    record.clock.advance(days=600)
    for said in stays:
        kept.escalation(f"{said} was stolen", redacted=f"{said} was stolen", person=said)
    assert all(stands(record, said) for said in (*gone, *stays))
    record.clock.advance(days=200)
    kept.run()
    assert [said for said in gone if stands(record, said)] == []
    assert all(stands(record, said) for said in stays)


def test_an_original_that_is_erased_leaves_no_ciphertext_behind(kept, record):
    kept.message("my bike's gone")
    with record.reads() as session:
        (token,) = session.execute(text("SELECT text_encrypted FROM inbound_message")).one()
    assert token in files(record)
    record.clock.advance(days=29)
    kept.run()
    assert token[40:] not in files(record)


def test_the_platforms_id_of_a_person_is_in_no_file_any_more(kept, record):
    person = word()
    kept.message(person=person)
    assert stands(record, person)
    record.clock.advance(days=100)
    kept.run()
    assert not stands(record, person)


def test_the_search_still_finds_what_is_there_and_nothing_else(kept, record):
    gone, stays = word(), word()
    kept.escalation(redacted=f"{gone} stolen")
    record.clock.advance(days=600)
    kept.escalation(redacted=f"{stays} stolen")
    record.clock.advance(days=200)
    kept.run()
    found = text("SELECT count(*) FROM escalation_search WHERE escalation_search MATCH :said")
    with record.reads() as session:
        assert [session.scalar(found, {"said": said}) for said in (gone, stays, "stolen")] == [0, 1, 1]
    with record.sessions.begin() as session:
        # Raises where the index and the table don't say the same.
        session.execute(text("INSERT INTO escalation_search(escalation_search, rank) VALUES ('integrity-check', 1)"))


def test_a_reader_in_the_way_is_no_fault_and_the_next_run_does_it(kept, record, monkeypatch):
    monkeypatch.setattr("signpost.log.retention_traces.CHECKPOINT_TRIES", 1)
    monkeypatch.setattr("signpost.log.retention_traces.CHECKPOINT_PAUSE", 0)
    person = word()
    kept.message(person=person)
    record.clock.advance(days=100)
    with record.reads() as session:
        session.execute(text("SELECT count(*) FROM conversation"))
        kept.run()
        assert stands(record, person)
    assert remove_traces(record.sessions)
    assert not stands(record, person)


def test_the_assistants_store_keeps_no_trace_of_a_dialogue_either(kept, record, tmp_path):
    rasa = RasaStore(f"sqlite:///{tmp_path / 'conversations.db'}")
    said = word()
    rasa.add("k", record.clock(), data=said)
    rasa.engine.dispose()
    kept.dialogues = open_dialogues(rasa.url)
    record.clock.advance(days=29)
    kept.run()
    left = b"".join(one.read_bytes() for one in tmp_path.glob("conversations.db*"))
    assert said.encode() not in left


def test_on_postgresql_the_old_rows_are_vacuumed(postgresql_record):
    kept = Kept(postgresql_record, dialogues=Dialogues(None))
    kept.escalation()
    postgresql_record.clock.advance(days=800)
    kept.run()
    dead = text("SELECT n_dead_tup, vacuum_count FROM pg_stat_user_tables WHERE relname = 'escalation'")
    with postgresql_record.sessions.begin() as session:
        session.execute(text("SELECT pg_stat_clear_snapshot()"))
        _dead, vacuumed = session.execute(dead).one()
    assert vacuumed >= 1
