"""Reviews: saved once, never over somebody else's, each with its entry in the audit trail."""

from dataclasses import replace

import pytest
from console_records import TRAIL, by, entries, report, save, stored_record, two_reviewers
from sqlalchemy import select

from signpost.log.audit import ALTERATION
from signpost.log.models import Alert, Escalation, StaffAccount
from signpost.log.reviewing import Outdated, Review, lift_hold, review_of, set_hold
from signpost.log.states import open_alerts, raise_due_alerts

REVIEW = Review("signposted", "yes", "no", "yes")


@pytest.fixture
def staff(record) -> list[StaffAccount]:
    return two_reviewers(record)


def test_a_review_is_saved_with_who_and_when(record, staff) -> None:
    report(record)
    save(record, REVIEW, by(record, staff[0], 0))
    saved = stored_record(record)
    assert review_of(saved) == REVIEW
    assert (saved.review_state, saved.reviewer_id, saved.reviewed_at) == ("reviewed", staff[0].id, record.clock())
    assert saved.version == 1


def test_the_audit_trail_says_which_choices_changed_and_nothing_that_was_typed(record, staff) -> None:
    report(record)
    save(
        record, replace(REVIEW, notes="Rang Mrs Smith", niche_reference="N-1", outcome="niche"), by(record, staff[0], 0)
    )
    save(record, replace(REVIEW, notes="Nobody there", outcome="signposted"), by(record, staff[1], 1))
    first, second = entries(record)
    assert (first.actor, first.action, first.event, first.subject) == ("ann", ALTERATION, "review_saved", "KMR-4C7")
    assert first.detail["changed"]["outcome"] == [None, "niche"]
    assert second.detail["changed"] == {
        "outcome": ["niche", "signposted"],
        "niche_reference": "changed",
        "notes": "changed",
    }
    assert "Smith" not in str(first.detail)
    assert "N-1" not in str(first.detail)


def test_nobody_saves_over_what_they_have_not_seen(record, staff) -> None:
    report(record)
    save(record, REVIEW, by(record, staff[0], 0))
    with pytest.raises(Outdated):
        save(record, replace(REVIEW, outcome="no_action"), by(record, staff[1], 0))
    assert stored_record(record).outcome == "signposted"
    assert stored_record(record).reviewer_id == staff[0].id
    assert len(entries(record)) == 1


def test_a_double_press_saves_once(record, staff) -> None:
    report(record)
    save(record, REVIEW, by(record, staff[0], 0))
    save(record, REVIEW, by(record, staff[0], 0))
    assert stored_record(record).version == 1
    assert len(entries(record)) == 1


def test_the_same_choices_by_somebody_else_are_a_review_of_their_own(record, staff) -> None:
    report(record)
    save(record, REVIEW, by(record, staff[0], 0))
    with pytest.raises(Outdated):
        save(record, REVIEW, by(record, staff[1], 0))
    save(record, REVIEW, by(record, staff[1], 1))
    assert stored_record(record).reviewer_id == staff[1].id


def test_a_hold_is_set_and_lifted_each_with_its_reason(record, staff) -> None:
    report(record)
    with record.sessions.begin() as session:
        set_hold(session, TRAIL, session.scalars(select(Escalation)).one(), "a court asked", by(record, staff[0], 0))
    held = stored_record(record)
    assert (held.hold_reason, held.hold_by_id, held.hold_at) == ("a court asked", staff[0].id, record.clock())
    with record.sessions.begin() as session:
        lift_hold(
            session, TRAIL, session.scalars(select(Escalation)).one(), "the case is over", by(record, staff[1], 1)
        )
    lifted = stored_record(record)
    assert (lifted.hold_reason, lifted.hold_by_id, lifted.hold_at) == (None, None, None)
    assert [(one.event, one.actor, one.purpose) for one in entries(record)] == [
        ("hold_set", "ann", "a court asked"),
        ("hold_lifted", "bob", "the case is over"),
    ]


def test_a_hold_is_not_set_twice_and_none_is_not_lifted(record, staff) -> None:
    report(record)
    with record.sessions.begin() as session, pytest.raises(Outdated):
        lift_hold(session, TRAIL, session.scalars(select(Escalation)).one(), "why not", by(record, staff[0], 0))
    with record.sessions.begin() as session:
        set_hold(session, TRAIL, session.scalars(select(Escalation)).one(), "a court asked", by(record, staff[0], 0))
    with record.sessions.begin() as session, pytest.raises(Outdated):
        set_hold(session, TRAIL, session.scalars(select(Escalation)).one(), "mine too", by(record, staff[1], 1))
    assert stored_record(record).hold_reason == "a court asked"


def test_a_hold_that_came_in_between_keeps_a_review_from_being_saved_unseen(record, staff) -> None:
    report(record)
    with record.sessions.begin() as session:
        set_hold(session, TRAIL, session.scalars(select(Escalation)).one(), "a court asked", by(record, staff[0], 0))
    with pytest.raises(Outdated):
        save(record, REVIEW, by(record, staff[1], 0))


def test_whoever_reviews_an_emergency_has_seen_it_so_nobody_is_told_again(record, staff) -> None:
    report(record)
    with record.sessions.begin() as session:
        escalation = session.scalars(select(Escalation)).one()
        escalation.label = "emergency"
        raise_due_alerts(session, escalation, record.clock())
    assert len(open_alerts_of(record)) == 1
    save(record, REVIEW, by(record, staff[0], 0))
    with record.sessions.begin() as session:
        raise_due_alerts(session, session.scalars(select(Escalation)).one(), record.clock())
    assert open_alerts_of(record) == []
    with record.reads() as session:
        assert session.scalars(select(Alert)).one().acknowledged_by_id == staff[0].id


def open_alerts_of(record) -> list[Alert]:
    with record.reads() as session:
        return open_alerts(session)
