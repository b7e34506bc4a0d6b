"""Staff for the tests of the console: an account with a role, signed in on a client of its own."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from signpost.console.app import create_app
from signpost.console.parts import Parts
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.sessions import begin
from signpost.log.models import StaffAccount, new_key

HOST = {"Host": "127.0.0.1:8080"}
BASE_URL = "http://127.0.0.1:8080"


class OwnHost(FlaskClient):
    """A browser that asks for the pages at the address at which they answer."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """As Flask's own."""
        if args and isinstance(args[0], str):
            more.setdefault("base_url", BASE_URL)
        return super().open(*args, **more)


@dataclass
class Console:
    """The console of one record. Forms need no token here: what guards them has tests of its own."""

    parts: Parts
    app: Flask

    def staff(self, *roles: str, username: str = "") -> StaffAccount:
        """A new account with these roles."""
        name = username or "-".join(roles)
        account = StaffAccount(
            key=new_key(),
            username=name,
            name=name.capitalize(),
            roles=list(roles),
            created_at=self.parts.clock(),
        )
        with self.parts.sessions.begin() as session:
            session.add(account)
        return account

    def client(self, *roles: str, username: str = "") -> FlaskClient:
        """A browser in which somebody with these roles is signed in; nobody, without roles."""
        client = self.app.test_client()
        if roles:
            account = self.staff(*roles, username=username)
            with self.parts.sessions.begin() as session:
                token = begin(session, account.id, self.parts.clock())
            with client.session_transaction(base_url=BASE_URL) as cookie:
                cookie[TOKEN] = token
        return client


def console_of(parts: Parts, **config: Any) -> Console:
    """The console over these parts."""
    app = create_app(parts)
    app.test_client_class = OwnHost
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, **config)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Console(parts, app)
