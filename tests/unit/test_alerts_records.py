"""An emergency, and a message that nobody answered, open an alert: once, in the transaction of what caused it."""

from pathlib import Path

import pytest
from fakes import FakeAssistant, FakePlatform, desk_for, guidance, log_for, stored, understood, work_through
from sqlalchemy import select

from signpost.alerts.kinds import KINDS, kind_of
from signpost.channels.transport import DeliveryRefused
from signpost.desk.reconcile import Reconciler
from signpost.log.escalations import EscalationLog, Finding
from signpost.log.models import FAILED, Alert, Escalation, InboundMessage, OutboundMessage, StaffAccount
from signpost.log.replies import mark_delivered
from signpost.log.standing import standing
from signpost.log.states import (
    MOST_COUNTED,
    URGENT_KINDS,
    acknowledge,
    acknowledge_for,
    open_alert_count,
    open_alerts,
    raise_alert,
    raise_due_alerts,
    raise_record_alert,
)

PROJECT = Path(__file__).parents[2]


def alerts(record) -> list[tuple[str, int | None, bool]]:
    with record.reads() as session:
        return [(one.kind, one.escalation_id, one.urgent) for one in open_alerts(session)]


def log_one(record, label: str = "emergency", **more) -> Escalation:
    message_id = record.receive("there is a man with a knife", **more)
    log_for(record).write(Finding(stored(record, message_id).key, label, {}, "model-1", "action"))
    return stored(record, message_id).escalation


def staff(record) -> int:
    account = StaffAccount(username="anna", name="Anna", roles=["reviewer"], created_at=record.clock())
    with record.sessions.begin() as session:
        session.add(account)
    return account.id


def test_logging_an_emergency_opens_an_urgent_alert_that_is_told_at_once(record):
    escalation = log_one(record)
    assert alerts(record) == [("emergency", escalation.id, True)]
    with record.reads() as session:
        (alert,) = open_alerts(session)
    assert (alert.account, alert.notice_due_at, alert.detail) == (
        "page",
        record.clock(),
        "A message that reads like an emergency was logged.",
    )


def test_a_report_that_is_no_emergency_opens_none(record):
    log_one(record, "crime_report")
    assert alerts(record) == []


def test_an_emergency_written_twice_opens_one_alert(record):
    escalation = log_one(record)
    with record.sessions.begin() as session:
        again = session.get_one(Escalation, escalation.id)
        raise_due_alerts(session, again, record.clock())
        assert not raise_record_alert(session, "emergency", again, record.clock())
    assert len(alerts(record)) == 1


def test_one_that_was_acknowledged_is_never_opened_again(record):
    escalation, someone = log_one(record), staff(record)
    with record.sessions.begin() as session:
        assert acknowledge_for(session, escalation.id, someone, record.clock()) == 1
        raise_due_alerts(session, session.get_one(Escalation, escalation.id), record.clock())
    with record.reads() as session:
        assert len(session.scalars(select(Alert)).all()) == 1


def test_when_the_log_cannot_be_written_no_alert_is_either_and_the_desk_makes_both(record, mandate):
    desk = desk_for(record, mandate, FakeAssistant(understood("emergency", said=[guidance(mandate)])), FakePlatform())
    message_id = record.receive("help he has a knife")

    class Dies(EscalationLog):
        def _insert(self, *arguments):
            super()._insert(*arguments)
            raise KeyboardInterrupt

    real = desk.reconciler.escalations
    dying = Dies(**{name: getattr(real, name) for name in real.__dataclass_fields__})
    object.__setattr__(desk.reconciler, "escalations", dying)
    with pytest.raises(KeyboardInterrupt):
        work_through(desk)
    assert alerts(record) == []
    assert stored(record, message_id).escalation is None
    Reconciler(record.sessions, record.reads, real).settle()
    assert alerts(record) == [("emergency", stored(record, message_id).escalation.id, True)]


def test_a_reply_that_is_refused_for_good_opens_an_alert_whoever_came_first(record, mandate):
    refusing = FakePlatform(DeliveryRefused("blocked"))
    said = [guidance(mandate)]
    desk = desk_for(record, mandate, FakeAssistant(understood(said=said)), refusing)
    message_id = record.receive("my bike's gone")
    work_through(desk)
    desk.reconciler.settle()
    assert alerts(record) == [("reply_failed", stored(record, message_id).escalation.id, True)]


