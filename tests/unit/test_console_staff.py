"""The pages on which administrators look after staff: who comes, who goes, and who may do what."""

import re

import pytest
from console_staff import HOST, Console, console_of
from sqlalchemy import select
from test_console_pages import parts_for
from test_console_signin import (
    QUICK,
    account,
    code,
    entries,
    give_password,
    is_signed_in,
    sign_in,
    signing_in,
    stored,
    text_of,
)

from signpost.console.roles import ADMINISTRATOR, AUDITOR, REVIEWER, TRAINER
from signpost.console.staff.routes import mark_of
from signpost.log.models import StaffAccount

PASSWORD = re.compile(r'signpost-secret">([a-z2-9]{5}(?:-[a-z2-9]{5}){3})<')


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate, signing_in=signing_in()))


@pytest.fixture
def admin(console):
    return console.client(ADMINISTRATOR)


def key_of(console: Console, username: str) -> str:
    return stored(console, username).key


def change(console: Console, admin, username: str, **fields):
    one = stored(console, username)
    data = {"name": one.name, "roles": one.roles, "seen": mark_of(one), **fields}
    return admin.post(f"/staff/{one.key}", data=data, headers=HOST)


def test_somebody_is_added_and_signs_in_for_the_first_time_with_what_was_shown_once(console, admin) -> None:
    data = {"name": " Sam  Okafor ", "username": "Sam.Okafor@force.example", "roles": [TRAINER, REVIEWER]}
    response = admin.post("/staff/new", data=data, headers=HOST)
    assert response.status_code == 303
    page = admin.get(response.headers["Location"], headers=HOST)
    password = PASSWORD.search(page.text)[1]
    assert "Sam Okafor" in page.text
    assert PASSWORD.search(admin.get(response.headers["Location"], headers=HOST).text) is None
    one = stored(console, "sam.okafor@force.example")
    assert one.roles == [REVIEWER, TRAINER]
    response = give_password(console.client(), "sam.okafor@force.example", password)
    assert response.headers["Location"] == "/sign-in/new-password"
    added = entries(console)[0]
    assert (added.actor, added.event, added.subject) == ("administrator", "staff_added", "sam.okafor@force.example")
    assert added.detail == {"roles": ["reviewer", "trainer"]}


