"""The desk's work by the clock: retention once a day whoever comes first, and the audit trail's anchor each hour."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import FakeAssistant, FakePlatform, desk_for, understood
from kept_record import Kept
from sqlalchemy import select
from structlog.testing import capture_logs

from signpost.desk.opening import open_desk
from signpost.desk.schedule import AFTER_FAULT, Schedule
from signpost.desk.worker import run_desk
from signpost.log.audit import Act, Trail
from signpost.log.database import migrate, open_engine
from signpost.log.models import AuditEntry, Duty
from signpost.log.retention import Limits
from signpost.log.retention_claim import LEASE, Claim
from signpost.log.states import open_alerts
from signpost.secrets import with_secrets
from signpost.settings import Settings

NOON = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001  # the record keeps UTC without a zone
HALF_PAST_THREE = datetime(2026, 11, 23, 3, 30)  # noqa: DTZ001  # as above


@pytest.fixture(autouse=True)
def by_day(clock):
    clock.now = NOON


def schedule(record, *, worker: str = "one", anchor=lambda _now: None, limits: Limits | None = None) -> Schedule:
    retention = Kept(record, limits or Limits()).retention()
    return Schedule(record.sessions, record.reads, retention, anchor, record.clock, worker)


def runs(record) -> int:
    with record.reads() as session:
        return len(session.scalars(select(AuditEntry).filter_by(event="retention_ended")).all())


def work(one: Schedule) -> None:
    one.work(threading.Event())


def alerts(record) -> list[tuple[str, str]]:
    with record.reads() as session:
        return [(alert.kind, alert.account) for alert in open_alerts(session)]


def test_retention_runs_once_a_day_at_its_time(record):
    one = schedule(record)
    work(one)
    assert runs(record) == 0
    record.clock.now = HALF_PAST_THREE - timedelta(seconds=1)
    work(one)
    assert runs(record) == 0
    record.clock.advance(seconds=1)
    work(one)
    work(one)
    assert runs(record) == 1
    record.clock.advance(days=1)
    work(one)
    assert runs(record) == 2


def test_of_several_desks_one_runs_it(record):
    one, other = schedule(record), schedule(record, worker="other")
    work(one)
    record.clock.now = HALF_PAST_THREE
    began = Claim(record.sessions, record.clock, "one")
    assert began.take()
    work(other)
    assert runs(record) == 0
    with record.sessions.begin() as session:
        began.finish(session, record.clock() + timedelta(days=1))
    work(other)
    assert runs(record) == 0


def test_a_desk_that_was_off_at_the_time_runs_it_when_it_starts(record):
    work(schedule(record))
    record.clock.now = HALF_PAST_THREE + timedelta(hours=5)
    work(schedule(record, worker="started later"))
    assert runs(record) == 1


def test_what_a_desk_that_died_began_another_takes_over(record):
    work(schedule(record))
    record.clock.now = HALF_PAST_THREE
    assert Claim(record.sessions, record.clock, "died").take()
    other = schedule(record, worker="other")
    record.clock.advance(seconds=LEASE.total_seconds() - 1)
    work(other)
    assert runs(record) == 0
    record.clock.advance(seconds=1)
    work(other)
    assert runs(record) == 1


def test_a_long_run_holds_on_to_its_work(record):
    claim, other = (Claim(record.sessions, record.clock, name) for name in ("one", "other"))
    assert claim.take(early=True)
    for _ in range(30):
        record.clock.advance(minutes=1)
        claim.renew()
        assert not other.take(early=True)
    assert not claim.lost


def test_a_run_that_lost_its_work_to_another_stops(record):
    kept = Kept(record)
    for number in range(60):
        kept.message(person=f"p{number}")
    one = schedule(record)
    work(one)
    record.clock.now = HALF_PAST_THREE + timedelta(days=60)
    real = one.retention

    class Robbed(type(real)):
        def run(self, by, stopped, told, rest):
            def hear(kind, count):
                if kind == "originals":
                    record.clock.advance(seconds=LEASE.total_seconds() + 1)
                    Claim(record.sessions, record.clock, "other").take()
                told(kind, count)

            return super().run(by, stopped, hear, rest)

    one.retention = Robbed(**{name: getattr(real, name) for name in real.__dataclass_fields__})
    assert not one.retain(threading.Event())
    assert sum(kept.texts()) == 10
    assert runs(record) == 0


def test_a_desk_that_stops_leaves_the_rest_to_whoever_is_up_next(record):
    kept = Kept(record)
    kept.message()
    one = schedule(record)
    work(one)
    record.clock.now = HALF_PAST_THREE + timedelta(days=60)
    stopping = threading.Event()
    stopping.set()
    assert not one.retain(stopping)
    assert kept.texts() == [True]
    work(schedule(record, worker="other"))
    assert kept.texts() == [False]


def test_never_means_by_hand_alone(record):
    one = schedule(record, limits=Limits(runs_at=None))
    work(one)
    record.clock.advance(days=10)
    work(one)
    assert runs(record) == 0
    with record.reads() as session:
        assert session.scalars(select(Duty)).all() == []


def test_an_earlier_time_in_the_settings_counts_from_the_next_start(record):
    work(schedule(record))
    early = schedule(record, limits=replace(Limits(), runs_at=datetime(2026, 1, 1, 13).time()))  # noqa: DTZ001  # as above
    work(early)
    record.clock.advance(hours=1)
    work(early)
    assert runs(record) == 1


def test_a_run_that_fails_raises_an_alert_and_is_tried_again_until_it_ends(record, monkeypatch):
    one = schedule(record)
    work(one)
    record.clock.now = HALF_PAST_THREE
    real = type(one.retention).run
    monkeypatch.setattr(type(one.retention), "run", lambda *_a, **_k: 1 / 0)
    with capture_logs() as events:
        work(one)
        work(one)
    assert [event["fault"] for event in events if event["event"] == "retention_failed"] == ["ZeroDivisionError"]
    assert alerts(record) == [("retention_failed", "signpost")]
    monkeypatch.setattr(type(one.retention), "run", real)
    record.clock.advance(seconds=AFTER_FAULT.total_seconds())
    work(one)
    assert (runs(record), alerts(record)) == (1, [])


def test_the_audit_trail_is_anchored_each_hour(record):
    at = []
    one = schedule(record, anchor=at.append)
    for _ in range(121):
        work(one)
        record.clock.advance(minutes=1)
    assert at == [NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)]


def test_a_trail_that_is_shorter_than_it_was_raises_an_alert_until_it_is_put_right(record):
    says = ["The audit log is shorter than it was.", None]
    one = schedule(record, anchor=lambda _now: says.pop(0))
    work(one)
    assert alerts(record) == [("audit_doubtful", "signpost")]
    record.clock.advance(hours=1)
    work(one)
    assert alerts(record) == []


def test_on_either_database_the_work_is_one_desks(either_record):
    one, other = (Claim(either_record.sessions, either_record.clock, name) for name in ("one", "other"))
    assert one.take()
    assert not other.take()
    either_record.clock.advance(seconds=LEASE.total_seconds())
    assert other.take()
    one.renew()
    assert one.lost


# In the desk


def test_the_desk_tells_and_keeps_to_its_schedule_in_threads_of_their_own(record, mandate, monkeypatch):
    monkeypatch.setattr("signpost.desk.worker.SWEEP_SECONDS", 0.01)
    stop, told, kept_to = threading.Event(), threading.Event(), threading.Event()

    class Slow:
        def tell_due(self):
            told.set()
            assert kept_to.wait(10), "the schedule waits for the teller"

        def work(self, given):
            assert given is stop
            assert told.wait(10), "the teller waits for the schedule"
            kept_to.set()

    desk = desk_for(record, mandate, FakeAssistant(understood()), FakePlatform())
    threads = threading.Thread(target=run_desk, args=(replace(desk, teller=Slow(), schedule=Slow()), 1, 1, stop))
    threads.start()
    assert told.wait(10)
    assert kept_to.wait(10)
    stop.set()
    threads.join(10)
    assert not threads.is_alive()


def test_a_desk_is_opened_with_both_as_the_settings_say(tmp_path):
    settings = with_secrets(
        Settings.from_environment(
            {
                "SIGNPOST_DATA": str(tmp_path),
                "SIGNPOST_SMTP_URL": "smtps://mail.example.org",
                "SIGNPOST_ALERT_FROM": "signpost@example.org",
                "SIGNPOST_ALERT_TO": "cce@example.org",
                "SIGNPOST_KEEP_RECORD_MONTHS": "12",
            }
        ),
        may_make=True,
    )
    desk = open_desk(settings)
    assert [way.name for way in desk.teller.telling.ways] == ["e-mail"]
    assert desk.teller.account_name("signpost") == "Signpost itself"
    assert desk.teller.channel_name("messenger") == "Facebook Messenger"
    assert desk.schedule.retention.limits.record_months == 12
    migrate(open_engine(settings.record_url))
    with desk.sessions.begin() as session:
        Trail(settings.audit_key).write(session, Act("anna", "consultation", "record_shown"), NOON)
    desk.schedule.anchor_audit()
    assert (tmp_path / "audit-anchor.jsonl").exists()
