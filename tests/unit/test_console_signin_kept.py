"""What somebody was typing when their sign-in ended is kept, for them alone, and given back."""

import re

import pytest
from console_staff import HOST, Console, console_of
from flask import Blueprint, request
from sqlalchemy import select
from test_console_pages import parts_for
from test_console_signin import account, sign_in, signing_in, text_of

from signpost.console import app as app_module
from signpost.console.roles import REVIEWER, open_to
from signpost.console.signin.guard import TOKEN
from signpost.log.models import KeptForm

TYPED = {
    "was_report": "yes",
    "notes": "First line\r\n<b>second</b> & third",
    "new_password": "never to be written",
    "code": "123456",
    "empty": "",
}
ADDRESS = "http://127.0.0.1:8080"


class Desk:
    """A room with one form, in place of those that others may change."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []

    def blueprint(self, _parts) -> Blueprint:
        pages = Blueprint("tried", __name__)

        @pages.post("/tried")
        @open_to(REVIEWER)
        def take() -> str:
            self.taken.append(request.form.to_dict())
            return "taken"

        return pages


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def console(record, mandate, desk, monkeypatch) -> Console:
    monkeypatch.setattr(app_module, "ROOMS", (*app_module.ROOMS, desk))
    return console_of(parts_for(record, mandate, signing_in=signing_in()))


def kept(console: Console) -> list[KeptForm]:
    with console.parts.reads() as session:
        return list(session.scalars(select(KeptForm)))


def hidden(page: str) -> dict[str, str]:
    from html import unescape

    main = page.split("<main")[1]
    form = re.search(r'<form method="post" action="([^"]+)".*?</form>', main, re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    return {"address": unescape(form[1]), **{name: unescape(value) for name, value in fields}}


def test_a_form_that_meets_an_ended_sign_in_is_sent_once_its_writer_is_back(console, clock, desk) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    clock.advance(minutes=31)
    response = client.post("/tried?list=2", data=TYPED, headers=HOST)
    assert response.status_code == 303
    page = client.get(response.headers["Location"], headers=HOST)
    assert "What you wrote is kept" in page.text
    assert desk.taken == []
    onward = re.search(r'name="next" value="([^"]+)"', page.text)[1]
    assert sign_in(console, client, next=onward).headers["Location"] == onward
    page = client.get(onward, headers=HOST)
    assert page.status_code == 200
    assert "Nothing is lost" in page.text
    assert "First line" in text_of(page)
    assert "<b>second" not in page.text
    assert "never to be written" not in page.text
    fields = hidden(page.text)
    assert fields.pop("address") == "/tried?list=2"
    client.post("/tried?list=2", data=fields, headers=HOST)
    assert len(desk.taken) == 1
    taken = desk.taken[0]
    assert taken["notes"].replace("\r\n", "\n") == TYPED["notes"].replace("\r\n", "\n")
    assert (taken["was_report"], taken["empty"]) == ("yes", "")
    assert not {"new_password", "code"} & set(taken)
    assert kept(console) == []


def test_what_is_kept_can_be_read_by_nobody_who_lacks_the_key(console, clock) -> None:
    client = console.client(REVIEWER)
    clock.advance(hours=11)
    client.post("/tried", data=TYPED, headers=HOST)
    (one,) = kept(console)
    assert b"First" not in one.content_encrypted
    text = console.parts.vault.decrypt(one.content_encrypted)
    assert "First line" in text
    assert "never to be written" not in text
    assert "123456" not in text


def test_another_person_is_never_shown_it(console, clock) -> None:
    account(console)
    client = console.client(REVIEWER)
    clock.advance(minutes=31)
    onward = client.post("/tried", data=TYPED, headers=HOST).headers["Location"].partition("next=")[2]
    assert onward.startswith("/sign-in/kept/")
    sign_in(console, client, next=onward)
    page = client.get(onward, headers=HOST)
    assert page.status_code == 404
    assert "First line" not in page.text
    client.post(f"{onward}/drop", headers=HOST)
    assert len(kept(console)) == 1


def test_it_is_kept_for_a_day(console, clock) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    clock.advance(minutes=31)
    onward = client.post("/tried", data=TYPED, headers=HOST).headers["Location"].partition("next=")[2]
    clock.advance(hours=25)
    sign_in(console, client)
    assert client.get(onward, headers=HOST).status_code == 404
    assert onward not in client.get("/account", headers=HOST).text
    clock.advance(minutes=31)
    client.post("/tried", data=TYPED, headers=HOST)
    assert len(kept(console)) == 1  # The old one is gone.


def test_it_stands_on_the_account_s_page_until_it_is_let_go(console, clock) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    clock.advance(minutes=31)
    onward = client.post("/tried", data=TYPED, headers=HOST).headers["Location"].partition("next=")[2]
    sign_in(console, client)
    assert onward in client.get("/account", headers=HOST).text
    assert client.post(f"{onward}/drop", headers=HOST).status_code == 303
    assert kept(console) == []


def test_a_browser_that_nobody_was_signed_in_on_leaves_nothing_behind(console) -> None:
    assert console.client().post("/tried", data=TYPED, headers=HOST).headers["Location"] == "/sign-in"
    client = console.client()
    with client.session_transaction(base_url=ADDRESS) as cookie:
        cookie[TOKEN] = "a token nobody was given"
    client.post("/tried", data=TYPED, headers=HOST)
    assert kept(console) == []


def test_a_script_is_told_and_leaves_nothing_behind(console, clock) -> None:
    client = console.client(REVIEWER)
    clock.advance(minutes=31)
    response = client.post("/tried", data=TYPED, headers={**HOST, "Accept": "application/json"})
    assert (response.status_code, list(response.json)) == (401, ["error"])
    assert kept(console) == []


# Forms whose token is no longer good


@pytest.fixture
def guarded(console) -> Console:
    console.app.config["WTF_CSRF_ENABLED"] = True
    return console


def token_on(client, path: str) -> str:
    page = client.get(path, headers=HOST).text
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def sign_in_guarded(console: Console, client, username: str = "jo") -> None:
    from test_console_signin import PASSWORD, code

    data = {"username": username, "password": PASSWORD, "csrf_token": token_on(client, "/sign-in")}
    client.post("/sign-in", data=data, headers=HOST)
    data = {"code": code(console), "csrf_token": token_on(client, "/sign-in/code")}
    assert client.post("/sign-in/code", data=data, headers=HOST).status_code == 303


def test_a_page_from_before_the_last_sign_in_is_shown_again_to_its_writer(guarded, clock, desk) -> None:
    account(guarded)
    client = guarded.client()
    sign_in_guarded(guarded, client)
    before = token_on(client, "/account")
    clock.advance(minutes=31)
    sign_in_guarded(guarded, client)
    response = client.post("/tried", data={**TYPED, "csrf_token": before}, headers=HOST)
    assert response.status_code == 400
    assert "Nothing is lost" in response.text
    fields = hidden(response.text)
    assert client.post(fields.pop("address"), data=fields, headers=HOST).text == "taken"
    assert desk.taken[0]["was_report"] == "yes"


def test_a_page_that_was_open_when_its_writer_signed_out_is_kept_for_them(guarded, clock, desk) -> None:
    account(guarded)
    client = guarded.client()
    sign_in_guarded(guarded, client)
    before = token_on(client, "/account")
    client.post("/sign-out", data={"csrf_token": before}, headers=HOST)
    response = client.post("/tried", data={**TYPED, "csrf_token": before}, headers=HOST)
    assert response.status_code == 303
    clock.advance(minutes=2)
    sign_in_guarded(guarded, client)
    onward = response.headers["Location"].partition("next=")[2]
    assert "First line" in client.get(onward, headers=HOST).text


def test_a_page_of_the_person_before_is_neither_shown_nor_sent_by_the_next(guarded, clock, desk) -> None:
    account(guarded)
    account(guarded, "sam")
    client = guarded.client()
    sign_in_guarded(guarded, client)
    before = token_on(client, "/account")
    client.post("/sign-out", data={"csrf_token": before}, headers=HOST)
    sign_in_guarded(guarded, client, "sam")
    response = client.post("/tried", data={**TYPED, "csrf_token": before}, headers=HOST)
    assert response.status_code == 400
    assert "another person’s" in response.text
    assert "First line" not in response.text
    assert desk.taken == []


@pytest.mark.parametrize("token", ["", "forged", "IjEyMzQi.aaaa.bbbb"])
def test_a_forged_form_does_nothing_and_is_not_kept(guarded, desk, token) -> None:
    account(guarded)
    client = guarded.client()
    sign_in_guarded(guarded, client)
    response = client.post("/tried", data={**TYPED, "csrf_token": token}, headers=HOST)
    assert response.status_code == 400
    assert "Send it now" not in response.text
    assert desk.taken == []
    assert kept(guarded) == []


def test_a_form_from_another_site_does_nothing_whatever_token_it_has(guarded, desk) -> None:
    account(guarded)
    client = guarded.client()
    sign_in_guarded(guarded, client)
    data = {**TYPED, "csrf_token": token_on(client, "/account")}
    response = client.post("/tried", data=data, headers={**HOST, "Origin": "https://evil.example"})
    assert response.status_code == 403
    assert desk.taken == []


def test_a_sign_out_whose_token_is_no_longer_good_signs_out_all_the_same(guarded) -> None:
    account(guarded)
    client = guarded.client()
    sign_in_guarded(guarded, client)
    assert client.post("/sign-out", data={"csrf_token": "old"}, headers=HOST).status_code == 303
    assert client.get("/account", headers=HOST).status_code == 302
