"""What several tests share: a record in a temporary folder, templates compiled once, and a clock that is moved."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Session, sessionmaker

from signpost.force.mandate import Mandate, load_mandate
from signpost.log.database import migrate, open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.log.messages import NewMessage, store_inbound

PROJECT = Path(__file__).parents[1]
# Where tests run side by side each worker gets a width for its terminal, and what is told in columns would be cut to it.
os.environ.pop("COLUMNS", None)
pytest_plugins = ("integration.postgresql",)


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates: each test makes its pages' application anew, and most of its time would go into compiling."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # the record keeps UTC without a zone

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Record:
    """A migrated database with its key."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    clock: HandClock
    url: str

    def receive(
        self, text: str, *, person: str = "p1", channel: str = "messenger", platform_id: str = "", **more: Any
    ) -> int:
        """Stores a message and returns its id; ``more`` are further fields of :class:`NewMessage`."""
        self._count = getattr(self, "_count", 0) + 1
        visibility = "public" if channel.endswith(("comment", "mention")) else "private"
        new = NewMessage(
            channel, "page", person, platform_id or f"m{self._count}", visibility, text, self.clock(), **more
        )
        with self.sessions.begin() as session:
            message, _new = store_inbound(session, self.vault, new)
            session.flush()
            return message.id


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """The record, on the database that ``SIGNPOST_TEST_DATABASE`` names: ``sqlite``, the default, or ``postgresql``."""
    return request.getfixturevalue(f"{os.environ.get('SIGNPOST_TEST_DATABASE') or 'sqlite'}_record")


@pytest.fixture(scope="session")
def sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with its tables and nothing in them, to be copied: that costs far less than to make them."""
    file = tmp_path_factory.mktemp("migrated") / "signpost.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    # The last connection to close brings everything into the one file.
    engine.dispose()
    return file


@pytest.fixture
def sqlite_record(tmp_path: Path, sqlite_migrated: Path, clock: HandClock) -> Iterator[Record]:
    """The record on SQLite, in a file of the test's own."""
    url = f"sqlite:///{shutil.copyfile(sqlite_migrated, tmp_path / 'signpost.db')}"
    engine = open_engine(url)
    yield Record(session_factory(engine), reading(engine), Vault(Fernet.generate_key().decode()), clock, url)
    engine.dispose()


@pytest.fixture
def postgresql_record(postgresql_migrated_url: str, clock: HandClock) -> Iterator[Record]:
    """The record on PostgreSQL; skipped where there is no server."""
    url = postgresql_migrated_url
    engine = open_engine(url)
    yield Record(session_factory(engine), reading(engine), Vault(Fernet.generate_key().decode()), clock, url)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_record(request: pytest.FixtureRequest) -> Record:
    """The record on each database in turn, for what must hold on both."""
    return request.getfixturevalue(f"{request.param}_record")


@pytest.fixture(scope="session")
def mandate() -> Mandate:
    return load_mandate(PROJECT / "force")