def test_a_reply_given_up_whose_echo_comes_after_all_closes_its_alert(record, mandate):
    desk = desk_for(
        record, mandate, FakeAssistant(understood(said=[guidance(mandate)])), FakePlatform(DeliveryRefused("blocked"))
    )
    message_id = record.receive("my bike's gone")
    work_through(desk)
    desk.reconciler.settle()
    with record.sessions.begin() as session:
        reply = session.scalars(select(OutboundMessage).filter_by(inbound_message_id=message_id)).one()
        mark_delivered(session, reply, "echoed", record.clock())
    assert alerts(record) == []


def test_a_message_nobody_could_answer_opens_an_alert(record):
    message_id = record.receive("???")
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.state, message.end, message.end_reason = "ended", FAILED, "nobody could be asked"
        message.ended_at = record.clock()
    Reconciler(record.sessions, record.reads, log_for(record)).settle()
    assert [kind for kind, _id, _urgent in alerts(record)] == ["reply_failed"]


def test_the_simulator_wakes_nobody(record):
    message_id = record.receive("there is a man with a knife")
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).account = "simulator"
    log_for(record).write(Finding(stored(record, message_id).key, "emergency", {}, "model-1", "action"))
    assert alerts(record) == []


def test_alerts_that_are_open_are_counted_for_the_header_and_no_further_than_needed(record):
    escalation = log_one(record)
    with record.sessions.begin() as session:
        raise_alert(session, "token_expired", "100", "Somebody must look.", record.clock())
    with record.reads() as session:
        assert open_alert_count(session) == 2
    with record.sessions.begin() as session:
        alert = session.scalars(select(Alert).filter_by(escalation_id=escalation.id)).one()
        alert.acknowledged_at = alert.cleared_at = record.clock()
        now = record.clock()
        session.add_all(
            Alert(kind=f"kind-{n}", account="100", detail="", raised_at=now, last_seen_at=now) for n in range(1200)
        )
    with record.reads() as session:
        assert open_alert_count(session) == MOST_COUNTED


def test_an_acknowledged_alert_about_a_record_is_over_and_one_about_an_account_goes_on(record):
    log_one(record)
    someone = staff(record)
    with record.sessions.begin() as session:
        raise_alert(session, "token_expired", "100", "Somebody must look.", record.clock())
        for alert in session.scalars(select(Alert)):
            assert acknowledge(alert, someone, record.clock())
            assert not acknowledge(alert, someone, record.clock())
    with record.reads() as session:
        assert standing(session, record.clock()).alerts_open == {"token_expired": 1}
        assert open_alert_count(session) == 0


@pytest.mark.parametrize(
    ("kind", "urgent"),
    [
        ("token_expired", True),
        ("sending_restricted", True),
        ("unsubscribed", True),
        ("platform_quiet", False),
        ("retention_failed", False),
    ],
)
def test_what_keeps_replies_or_messages_away_is_urgent(record, kind, urgent):
    with record.sessions.begin() as session:
        raise_alert(session, kind, "100", "Somebody must look.", record.clock())
    assert alerts(record) == [(kind, None, urgent)]


def test_on_either_database_two_that_come_at_once_open_one(either_record):
    escalation = log_one(either_record)
    with either_record.sessions.begin() as session:
        assert not raise_record_alert(
            session, "emergency", session.get_one(Escalation, escalation.id), either_record.clock()
        )
        assert raise_record_alert(
            session, "reply_failed", session.get_one(Escalation, escalation.id), either_record.clock()
        )
    assert len(alerts(either_record)) == 2


def test_the_guide_says_what_to_do_about_every_kind_and_whether_it_is_urgent():
    guide = (PROJECT / "docs" / "operating.md").read_text("utf-8").split("## Alerts")[1].split("\n## ")[0]
    rows = [line.split("|")[1:3] for line in guide.splitlines() if line.startswith("| `")]
    assert {kind.strip(" `"): urgent.strip() for kind, urgent in rows} == {
        kind: "yes" if kind in URGENT_KINDS else "no" for kind in KINDS
    }


def test_a_kind_that_was_never_described_is_told_all_the_same():
    assert kind_of("something_new").title == "Something new"
