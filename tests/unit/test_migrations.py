"""The tables that migrations make are those the code works with, and a database that won't do is told in a sentence."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from signpost.log.database import MIGRATIONS, migrate, open_engine, reading, session_factory
from signpost.log.models import Base, Conversation, OutboundMessage
from signpost.mistakes import Mistake


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    engine = open_engine(f"sqlite:///{tmp_path / 'signpost.db'}")
    yield engine
    engine.dispose()


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def tables(engine: Engine) -> set[str]:
    return {name for name in inspect(engine).get_table_names() if not search(name)} - {"alembic_version"}


def search(table: str) -> bool:
    """Whether it is one of those that SQLite's full-text search makes for itself."""
    return table.startswith("escalation_search")


def downgrade(engine: Engine, to: str) -> None:
    made = config()
    with engine.begin() as connection:
        made.attributes["connection"] = connection
        command.downgrade(made, to)


# Migrations and models


def comparable(_thing, name, kind, _reflected, _other) -> bool:
    """All but the index with a descending column, which Alembic can't compare; the next test looks at it."""
    return (kind, name) != ("index", "ix_inbound_message_queue") and not (kind == "table" and search(name))


def test_the_queue_is_in_the_order_in_which_messages_are_taken(engine):
    migrate(engine)
    with engine.connect() as connection:
        query = "SELECT sql FROM sqlite_master WHERE name = 'ix_inbound_message_queue'"
        made = str(connection.execute(text(query)).scalar_one())
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM inbound_message WHERE state = 'waiting'"
                " ORDER BY urgency DESC, due_at, id LIMIT 1"
            )
        ).all()
    assert made.endswith("(state, urgency DESC, due_at)")
    assert not any("TEMP B-TREE" in row[-1] for row in plan)


def test_the_migrations_make_exactly_the_tables_the_code_works_with(engine):
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "render_as_batch": True,
                "include_object": comparable,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_would_find_a_difference(engine):
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE escalation ADD COLUMN extra TEXT"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": comparable})
        assert [difference[0] for difference in compare_metadata(context, Base.metadata)] == ["remove_column"]


def test_every_table_is_made(engine):
    migrate(engine)
    assert tables(engine) == set(Base.metadata.tables)


def test_constraints_and_indexes_have_the_names_migrations_know_them_by(engine):
    migrate(engine)
    inspector = inspect(engine)
    for table in Base.metadata.tables.values():
        assert {index["name"] for index in inspector.get_indexes(table.name)} == {index.name for index in table.indexes}
        assert all(unique["name"] for unique in inspector.get_unique_constraints(table.name))
        assert all(key["name"] for key in inspector.get_foreign_keys(table.name))


def test_migrating_again_changes_nothing_and_loses_nothing(engine):
    migrate(engine)
    with session_factory(engine).begin() as session:
        session.add(Conversation(key="k", channel="messenger", account="page", person="p"))
    migrate(engine)
    with reading(engine)() as session:
        assert session.query(Conversation).count() == 1


def test_every_migration_can_be_taken_back_and_made_again(engine):
    migrate(engine)
    downgrade(engine, "base")
    assert tables(engine) == set()
    migrate(engine)
    assert tables(engine) == set(Base.metadata.tables)


def test_each_migration_can_be_taken_back_on_its_own(engine):
    migrate(engine)
    for _ in ScriptDirectory.from_config(config()).walk_revisions():
        downgrade(engine, "-1")
    assert tables(engine) == set()


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_migrations_run_only_through_signpost():
    with pytest.raises(SystemExit, match="nothing was changed"):
        command.upgrade(config(), "head")


# SQLite as the record needs it


def test_what_is_acknowledged_survives_a_power_cut_and_readers_never_wait(engine):
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() >= 1000


def test_a_reply_to_a_message_that_does_not_exist_cannot_be_stored(record):
    orphan = OutboundMessage(
        inbound_message_id=99,
        position=0,
        kind="guidance",
        response="utter_guidance",
        text="a",
        created_at=record.clock(),
        due_at=record.clock(),
    )
    with pytest.raises(IntegrityError), record.sessions.begin() as session:
        session.add(orphan)


def test_somebody_may_read_while_another_writes(record):
    record.receive("my bike's gone")
    with record.sessions.begin() as writing:
        writing.add(Conversation(key="k", channel="messenger", account="page", person="p2"))
        writing.flush()
        with record.reads() as session:
            assert session.query(Conversation).count() == 1


def test_what_was_loaded_can_be_read_after_the_transaction(record):
    with record.sessions.begin() as session:
        conversation = Conversation(key="k", channel="messenger", account="page", person="p2")
        session.add(conversation)
    assert conversation.person == "p2"


# Databases that won't do


def opened(url: str) -> None:
    engine = open_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()


def refused(url: str) -> str:
    with pytest.raises(Mistake) as refusal:
        opened(url)
    return refusal.value.sentence


@pytest.mark.parametrize("url", ["signpost.db", "no such thing", "nosuchdatabase://host/name", "://", "sqlite"])
def test_what_is_no_database_url_is_told_with_its_variable(url):
    assert "SIGNPOST_DATABASE_URL" in refused(url)


def test_a_url_with_a_malformed_port_is_told_with_its_variable():
    assert "SIGNPOST_DATABASE_URL" in refused("postgresql://user@host:port/name")


def test_a_database_whose_driver_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymysql", None)
    assert "SIGNPOST_DATABASE_URL" in refused("mysql+pymysql://user@host/name")


def test_a_password_is_never_repeated():
    assert "hunter2" not in refused("nosuchdatabase://user:hunter2@host/name")


def test_a_folder_that_does_not_exist_is_told(tmp_path):
    sentence = refused(f"sqlite:///{tmp_path / 'nowhere' / 'signpost.db'}")
    assert sentence == (
        "The database can't be opened: unable to open database file. Check the folder's permissions and the disk's space."
    )


def test_a_folder_in_the_place_of_the_database_is_told(tmp_path):
    assert "The database can't be opened" in refused(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path):
    file = tmp_path / "signpost.db"
    file.write_bytes(b"these are somebody's holiday notes\n" * 100)
    assert "can't be opened" in refused(f"sqlite:///{file}")
    assert file.read_bytes().startswith(b"these are somebody's holiday notes")


def test_a_database_of_a_newer_version_is_told_and_left_as_it_is(tmp_path, engine):
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    refused(f"sqlite:///{tmp_path / 'signpost.db'}")
    with closing(sqlite3.connect(tmp_path / "signpost.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_database_that_holds_somebody_elses_tables_of_the_same_name_is_told(tmp_path):
    with closing(sqlite3.connect(tmp_path / "signpost.db")) as connection:
        connection.execute("CREATE TABLE conversation (id INTEGER)")
        connection.commit()
    refused(f"sqlite:///{tmp_path / 'signpost.db'}")


def test_a_migration_that_fails_half_way_leaves_nothing_of_itself(tmp_path):
    with closing(sqlite3.connect(tmp_path / "signpost.db")) as connection:
        connection.execute("CREATE TABLE outbound_message (id INTEGER)")
        connection.commit()
    engine = open_engine(f"sqlite:///{tmp_path / 'signpost.db'}")
    with pytest.raises(Exception, match="outbound_message"):
        migrate(engine)
    assert tables(engine) == {"outbound_message"}
    engine.dispose()
