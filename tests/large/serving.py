"""Runs the console over a large record as `signpost up` would, with somebody signed in for each role."""

import hashlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from signpost.console.signin.guard import TOKEN
from signpost.console.signin.sessions import begin
from signpost.log.clock import utc_now
from signpost.log.database import open_engine, session_factory
from signpost.log.models import StaffAccount
from signpost.mistakes import Mistake
from signpost.processes import environment, process
from signpost.secrets import with_secrets
from signpost.settings import Settings
from tests.large.generate import Place

PATIENCE_SECONDS = 60
PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    """The console's address, and the cookie of somebody with each role."""

    url: str
    cookies: Mapping[str, dict[str, str]]

    def browser(self, role: str) -> httpx.Client:
        """A browser in which somebody with the role is signed in."""
        browser = httpx.Client(base_url=self.url, timeout=PATIENCE_SECONDS)
        for name, value in self.cookies[role].items():
            # With its host, so that the console's own answer replaces it.
            browser.cookies.set(name, value, domain=httpx.URL(self.url).host)
        return browser


@contextmanager
def serving(place: Place) -> Iterator[Served]:
    """The console's own process, until the block ends. Raises :class:`Mistake` when it doesn't answer."""
    settings = with_secrets(_settings(place), may_make=False)
    cookies = _sign_in(settings)
    command = process("console", settings)
    with subprocess.Popen(command.command, cwd=PROJECT, env=environment(settings), start_new_session=True) as popen:
        try:
            url = f"http://127.0.0.1:{settings.console_port}"
            _wait(f"{url}/health", popen)
            yield Served(url, cookies)
        finally:
            popen.terminate()
            popen.wait(PATIENCE_SECONDS)


def _settings(place: Place) -> Settings:
    accounts = place.folder / "accounts.yml"
    return Settings.from_environment(
        {
            "SIGNPOST_DATA": str(place.folder.absolute()),
            "SIGNPOST_DATABASE_URL": place.url,
            "SIGNPOST_PORT_BASE": str(_free_port()),
            "SIGNPOST_FORCE": os.environ.get("SIGNPOST_FORCE", str(PROJECT / "force")),
            **({"SIGNPOST_ACCOUNTS": str(accounts.absolute())} if accounts.is_file() else {}),
        }
    )


def _sign_in(settings: Settings) -> dict[str, dict[str, str]]:
    """A sign-in for each role, as the console's own cookie holds it."""
    app = Flask("signpost.console.app")
    app.secret_key = settings.session_secret
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    name = f"signpost_{hashlib.sha256(settings.session_secret.encode()).hexdigest()[:8]}"
    cookies: dict[str, dict[str, str]] = {}
    engine = open_engine(settings.record_url)
    with session_factory(engine).begin() as session:
        for account in session.scalars(select(StaffAccount).order_by(StaffAccount.id)):
            for role in account.roles:
                if role not in cookies:
                    cookies[role] = {name: signer.dumps({TOKEN: begin(session, account.id, utc_now())})}
    engine.dispose()
    return cookies


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(health: str, popen: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and popen.poll() is None:
        try:
            if httpx.get(health).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise Mistake("The console didn't answer.")
