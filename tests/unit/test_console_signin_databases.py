"""Signing in and staff accounts on SQLite and on PostgreSQL alike, where rows are locked and texts have their lengths."""

from dataclasses import replace

import pytest
from console_staff import HOST, Console, console_of
from sqlalchemy import select
from test_console_pages import parts_for
from test_console_signin import (
    QUICK,
    account,
    code,
    events,
    give_code,
    give_password,
    is_signed_in,
    sign_in,
    signing_in,
)
from test_console_staff import change, key_of

from signpost.console.roles import ADMINISTRATOR, AUDITOR
from signpost.console.signin.claims import Person
from signpost.console.signin.passwords import Passwords
from signpost.console.signin.provider_accounts import account_for
from signpost.console.staff.first import first_password
from signpost.log.models import KeptForm, StaffAccount

LONGEST = "x" * 64
JO = Person("https://login.example/" + "t" * 200, "s" * 255, "jo@force.example", "J" * 128, ("reviewer",))


@pytest.fixture
def console(either_record, mandate) -> Console:
    return console_of(parts_for(either_record, mandate, signing_in=signing_in()))


def test_somebody_with_the_longest_name_signs_in_is_locked_out_and_comes_back(console, clock) -> None:
    account(console, LONGEST)
    client = console.client()
    give_password(client, LONGEST)
    assert give_code(client, code(console)).status_code == 303
    for _ in range(5):
        give_password(console.client(), LONGEST, "wrong wrong wrong")
    assert give_password(console.client(), LONGEST).status_code == 422
    clock.advance(minutes=16)
    assert is_signed_in(client)
    assert sign_in(console, console.client(), username=LONGEST).status_code == 303
    assert events(console)[-1] == (LONGEST, "signed_in")


def test_staff_are_changed_switched_off_and_reset(console) -> None:
    admin = console.client(ADMINISTRATOR)
    account(console)
    for what, data in (("disable", {}), ("enable", {}), ("reset", {"what": "both"})):
        assert admin.post(f"/staff/{key_of(console, 'jo')}/{what}", data=data, headers=HOST).status_code == 303
    assert change(console, admin, "jo", roles=[AUDITOR, ADMINISTRATOR]).status_code == 303
    assert "Jo Bloggs" in admin.get("/staff", headers=HOST).text
    said = [event for _actor, event in events(console)]
    assert said == ["staff_disabled", "staff_enabled", "staff_reset", "staff_changed"]


def test_what_was_typed_is_kept_and_given_back(console, clock) -> None:
    account(console, roles=[ADMINISTRATOR])
    client = console.client()
    sign_in(console, client)
    clock.advance(minutes=31)
    response = client.post("/staff/new", data={"name": "Typed " * 20, "username": "kim"}, headers=HOST)
    onward = response.headers["Location"].partition("next=")[2]
    sign_in(console, client)
    assert "Typed Typed" in client.get(onward, headers=HOST).text
    client.post(f"{onward}/drop", headers=HOST)
    with console.parts.reads() as session:
        assert session.scalars(select(KeptForm)).first() is None


def test_people_of_the_provider_get_one_account_each(console) -> None:
    for name in ("First Name", "Another Name"):
        account_for(console.parts, replace(JO, name=name))
    account_for(console.parts, replace(JO, subject="another"))
    with console.parts.reads() as session:
        found = list(session.scalars(select(StaffAccount).order_by(StaffAccount.id)))
    assert [(one.username, one.name) for one in found] == [
        ("jo@force.example", "Another Name"),
        ("jo@force.example-2", "J" * 128),
    ]


def test_the_first_account_is_made_once(console, clock) -> None:
    for first in (True, False):
        with console.parts.sessions.begin() as session:
            made = first_password(session, console.parts.trail, lambda: Passwords(QUICK), clock.now)
        assert bool(made) == first
