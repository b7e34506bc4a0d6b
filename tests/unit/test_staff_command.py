"""`signpost staff`, and the first account: whoever runs the machine can always let somebody in."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from signpost import cli
from signpost.console.staff.opening import first_sign_in
from signpost.log.audit import Trail
from signpost.log.database import migrate, open_engine, reading, session_factory
from signpost.log.models import AuditEntry, StaffAccount, StaffSession
from signpost.secrets import with_secrets
from signpost.settings import Settings, documented

PASSWORD = re.compile(r"\b([a-z2-9]{5}(?:-[a-z2-9]{5}){3})\b")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation without anybody."""
    for variable, _default, _about in documented():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    complete = with_secrets(Settings.from_environment({"SIGNPOST_DATA": str(tmp_path / "data")}), may_make=True)
    engine = open_engine(complete.record_url)
    migrate(engine)
    engine.dispose()
    return complete


def signpost(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["staff", *arguments, "--data", str(settings.data_folder)])


def rows(settings: Settings, model: type[Any]) -> list[Any]:
    engine = open_engine(settings.record_url)
    with reading(engine)() as session:
        found = list(session.scalars(select(model)))
    engine.dispose()
    return found


def account(settings: Settings, username: str) -> StaffAccount:
    return next(one for one in rows(settings, StaffAccount) if one.username == username)


def password_in(text: str) -> str:
    found = PASSWORD.findall(text)
    assert len(found) == 1, text
    return found[0]


# The first account


def test_the_first_account_is_made_once_and_may_do_everything_but_audit(settings) -> None:
    lines = first_sign_in(settings)
    assert "username administrator" in lines[0]
    made = account(settings, "administrator")
    assert made.roles == ["reviewer", "trainer", "administrator"]
    assert made.password_temporary
    assert password_in(lines[0]) not in made.password_hash
    assert first_sign_in(settings) == []
    assert len(rows(settings, StaffAccount)) == 1
    assert [(one.actor, one.event, one.subject) for one in rows(settings, AuditEntry)] == [
        ("signpost", "staff_added", "administrator")
    ]


def test_no_account_is_made_where_only_the_provider_lets_anybody_in(settings) -> None:
    from dataclasses import replace

    assert first_sign_in(replace(settings, local_sign_in=0)) == []
    assert rows(settings, StaffAccount) == []


def test_a_first_password_that_was_lost_is_replaced(settings) -> None:
    lost = password_in(first_sign_in(settings)[0])
    result = signpost(settings, "reset", "administrator")
    assert result.exit_code == 0
    assert password_in(result.output) != lost


# The commands


def test_somebody_is_added_listed_and_gets_a_password_that_is_told_once(settings) -> None:
    result = signpost(
        settings, "add", "Jo@Force.example", "--name", "Jo Bloggs", "--role", "auditor", "--role", "trainer"
    )
    assert result.exit_code == 0
    password = password_in(result.output)
    listed = signpost(settings, "list")
    assert listed.exit_code == 0
    line = next(line for line in listed.output.splitlines() if line.startswith("jo@force.example"))
    assert all(words in line for words in ("Jo Bloggs", "trainer, auditor", "has a temporary password", "never"))
    assert password not in listed.output


def test_an_empty_list_says_how_the_first_is_made(settings) -> None:
    assert signpost(settings, "list").output == "There is no account yet. The first is made by: signpost up\n"


@pytest.mark.parametrize(
    ("username", "name", "says"),
    [
        ("jo bloggs", "Jo", "e-mail address or a short name"),
        ("x" * 65, "Jo", "e-mail address or a short name"),
        ("=cmd", "Jo", "e-mail address or a short name"),
        ("signpost", "Jo", "stands for the service itself"),
        ("administrator", "Jo", "already an account"),
        ("jo", "  ", "Enter the person’s name"),
        ("jo", "J" * 129, "Enter the person’s name"),
    ],
)
def test_a_name_that_will_not_do_is_refused_with_a_sentence(settings, username, name, says) -> None:
    first_sign_in(settings)
    result = signpost(settings, "add", username, "--name", name, "--role", "reviewer")
    assert result.exit_code == 1
    assert says in result.output
    assert len(rows(settings, StaffAccount)) == 1


def test_a_role_that_does_not_exist_is_refused(settings) -> None:
    assert signpost(settings, "add", "jo", "--name", "Jo", "--role", "king").exit_code == 2


@pytest.mark.parametrize("keep", [False, True])
def test_a_reset_ends_sign_ins_and_locks_and_leaves_the_app_only_if_asked(settings, keep) -> None:
    from signpost.console.signin.sessions import begin
    from signpost.log.clock import utc_now

    first_sign_in(settings)
    engine = open_engine(settings.record_url)
    with session_factory(engine).begin() as session:
        one = session.scalars(select(StaffAccount)).one()
        one.totp_encrypted, one.password_temporary, one.failures, one.locked_until = b"x", False, 5, utc_now()
        begin(session, one.id, utc_now())
    engine.dispose()
    result = signpost(settings, "reset", "administrator", *(["--keep-app"] if keep else []))
    assert result.exit_code == 0
    after = account(settings, "administrator")
    assert (after.password_temporary, after.failures, after.locked_until) == (True, 0, None)
    assert (after.totp_encrypted is not None) == keep
    assert all(one.ended_at for one in rows(settings, StaffSession))
    entry = rows(settings, AuditEntry)[-1]
    assert (entry.event, entry.subject, entry.detail["code_app"]) == ("staff_reset", "administrator", not keep)
    assert entry.detail["user"]


def test_an_account_is_switched_off_and_on_but_never_the_last_administrator_s(settings) -> None:
    first_sign_in(settings)
    refused = signpost(settings, "disable", "administrator")
    assert refused.exit_code == 1
    assert "last administrator" in refused.output
    signpost(settings, "add", "second", "--name", "Second", "--role", "administrator")
    assert signpost(settings, "disable", "administrator").output == "The account is off.\n"
    assert signpost(settings, "disable", "administrator").output == "The account was off already.\n"
    assert account(settings, "administrator").disabled_at
    assert signpost(settings, "disable", "second").exit_code == 1
    assert signpost(settings, "enable", "administrator").output == "The account is on.\n"
    assert not account(settings, "administrator").disabled_at


@pytest.mark.parametrize("command", ["reset", "disable", "enable"])
def test_a_username_nobody_has_is_told_with_where_to_look(settings, command) -> None:
    result = signpost(settings, command, "nobody")
    assert result.exit_code == 1
    assert result.output == "There is no account with the username nobody. See: signpost staff list\n"


@pytest.mark.parametrize("command", [["list"], ["reset", "x"], ["add", "x", "--name", "X", "--role", "auditor"]])
def test_where_there_is_no_installation_nothing_is_made(tmp_path, monkeypatch, command) -> None:
    for variable, _default, _about in documented():
        monkeypatch.delenv(variable, raising=False)
    result = CliRunner().invoke(cli.main, ["staff", *command, "--data", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "Run: signpost up" in result.output
    assert not (tmp_path / "nowhere").exists()


def test_what_the_commands_did_holds_in_the_chain(settings) -> None:
    first_sign_in(settings)
    signpost(settings, "add", "jo", "--name", "Jo", "--role", "reviewer")
    signpost(settings, "reset", "jo")
    trail = Trail(settings.audit_key)
    before = "0" * 64
    for entry in rows(settings, AuditEntry):
        assert entry.digest == trail.digest(before, entry)
        before = entry.digest
