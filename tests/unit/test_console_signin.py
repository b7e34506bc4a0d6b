"""Signing in with a local account: the password, the code, the first time, and what happens when it goes wrong."""

import re
from datetime import timezone

import pyotp
import pytest
from argon2 import PasswordHasher
from console_staff import HOST, Console, console_of
from sqlalchemy import select
from structlog.testing import capture_logs
from test_console_pages import parts_for

from signpost.console.roles import ADMINISTRATOR, REVIEWER
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.passwords import Passwords
from signpost.console.signin.rules import SigningIn
from signpost.log.models import AuditEntry, StaffAccount, StaffSession, new_key

PASSWORD = "tulip anchor grey teapot"
OTHER = "marmalade lantern seven skies"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LONGEST = " ".join(f"word{number * 37}" for number in range(40))[:256]
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def signing_in(**more) -> SigningIn:
    return SigningIn(**{"passwords": Passwords(QUICK), **more})


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate, signing_in=signing_in()))


def account(console: Console, username: str = "jo", **fields) -> StaffAccount:
    """A local account that has been used before."""
    values = {
        "key": new_key(),
        "username": username,
        "name": "Jo Bloggs",
        "roles": [REVIEWER],
        "password_hash": QUICK.hash(PASSWORD),
        "totp_encrypted": console.parts.vault.encrypt(SECRET),
        "created_at": console.parts.clock(),
        **fields,
    }
    one = StaffAccount(**values)
    with console.parts.sessions.begin() as session:
        session.add(one)
    return one


def stored(console: Console, username: str = "jo") -> StaffAccount:
    with console.parts.reads() as session:
        return session.scalars(select(StaffAccount).filter_by(username=username)).one()


def code(console: Console, secret: str = SECRET, seconds: int = 0) -> str:
    now = console.parts.clock().replace(tzinfo=timezone.utc)
    return pyotp.TOTP(secret).at(int(now.timestamp()) + seconds)


def entries(console: Console) -> list[AuditEntry]:
    with console.parts.reads() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def events(console: Console) -> list[tuple[str, str]]:
    return [(one.actor, one.event) for one in entries(console)]


def give_password(client, username="jo", password=PASSWORD, **more):
    return client.post("/sign-in", data={"username": username, "password": password, **more}, headers=HOST)


def give_code(client, value):
    return client.post("/sign-in/code", data={"code": value}, headers=HOST)


def sign_in(console: Console, client, **more):
    give_password(client, **more)
    return give_code(client, code(console))


def is_signed_in(client) -> bool:
    return client.get("/account", headers=HOST).status_code == 200


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


# The usual way


def test_a_password_and_a_code_let_somebody_in_and_take_them_where_they_wanted_to_go(console) -> None:
    account(console)
    client = console.client()
    response = client.get("/account?from=somewhere", headers=HOST)
    assert response.status_code == 302
    page = client.get(response.headers["Location"], headers=HOST)
    assert 'value="/account?from=somewhere"' in page.text
    response = give_password(client, next="/account?from=somewhere")
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in/code")
    assert not is_signed_in(client)
    assert client.get("/sign-in/code", headers=HOST).status_code == 200
    response = give_code(client, code(console))
    assert (response.status_code, response.headers["Location"]) == (303, "/account?from=somewhere")
    assert is_signed_in(client)
    assert events(console) == [("jo", "signed_in")]
    assert stored(console).last_signed_in_at == console.parts.clock()


def test_the_username_is_taken_however_it_is_written(console) -> None:
    account(console, "jo@force.example")
    client = console.client()
    assert give_password(client, " Jo@Force.example ").status_code == 303


def test_a_code_written_in_groups_is_taken(console) -> None:
    account(console)
    client = console.client()
    give_password(client)
    shown = code(console)
    assert give_code(client, f"{shown[:3]} {shown[3:]}").status_code == 303


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_phone_whose_clock_is_half_a_minute_off_will_do(console, seconds) -> None:
    account(console)
    client = console.client()
    give_password(client)
    assert give_code(client, code(console, seconds=seconds)).status_code == 303


@pytest.mark.parametrize("seconds", [-90, 90, 3600])
def test_a_code_of_another_time_will_not_do(console, seconds) -> None:
    account(console)
    client = console.client()
    give_password(client)
    assert give_code(client, code(console, seconds=seconds)).status_code == 422
    assert not is_signed_in(client)


def test_a_code_is_good_once_and_so_are_those_before_it(console) -> None:
    account(console)
    assert sign_in(console, console.client()).status_code == 303
    for seconds in (0, -30):
        client = console.client()
        give_password(client)
        assert give_code(client, code(console, seconds=seconds)).status_code == 422
        assert not is_signed_in(client)
    client = console.client()
    give_password(client)
    assert give_code(client, code(console, seconds=30)).status_code == 303


