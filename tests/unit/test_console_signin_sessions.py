"""How long a sign-in lasts, what ends it, and what is written down of it."""

import sqlite3
import threading
from contextlib import closing

import pytest
from console_staff import HOST, Console, console_of
from sqlalchemy import select
from sqlalchemy.engine import make_url
from test_console_pages import parts_for
from test_console_signin import OTHER, PASSWORD, account, code, entries, give_code, is_signed_in, sign_in, signing_in

from signpost.console.roles import ADMINISTRATOR, REVIEWER
from signpost.console.signin.guard import TOKEN
from signpost.log.models import StaffAccount, StaffSession

CROSS_SITE = {**HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate, signing_in=signing_in()))


def last_seen(console: Console) -> list:
    with console.parts.reads() as session:
        return list(session.scalars(select(StaffSession.last_seen_at).order_by(StaffSession.id)))


def test_a_sign_in_ends_after_half_an_hour_without_a_page(console, clock) -> None:
    client = console.client(REVIEWER)
    clock.advance(minutes=29)
    assert is_signed_in(client)
    clock.advance(minutes=29)
    assert is_signed_in(client)
    clock.advance(minutes=30)
    assert not is_signed_in(client)
    assert "You were signed out" in client.get("/sign-in", headers=HOST).text


def test_a_sign_in_ends_after_ten_hours_whatever_somebody_does(console, clock) -> None:
    client = console.client(REVIEWER)
    for _ in range(29):
        clock.advance(minutes=20)
        assert is_signed_in(client)
    clock.advance(minutes=20)
    assert not is_signed_in(client)


def test_the_limits_are_those_of_the_settings(record, mandate, clock) -> None:
    from signpost.console.signin.opening import signing_in_of
    from signpost.settings import Settings

    given = {"SIGNPOST_SESSION_IDLE_MINUTES": "5", "SIGNPOST_SESSION_HOURS": "1"}
    console = console_of(parts_for(record, mandate, signing_in=signing_in_of(Settings.from_environment(given))))
    client = console.client(REVIEWER)
    clock.advance(minutes=4)
    assert is_signed_in(client)
    clock.advance(minutes=5)
    assert not is_signed_in(client)


def test_a_page_s_own_script_keeps_nobody_signed_in(console, clock) -> None:
    client = console.client(REVIEWER)
    for _ in range(3):
        clock.advance(minutes=10)
        last = client.get("/account", headers={**HOST, "Accept": "application/json"})
    assert last.status_code == 401
    assert list(last.json) == ["error"]


def test_that_somebody_is_there_is_written_at_most_once_a_minute(console, clock) -> None:
    client = console.client(REVIEWER)
    began = clock.now
    clock.advance(seconds=59)
    is_signed_in(client)
    assert last_seen(console) == [began]
    clock.advance(seconds=2)
    is_signed_in(client)
    assert last_seen(console) == [clock.now]


def test_a_locked_database_keeps_nobody_from_reading(console, clock) -> None:
    """Nor does a page wait for it: whoever holds the lock here lets go only after the page is there."""
    client = console.client(REVIEWER)
    began = clock.now
    clock.advance(minutes=2)
    file = make_url(str(console.parts.sessions.kw["bind"].url)).database
    answered = threading.Event()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asking = threading.Thread(target=lambda: is_signed_in(client) and answered.set())
        asking.start()
        assert answered.wait(8)
        other.execute("ROLLBACK")
    asking.join()
    assert last_seen(console) == [began]
    assert is_signed_in(client)
    assert last_seen(console) == [clock.now]


def test_a_sign_in_that_was_ended_meanwhile_is_not_brought_back(console, clock) -> None:
    client = console.client(REVIEWER)
    with console.parts.sessions.begin() as session:
        session.scalars(select(StaffSession)).one().ended_at = clock.now
    clock.advance(minutes=2)
    assert not is_signed_in(client)


@pytest.mark.parametrize("what", ["disabled", "roles"])
def test_who_is_switched_off_or_gets_other_roles_is_signed_out_at_once(console, what) -> None:
    client = console.client(REVIEWER)
    administrator = console.client(ADMINISTRATOR)
    with console.parts.reads() as session:
        one = session.scalars(select(StaffAccount).filter_by(username="reviewer")).one()
    if what == "disabled":
        administrator.post(f"/staff/{one.key}/disable", headers=HOST)
    else:
        from signpost.console.staff.routes import mark_of

        data = {"name": one.name, "roles": ["trainer"], "seen": mark_of(one)}
        administrator.post(f"/staff/{one.key}", data=data, headers=HOST)
    assert not is_signed_in(client)
    assert is_signed_in(administrator)


