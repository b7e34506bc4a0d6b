"""A PostgreSQL server of the tests' own: started when the first test asks for it, gone when the last has run.

Fixtures: ``postgresql_url`` is a new, empty database; ``postgresql_migrated_url`` one with Signpost's tables. Where this
machine has no server (``make databases`` installs Debian's), the tests that need one are skipped and say so.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from signpost.log.database import migrate, open_engine

USERS = ("postgres", "nobody")
"""Who runs the server where the tests run as root, whom PostgreSQL refuses."""
TEMPLATE = "migrated"
PATIENCE_SECONDS = 60
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
"""Its data needn't survive a power cut."""


@dataclass(frozen=True)
class Server:
    """A running server, reached by its socket: no port is taken, and nobody else gets in."""

    folder: Path

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of a database."""
        return f"postgresql+psycopg://signpost@/{database}?host={self.folder}"

    def database(self, template: str = "template0") -> str:
        """The URL of a new database, made after the template."""
        name = f"test_{uuid.uuid4().hex}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return self.url(name)

    def run(self, statement: str) -> None:
        """Runs a statement outside the databases of the tests."""
        with psycopg.connect(host=str(self.folder), user="signpost", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def _program(name: str) -> str | None:
    """The path of one of the server's programs: Debian keeps them out of PATH, in a folder a version."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return shutil.which(name) or (str(installed[-1]) if installed else None)


def _user() -> str | None:
    """The user to run the server as; none for the one who runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return next((name for name in USERS if name in known), None)


class NoServer(Exception):
    """There is no server to start here; the sentence says why."""


@contextmanager
def running() -> Iterator[Server]:
    """A server until the block ends, its data in a folder of its own. Raises :class:`NoServer` where there can be none."""
    initdb, postgres, user = _program("initdb"), _program("postgres"), _user()
    if initdb is None or postgres is None:
        raise NoServer("there is no PostgreSQL server on this machine: make databases")
    if os.geteuid() == 0 and user is None:
        raise NoServer("PostgreSQL doesn't run as root, and this machine has no other user for it")
    # Not in pytest's own folder, which only the user who runs the tests may enter. A socket's path must be short, too.
    folder = Path(tempfile.mkdtemp(prefix="signpost-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    make = [initdb, "--pgdata", str(data), "--username", "signpost", "--auth", "trust", "--encoding", "UTF8"]
    options = ["-c", "listen_addresses=", "-k", str(folder), *(part for one in QUICK for part in ("-c", one))]
    process: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(
            [*make, "--locale", "C.UTF-8", "--no-sync"], user=user, cwd=folder, check=True, capture_output=True
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([postgres, "-D", str(data), *options], user=user, cwd=folder, stderr=log)
        server = Server(folder)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
            time.sleep(0.05)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(PATIENCE_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server."""
    try:
        with running() as server:
            yield server
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def _migrated(postgresql: Server) -> str:
    postgresql.run(f'CREATE DATABASE "{TEMPLATE}" TEMPLATE "template0" ENCODING \'UTF8\'')
    engine = open_engine(postgresql.url(TEMPLATE))
    migrate(engine)
    # A database that somebody is connected to can't be a template.
    engine.dispose()
    return TEMPLATE


@pytest.fixture
def postgresql_url(postgresql: Server) -> str:
    """A new database without tables."""
    return postgresql.database()


@pytest.fixture
def postgresql_migrated_url(postgresql: Server, _migrated: str) -> str:
    """A new database with Signpost's tables."""
    return postgresql.database(_migrated)
