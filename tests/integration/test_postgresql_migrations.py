"""On PostgreSQL too, migrations make exactly the tables the code works with, and each can be taken back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from signpost.log.database import MIGRATIONS, migrate, open_engine
from signpost.log.models import Base

SEARCH = {("column", "search"), ("index", "ix_escalation_search")}
"""PostgreSQL's own full-text search, which the models know nothing of."""


def comparable(_thing, name, kind, _reflected, _other) -> bool:
    # Alembic can't compare the index with a descending column.
    return (kind, name) not in SEARCH and (kind, name) != ("index", "ix_inbound_message_queue")


def left(engine: Engine) -> tuple[set[str], int]:
    """The tables, and how many functions of ours there are."""
    with engine.connect() as connection:
        functions = connection.execute(
            text("SELECT count(*) FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'")
        ).scalar_one()
    return set(inspect(engine).get_table_names()) - {"alembic_version"}, functions


def test_the_migrations_make_exactly_the_tables_the_code_works_with(postgresql_url) -> None:
    engine = open_engine(postgresql_url)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": comparable})
        assert compare_metadata(context, Base.metadata) == []
    assert left(engine)[0] == set(Base.metadata.tables)
    engine.dispose()


def test_each_migration_can_be_taken_back_and_leaves_nothing(postgresql_url) -> None:
    engine = open_engine(postgresql_url)
    migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    for _ in ScriptDirectory.from_config(config).walk_revisions():
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "-1")
    assert left(engine) == (set(), 0)
    migrate(engine)
    assert left(engine)[0] == set(Base.metadata.tables)
    engine.dispose()