def test_the_password_that_is_shown_once_is_not_in_the_cookie_as_it_is(console, admin) -> None:
    admin.post("/staff/new", data={"name": "Sam", "username": "sam", "roles": [REVIEWER]}, headers=HOST)
    with admin.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
        held = str(dict(cookie))
    page = admin.get(f"/staff/{key_of(console, 'sam')}", headers=HOST)
    assert PASSWORD.search(page.text)[1] not in held


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "Enter the person’s name"),
        ({"username": ""}, "Enter a username"),
        ({"roles": []}, "Choose one or more roles"),
        ({"roles": ["king"]}, "Choose from the answers on the page"),
        ({"username": "sam okafor"}, "an e-mail address or a short name"),
        ({"username": "signpost"}, "stands for the service itself"),
        ({"username": "administrator"}, "already an account"),
        ({"username": "x" * 65}, "64 characters or fewer"),
        ({"name": "x" * 129}, "128 characters or fewer"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_typed_is_lost(console, admin, fields, says) -> None:
    data = {"name": "Sam Okafor", "username": "sam", "roles": [REVIEWER], **fields}
    response = admin.post("/staff/new", data=data, headers=HOST)
    assert response.status_code == 422
    assert says in text_of(response)
    assert "<title>Error: Add somebody" in response.text
    if fields.get("name") is None:
        assert 'value="Sam Okafor"' in response.text
    assert len(entries(console)) == 0


def test_the_list_tells_who_may_do_what_and_how_each_stands(console, admin, clock) -> None:
    account(console, "sam", name="Sam <b>", roles=[REVIEWER, AUDITOR], password_temporary=True)
    account(console, "off", name="Kit", disabled_at=clock.now)
    account(console, "locked", name="Lee", locked_until=clock.now.replace(year=2027))
    page = admin.get("/staff", headers=HOST)
    text = text_of(page)
    assert "4 accounts" in text
    assert "Sam &lt;b&gt;" in page.text
    for words in ("Reviewer, Auditor", "Has a temporary password", "Locked for now", "Off", "Never"):
        assert words in text


def test_other_roles_are_given_written_down_and_sign_the_person_out(console, admin) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    assert change(console, admin, "jo", roles=[TRAINER, AUDITOR]).status_code == 303
    assert stored(console).roles == [TRAINER, AUDITOR]
    assert not is_signed_in(client)
    last = entries(console)[-1]
    assert (last.event, last.actor, last.subject) == ("staff_changed", "administrator", "jo")
    assert last.detail == {"before": ["reviewer"], "roles": ["trainer", "auditor"], "signed_out": 1}


def test_another_name_signs_nobody_out_and_stands_in_no_audit_entry(console, admin) -> None:
    account(console)
    client = console.client()
    sign_in(console, client)
    assert change(console, admin, "jo", name="Jo Newname").status_code == 303
    assert stored(console).name == "Jo Newname"
    assert is_signed_in(client)
    assert entries(console)[-1].detail == {"renamed": True}


def test_saving_without_a_change_writes_nothing_down(console, admin) -> None:
    account(console)
    assert change(console, admin, "jo").status_code == 303
    assert entries(console) == []


def test_two_administrators_never_overwrite_each_other(console, admin) -> None:
    one = account(console)
    seen = mark_of(one)
    assert change(console, admin, "jo", roles=[TRAINER]).status_code == 303
    data = {"name": "Typed by the second", "roles": [AUDITOR], "seen": seen}
    response = admin.post(f"/staff/{one.key}", data=data, headers=HOST)
    assert response.status_code == 409
    assert "Somebody else changed this account" in text_of(response)
    assert "Typed by the second" in response.text
    assert stored(console).roles == [TRAINER]
    assert stored(console).name == "Jo Bloggs"


def test_nobody_changes_their_own_roles(console, admin) -> None:
    """Only the name is taken, whatever the form says."""
    page = admin.get(f"/staff/{key_of(console, 'administrator')}", headers=HOST)
    assert 'name="roles"' not in page.text
    for roles in ([ADMINISTRATOR, AUDITOR], [], ["king"]):
        change(console, admin, "administrator", name="New Name", roles=roles)
        assert stored(console, "administrator").roles == [ADMINISTRATOR]
    assert stored(console, "administrator").name == "New Name"


@pytest.mark.parametrize("what", ["reset", "disable", "enable"])
def test_nobody_resets_or_switches_off_themselves(console, admin, what) -> None:
    key = key_of(console, "administrator")
    response = admin.post(f"/staff/{key}/{what}", data={"what": "both"}, headers=HOST)
    assert response.status_code == 403
    assert "Ask another administrator" in response.text
    assert is_signed_in(admin)


def test_where_nobody_else_administers_the_role_cannot_be_taken(console, clock) -> None:
    from signpost.console.signin.passwords import Passwords
    from signpost.console.staff.accounts import By, Refusal, Register

    one = account(console, "only", roles=[ADMINISTRATOR])
    account(console, "off", roles=[ADMINISTRATOR], disabled_at=clock.now)
    with console.parts.sessions.begin() as session:
        register = Register(session, console.parts.trail, Passwords(QUICK), clock.now, By("test"))
        fresh = register.with_key(one.key)
        for act in (lambda: register.disable(fresh), lambda: register.change(fresh, "Only", [REVIEWER])):
            with pytest.raises(Refusal, match="last administrator"):
                act()
    assert stored(console, "only").roles == [ADMINISTRATOR]


@pytest.mark.parametrize("taken", [{"password", "app"}, {"password"}, {"app"}], ids=lambda one: "+".join(sorted(one)))
def test_a_reset_takes_what_was_asked_signs_out_and_ends_a_lock(console, admin, clock, taken) -> None:
    password, app = "password" in taken, "app" in taken
    what = "both" if len(taken) == 2 else next(iter(taken))
    account(console)
    client = console.client()
    sign_in(console, client)
    with console.parts.sessions.begin() as session:
        one = session.scalars(select(StaffAccount).filter_by(username="jo")).one()
        one.failures, one.locked_until = 5, clock.now.replace(year=2027)
    response = admin.post(f"/staff/{key_of(console, 'jo')}/reset", data={"what": what}, headers=HOST)
    assert response.status_code == 303
    page = admin.get(response.headers["Location"], headers=HOST).text
    assert bool(PASSWORD.search(page)) == password
    after = stored(console)
    assert after.password_temporary == password
    assert (after.totp_encrypted is None) == app
    assert (after.failures, after.locked_until) == (0, None)
    assert not is_signed_in(client)
    last = entries(console)[-1]
    assert (last.event, last.subject) == ("staff_reset", "jo")
    assert last.detail == {"password": password, "code_app": app, "signed_out": 1}


def test_after_an_app_was_lost_the_password_and_a_new_app_let_somebody_in(console, admin) -> None:
    account(console)
    admin.post(f"/staff/{key_of(console, 'jo')}/reset", data={"what": "app"}, headers=HOST)
    client = console.client()
    assert give_password(client).headers["Location"] == "/sign-in/code-app"
    page = client.get("/sign-in/code-app", headers=HOST).text
    secret = re.search(r'signpost-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    response = client.post("/sign-in/code-app", data={"code": code(console, secret)}, headers=HOST)
    assert response.status_code == 303
    assert is_signed_in(client)


def test_who_is_switched_off_cannot_sign_in_until_switched_on_again(console, admin, clock) -> None:
    account(console)
    key = key_of(console, "jo")
    admin.post(f"/staff/{key}/disable", headers=HOST)
    assert give_password(console.client()).status_code == 422
    assert "Switch the account on" in admin.get(f"/staff/{key}", headers=HOST).text
    admin.post(f"/staff/{key}/enable", headers=HOST)
    assert sign_in(console, console.client()).status_code == 303
    said = [one.event for one in entries(console) if one.actor == "administrator"]
    assert said == ["staff_disabled", "staff_enabled"]


def test_work_accounts_get_their_name_and_roles_from_the_provider(console, admin) -> None:
    account(console, "theirs", issuer="https://login.example", subject="1", password_hash=None)
    page = admin.get(f"/staff/{key_of(console, 'theirs')}", headers=HOST).text
    assert 'name="roles"' not in page
    assert "/reset" not in page
    assert change(console, admin, "theirs", roles=[ADMINISTRATOR]).status_code == 403
    data = {"what": "both"}
    response = admin.post(f"/staff/{key_of(console, 'theirs')}/reset", data=data, headers=HOST)
    assert response.status_code == 409
    assert stored(console, "theirs").roles == [REVIEWER]
    assert admin.post(f"/staff/{key_of(console, 'theirs')}/disable", headers=HOST).status_code == 303


@pytest.mark.parametrize("path", ["", "/reset"])
def test_an_account_that_does_not_exist_is_not_found(admin, path) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    assert admin.get(f"/staff/{unknown}{path}", headers=HOST).status_code == 404
    assert admin.get(f"/staff/nonsense{path}", headers=HOST).status_code == 404
    assert admin.post(f"/staff/{unknown}/disable", headers=HOST).status_code == 404
