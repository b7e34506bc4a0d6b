"""Staff for the tests of the console: an account with a role, signed in on a client of its own."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from signpost.console.app import create_app
from signpost.console.parts import Parts
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.sessions import begin
from signpost.log.models import StaffAccount, new_key

HOST = {"Host": "127.0.0.1:8080"}


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
        client.environ_base["HTTP_HOST"] = HOST["Host"]
        if roles:
            account = self.staff(*roles, username=username)
            with self.parts.sessions.begin() as session:
                token = begin(session, account.id, self.parts.clock())
            with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
                cookie[TOKEN] = token
        return client


def console_of(parts: Parts, **config: Any) -> Console:
    """The console over these parts."""
    app = create_app(parts)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, **config)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Console(parts, app)
