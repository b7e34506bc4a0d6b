"""Whatever somebody without the key does to the audit trail is found, and the place is named."""

import threading
from datetime import timedelta

import pytest
from audit_tampering import fill, found, tampering
from sqlalchemy import text

from signpost.log import audit_verifying
from signpost.log.audit import CONSULTATION, SERVICE, Act, Trail
from signpost.log.audit_anchor import AnchorFile, anchor, note_restore
from signpost.log.audit_cutting import cut
from signpost.log.audit_faults import MOST_NAMED
from signpost.log.audit_verifying import verified, verify

TRAIL = Trail("seals the trail of these tests")
LONG_AGO_DAYS = 3000


@pytest.fixture
def trail(record):
    """Ten entries."""
    fill(record, TRAIL)
    return record


@pytest.fixture
def anchors(tmp_path) -> AnchorFile:
    return AnchorFile(tmp_path / "audit-anchor.jsonl", TRAIL)


def tamper(record, *statements: str, **values) -> None:
    with tampering(record) as connection:
        for statement in statements:
            connection.execute(text(statement), values)


# A log that holds


def test_an_untouched_log_holds_and_says_what_it_holds(trail) -> None:
    verdict = verify(trail.reads, TRAIL)
    assert (verdict.holds, verdict.entries, verdict.first, verdict.last) == (True, 10, 1, 10)
    assert (verdict.first_at, verdict.last_at) == (
        trail.clock() + timedelta(minutes=1),
        trail.clock() + timedelta(minutes=10),
    )


def test_an_empty_log_holds(record) -> None:
    verdict = verify(record.reads, TRAIL)
    assert (verdict.holds, verdict.entries, verdict.first_at) == (True, 0, None)


@pytest.mark.parametrize("at_once", [1, 3, 10, 11])
def test_it_makes_no_difference_in_what_portions_it_is_read(trail, monkeypatch, at_once) -> None:
    monkeypatch.setattr(audit_verifying, "AT_ONCE", at_once)
    assert verify(trail.reads, TRAIL).entries == 10
    tamper(trail, "UPDATE audit_entry SET actor = 'eve' WHERE sequence IN (3, 6)")
    assert found(trail, TRAIL) == [("altered", 3), ("altered", 6)]


def test_entries_that_are_written_meanwhile_are_looked_at_as_well(trail, monkeypatch) -> None:
    monkeypatch.setattr(audit_verifying, "AT_ONCE", 4)
    told: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        if done == 8:
            fill(trail, TRAIL, 5)

    verdict = verify(trail.reads, TRAIL, progress=progress)
    assert (verdict.holds, verdict.entries) == (True, 15)
    assert told[:2] == [(4, 10), (8, 10)]