def test_the_code_s_page_is_nothing_to_whoever_lacks_the_password(console) -> None:
    account(console)
    client = console.client()
    assert client.get("/sign-in/code", headers=HOST).headers["Location"] == "/sign-in"
    assert give_code(client, code(console)).status_code == 400
    assert not is_signed_in(client)


@pytest.mark.parametrize("step", ["new-password", "code-app"])
def test_nobody_can_leave_the_code_out(console, step) -> None:
    account(console)
    client = console.client()
    give_password(client)
    assert client.get(f"/sign-in/{step}", headers=HOST).headers["Location"] == "/sign-in/code"
    response = client.post(f"/sign-in/{step}", data={"new_password": OTHER, "code": code(console)}, headers=HOST)
    assert response.headers["Location"] == "/sign-in/code"
    assert not is_signed_in(client)
    assert QUICK.verify(stored(console).password_hash, PASSWORD)


def test_the_way_from_password_to_code_ends_after_a_quarter_of_an_hour_and_when_the_password_changes(console) -> None:
    account(console)
    client = console.client()
    give_password(client)
    console.parts.clock.advance(minutes=16)
    assert give_code(client, code(console)).status_code == 400
    give_password(client)
    with console.parts.sessions.begin() as session:
        session.scalars(select(StaffAccount)).one().password_hash = QUICK.hash(OTHER)
    assert give_code(client, code(console)).status_code == 400
    assert not is_signed_in(client)


def test_a_sign_in_gets_a_token_nobody_had_before_and_ends_the_one_before_it(console) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        first = cookie[TOKEN]
    console.parts.clock.advance(minutes=2)
    sign_in(console, client)
    with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        assert cookie[TOKEN] != first
        cookie[TOKEN] = first
    assert not is_signed_in(client)


def test_the_record_holds_no_token(console) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        token = cookie[TOKEN]
    with console.parts.reads() as session:
        assert token not in session.scalars(select(StaffSession)).one().token_hash


def test_a_hash_of_older_parameters_is_made_anew(console) -> None:
    account(console, password_hash=PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD))
    before = stored(console).password_hash
    give_password(console.client())
    after = stored(console).password_hash
    assert after != before
    assert not QUICK.check_needs_rehash(after)
    give_password(console.client())
    assert stored(console).password_hash == after


# What isn't right


def test_an_empty_form_says_what_to_enter_and_loses_nothing(console) -> None:
    response = give_password(console.client(), "jo", "")
    assert response.status_code == 422
    assert "Enter your password" in response.text
    assert 'value="jo"' in response.text
    assert "<title>Error: Sign in" in response.text


def test_nothing_tells_whether_an_account_exists(console) -> None:
    """Unknown, wrong, locked, disabled and the provider's: the same status, the same page, whatever is tried."""
    account(console)
    account(console, "off", disabled_at=console.parts.clock())
    account(console, "theirs", issuer="https://login.example", subject="1", password_hash=None)
    pages = {}
    for username, tries in (("jo", 8), ("nobody", 8), ("off", 1), ("theirs", 1)):
        for number in range(tries):
            response = give_password(console.client(), username, "not the right one")
            page = re.sub(r'nonce="[^"]+"|value="[^"]*"', "", response.text)
            pages[username, number] = (response.status_code, page)
    assert len(set(pages.values())) == 1
    assert next(iter(pages.values()))[0] == 422
    assert give_password(console.client(), "jo", PASSWORD).status_code == 422


def test_a_right_password_does_not_open_a_disabled_account(console) -> None:
    account(console, disabled_at=console.parts.clock())
    assert give_password(console.client()).status_code == 422
    assert events(console) == [("jo", "sign_in_refused")]


@pytest.mark.parametrize("at", ["password", "code"])
def test_after_five_failures_the_account_is_locked_for_a_quarter_of_an_hour(console, at) -> None:
    account(console)
    for _ in range(5):
        client = console.client()
        if at == "password":
            give_password(client, password="wrong wrong wrong")
        else:
            give_password(client)
            last = give_code(client, "000000")
    if at == "code":
        assert "the account is locked for 15 minutes" in last.text
    assert give_password(console.client()).status_code == 422
    console.parts.clock.advance(minutes=14)
    assert give_password(console.client()).status_code == 422
    console.parts.clock.advance(minutes=2)
    client = console.client()
    assert sign_in(console, client).status_code == 303
    assert is_signed_in(client)
    said = [event for _actor, event in events(console)]
    assert said[:6] == ["sign_in_failed"] * 5 + ["account_locked"]
    assert said[6:] == ["sign_in_refused"] * 2 + ["signed_in"]


