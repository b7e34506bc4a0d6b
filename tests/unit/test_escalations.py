"""A report is escalated once, whoever comes first, and always, whatever fails on the way."""

import threading

import pytest
from fakes import TRAIL_KEY, log_for
from sqlalchemy import select
from structlog.testing import capture_logs

from signpost.log import escalations
from signpost.log.audit import Trail
from signpost.log.audit_verifying import verify
from signpost.log.escalations import WITHHELD, EscalationLog, Finding, escalation_of
from signpost.log.models import DOUBTFUL, ORDINARY, URGENT, AuditEntry, Escalation, InboundMessage
from signpost.mistakes import Mistake


class PhoneRedactor:
    def redact(self, text: str) -> str:
        return text.replace("07700 900123", "<phone number>")


class FailingRedactor:
    def redact(self, text: str) -> str:
        raise RuntimeError(f"could not read {text}")


def key_of(record, message_id: int) -> str:
    with record.reads() as session:
        return session.get_one(InboundMessage, message_id).key


def finding(key: str, **changed) -> Finding:
    fields = {
        "message_key": key,
        "label": "crime_report",
        "scores": {"crime_report": 0.8},
        "model": "model-1",
        "written_by": "action",
        **changed,
    }
    return Finding(**fields)


def all_escalations(record) -> list[Escalation]:
    with record.reads() as session:
        return list(session.scalars(select(Escalation).order_by(Escalation.id)))


@pytest.fixture
def message_key(record) -> str:
    return key_of(record, record.receive("my bike's gone, ring 07700 900123"))


def test_an_escalation_says_what_was_reported_where_when_and_how_it_was_understood(record, message_key):
    received = record.clock()
    record.clock.advance(seconds=3)
    reference = log_for(record, PhoneRedactor()).write(finding(message_key))
    (escalation,) = all_escalations(record)
    assert escalation.reference == reference
    assert escalation.redacted_text == "my bike's gone, ring <phone number>"
    assert (escalation.channel, escalation.account) == ("messenger", "page")
    assert (escalation.received_at, escalation.logged_at) == (received, record.clock())
    assert (escalation.label, escalation.scores, escalation.model) == ("crime_report", {"crime_report": 0.8}, "model-1")
    assert escalation.written_by == "action"
    assert (escalation.review_state, escalation.answered_at, escalation.reply) == ("unreviewed", None, None)


def test_a_message_is_escalated_once_however_often_it_is_asked_for(record, message_key):
    log = log_for(record)
    references = {log.write(finding(message_key, written_by=who)) for who in ("action", "desk", "action")}
    assert len(references) == 1
    assert [one.written_by for one in all_escalations(record)] == ["action"]


def test_the_first_finding_stands(record, message_key):
    log = log_for(record)
    log.write(finding(message_key, label="crime_report"))
    log.write(finding(message_key, label="emergency"))
    assert [one.label for one in all_escalations(record)] == ["crime_report"]


