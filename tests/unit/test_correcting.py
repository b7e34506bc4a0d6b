"""What reviewers overturn is proposed to trainers, and taken back when they change their minds."""

from dataclasses import replace

import pytest
from console_records import by, entries, report, save, two_reviewers
from sqlalchemy import select

from signpost.log.correcting import Decided, judged_label, stamp, still_open
from signpost.log.escalations import WITHHELD
from signpost.log.models import Correction, StaffAccount
from signpost.log.reviewing import Review

AGREED = Review("signposted", "yes", "no", "yes")
NO_REPORT = replace(AGREED, was_report="no")
EMERGENCY = replace(AGREED, was_emergency="yes")


@pytest.fixture
def staff(record) -> list[StaffAccount]:
    return two_reviewers(record)


def proposals(record) -> list[Correction]:
    with record.reads() as session:
        return list(session.scalars(select(Correction)))


def decide(record, state: str) -> None:
    with record.sessions.begin() as session:
        correction = session.scalars(select(Correction)).one()
        correction.state, correction.decided_at, correction.intent = state, record.clock(), "everyday_talk"


@pytest.mark.parametrize(
    ("was_report", "was_emergency", "label"),
    [
        ("yes", "no", "crime_report"),
        ("no", "no", "not_report"),
        ("yes", "yes", "emergency"),
        ("no", "yes", "emergency"),
        ("unclear", "yes", None),
        ("yes", "unclear", None),
        (None, None, None),
        (None, "yes", None),
    ],
)
def test_what_a_judgement_makes_of_the_label(was_report, was_emergency, label) -> None:
    assert judged_label(was_report, was_emergency) == label


def test_an_overturned_label_is_proposed_with_the_redacted_text(record, staff) -> None:
    report(record)
    save(record, NO_REPORT, by(record, staff[0], 0))
    (one,) = proposals(record)
    assert (one.old_label, one.new_label, one.state) == ("crime_report", "not_report", "open")
    assert one.text == "my shop window was smashed, I'm on <phone number>"
    assert (one.proposed_by_id, one.proposed_at) == (staff[0].id, record.clock())
    assert entries(record)[-1].event == "correction_proposed"
    assert entries(record)[-1].subject == "KMR-4C7"


@pytest.mark.parametrize(
    "review", [AGREED, replace(NO_REPORT, was_report="unclear"), Review("no_action"), replace(AGREED, reply_right="no")]
)
def test_agreement_doubt_and_no_judgement_propose_nothing(record, staff, review) -> None:
    report(record)
    save(record, review, by(record, staff[0], 0))
    assert not proposals(record)


def test_a_later_agreement_withdraws_the_open_proposal(record, staff) -> None:
    report(record)
    save(record, NO_REPORT, by(record, staff[0], 0))
    save(record, AGREED, by(record, staff[1], 1))
    assert not proposals(record)
    assert entries(record)[-1].event == "correction_withdrawn"


def test_another_judgement_changes_the_open_proposal(record, staff) -> None:
    report(record)
    save(record, NO_REPORT, by(record, staff[0], 0))
    save(record, EMERGENCY, by(record, staff[1], 1))
    (one,) = proposals(record)
    assert (one.new_label, one.proposed_by_id) == ("emergency", staff[1].id)


@pytest.mark.parametrize("state", ["accepted", "refused"])
def test_what_a_trainer_decided_stays_when_the_review_says_the_same_again(record, staff, state) -> None:
    report(record)
    save(record, NO_REPORT, by(record, staff[0], 0))
    decide(record, state)
    save(record, replace(NO_REPORT, notes="looked again"), by(record, staff[0], 1))
    save(record, AGREED, by(record, staff[0], 2))
    assert [one.state for one in proposals(record)] == [state]


def test_another_label_still_is_a_new_proposal_after_a_decision(record, staff) -> None:
    report(record)
    save(record, NO_REPORT, by(record, staff[0], 0))
    decide(record, "accepted")
    save(record, EMERGENCY, by(record, staff[1], 1))
    (one,) = proposals(record)
    assert (one.state, one.new_label, one.intent, one.decided_at) == ("open", "emergency", None, None)


@pytest.mark.parametrize(
    "more",
    [
        {"channel": "x_dm"},
        {"channel": "x_mention"},
        {"text": WITHHELD},
        {"text": ""},
        {"text": "  "},
        {"label": "unknown", "cause": "failed"},
    ],
)
def test_nothing_is_proposed_that_a_model_may_not_learn_from(record, staff, more) -> None:
    report(record, **more)
    save(record, NO_REPORT if more.get("label") != "unknown" else EMERGENCY, by(record, staff[0], 0))
    assert not proposals(record)


def test_a_decision_holds_only_for_the_proposal_that_was_read(record, staff) -> None:
    report(record)
    save(record, NO_REPORT, by(record, staff[0], 0))
    (one,) = proposals(record)
    seen = stamp(one)
    with record.sessions.begin() as session:
        assert still_open(session, one.id, seen).id == one.id
    record.clock.advance(seconds=1)
    save(record, EMERGENCY, by(record, staff[1], 1))
    with record.sessions.begin() as session, pytest.raises(Decided):
        still_open(session, one.id, seen)
    with record.sessions.begin() as session, pytest.raises(Decided):
        still_open(session, one.id + 1, seen)
