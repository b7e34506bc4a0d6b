"""Starts the whole product once for these tests: real Rasa, real action server, real desk, SQLite."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from signpost.desk.silence import QUIET
from signpost.launch import is_free
from signpost.log.clock import utc_now
from signpost.log.database import open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.log.messages import NewMessage, store_inbound
from signpost.log.models import DELIVERED, ENDED, Escalation, InboundMessage
from signpost.secrets import with_known_secrets
from signpost.settings import Settings

PROJECT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90
READ = QUIET + timedelta(seconds=0.5)
"""What is written sooner after guidance was typed before it can have been read."""


def wait_for(what: Callable[[], Any]) -> Any:
    """What ``what`` returns once it is true; fails after :data:`PATIENCE_SECONDS`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    return pytest.fail(f"waited {PATIENCE_SECONDS} s in vain")


def free_base() -> int:
    """A port base of which all ports are free; tests that run side by side each look in a range of their own."""
    first = 19_100 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return next(base for base in range(first, first + 100, 10) if all(is_free(base + k) for k in range(5)))


@dataclass
class Product:
    """A running Signpost."""

    data: Path
    base: int
    popen: subprocess.Popen[str]
    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    token: str
    said: list[str] = field(default_factory=list)

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.base}"

    @property
    def assistant(self) -> str:
        return f"http://127.0.0.1:{self.base + 2}/webhooks/signpost"

    def pid(self, name: str) -> int:
        return json.loads((self.data / "run.json").read_text())["processes"][name]

    def write(
        self, text: str, *, person: str = "", channel: str = "messenger", received_at: datetime | None = None
    ) -> int:
        visibility = "public" if channel.endswith(("comment", "mention")) else "private"
        person = person or str(uuid.uuid4())
        new = NewMessage(channel, "simulator", person, str(uuid.uuid4()), visibility, text, received_at or utc_now())
        with self.sessions.begin() as session:
            message, _new = store_inbound(session, self.vault, new)
            session.flush()
            return message.id

    def ended(self, message_id: int) -> InboundMessage:
        def look() -> InboundMessage | None:
            with self.reads() as session:
                message = session.scalars(select(InboundMessage).filter_by(id=message_id, state=ENDED)).first()
                if message is not None:
                    _ = message.replies
                return message

        return wait_for(look)

    def escalation(self, message_id: int) -> Escalation | None:
        with self.reads() as session:
            return session.scalars(
                select(Escalation).filter_by(inbound_message_id=message_id).where(Escalation.answered_at.is_not(None))
            ).first()

    def logged(self, message_id: int) -> Escalation:
        return wait_for(lambda: self.escalation(message_id))

    def delivered(self, message_id: int) -> Escalation:
        """The escalation once its reply has arrived: replies are delivered while the log is written."""

        def look() -> Escalation | None:
            escalation = self.escalation(message_id)
            return escalation if escalation is not None and escalation.delivery_state == DELIVERED else None

        return wait_for(look)

    @contextlib.contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The process hangs: it takes connections and answers none."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def running(data: Path, *options: str, project: Path = PROJECT) -> Iterator[Product]:
    """Starts everything in ``data`` and stops it at the end. ``project`` may be a copy of this one, with its model."""
    base = free_base()
    command = [sys.executable, "-m", "signpost.cli", "up", "--data", str(data), "--port-base", str(base), *options]
    popen = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said: list[str] = []
    with contextlib.ExitStack() as at_end:
        at_end.callback(_stop, popen)
        assert popen.stdout is not None
        for line in popen.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith("Stop it with"):
                break
        else:
            pytest.fail("Signpost did not start:\n" + "\n".join(said))
        settings = with_known_secrets(Settings.from_environment({"SIGNPOST_DATA": str(data)}))
        engine = open_engine(settings.record_url)
        at_end.callback(engine.dispose)
        yield Product(
            data,
            base,
            popen,
            session_factory(engine),
            reading(engine),
            Vault(settings.encryption_key),
            settings.assistant_token,
            said,
        )


def _stop(popen: subprocess.Popen[str]) -> None:
    popen.terminate()
    popen.communicate(timeout=60)


@dataclass
class Rehearsal:
    """A running Signpost with small platforms, steered as people and platforms would act."""

    product: Product
    client: httpx.Client

    def do(self, what: str, **options: Any) -> dict[str, Any]:
        answer = self.client.post(f"http://127.0.0.1:{self.product.base + 4}/control/{what}", json=options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, what: Callable[[], Any]) -> Any:
        """What ``what`` returns once it is true."""
        return wait_for(what)

    def sent_to(self, said: dict[str, Any]) -> list[dict[str, Any]]:
        """What the platforms were sent for a person, or in answer to what they said in public, oldest first."""
        found = self.client.get(f"http://127.0.0.1:{self.product.base + 4}/control/sent").json()["sent"]
        return [one for one in found if said["person"] == one["person"] or said["platform_id"] == one["in_reply_to"]]

    def message(self, platform_id: str) -> InboundMessage | None:
        with self.product.reads() as session:
            message = session.scalars(select(InboundMessage).filter_by(platform_id=platform_id)).first()
            if message is not None:
                _ = list(message.replies), message.conversation, message.escalation
            return message

    def ended(self, platform_id: str) -> InboundMessage:
        def look() -> InboundMessage | None:
            message = self.message(platform_id)
            return message if message is not None and message.state == ENDED else None

        return wait_for(look)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    with (
        running(tmp_path_factory.mktemp("rehearsal"), "--with-fake-platforms") as one,
        httpx.Client(trust_env=False, timeout=30) as client,
    ):
        yield Rehearsal(one, client)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    with running(tmp_path_factory.mktemp("data")) as one:
        yield one


@pytest.fixture
def person(product: Product) -> Callable[..., InboundMessage]:
    """Somebody who writes one message after another, and reads each answer before the next."""
    name = str(uuid.uuid4())
    earlier: list[InboundMessage] = []

    def write(text: str, channel: str = "messenger") -> InboundMessage:
        at = utc_now() + (READ if earlier else timedelta())
        earlier.append(product.ended(product.write(text, person=name, channel=channel, received_at=at)))
        return earlier[-1]

    return write
