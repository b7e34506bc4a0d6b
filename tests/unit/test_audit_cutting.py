"""Retention takes the oldest entries of the audit trail, and only those, and the rest still verifies."""

from datetime import datetime, timedelta

import pytest
from audit_tampering import fill
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from signpost.log.audit import CONSULTATION, Act, Trail
from signpost.log.audit_cutting import cut
from signpost.log.audit_verifying import verify
from signpost.log.models import AuditEntry

TRAIL = Trail("seals the trail of these tests")
SIX_YEARS = timedelta(days=6 * 365)


def cut_once(record, **options) -> int:
    with record.sessions.begin() as session:
        return cut(session, TRAIL, record.clock() - SIX_YEARS, record.clock(), **options)


def sequences(record) -> list[int]:
    with record.reads() as session:
        return list(session.scalars(select(AuditEntry.sequence).order_by(AuditEntry.sequence)))


@pytest.fixture
def aged(either_record):
    """Six entries that are over six years old, four that aren't."""
    fill(either_record, TRAIL, 6, days=3000)
    fill(either_record, TRAIL, 4, days=1000)
    return either_record


def test_what_is_old_goes_and_what_is_younger_stays(aged) -> None:
    assert cut_once(aged) == 6
    assert sequences(aged) == [7, 8, 9, 10, 11]
    assert cut_once(aged) == 0
    assert verify(aged.reads, TRAIL).holds


def test_the_erasure_is_audited(aged) -> None:
    cut_once(aged)
    with aged.reads() as session:
        last = session.get_one(AuditEntry, 11)
    assert (last.actor, last.action, last.event) == ("signpost", "erasure", "audit_entries_erased")
    assert last.detail == {"from": 1, "to": 6, "count": 6}


def test_a_long_past_goes_in_portions(aged) -> None:
    assert [cut_once(aged, most=4) for _ in range(3)] == [4, 2, 0]
    assert sequences(aged)[0] == 7
    assert verify(aged.reads, TRAIL).holds


def test_nothing_goes_from_the_first_entry_about_a_held_record_on(aged) -> None:
    assert cut_once(aged, held=["CDF-004", "CDF-009", *(f"XXX-{number}" for number in range(1200))]) == 3
    assert sequences(aged)[0] == 4
    assert cut_once(aged, held=["CDF-004"]) == 0


def test_a_hold_on_the_oldest_of_all_keeps_everything(aged) -> None:
    assert cut_once(aged, held=["CDF-001"]) == 0


def test_an_old_entry_after_a_younger_one_keeps_its_place(either_record) -> None:
    """A clock that went backwards must not tear a hole."""
    with either_record.sessions.begin() as session:
        for days in (3000, 3000, 100, 3000):
            TRAIL.write(session, Act("ann", CONSULTATION, "e"), either_record.clock() - timedelta(days=days))
    assert cut_once(either_record) == 2
    assert sequences(either_record) == [3, 4, 5]


def test_the_database_keeps_the_last_year_whatever_retention_is_set_to(either_record) -> None:
    now = datetime.now()  # noqa: DTZ005  # the database's own clock decides
    with either_record.sessions.begin() as session:
        TRAIL.write(session, Act("ann", CONSULTATION, "e"), now - timedelta(days=300))
    with pytest.raises(IntegrityError), either_record.sessions.begin() as session:
        cut(session, TRAIL, now, now)
    assert sequences(either_record) == [1]


def test_an_empty_log_has_nothing_to_lose(either_record) -> None:
    assert cut_once(either_record) == 0