def test_a_message_that_many_threads_escalate_at_once_is_escalated_once(record, message_key):
    ready = threading.Barrier(8)
    references: list[str] = []

    class WaitingRedactor:
        """Lets all threads come this far before any of them writes."""

        def redact(self, text: str) -> str:
            ready.wait(30)
            return text

    log = log_for(record, WaitingRedactor())
    threads = [
        threading.Thread(target=lambda: references.append(log.write(finding(message_key, written_by="action"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(references) == 8
    assert len(set(references)) == 1
    assert [one.reference for one in all_escalations(record)] == references[:1]


def test_two_messages_have_references_of_their_own(record):
    log = log_for(record)
    keys = [key_of(record, record.receive(text)) for text in ("my bike's gone", "my car's gone")]
    assert len({log.write(finding(key)) for key in keys}) == 2


def test_a_reference_that_is_taken_is_drawn_again(record, monkeypatch):
    drawn = iter(["CDF-346", "CDF-346", "CDF-346", "GHK-479"])
    monkeypatch.setattr(escalations, "new_reference", lambda: next(drawn))
    log = log_for(record)
    assert log.write(finding(key_of(record, record.receive("one")))) == "CDF-346"
    assert log.write(finding(key_of(record, record.receive("two")))) == "GHK-479"
    assert [one.reference for one in all_escalations(record)] == ["CDF-346", "GHK-479"]


def test_when_no_reference_is_free_it_is_told_and_nothing_is_half_written(record, monkeypatch):
    monkeypatch.setattr(escalations, "new_reference", lambda: "CDF-346")
    log = log_for(record)
    log.write(finding(key_of(record, record.receive("one"))))
    with pytest.raises(Mistake, match="No free reference was found"):
        log.write(finding(key_of(record, record.receive("two"))))
    assert len(all_escalations(record)) == 1


@pytest.mark.parametrize("label", ["not_report", "", "crime", "EMERGENCY"])
def test_a_message_that_is_no_report_is_not_escalated(record, message_key, label):
    with pytest.raises(Mistake) as refusal:
        log_for(record).write(finding(message_key, label=label))
    assert refusal.value.sentence == f"A message labelled {label!r} is not escalated."
    assert all_escalations(record) == []


@pytest.mark.parametrize("label", ["emergency", "crime_report"])
def test_both_kinds_of_report_are_escalated(record, message_key, label):
    log_for(record).write(finding(message_key, label=label))
    assert [one.label for one in all_escalations(record)] == [label]


def test_a_message_that_does_not_exist_is_told(record):
    with pytest.raises(Mistake, match="There is no message no-such-key to escalate"):
        log_for(record).write(finding("no-such-key"))


def test_a_text_that_cannot_be_redacted_is_withheld_and_the_escalation_written_all_the_same(record, message_key):
    with capture_logs() as events:
        reference = log_for(record, FailingRedactor()).write(finding(message_key))
    (escalation,) = all_escalations(record)
    assert (escalation.reference, escalation.redacted_text) == (reference, WITHHELD)
    assert events == [
        {"event": "redaction_failed", "message": message_key, "fault": "RuntimeError", "log_level": "error"}
    ]


def test_a_redactor_that_cannot_even_be_loaded_withholds_the_text_as_well(record, message_key):
    def fails() -> None:
        raise OSError("the language model is missing")

    log = EscalationLog(record.sessions, record.reads, record.vault, fails, record.clock, Trail("seals"))
    log.write(finding(message_key))
    assert [one.redacted_text for one in all_escalations(record)] == [WITHHELD]


def test_the_text_is_redacted_before_the_database_is_locked(record, message_key):
    """Others may write while the redactor thinks."""

    class ThoughtfulRedactor:
        def redact(self, text: str) -> str:
            record.receive("written meanwhile", person="p2")
            return text

    log_for(record, ThoughtfulRedactor()).write(finding(message_key))
    (escalation,) = all_escalations(record)
    assert escalation.redacted_text.startswith("my bike")


def test_a_message_whose_text_was_deleted_meanwhile_is_escalated_without_it(record):
    message_id = record.receive("my bike's gone")
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).text_encrypted = None
    log_for(record).write(finding(key_of(record, message_id)))
    assert [one.redacted_text for one in all_escalations(record)] == [""]


def test_an_escalation_is_on_disk_when_its_reference_is_told(record, message_key):
    reference = log_for(record).write(finding(message_key))
    with record.reads() as session:
        message = session.scalars(select(InboundMessage).filter_by(key=message_key)).one()
        known = escalation_of(session, message.id)
    assert known is not None
    assert known.reference == reference


def test_a_message_that_was_not_escalated_has_no_escalation(record):
    message_id = record.receive("hello")
    with record.reads() as session:
        assert escalation_of(session, message_id) is None


# Why a person should look, and the audit trail


@pytest.mark.parametrize(
    ("label", "cause", "unsure", "priority"),
    [
        ("emergency", "report", False, URGENT),
        ("crime_report", "report", False, ORDINARY),
        ("crime_report", "report", True, DOUBTFUL),
        ("not_report", "unsure", True, DOUBTFUL),
        ("not_report", "failed", False, URGENT),
        ("unknown", "unreadable", False, URGENT),
        ("not_report", "abuse", False, ORDINARY),
    ],
)
def test_an_escalation_says_why_it_is_here_how_sure_that_is_and_how_soon_it_is_due(  # noqa: PLR0913, PLR0917  # what a test is made of
    record, message_key, label, cause, unsure, priority
):
    scores = {"crime_report": 0.8, "not_report": 0.15, "emergency": 0.05}
    log_for(record).write(finding(message_key, label=label, cause=cause, unsure=unsure, scores=scores))
    (escalation,) = all_escalations(record)
    assert (escalation.label, escalation.cause, escalation.unsure) == (label, cause, unsure)
    assert (escalation.priority, escalation.confidence) == (priority, scores.get(label))


def test_a_finding_without_scores_has_no_confidence(record, message_key):
    log_for(record).write(finding(message_key, scores=None))
    assert all_escalations(record)[0].confidence is None


def test_an_unknown_cause_is_refused(record, message_key):
    with pytest.raises(Mistake, match="not escalated because of 'boredom'"):
        log_for(record).write(finding(message_key, cause="boredom"))
    assert all_escalations(record) == []


def test_each_escalation_is_logged_as_collected_once_in_the_same_transaction(record, message_key):
    log = log_for(record)
    references = {log.write(finding(message_key)) for _ in range(3)}
    with record.reads() as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.actor, entry.action, entry.event) == ("signpost", "collection", "escalation_logged")
    assert {entry.subject} == references
    assert entry.detail == {"channel": "messenger", "label": "crime_report", "cause": "report", "written_by": "action"}
    assert verify(record.reads, Trail(TRAIL_KEY)).holds


def test_what_cannot_be_logged_is_not_escalated(record, message_key, monkeypatch):
    def fails(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(Trail, "write_all", fails)
    with pytest.raises(RuntimeError):
        log_for(record).write(finding(message_key))
    assert all_escalations(record) == []


def test_on_either_database_many_threads_escalate_many_messages_and_each_is_logged_once(either_record):
    keys = [key_of(either_record, either_record.receive(f"bike {number}", person=f"p{number}")) for number in range(12)]
    log = log_for(either_record)
    threads = [threading.Thread(target=lambda key=key: log.write(finding(key))) for key in keys * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(all_escalations(either_record)) == 12
    verdict = verify(either_record.reads, Trail(TRAIL_KEY))
    assert (verdict.holds, verdict.entries) == (True, 12)


# Several in one transaction


def keys_of(record, count: int) -> list[str]:
    ids = [record.receive(f"bike {number} is gone", person=f"p{number}") for number in range(count)]
    with record.reads() as session:
        return [session.get_one(InboundMessage, one).key for one in ids]


def test_on_either_database_several_are_written_in_one_transaction_each_with_its_entry_in_order(either_record):
    keys = keys_of(either_record, 5)
    findings = [Finding(key, "emergency", None, None, "action") for key in (*reversed(keys), keys[0])]
    log = log_for(either_record)
    references = log.write_all(findings)
    assert references[-1] == references[4]
    assert len(set(references)) == 5
    assert log.write_all(findings) == references
    verdict = verify(either_record.reads, Trail(TRAIL_KEY))
    assert (verdict.holds, verdict.entries) == (True, 5)


def test_a_fault_of_one_keeps_all_from_being_written(record):
    (key,) = keys_of(record, 1)
    with pytest.raises(Mistake, match="no-such-key"):
        log_for(record).write_all([Finding(one, "crime_report", None, None, "action") for one in (key, "no-such-key")])
    assert all_escalations(record) == []