# One's own account


def test_changing_the_password_ends_the_other_sign_ins_and_keeps_this_one(console, clock) -> None:
    account(console)
    here, there = console.client(), console.client()
    sign_in(console, there)
    clock.advance(minutes=2)
    sign_in(console, here)
    data = {"current_password": PASSWORD, "new_password": OTHER}
    assert here.post("/account/password", data=data, headers=HOST).headers["Location"] == "/account"
    assert is_signed_in(here)
    assert not is_signed_in(there)
    clock.advance(minutes=2)
    assert sign_in(console, console.client(), password=PASSWORD).status_code == 400
    assert sign_in(console, console.client(), password=OTHER).status_code == 303
    changed = next(one for one in entries(console) if one.event == "password_changed")
    assert (changed.actor, changed.detail) == ("jo", {"signed_out_elsewhere": 1})


@pytest.mark.parametrize("page", ["password", "code-app"])
def test_nothing_is_changed_without_the_present_password_and_wrong_ones_count(console, page) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    for _ in range(5):
        data = {"current_password": "wrong wrong wrong", "new_password": OTHER, "code": "123456"}
        response = client.post(f"/account/{page}", data=data, headers=HOST)
        assert response.status_code == 422
    assert "This isn’t your password" in response.text
    assert [one.event for one in entries(console)][-2:] == ["sign_in_failed", "account_locked"]


def test_a_new_app_takes_the_old_one_s_place(console, clock) -> None:
    import re

    account(console)
    client = console.client()
    sign_in(console, client)
    page = client.get("/account/code-app", headers=HOST).text
    secret = re.search(r'signpost-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    data = {"current_password": PASSWORD, "code": "000000"}
    assert client.post("/account/code-app", data=data, headers=HOST).status_code == 422
    data["code"] = code(console, secret)
    assert client.post("/account/code-app", data=data, headers=HOST).status_code == 303
    clock.advance(minutes=2)
    other = console.client()
    sign_in(console, other)
    assert not is_signed_in(other)
    assert give_code(other, code(console, secret)).status_code == 303
    assert client.get("/account/code-app", headers=HOST).text.count(secret) == 0


def test_the_account_s_page_shows_each_sign_in_and_signs_out_everywhere(console, clock) -> None:
    account(console)
    here, there = console.client(), console.client()
    sign_in(console, there)
    clock.advance(minutes=2)
    sign_in(console, here)
    text = here.get("/account", headers=HOST).text
    assert (text.count("In this browser"), text.count("In another browser")) == (1, 1)
    assert here.post("/account/sign-out-everywhere", headers=HOST).headers["Location"] == "/sign-in/signed-out"
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert entries(console)[-1].event == "signed_out_everywhere"


def test_work_accounts_have_no_password_here(console) -> None:
    account(console, issuer="https://login.example", subject="1", password_hash=None, totp_encrypted=None)
    client = console.client()
    with console.parts.sessions.begin() as session:
        from signpost.console.signin.sessions import begin

        token = begin(session, session.scalars(select(StaffAccount)).one().id, console.parts.clock())
    with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        cookie[TOKEN] = token
    assert "/account/password" not in client.get("/account", headers=HOST).text
    for page in ("password", "code-app"):
        response = client.get(f"/account/{page}", headers=HOST)
        assert response.status_code == 404
        assert "work account" in response.text


# Links from elsewhere: the browser sends no SameSite=Strict cookie with them


def test_a_link_on_another_site_leads_on_from_a_page_of_ours(console) -> None:
    nobody = console.client()
    response = nobody.get("/account?tab=1", headers=CROSS_SITE)
    assert response.status_code == 200
    assert response.headers["Refresh"] == "0; url=/account?tab=1"
    assert 'href="/account?tab=1"' in response.text
    assert "Set-Cookie" not in response.headers
    same_site = {**CROSS_SITE, "Sec-Fetch-Site": "same-origin"}
    assert nobody.get("/account?tab=1", headers=same_site).status_code == 302


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/\\evil.example", "/a%0d%0aSet-Cookie:x", "/account;url=//evil.example"]
)
def test_the_page_that_leads_on_leads_to_us_alone(console, path) -> None:
    response = console.client().get(f"http://127.0.0.1:8080{path}", headers=CROSS_SITE)
    onward = response.headers.get("Refresh", "")
    assert "//evil" not in onward or onward.startswith("0; url=/account;url=")
    assert "\n" not in onward


def test_a_link_on_another_site_signs_nobody_out(console) -> None:
    client = console.client(REVIEWER)
    assert client.get("/account", headers=CROSS_SITE).status_code == 200  # The cookie was sent after all.
    assert is_signed_in(client)