def test_a_log_that_is_being_written_to_holds(trail) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            fill(trail, TRAIL, 1)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        verdicts = [verify(trail.reads, TRAIL) for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    assert all(one.holds for one in verdicts), [one.faults for one in verdicts]


def test_a_verification_becomes_an_act_of_its_own(trail) -> None:
    act = verified(verify(trail.reads, TRAIL), "ann")
    assert (act.actor, act.event) == ("ann", "log_verified")
    assert act.detail == {"result": "holds", "entries": 10, "first": 1, "last": 10, "faults": 0}


# Entries


CHANGES = {
    "at": "at = '2026-11-22 03:04:59.000000'",
    "actor": "actor = 'eve'",
    "action": "action = 'erasure'",
    "event": "event = 'nothing_happened'",
    "subject": "subject = 'XXX-999'",
    "no subject": "subject = NULL",
    "purpose": "purpose = 'why not'",
    "empty purpose": "purpose = ''",
    "detail": "detail = '{\"n\": 44}'",
    "no detail": "detail = NULL",
    "digest": "digest = '" + "a" * 64 + "'",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("sequence", [1, 4, 10])
def test_a_change_in_any_column_of_any_entry_is_found(trail, change, sequence) -> None:
    tamper(trail, f"UPDATE audit_entry SET {change} WHERE sequence = {sequence}")
    faults = found(trail, TRAIL)
    assert ("altered", sequence) in faults
    assert {one for _kind, one in faults} == {sequence}, "and no other entry is accused"


def test_a_change_of_number_is_found(trail) -> None:
    tamper(trail, "UPDATE audit_entry SET sequence = 11 WHERE sequence = 4")
    assert ("missing", 4) in found(trail, TRAIL)


@pytest.mark.parametrize("first", [1, 4])
@pytest.mark.parametrize("count", [1, 3])
def test_entries_taken_out_are_found(trail, first, count) -> None:
    tamper(trail, f"DELETE FROM audit_entry WHERE sequence BETWEEN {first} AND {first + count - 1}")
    assert found(trail, TRAIL) == [("missing", first)]


def test_the_sentence_says_which_are_missing(trail) -> None:
    tamper(trail, "DELETE FROM audit_entry WHERE sequence IN (3, 6, 7)")
    sentences = [one.sentence for one in verify(trail.reads, TRAIL).faults]
    assert sentences == ["Entry 3 is missing.", "Entries 6 to 7 are missing."]


def test_an_entry_put_in_between_is_found(trail) -> None:
    tamper(
        trail,
        "UPDATE audit_entry SET sequence = -sequence WHERE sequence >= 5",
        "UPDATE audit_entry SET sequence = 1 - sequence WHERE sequence < 0",
        "INSERT INTO audit_entry (sequence, at, actor, action, event, digest)"
        " SELECT 5, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 4",
    )
    faults = found(trail, TRAIL)
    assert ("altered", 5) in faults
    assert [one for one in faults if one[0] == "out of order"] == [("out of order", one) for one in range(6, 12)]


@pytest.mark.parametrize("other", [5, 9])
def test_two_entries_in_each_others_place_are_found_and_said_where_they_belong(trail, other) -> None:
    tamper(
        trail,
        "UPDATE audit_entry SET sequence = 99 WHERE sequence = 4",
        f"UPDATE audit_entry SET sequence = 4 WHERE sequence = {other}",
        f"UPDATE audit_entry SET sequence = {other} WHERE sequence = 99",
    )
    verdict = verify(trail.reads, TRAIL)
    assert [(one.kind, one.sequence) for one in verdict.faults] == [("out of order", 4), ("out of order", other)]
    assert verdict.faults[0].sentence == f"Entry 4 is out of order: it was written as entry {other}."


def test_an_entry_copied_from_elsewhere_in_the_log_is_found(trail) -> None:
    columns = ("at", "actor", "action", "event", "subject", "purpose", "detail", "digest")
    taken = ", ".join(f"{one} = (SELECT {one} FROM audit_entry WHERE sequence = 2)" for one in columns)
    tamper(trail, f"UPDATE audit_entry SET {taken} WHERE sequence = 7")
    assert ("altered", 7) in found(trail, TRAIL)


def test_a_log_broken_everywhere_names_the_first_places_and_counts_the_rest(record) -> None:
    fill(record, TRAIL, MOST_NAMED + 30)
    tamper(record, "UPDATE audit_entry SET actor = 'eve'")
    verdict = verify(record.reads, TRAIL)
    assert (len(verdict.faults), verdict.fault_count) == (MOST_NAMED, MOST_NAMED + 30)


def test_with_another_key_nothing_holds(trail) -> None:
    assert verify(trail.reads, Trail("another key")).fault_count >= 10


# The end


def head_at(record, sequence: int) -> dict[str, object]:
    """The head as it once was, genuine."""
    with record.reads() as session:
        digest = session.execute(text(f"SELECT digest FROM audit_entry WHERE sequence = {sequence}")).scalar_one()
    return {"sequence": sequence, "digest": digest, "seal": TRAIL.head_seal(sequence, digest)}


PUT_BACK = "UPDATE audit_head SET sequence = :sequence, digest = :digest, seal = :seal"


def test_removing_the_last_entry_is_found(trail) -> None:
    tamper(trail, "DELETE FROM audit_entry WHERE sequence = 10")
    verdict = verify(trail.reads, TRAIL)
    assert [(one.kind, one.sequence) for one in verdict.faults] == [("end removed", 10)]
    assert verdict.faults[0].sentence == "The end was removed: by the record of its end, entry 10 is gone."


@pytest.mark.parametrize("gone", [1, 4, 9])
def test_removing_the_last_entries_and_putting_the_head_back_to_what_it_once_was_is_found(trail, anchors, gone) -> None:
    assert anchor(trail.reads, anchors, trail.clock()) is None
    tamper(trail, f"DELETE FROM audit_entry WHERE sequence > {10 - gone}", PUT_BACK, **head_at(trail, 10 - gone))
    assert found(trail, TRAIL) == [], "in itself the shorter chain holds"
    assert found(trail, TRAIL, anchors) == [("end removed", 11 - gone)]


def test_a_log_that_was_put_back_and_went_on_is_found(trail, anchors) -> None:
    anchor(trail.reads, anchors, trail.clock())
    tamper(trail, "DELETE FROM audit_entry WHERE sequence > 7", PUT_BACK, **head_at(trail, 7))
    fill(trail, TRAIL, 20)
    with trail.sessions.begin() as session:
        TRAIL.write(session, Act("eve", CONSULTATION, "e"), trail.clock())
    # The new entries are as good as the old ones were, but the tenth is another one.
    tamper(trail, "DELETE FROM audit_entry WHERE sequence > 7", PUT_BACK, **head_at(trail, 7))
    with trail.sessions.begin() as session:
        for _ in range(8):
            TRAIL.write(session, Act("eve", CONSULTATION, "e"), trail.clock())
    assert found(trail, TRAIL) == []
    assert found(trail, TRAIL, anchors) == [("replaced", 10)]


def test_removing_everything_is_found(trail, anchors) -> None:
    anchor(trail.reads, anchors, trail.clock())
    tamper(trail, "DELETE FROM audit_entry")
    assert found(trail, TRAIL) == [("end removed", 1)]
    tamper(trail, "DELETE FROM audit_head")
    assert found(trail, TRAIL, anchors) == [("end removed", 1)]


def test_removing_the_head_is_found(trail) -> None:
    tamper(trail, "DELETE FROM audit_head")
    assert found(trail, TRAIL) == [("forged head", None)]


@pytest.mark.parametrize("change", ["seal = 'x'", "digest = 'x'", "sequence = 9", "sequence = 12"])
def test_a_change_of_the_head_is_found(trail, change) -> None:
    tamper(trail, f"UPDATE audit_head SET {change}")
    assert "forged head" in {kind for kind, _sequence in found(trail, TRAIL)}


def test_a_head_put_back_alone_is_found(trail) -> None:
    tamper(trail, PUT_BACK, **head_at(trail, 8))
    assert found(trail, TRAIL) == [("beyond the end", 9)]


def test_an_entry_added_at_the_end_without_the_key_is_found(trail) -> None:
    tamper(
        trail,
        "INSERT INTO audit_entry (sequence, at, actor, action, event, digest)"
        " SELECT 11, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 10",
        "UPDATE audit_head SET sequence = 11",
    )
    assert {kind for kind, _sequence in found(trail, TRAIL)} >= {"altered", "forged head"}


# The cut


@pytest.fixture
def cut_trail(record):
    """Ten entries of long ago, of which retention took the first four, and the note about it."""
    fill(record, TRAIL, days=LONG_AGO_DAYS)
    with record.sessions.begin() as session:
        assert cut(session, TRAIL, record.clock(), record.clock(), most=2) == 2
    with record.sessions.begin() as session:
        assert cut(session, TRAIL, record.clock(), record.clock(), most=2) == 2
    return record


def test_a_log_whose_beginning_retention_took_holds(cut_trail) -> None:
    verdict = verify(cut_trail.reads, TRAIL)
    assert (verdict.holds, verdict.entries, verdict.first, verdict.last, verdict.cut_at) == (True, 8, 5, 12, 4)


@pytest.mark.parametrize("change", ["sequence = 5", "digest = 'x'", "at = '2020-01-01 00:00:00.000000'", "seal = 'x'"])
def test_a_change_of_a_cut_is_found(cut_trail, change) -> None:
    tamper(cut_trail, f"UPDATE audit_cut SET {change} WHERE sequence = 4")
    assert "forged cut" in {kind for kind, _sequence in found(cut_trail, TRAIL)}


@pytest.mark.parametrize("which", ["sequence = 4", "sequence = 2", "1 = 1"])
def test_taking_a_cut_away_is_found(cut_trail, which) -> None:
    tamper(cut_trail, f"DELETE FROM audit_cut WHERE {which}")
    assert found(cut_trail, TRAIL) != []


def test_a_cut_made_with_the_seal_of_an_old_end_is_found(trail) -> None:
    """Whoever kept an old head may have its seal, but the seal of an end is none of a cut."""
    old = head_at(trail, 6)
    tamper(
        trail,
        "INSERT INTO audit_cut (sequence, digest, at, seal) VALUES (:sequence, :digest, '2026-01-01 00:00:00.000000', :seal)",
        "DELETE FROM audit_entry WHERE sequence <= 6",
        **old,
    )
    assert found(trail, TRAIL) == [("forged cut", 6)]


def test_entries_that_come_back_from_before_the_cut_are_found(cut_trail) -> None:
    tamper(
        cut_trail,
        "INSERT INTO audit_entry (sequence, at, actor, action, event, digest)"
        " SELECT 2, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 6",
    )
    assert found(cut_trail, TRAIL) == [("before the cut", 2)]


def test_a_cut_that_is_made_while_the_beginning_is_read_is_no_fault(record, monkeypatch) -> None:
    fill(record, TRAIL, days=LONG_AGO_DAYS)
    begin = audit_verifying._Verification._begin

    def begin_and_be_overtaken(verification) -> None:
        begin(verification)
        with record.sessions.begin() as session:
            cut(session, TRAIL, record.clock(), record.clock(), most=3)

    monkeypatch.setattr(audit_verifying._Verification, "_begin", begin_and_be_overtaken)
    verdict = verify(record.reads, TRAIL)
    assert (verdict.holds, verdict.entries) == (True, 8)


# The newest entries only


def test_the_newest_entries_can_be_verified_alone(trail, anchors) -> None:
    anchor(trail.reads, anchors, trail.clock())
    verdict = verify(trail.reads, TRAIL, anchors, newest=4)
    assert (verdict.holds, verdict.entries, verdict.first, verdict.last) == (True, 4, 7, 10)
    tamper(trail, "UPDATE audit_entry SET actor = 'eve' WHERE sequence IN (2, 8)")
    verdict = verify(trail.reads, TRAIL, anchors, newest=4)
    assert [(one.kind, one.sequence) for one in verdict.faults] == [("altered", 8)]


def test_asking_for_more_of_the_newest_than_there_are_verifies_all(trail) -> None:
    assert verify(trail.reads, TRAIL, newest=100).entries == 10


# The anchor file


def test_a_missing_anchor_file_is_a_note_at_first_and_a_fault_once_the_log_was_verified(trail, anchors) -> None:
    verdict = verify(trail.reads, TRAIL, anchors)
    assert (verdict.holds, len(verdict.notes)) == (True, 1)
    with trail.sessions.begin() as session:
        TRAIL.write(session, verified(verdict, SERVICE), trail.clock())
    assert found(trail, TRAIL, anchors) == [("anchor gone", None)]


@pytest.mark.parametrize("line", ["", "{}", "[]", "7", "null", "{", '{"kind": "end", "sequence": "x"}', "\xff"])
def test_a_line_that_the_service_did_not_write_is_found(trail, anchors, line) -> None:
    anchor(trail.reads, anchors, trail.clock())
    with anchors.path.open("a", encoding="latin-1") as stream:
        stream.write(line + "\n")
    assert found(trail, TRAIL, anchors) == [("anchor damaged", None)]


@pytest.mark.parametrize("field", ["kind", "sequence", "digest", "at", "seal"])
def test_a_change_of_an_anchor_is_found(trail, anchors, field) -> None:
    anchor(trail.reads, anchors, trail.clock())
    words = anchors.path.read_text("utf-8")
    old = {"kind": "end", "sequence": "10", "digest": '"digest": "', "at": "2026-11", "seal": '"seal": "'}[field]
    new = {"kind": "restored", "sequence": "9", "digest": '"digest": "0', "at": "2027-11", "seal": '"seal": "0'}[field]
    assert old in words
    anchors.path.write_text(words.replace(old, new), "utf-8")
    assert found(trail, TRAIL, anchors) == [("anchor damaged", None)]


def test_after_a_noted_restore_the_log_holds_again_and_the_note_stays(trail, anchors) -> None:
    anchor(trail.reads, anchors, trail.clock())
    tamper(trail, "DELETE FROM audit_entry WHERE sequence > 7", PUT_BACK, **head_at(trail, 7))
    note_restore(trail.sessions, anchors, "ann", "The disk failed; last night's backup was put back.", trail.clock())
    verdict = verify(trail.reads, TRAIL, anchors)
    assert (verdict.holds, verdict.last) == (True, 8)
    assert verdict.notes[0].startswith("A restore from a backup was noted on 2026-11-22")
    anchor(trail.reads, anchors, trail.clock())
    tamper(trail, "DELETE FROM audit_entry WHERE sequence > 7", PUT_BACK, **head_at(trail, 7))
    assert found(trail, TRAIL, anchors) == [("end removed", 8)], "and a second time is found again"


def test_the_verdict_as_json_is_plain(trail) -> None:
    tamper(trail, "UPDATE audit_entry SET actor = 'eve' WHERE sequence = 3")
    told = verify(trail.reads, TRAIL).as_json()
    assert told["holds"] is False
    assert told["first_at"] == "2026-11-22T03:01:00Z"
    assert told["faults"] == ({"kind": "altered", "sequence": 3, "sentence": "Entry 3, of 2026-11-22, was altered."},)
