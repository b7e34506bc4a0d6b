"""`signpost retention run` shows what goes and erases it; `signpost alerts test` says whether people would be told."""

import re

import pytest
from alert_servers import Mailbox, free_port, mail_server
from click.testing import CliRunner, Result
from kept_record import Kept

from signpost.cli import main
from signpost.log.clock import utc_now
from signpost.log.retention_claim import Claim
from signpost.secrets import with_secrets
from signpost.settings import Settings


@pytest.fixture
def kept(record, tmp_path, monkeypatch) -> Kept:
    """The record of an installation in tmp_path, in which something has been past its time since yesterday."""
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    with_secrets(Settings.from_environment(), may_make=True)
    kept = Kept(record)
    record.clock.now = utc_now()
    record.clock.advance(days=-100)
    kept.message("my bike's gone")
    kept.escalation("my car's gone")
    return kept


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def rows(result: Result) -> dict[str, list[str]]:
    lines = [re.split(r"\s{2,}", line.strip()) for line in result.output.splitlines() if line.strip()]
    return {line[0]: line[1:] for line in lines if len(line) > 2}


def test_a_dry_run_shows_what_would_go_and_erases_nothing(kept):
    result = run("retention", "run", "--dry-run")
    assert result.exit_code == 0, result.output
    found = rows(result)
    assert found["What people wrote, word for word"][:1] + found["What people wrote, word for word"][2:3] == [
        "28 days",
        "2",
    ]
    assert found["Messages that led to no record, with our replies"][2] == "1"
    assert found["Records, with their messages and replies"][2] == "0"
    assert kept.texts() == [True, True]
    assert "Nothing was erased" in result.output


def test_a_run_erases_it_and_says_how_much(kept):
    result = run("retention", "run")
    assert result.exit_code == 0, result.output
    assert rows(result)["What people wrote, word for word"][2] == "2"
    assert kept.texts() == [False]
    assert rows(run("retention", "run"))["What people wrote, word for word"][2] == "0"
    began = [entry.detail["by"] for entry in kept.audited("retention_begun")]
    assert len(began) == 2
    assert all(by.startswith("command: ") for by in began)


def test_the_folder_may_be_given(kept, tmp_path, monkeypatch):
    monkeypatch.delenv("SIGNPOST_DATA")
    assert run("retention", "run", "--dry-run", "--data", str(tmp_path)).exit_code == 0


def test_a_folder_without_a_record_is_told_and_none_is_made(tmp_path):
    result = run("retention", "run", "--data", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "There is no record in" in result.output
    assert not (tmp_path / "nowhere").exists()


def test_while_a_desk_is_at_it_a_run_by_hand_waits_for_its_turn(kept, record):
    assert Claim(record.sessions, utc_now, "a desk").take(early=True)
    result = run("retention", "run")
    assert result.exit_code == 1
    assert "Retention is running already" in result.output
    assert kept.texts() == [True, True]


def test_a_setting_that_will_not_do_is_told(kept, monkeypatch):
    monkeypatch.setenv("SIGNPOST_RETENTION_AT", "noon")
    result = run("retention", "run")
    assert result.exit_code == 1
    assert "SIGNPOST_RETENTION_AT" in result.output
    assert kept.texts() == [True, True]


def test_a_file_that_is_no_database_is_told_in_a_sentence(kept, tmp_path):
    for one in tmp_path.glob("signpost.db*"):
        one.unlink()
    (tmp_path / "signpost.db").write_text("This is no database. " * 100)
    result = run("retention", "run", "--dry-run")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "The record can't be read" in result.output


# signpost alerts test


def test_with_no_way_of_telling_people_that_is_said(tmp_path):
    result = run("alerts", "test", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "Nobody is told of alerts" in result.output


def test_a_test_notice_goes_out_by_every_way_and_each_says_what_came_of_it(tmp_path, monkeypatch):
    mailbox = Mailbox()
    monkeypatch.setenv("SIGNPOST_ALERT_FROM", "signpost@example.org")
    monkeypatch.setenv("SIGNPOST_ALERT_TO", "cce@example.org")
    with mail_server(mailbox) as server:
        monkeypatch.setenv("SIGNPOST_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        result = run("alerts", "test", "--data", str(tmp_path))
        assert result.output == "By e-mail: The mail server 127.0.0.1 took it for 1 of 1 addresses.\n"
        assert result.exit_code == 0
        (tmp_path / "secrets.env").write_text(f"SIGNPOST_ALERT_WEBHOOK_URL=http://127.0.0.1:{free_port()}/x\n")
        monkeypatch.setenv("SIGNPOST_REHEARSAL", "1")
        result = run("alerts", "test", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "By webhook: The webhook could not be reached (ConnectError)." in result.output
    assert [message["Subject"] for message in mailbox.messages] == ["Signpost: a test of the alerts"] * 2


def test_a_mistake_in_the_settings_is_told_before_anything_is_sent(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGNPOST_SMTP_URL", "mail.example.org")
    result = run("alerts", "test", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "SIGNPOST_SMTP_URL must look like" in result.output
