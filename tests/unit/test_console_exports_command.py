"""`signpost export`: the console's own export by hand, whole or not at all, and audited."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from console_records import report
from fakes import TRAIL_KEY
from sqlalchemy import select

from signpost.cli import main
from signpost.log.models import AuditEntry
from signpost.settings import documented

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def export(record, monkeypatch, tmp_path):
    """Runs it over a record of an emergency and a report."""
    for variable, _default, _about in documented():
        monkeypatch.delenv(variable, raising=False)
    folder = Path(str(record.sessions().get_bind().url.database)).parent
    monkeypatch.setenv("SIGNPOST_FORCE", str(PROJECT / "force"))
    monkeypatch.setenv("SIGNPOST_AUDIT_KEY", TRAIL_KEY)
    for name in ("ENCRYPTION_KEY", "ASSISTANT_TOKEN", "SESSION_SECRET", "META_VERIFY_TOKEN"):
        monkeypatch.setenv(f"SIGNPOST_{name}", "x")
    report(record, "a man with a knife", "KMR-4C7", label="emergency")
    report(record, "=1+1", "CDF-346")

    def run(*arguments: str, purpose: str = "Monthly meeting", data: Path = folder) -> Result:
        return CliRunner().invoke(main, ["export", *arguments, "--purpose", purpose, "--data", str(data)])

    return run


def entries(record) -> list[AuditEntry]:
    with record.reads() as session:
        return list(session.scalars(select(AuditEntry)))


def test_a_spreadsheet_is_written_for_nobody_else_to_read(export, tmp_path) -> None:
    target = tmp_path / "out.csv"
    result = export(str(target))
    assert (result.exit_code, result.output) == (0, f"2 records: {target}\n")
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert [row["Reference"] for row in rows] == ["KMR-4C7", "CDF-346"]
    assert rows[1]["Text, personal data taken out"] == "'=1+1"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("out*")] == ["out.csv"]


def test_the_options_are_the_queue_s_filters(export, tmp_path) -> None:
    target = tmp_path / "out.json"
    result = export(str(target), "--label", "emergency", "--from", "22/11/2026", "--channel", "messenger")
    assert result.output == f"1 record: {target}\n"
    told = json.loads(target.read_text("utf-8"))
    assert [one["reference"] for one in told["records"]] == ["KMR-4C7"]


def test_the_log_says_who_and_why(export, record, tmp_path) -> None:
    export(str(tmp_path / "out.csv"), "--label", "emergency")
    (entry,) = entries(record)
    assert entry.actor.startswith("command: ")
    assert (entry.action, entry.event, entry.purpose) == ("disclosure", "records_exported", "Monthly meeting")
    assert entry.detail == {"records": 1, "format": "csv", "filters": {"label": ["emergency"]}}


@pytest.mark.parametrize(
    ("arguments", "sentence", "status"),
    [
        (("out.xlsx",), "must end in .csv or .json", 2),
        (("out.csv", "--label", "crimes"), "Understood as: choose from the list.", 2),
        (("out.csv", "--from", "2026-02-31"), "The first day must be a day that exists, like 22/11/2026.", 2),
        (("nowhere/out.csv",), "can't be written: No such file or directory.", 1),
    ],
)
def test_what_cannot_be_is_told_and_neither_logged_nor_written(  # noqa: PLR0913, PLR0917  # what a test is made of
    export, record, tmp_path, monkeypatch, arguments, sentence, status
):
    monkeypatch.chdir(tmp_path)
    result = export(*arguments)
    assert (result.exit_code, sentence in result.output) == (status, True), result.output
    assert entries(record) == []
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize("purpose", ["", "  ", "x" * 1001])
def test_without_a_purpose_nothing_is_exported(export, record, tmp_path, purpose) -> None:
    result = export(str(tmp_path / "out.csv"), purpose=purpose)
    assert (result.exit_code, "--purpose must say why" in result.output) == (2, True)
    assert entries(record) == []


def test_a_file_that_is_there_is_left_as_it_is(export, record, tmp_path) -> None:
    (tmp_path / "out.csv").write_text("precious")
    result = export(str(tmp_path / "out.csv"))
    assert (result.exit_code, "exists already" in result.output) == (1, True)
    assert (tmp_path / "out.csv").read_text() == "precious"
    assert entries(record) == []


def test_a_mistyped_folder_is_told_and_not_made(export, tmp_path) -> None:
    result = export(str(tmp_path / "out.csv"), data=tmp_path / "nowhere")
    assert (result.exit_code, "There is no record in" in result.output) == (1, True)
    assert not (tmp_path / "nowhere").exists()
