"""The anchor file grows with the log, survives a torn line, and tells of a log that shrank."""

import json

import pytest
from audit_tampering import fill, tampering
from sqlalchemy import text
from structlog.testing import capture_logs

from signpost.log.audit import Trail
from signpost.log.audit_anchor import AnchorFile, anchor
from signpost.mistakes import Mistake

TRAIL = Trail("seals the trail of these tests")


@pytest.fixture
def anchors(tmp_path) -> AnchorFile:
    return AnchorFile(tmp_path / "audit-anchor.jsonl", TRAIL)


def lines(anchors: AnchorFile) -> list[dict]:
    return [json.loads(line) for line in anchors.path.read_text("utf-8").splitlines()]


def test_the_end_is_noted_down_each_time_it_moved(record, anchors) -> None:
    fill(record, TRAIL, 3)
    assert anchor(record.reads, anchors, record.clock()) is None
    assert anchor(record.reads, anchors, record.clock()) is None
    fill(record, TRAIL, 2)
    assert anchor(record.reads, anchors, record.clock()) is None
    assert [one["sequence"] for one in lines(anchors)] == [3, 5]
    assert lines(anchors)[0]["at"] == record.clock().isoformat()


def test_nothing_is_noted_of_a_log_that_has_not_begun(record, anchors) -> None:
    assert anchor(record.reads, anchors, record.clock()) is None
    assert not anchors.exists()


def test_nobody_else_may_read_or_write_the_file(record, anchors) -> None:
    fill(record, TRAIL)
    anchor(record.reads, anchors, record.clock())
    assert anchors.path.stat().st_mode & 0o777 == 0o600


def test_the_end_stands_in_the_logs_as_well(record, anchors) -> None:
    fill(record, TRAIL)
    with capture_logs() as events:
        anchor(record.reads, anchors, record.clock())
    assert [(one["event"], one["sequence"]) for one in events] == [("audit_anchored", 10)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM audit_head", "shorter than on 2026-11-22"),
        ("UPDATE audit_head SET sequence = 9", "shorter than on 2026-11-22"),
        ("UPDATE audit_head SET digest = 'x'", "another one than on 2026-11-22"),
        ("UPDATE audit_head SET sequence = 12", "forged"),
    ],
)
def test_a_log_that_is_not_what_it_was_is_told_and_not_noted(record, anchors, change, said) -> None:
    fill(record, TRAIL)
    anchor(record.reads, anchors, record.clock())
    with tampering(record) as connection:
        connection.execute(text(change))
    assert said in (anchor(record.reads, anchors, record.clock()) or "")
    assert len(lines(anchors)) == 1


def test_a_torn_line_spoils_no_other(record, anchors) -> None:
    fill(record, TRAIL, 3)
    anchor(record.reads, anchors, record.clock())
    with anchors.path.open("a", encoding="utf-8") as stream:
        stream.write('{"kind": "end", "sequ')
    fill(record, TRAIL, 2)
    assert anchor(record.reads, anchors, record.clock()) is None
    assert [one if isinstance(one, int) else one.sequence for one in anchors.lines()] == [3, 2, 5]


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(record, tmp_path) -> None:
    fill(record, TRAIL)
    nowhere = AnchorFile(tmp_path / "nowhere" / "audit-anchor.jsonl", TRAIL)
    assert "can't be written" in (anchor(record.reads, nowhere, record.clock()) or "")
    folder = AnchorFile(tmp_path, TRAIL)
    with pytest.raises(Mistake, match="can't be read"):
        list(folder.lines())
