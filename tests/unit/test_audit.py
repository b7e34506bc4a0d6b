"""The audit trail: each act once, in order, with what it tells of; and a database that refuses to change any of it."""

import threading
from datetime import datetime, timedelta

import pytest
from audit_tampering import fill, found, tampering
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from signpost.log.audit import ACTIONS, ADMINISTRATION, CONSULTATION, FIRST, Act, Trail
from signpost.log.audit_verifying import verify
from signpost.log.models import AuditEntry, AuditHead

TRAIL = Trail("seals the trail of these tests")
LONG_AGO = datetime(2020, 1, 1)  # noqa: DTZ001  # the record keeps UTC without a zone


def write(record, act: Act) -> int:
    with record.sessions.begin() as session:
        return TRAIL.write(session, act, record.clock())


def entries(record) -> list[AuditEntry]:
    with record.reads() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


# Writing


def test_an_entry_says_who_did_what_to_what_when_and_why(either_record) -> None:
    write(either_record, Act("ann", CONSULTATION, "original_shown", "CDF-346", "To check a name.", {"version": 2}))
    (entry,) = entries(either_record)
    assert (entry.sequence, entry.at, entry.actor) == (1, either_record.clock(), "ann")
    assert (entry.action, entry.event, entry.subject) == ("consultation", "original_shown", "CDF-346")
    assert (entry.purpose, entry.detail) == ("To check a name.", {"version": 2})


def test_entries_are_numbered_without_a_gap_and_chained(either_record) -> None:
    assert [write(either_record, Act("ann", CONSULTATION, "e")) for _ in range(3)] == [1, 2, 3]
    before = FIRST
    for entry in entries(either_record):
        assert entry.digest == TRAIL.digest(before, entry)
        before = entry.digest


def test_an_entry_and_what_it_tells_of_are_stored_together_or_not_at_all(record) -> None:
    session = record.sessions()
    TRAIL.write(session, Act("ann", CONSULTATION, "e"), record.clock())
    session.rollback()
    assert entries(record) == []
    assert write(record, Act("ann", CONSULTATION, "e")) == 1


def test_no_number_is_given_twice_however_many_write_at_once(either_record) -> None:
    ready = threading.Barrier(6)
    numbers: list[int] = []

    def work() -> None:
        ready.wait(30)
        numbers.extend(write(either_record, Act("ann", CONSULTATION, "e")) for _ in range(10))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 61))
    assert verify(either_record.reads, TRAIL).holds


@pytest.mark.parametrize(
    "detail",
    [
        None,
        {},
        {"b": 1, "a": 2},
        {10: "ten", 9: "nine"},
        {"share": 0.1 + 0.2},
        {"list": (1, 2)},
        {"words": 'é “x" \\ \u0000'},
    ],
)
def test_every_detail_verifies_when_it_is_read_back(either_record, detail) -> None:
    write(either_record, Act("ann", CONSULTATION, "e", detail=detail))
    assert verify(either_record.reads, TRAIL).holds


@pytest.mark.parametrize("words", ["", "  ", "a\u0000b", "ß – “quoted”", "🚓", "line\r\nline", "x" * 20_000])
def test_every_purpose_verifies_when_it_is_read_back(either_record, words) -> None:
    write(either_record, Act("ann", CONSULTATION, "e", "CDF-346", words))
    assert verify(either_record.reads, TRAIL).holds


def test_what_json_cannot_hold_is_refused_before_anything_is_written(record) -> None:
    with pytest.raises(ValueError):
        write(record, Act("ann", CONSULTATION, "e", detail={"share": float("nan")}))
    assert entries(record) == []


def test_an_action_outside_the_list_is_refused() -> None:
    assert len(ACTIONS) == 7
    with pytest.raises(ValueError, match="no action"):
        Act("ann", "peeking", "e")


@pytest.mark.parametrize(("field", "longest"), [("actor", 160), ("event", 48), ("subject", 160)])
def test_what_is_longer_than_its_column_is_refused(either_record, field, longest) -> None:
    fields = {"actor": "ann", "action": CONSULTATION, "event": "e"}
    with pytest.raises(ValueError, match=field):
        Act(**{**fields, field: "x" * (longest + 1)})
    write(either_record, Act(**{**fields, field: "x" * longest}))
    assert verify(either_record.reads, TRAIL).holds


def test_an_entry_made_with_another_key_does_not_verify(record) -> None:
    with record.sessions.begin() as session:
        Trail("another key").write(session, Act("ann", ADMINISTRATION, "e"), record.clock())
    assert not verify(record.reads, TRAIL).holds


# What the database refuses, and what it lets through


@pytest.fixture
def guarded(either_record):
    """Ten entries of long ago, and two of this year."""
    with either_record.sessions.begin() as session:
        for number in range(12):
            at = LONG_AGO + timedelta(minutes=number) if number < 10 else datetime.now()  # noqa: DTZ005  # the database's own clock decides
            TRAIL.write(session, Act("ann", CONSULTATION, "e", detail={"n": number}), at)
    return either_record


def run(record, *statements: str) -> None:
    with record.sessions.begin() as session:
        for statement in statements:
            session.execute(text(statement))


def digest(record, sequence: int) -> str:
    return entries(record)[sequence - 1].digest


