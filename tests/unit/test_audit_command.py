"""`signpost verify-log`: one sentence when the chain holds, each broken place when it doesn't, and nothing made by the way."""

import json
import os
from pathlib import Path

import pytest
from audit_tampering import fill, tampering
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from signpost import record_opening
from signpost.cli import main
from signpost.log.audit import Trail
from signpost.log.models import AuditEntry
from signpost.settings import documented

KEY = "seals the trail of these tests"
TRAIL = Trail(KEY)


@pytest.fixture
def command(record, monkeypatch):
    """Runs it over the record of ten entries."""
    for variable, _default, _about in documented():
        monkeypatch.delenv(variable, raising=False)
    folder = Path(str(record.sessions().get_bind().url.database)).parent
    monkeypatch.setenv("SIGNPOST_ENCRYPTION_KEY", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=")
    for name in ("ASSISTANT_TOKEN", "SESSION_SECRET", "META_VERIFY_TOKEN"):
        monkeypatch.setenv(f"SIGNPOST_{name}", "x")
    monkeypatch.setenv("SIGNPOST_AUDIT_KEY", KEY)
    fill(record, TRAIL)

    def run(*arguments: str, data: Path = folder) -> Result:
        return CliRunner().invoke(main, ["verify-log", "--data", str(data), *arguments])

    run.folder = folder
    return run


def newest(record) -> AuditEntry:
    with record.reads() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).one()


def test_a_log_that_holds_is_told_in_a_sentence(command) -> None:
    result = command()
    assert result.exit_code == 0
    assert result.stdout == "10 entries, first 2026-11-22, last 2026-11-22: the chain holds.\n"
    assert "no anchor file yet" in result.stderr


def test_the_verification_stands_in_the_log_and_its_end_in_the_anchor_file(command, record) -> None:
    command()
    entry = newest(record)
    assert (entry.sequence, entry.event, entry.action) == (11, "log_verified", "administration")
    assert entry.actor.startswith("command: ")
    assert entry.detail["result"] == "holds"
    assert json.loads((command.folder / "audit-anchor.jsonl").read_text())["sequence"] == 11
    result = command()
    assert (result.exit_code, result.stderr) == (0, "")


def test_each_broken_place_is_named_and_the_status_tells(command, record) -> None:
    command()
    with tampering(record) as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'eve' WHERE sequence = 4"))
        connection.execute(text("DELETE FROM audit_entry WHERE sequence = 11"))
    result = command()
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Entry 4, of 2026-11-22, was altered.",
        "The end was removed: by the record of its end, entry 11 is gone.",
        "The end was removed: on " + newest(record).at.strftime("%Y-%m-%d") + " the log went on, entry 11 is gone.",
        "10 entries, first 2026-11-22, last 2026-11-22: the chain is broken in 3 places.",
    ]
    assert newest(record).detail["result"] == "broken"


def test_a_broken_log_is_never_anchored(command, record) -> None:
    with tampering(record) as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'eve' WHERE sequence = 4"))
    assert command().exit_code == 1
    assert not (command.folder / "audit-anchor.jsonl").exists()


def test_the_outcome_as_json(command, record) -> None:
    with tampering(record) as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE sequence = 4"))
    result = command("--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["holds"], told["entries"], told["fault_count"]) == (1, False, 9, 1)
    assert told["faults"] == [{"kind": "missing", "sequence": 4, "sentence": "Entry 4 is missing."}]


def test_an_empty_log_holds(command, record) -> None:
    with tampering(record) as connection:
        for table in ("audit_entry", "audit_head"):
            connection.execute(text(f"DELETE FROM {table}"))
    assert command().stdout == "No entries: the chain holds.\n"


def test_a_restore_is_noted_with_its_reason(command, record) -> None:
    command()
    with tampering(record) as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE sequence = 11"))
        head = connection.execute(text("SELECT digest FROM audit_entry WHERE sequence = 10")).scalar_one()
        connection.execute(
            text("UPDATE audit_head SET sequence = 10, digest = :d, seal = :s"),
            {"d": head, "s": TRAIL.head_seal(10, head)},
        )
    assert command().exit_code == 1
    result = command("--restored", "The disk failed on Monday.")
    assert result.exit_code == 0, result.output
    assert "A restore from a backup was noted" in result.stderr
    with record.reads() as session:
        noted = session.scalars(select(AuditEntry).filter_by(event="restore_noted")).one()
    assert noted.purpose == "The disk failed on Monday."
    assert command().exit_code == 0


def test_a_restore_without_a_reason_is_refused(command) -> None:
    result = command("--restored", "  ")
    assert (result.exit_code, "needs a reason" in result.output) == (2, True)


def test_a_mistyped_folder_is_told_and_not_made(command, tmp_path) -> None:
    result = command(data=tmp_path / "nowhere")
    assert (result.exit_code, result.stderr) == (
        1,
        f"There is no record in {tmp_path / 'nowhere'}. Give its folder with --data.\n",
    )
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_record_is_told(command, tmp_path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "signpost.db").write_text("these are somebody's holiday notes")
    result = command(data=tmp_path / "other")
    assert (result.exit_code, "can't be read" in result.stderr) == (1, True)


def test_a_missing_key_is_told(command, monkeypatch) -> None:
    monkeypatch.delenv("SIGNPOST_AUDIT_KEY")
    result = command()
    assert (result.exit_code, "SIGNPOST_AUDIT_KEY is not set" in result.stderr) == (1, True)


def test_an_anchor_file_that_cannot_be_written_is_told_and_changes_nothing_else(command) -> None:
    (command.folder / "audit-anchor.jsonl").mkdir()
    result = command()
    assert (result.exit_code, "can't be read" in result.stderr) == (1, True)


def test_whoever_became_root_is_told_by_name(monkeypatch) -> None:
    monkeypatch.setenv("SUDO_USER", "alice")
    assert record_opening.whoever_commands() == (
        "command: alice as root" if os.getuid() == 0 else record_opening.whoever_commands()
    )
    monkeypatch.delenv("SUDO_USER")
    assert record_opening.whoever_commands().startswith("command: ")