def test_a_right_password_does_not_wipe_out_wrong_codes(console) -> None:
    """Else whoever knows the password could try codes for ever."""
    account(console)
    for _ in range(4):
        client = console.client()
        give_password(client)
        give_code(client, "000000")
    assert stored(console).failures == 4
    client = console.client()
    give_password(client)
    give_code(client, "000000")
    assert stored(console).locked_until is not None


def test_a_lock_that_falls_between_password_and_code_holds(console) -> None:
    account(console)
    client = console.client()
    give_password(client)
    for _ in range(5):
        give_password(console.client(), password="wrong wrong wrong")
    assert give_code(client, code(console)).status_code == 422
    assert not is_signed_in(client)


def test_a_whole_sign_in_forgets_the_failures_before_it(console) -> None:
    account(console)
    for _ in range(4):
        give_password(console.client(), password="wrong wrong wrong")
    sign_in(console, console.client())
    assert stored(console).failures == 0


def test_a_name_nobody_has_is_never_written_down(console) -> None:
    account(console)
    with capture_logs() as logs:
        give_password(console.client(), "hunter2-is-my-password", "jo")
    assert events(console) == [("signpost", "sign_in_failed")]
    assert "hunter2" not in str(logs)
    assert "hunter2" not in str([(one.subject, one.purpose, one.detail) for one in entries(console)])


def test_a_name_nobody_has_costs_the_same_work(console, monkeypatch) -> None:
    account(console)
    checked = []
    monkeypatch.setattr(
        "argon2.PasswordHasher.verify", lambda _self, kept, _password: checked.append(kept[:20]) or False
    )
    give_password(console.client(), "jo")
    give_password(console.client(), "nobody")
    assert len(checked) == 2
    assert checked[0] == checked[1]


def test_too_many_tries_from_one_address_are_put_off_with_a_sentence(record, mandate) -> None:
    console = console_of(parts_for(record, mandate, signing_in=signing_in(attempts="3 per minute")))
    account(console)
    for _ in range(3):
        assert give_password(console.client(), "nobody").status_code == 422
    response = give_password(console.client(), "nobody")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Wait a minute" in response.text
    assert give_code(console.client(), "123456").status_code == 429
    assert console.client().get("/sign-in", headers=HOST).status_code == 200
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    client = console.client()
    data = {"username": "nobody", "password": "x"}
    assert client.post("/sign-in", data=data, headers=HOST, environ_base=elsewhere).status_code == 422


def test_what_a_caller_says_of_their_address_counts_for_nothing_without_a_proxy(record, mandate) -> None:
    console = console_of(parts_for(record, mandate, signing_in=signing_in(attempts="1 per minute")))
    statuses = []
    for last in range(3):
        headers = {**HOST, "X-Forwarded-For": f"203.0.113.{last}"}
        data = {"username": "nobody", "password": "x"}
        statuses.append(console.client().post("/sign-in", data=data, headers=headers).status_code)
    assert statuses == [422, 429, 429]


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/sign-out",
        "/x" * 2000,
        "/\u2028/evil",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(console, onward) -> None:
    account(console)
    client = console.client()
    give_password(client, next=onward)
    assert give_code(client, code(console)).headers["Location"] == "/"
    assert client.get("/sign-in", query_string={"next": onward}, headers=HOST).headers["Location"] == "/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/account/password"])
def test_a_password_stands_in_no_page(console, method, path) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    data = {"username": "jo", "password": "my secret words", "current_password": "my secret words"}
    response = client.get(path, headers=HOST) if method == "get" else client.post(path, data=data, headers=HOST)
    assert "my secret words" not in response.text


def test_a_form_whose_token_is_no_longer_good_begins_the_sign_in_anew(record, mandate) -> None:
    console = console_of(parts_for(record, mandate, signing_in=signing_in()))
    console.app.config["WTF_CSRF_ENABLED"] = True
    account(console)
    response = give_password(console.client(), next="/queue")
    assert response.status_code == 400
    assert "This page had grown too old" in response.text
    assert 'value="jo"' in response.text
    assert 'value="/queue"' in response.text


# The first time