CUT_AT_5 = (
    "INSERT INTO audit_cut (sequence, digest, at, seal) SELECT 5, digest, at, 'x' FROM audit_entry WHERE sequence = 5"
)
COLUMNS = "sequence, at, actor, action, event, digest"


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE audit_entry SET {one} = {one} WHERE sequence = 3" for one in AuditEntry.__table__.columns.keys()),  # noqa: SIM118  # no mapping
        "UPDATE audit_entry SET sequence = 99 WHERE sequence = 12",
        "DELETE FROM audit_entry WHERE sequence = 12",
        "DELETE FROM audit_entry WHERE sequence = 1",
        "DELETE FROM audit_entry",
        f"INSERT INTO audit_entry ({COLUMNS}) SELECT 3, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 3",
        f"INSERT INTO audit_entry ({COLUMNS}) SELECT -1, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 3",
        "UPDATE audit_head SET sequence = 11, digest = (SELECT digest FROM audit_entry WHERE sequence = 11)",
        "UPDATE audit_head SET seal = 'x'",
        "UPDATE audit_head SET digest = 'x'",
        "UPDATE audit_head SET sequence = 13",
        "UPDATE audit_head SET id = 2",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, sequence, digest, seal) VALUES (2, 12, 'x', 'x')",
        "INSERT INTO audit_cut (sequence, digest, at, seal) SELECT 12, digest, at, 'x' FROM audit_entry WHERE sequence = 12",
        "INSERT INTO audit_cut (sequence, digest, at, seal) SELECT 5, 'x', at, 'x' FROM audit_entry WHERE sequence = 5",
        "INSERT INTO audit_cut (sequence, digest, at, seal) SELECT 50, digest, at, 'x' FROM audit_entry WHERE sequence = 5",
    ],
)
def test_the_database_refuses(guarded, statement) -> None:
    with pytest.raises(IntegrityError):
        run(guarded, statement)
    assert verify(guarded.reads, TRAIL).holds


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entry WHERE sequence = 6",
        "DELETE FROM audit_entry WHERE sequence > 5",
        "UPDATE audit_cut SET seal = 'y'",
        "UPDATE audit_cut SET sequence = 9",
        "DELETE FROM audit_cut",
        CUT_AT_5,
        CUT_AT_5.replace("5", "4"),
    ],
)
def test_a_recorded_cut_gives_up_what_lies_before_it_and_nothing_else(guarded, statement) -> None:
    run(guarded, CUT_AT_5)
    with pytest.raises(IntegrityError):
        run(guarded, statement)
    run(guarded, "DELETE FROM audit_entry WHERE sequence <= 5")
    assert [one.sequence for one in entries(guarded)] == list(range(6, 13))


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT OR REPLACE INTO audit_entry ({COLUMNS}) SELECT 12, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 12",
        "INSERT OR REPLACE INTO audit_head (id, sequence, digest, seal) VALUES (1, 12, 'x', 'x')",
        "UPDATE OR REPLACE audit_entry SET sequence = 12 WHERE sequence = 11",
        "INSERT OR REPLACE INTO audit_cut (id, sequence, digest, at, seal) SELECT 1, 6, digest, at, 'x' FROM audit_entry WHERE sequence = 6",
    ],
)
def test_sqlites_way_of_replacing_a_row_is_refused_as_well(record, statement) -> None:
    with record.sessions.begin() as session:
        for _ in range(12):
            TRAIL.write(session, Act("ann", CONSULTATION, "e"), LONG_AGO)
    run(record, CUT_AT_5)
    with pytest.raises(IntegrityError):
        run(record, statement)


@pytest.mark.parametrize("table", ["audit_entry", "audit_cut", "audit_head"])
def test_postgresql_never_empties_a_table_of_the_trail(postgresql_record, table) -> None:
    fill(postgresql_record, TRAIL)
    with pytest.raises(IntegrityError):
        run(postgresql_record, f"TRUNCATE {table}")


def test_what_was_refused_is_told_in_words(guarded) -> None:
    with pytest.raises(IntegrityError, match="an audit entry is never changed"):
        run(guarded, "UPDATE audit_entry SET actor = 'eve'")


def test_the_chain_goes_on_after_all_that(guarded) -> None:
    with pytest.raises(IntegrityError):
        run(guarded, "DELETE FROM audit_entry WHERE sequence = 12")
    assert write(guarded, Act("ann", CONSULTATION, "e")) == 13
    with guarded.reads() as session:
        assert session.get_one(AuditHead, 1).sequence == 13
    assert verify(guarded.reads, TRAIL).holds


# What somebody broke must not keep others' acts from being logged, and stays broken


@pytest.mark.parametrize(
    ("broken", "kinds"),
    [
        ("DELETE FROM audit_entry WHERE sequence = 10", [("missing", 10)]),
        ("DELETE FROM audit_entry", [("missing", 1)]),
        (
            f"INSERT INTO audit_entry ({COLUMNS}) SELECT 11, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 3",
            [("altered", 11)],
        ),
        (
            f"INSERT INTO audit_entry ({COLUMNS}) SELECT 999, at, 'eve', action, event, digest FROM audit_entry WHERE sequence = 3",
            [("missing", 11), ("altered", 999)],
        ),
        ("UPDATE audit_head SET sequence = 8", []),
        ("DELETE FROM audit_head", []),
    ],
)
def test_the_service_goes_on_after_a_break(either_record, broken, kinds) -> None:
    fill(either_record, TRAIL)
    with tampering(either_record) as connection:
        connection.execute(text(broken))
    for _ in range(3):
        write(either_record, Act("ann", CONSULTATION, "e"))
    assert found(either_record, TRAIL) == kinds


def test_a_head_that_is_gone_is_told_in_the_logs(record) -> None:
    fill(record, TRAIL)
    with tampering(record) as connection:
        connection.execute(text("DELETE FROM audit_head"))
    with capture_logs() as events:
        write(record, Act("ann", CONSULTATION, "e"))
    assert events == [{"event": "audit_head_gone", "sequence": 10, "log_level": "error"}]