def test_the_first_sign_in_replaces_the_password_and_sets_up_the_app(console) -> None:
    account(console, password_temporary=True, totp_encrypted=None)
    client = console.client()
    assert give_password(client, next="/account").headers["Location"] == "/sign-in/new-password"
    assert client.get("/sign-in/code-app", headers=HOST).headers["Location"] == "/sign-in/new-password"
    assert client.get("/sign-in/new-password", headers=HOST).status_code == 200
    response = client.post("/sign-in/new-password", data={"new_password": OTHER}, headers=HOST)
    assert response.headers["Location"] == "/sign-in/code-app"
    page = client.get("/sign-in/code-app", headers=HOST)
    assert "<svg" in page.text
    assert "style=" not in page.text
    secret = re.search(r'signpost-secret">([A-Z2-7 ]+)<', page.text)[1]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", secret)
    assert client.get("/sign-in/code-app", headers=HOST).text.count(secret) == 1
    wrong = client.post("/sign-in/code-app", data={"code": "000000"}, headers=HOST)
    assert wrong.status_code == 422
    assert secret in wrong.text
    assert not is_signed_in(client)
    right = code(console, secret.replace(" ", ""))
    response = client.post("/sign-in/code-app", data={"code": right}, headers=HOST)
    assert (response.status_code, response.headers["Location"]) == (303, "/account")
    assert is_signed_in(client)
    kept = stored(console)
    assert QUICK.verify(kept.password_hash, OTHER)
    assert not kept.password_temporary
    assert secret.replace(" ", "").encode() not in kept.totp_encrypted
    assert console.parts.vault.decrypt(kept.totp_encrypted) == secret.replace(" ", "")
    assert [event for _actor, event in events(console)] == ["password_changed", "code_app_set_up", "signed_in"]
    again = console.client()
    give_password(again, password=OTHER)
    assert give_code(again, right).status_code == 422  # The app's first code was taken already.


def test_whoever_has_an_app_gives_its_code_before_the_temporary_password_is_replaced(console) -> None:
    account(console, password_temporary=True)
    client = console.client()
    assert give_password(client).headers["Location"] == "/sign-in/code"
    assert give_code(client, code(console)).headers["Location"] == "/sign-in/new-password"
    assert not is_signed_in(client)
    assert client.post("/sign-in/new-password", data={"new_password": OTHER}, headers=HOST).headers["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("eleven char", "12 characters or more"),
        ("x" * 257, "256 characters or fewer"),
        ("password123456", "many people use"),
        ("P@ssw0rd2024!!", "many people use"),
        ("passwordpassword", "many people use"),
        ("letmein letmein", "many people use"),
        ("Administrator!1", "many people use"),
        ("abcdefghijklmnop", "too easy to guess"),
        ("123456789012345", "too easy to guess"),
        ("qwertyuiopasdf", "too easy to guess"),
        ("aaaaaaaaaaaaaaaa", "too easy to guess"),
        ("WiltshirePolice1", "too easy to guess"),
        ("signpost signpost", "too easy to guess"),
        ("sam.bloggs and more", "your username"),
        ("about SAM.BLOGGS@force.example", "your username"),
        (PASSWORD, "other than the one you have now"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(console, password, says) -> None:
    account(console, "sam.bloggs@force.example", password_temporary=True, totp_encrypted=None)
    client = console.client()
    give_password(client, "sam.bloggs@force.example")
    response = client.post("/sign-in/new-password", data={"new_password": password}, headers=HOST)
    assert response.status_code == 422
    assert says in text_of(response)
    assert stored(console, "sam.bloggs@force.example").password_temporary


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "x7#kQ!p2Lm9z", "Ünïcödé pässwörd hören", LONGEST, "日本語" * 4 + "x"]
)
def test_a_long_or_odd_password_is_welcome_and_works_afterwards(console, password) -> None:
    account(console, password_temporary=True)
    client = console.client()
    give_password(client)
    give_code(client, code(console))
    assert client.post("/sign-in/new-password", data={"new_password": password}, headers=HOST).status_code == 303
    assert give_password(console.client(), password=password).status_code == 303


def test_an_accent_is_the_same_however_the_keyboard_sends_it(console) -> None:
    account(console, password_hash=Passwords(QUICK).hash("cre\u0300me bru\u0302le\u0301e twice"))
    assert give_password(console.client(), password="crème brûlée twice").status_code == 303


# Signing out


def test_signing_out_ends_the_token_and_is_written_down(console) -> None:
    client = console.client(REVIEWER)
    with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        token = cookie[TOKEN]
    response = client.post("/sign-out", headers=HOST)
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in/signed-out")
    assert client.get("/sign-in/signed-out", headers=HOST).status_code == 200
    with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        assert TOKEN not in cookie
        cookie[TOKEN] = token
    assert not is_signed_in(client)
    assert events(console) == [("reviewer", "signed_out")]


def test_signing_out_twice_does_no_harm(console) -> None:
    client = console.client(ADMINISTRATOR)
    for _ in range(2):
        assert client.post("/sign-out", headers=HOST).status_code == 303
    assert [event for _actor, event in events(console)] == ["signed_out"]


def test_where_local_accounts_are_off_nobody_signs_in_to_one(record, mandate) -> None:
    console = console_of(parts_for(record, mandate, signing_in=signing_in(local=False)))
    account(console)
    client = console.client()
    assert 'name="password"' not in client.get("/sign-in", headers=HOST).text
    assert give_password(client).status_code == 404
