"""People are told of what is open until somebody acknowledges it: at once, again, together, and not twice."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from signpost.alerts.again import Times
from signpost.alerts.notice import Notice, NotTold
from signpost.alerts.quiet import QuietHours, quiet_hours
from signpost.alerts.teller import DUTY, GAP, LEASE, Teller, names
from signpost.alerts.ways import Telling
from signpost.log.duties import take
from signpost.log.models import Alert, Escalation, StaffAccount
from signpost.log.notices import claim_due
from signpost.log.states import acknowledge, acknowledge_for, clear_alerts, raise_alert, raise_record_alert

DAY_TIME = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001  # the record keeps UTC without a zone


@dataclass
class FakeWay:
    """Keeps what it was told, or raises what it was given, one thing a notice."""

    name: str = "fake"
    raises: list[Exception | None] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)

    def tell(self, notice: Notice) -> str:
        fault = self.raises.pop(0) if self.raises else None
        if fault is not None:
            raise fault
        self.told.append(notice)
        return "Told."


def teller(record, *ways: FakeWay, worker: str = "one", quiet: str = "22:00-07:00") -> Teller:
    times = Times(timedelta(minutes=15), quiet_hours(quiet))
    return Teller(
        record.sessions,
        record.reads,
        Telling(tuple(ways), times, "https://signpost.example.org"),
        names({"100": "The page"}),
        names({"messenger": "Facebook Messenger"}),
        record.clock,
        worker,
    )


def open_alert(record, kind: str = "token_expired", account: str = "100") -> None:
    with record.sessions.begin() as session:
        raise_alert(session, kind, account, "Somebody must look.", record.clock())


def emergency(record, reference: str = "CDF-347", account: str = "100") -> int:
    message_id = record.receive("there is a man with a knife", person=reference)
    with record.sessions.begin() as session:
        escalation = Escalation(
            reference=reference,
            inbound_message_id=message_id,
            channel="messenger",
            account=account,
            received_at=record.clock(),
            logged_at=record.clock(),
            redacted_text="there is a man with a knife",
            label="emergency",
            written_by="desk",
        )
        session.add(escalation)
        raise_record_alert(session, "emergency", escalation, record.clock())
        return escalation.id


def alerts(record) -> list[Alert]:
    with record.reads() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def staff(record) -> int:
    with record.sessions.begin() as session:
        account = StaffAccount(username="anna", name="Anna", roles=["reviewer"], created_at=record.clock())
        session.add(account)
        session.flush()
        return account.id


@pytest.fixture(autouse=True)
def by_day(clock):
    clock.now = DAY_TIME


def test_an_emergency_is_told_at_once_with_reference_channel_and_account_by_name(record):
    emergency(record)
    way = FakeWay()
    assert teller(record, way).tell_due() == 1
    ((told,),) = [notice.alerts for notice in way.told]
    assert (told.kind, told.reference, told.channel, told.account) == (
        "emergency",
        "CDF-347",
        "Facebook Messenger",
        "The page",
    )
    assert (told.number, told.urgent, told.id) == (1, True, alerts(record)[0].key)


def test_what_is_told_holds_nothing_a_person_wrote(record):
    emergency(record)
    way = FakeWay()
    teller(record, way).tell_due()
    assert "knife" not in repr(way.told)


def test_it_is_told_again_every_quarter_of_an_hour_until_somebody_acknowledges_it(record):
    emergency(record)
    way, someone = FakeWay(), staff(record)
    one = teller(record, way)
    one.tell_due()
    record.clock.advance(minutes=14, seconds=59)
    assert one.tell_due() == 0
    record.clock.advance(seconds=1)
    assert one.tell_due() == 1
    assert [notice.alerts[0].number for notice in way.told] == [1, 2]
    with record.sessions.begin() as session:
        assert acknowledge(session.get_one(Alert, 1), someone, record.clock())
    record.clock.advance(hours=24)
    assert one.tell_due() == 0
    (alert,) = alerts(record)
    assert (alert.notices, alert.notice_due_at, alert.acknowledged_by_id) == (2, None, someone)


def test_reviewing_a_record_acknowledges_its_alerts_and_no_others(record):
    first, _other = emergency(record), emergency(record, "GHK-469")
    with record.sessions.begin() as session:
        assert acknowledge_for(session, first, staff(record), record.clock()) == 1
        assert acknowledge_for(session, first, 1, record.clock()) == 0
    assert [alert.acknowledged_at is None for alert in alerts(record)] == [False, True]


def test_what_is_over_is_told_no_more(record):
    open_alert(record)
    way = FakeWay()
    with record.sessions.begin() as session:
        clear_alerts(session, "100", {"token_expired"}, record.clock())
    assert teller(record, way).tell_due() == 0


def test_a_burst_is_one_notice_and_what_opens_just_after_goes_into_the_next(record):
    way = FakeWay()
    one = teller(record, way)
    for number in range(3):
        emergency(record, f"CDF-{number}")
    assert one.tell_due() == 3
    for number in range(37):
        emergency(record, f"GHK-{number}")
    record.clock.advance(seconds=GAP.total_seconds() - 1)
    assert one.tell_due() == 0
    record.clock.advance(seconds=1)
    assert one.tell_due() == 37
    assert [len(notice.alerts) for notice in way.told] == [3, 37]


def test_of_several_desks_one_tells(record):
    emergency(record)
    first, second = FakeWay(), FakeWay()
    one, other = teller(record, first, worker="one"), teller(record, second, worker="other")
    # While the first is still sending, the second looks.
    first.tell = lambda notice: (other.tell_due() and "") or first.told.append(notice) or ""  # type: ignore[method-assign]
    assert one.tell_due() == 1
    assert (len(first.told), len(second.told)) == (1, 0)


def test_a_desk_that_dies_while_sending_leaves_the_alert_to_be_told_again_under_the_same_mark(record):
    emergency(record)

    class Dies(FakeWay):
        def tell(self, notice: Notice) -> str:
            super().tell(notice)
            raise KeyboardInterrupt

    dying, way = Dies(), FakeWay()
    with pytest.raises(KeyboardInterrupt):
        teller(record, dying, worker="one").tell_due()
    other = teller(record, way, worker="other")
    assert other.tell_due() == 0
    record.clock.advance(seconds=LEASE.total_seconds())
    assert other.tell_due() == 1
    assert dying.told[0].mark == way.told[0].mark


def test_a_way_that_fails_is_tried_again_with_growing_pauses_and_its_fault_is_kept(record):
    emergency(record)
    way = FakeWay(raises=[NotTold("The webhook answered 500.")] * 3)
    one = teller(record, way)
    with capture_logs() as events:
        pauses = []
        for _ in range(3):
            assert one.tell_due() == 1
            (alert,) = alerts(record)
            assert (alert.notices, alert.notice_failure) == (0, "The webhook answered 500.")
            pauses.append((alert.notice_due_at - record.clock()).total_seconds())
            record.clock.now = alert.notice_due_at - timedelta(seconds=1)
            assert one.tell_due() == 0
            record.clock.advance(seconds=1)
    assert pauses == [30, 60, 120]
    assert [event["failures"] for event in events] == [1, 2, 3]
    assert one.tell_due() == 1
    (alert,) = alerts(record)
    assert (alert.notices, alert.notice_failure, len(way.told)) == (1, None, 1)


def test_one_way_that_fails_keeps_the_other_from_nothing_and_is_left_alone_for_a_while(record):
    emergency(record)
    broken, way = FakeWay("e-mail", [NotTold("The mail server is away."), RuntimeError("secret")]), FakeWay()
    one = teller(record, broken, way)
    with capture_logs():
        assert one.tell_due() == 1
    (alert,) = alerts(record)
    assert (alert.notices, alert.notice_failure) == (1, "The mail server is away.")
    record.clock.advance(minutes=15)
    with capture_logs() as events:
        one.tell_due()
    (alert,) = alerts(record)
    assert len(way.told) == 2
    assert alert.notice_failure == "Something unforeseen kept the notice back (RuntimeError)."
    assert "secret" not in repr(events)


def test_without_any_way_nothing_is_claimed_and_nothing_lost(record):
    emergency(record)
    assert teller(record).tell_due() == 0
    assert alerts(record)[0].notice_due_at == record.clock()


def test_what_is_not_urgent_is_told_daily_for_a_week_and_then_weekly(record):
    open_alert(record, "platform_quiet")
    way = FakeWay()
    one, at = teller(record, way), []
    for _hour in range(24 * 30):
        at += [record.clock()] * one.tell_due()
        record.clock.advance(hours=1)
    days = [(later - earlier).days for earlier, later in itertools.pairwise(at)]
    assert days == [1] * 6 + [7] * 3


def test_in_quiet_hours_only_what_is_urgent_is_told(record):
    record.clock.now = datetime(2026, 11, 23, 2, 0)  # noqa: DTZ001  # as above
    open_alert(record, "platform_quiet")
    emergency(record)
    way = FakeWay()
    one = teller(record, way)
    assert one.tell_due() == 1
    assert [told.kind for told in way.told[0].alerts] == ["emergency"]
    quiet = next(alert for alert in alerts(record) if not alert.urgent)
    assert quiet.notice_due_at == datetime(2026, 11, 23, 7, 0)  # noqa: DTZ001  # as above


def test_an_alert_acknowledged_while_it_is_being_sent_is_not_told_again(record):
    escalation_id = emergency(record)
    someone = staff(record)

    class Meanwhile(FakeWay):
        def tell(self, notice: Notice) -> str:
            with record.sessions.begin() as session:
                acknowledge_for(session, escalation_id, someone, record.clock())
            return super().tell(notice)

    one = teller(record, Meanwhile())
    one.tell_due()
    (alert,) = alerts(record)
    assert (alert.notices, alert.notice_due_at) == (1, None)
    record.clock.advance(days=1)
    assert one.tell_due() == 0


def test_the_work_of_telling_belongs_to_one_process_at_a_time(record):
    now = record.clock()
    with record.sessions.begin() as session:
        assert take(session, DUTY, "one", now, LEASE)
        assert not take(session, DUTY, "other", now, LEASE)
        assert take(session, DUTY, "other", now + LEASE, LEASE)


def test_on_either_database_what_is_told_is_noted(either_record):
    emergency(either_record)
    open_alert(either_record, "platform_quiet")
    way = FakeWay()
    one = teller(either_record, way)
    assert one.tell_due() == 2
    assert one.tell_due() == 0
    assert [alert.notices for alert in alerts(either_record)] == [1, 1]
    either_record.clock.advance(minutes=15)
    assert one.tell_due() == 1


# Quiet hours


def london(*when: int) -> datetime:
    """The moment of that time in London, as the record keeps it."""
    return datetime(*when, tzinfo=ZoneInfo("Europe/London")).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        ("22:00-07:00", (2026, 1, 5, 21, 59), None),
        ("22:00-07:00", (2026, 1, 5, 22, 0), (2026, 1, 6, 7, 0)),
        ("22:00-07:00", (2026, 1, 6, 6, 59), (2026, 1, 6, 7, 0)),
        ("22:00-07:00", (2026, 1, 6, 7, 0), None),
        ("22:00-07:00", (2026, 7, 5, 23, 0), (2026, 7, 6, 7, 0)),
        # The nights in which the clocks change.
        ("22:00-07:00", (2026, 3, 28, 23, 0), (2026, 3, 29, 7, 0)),
        ("22:00-07:00", (2026, 10, 24, 23, 0), (2026, 10, 25, 7, 0)),
        ("00:30-05:00", (2026, 3, 29, 0, 45), (2026, 3, 29, 5, 0)),
        ("12:00-13:00", (2026, 7, 5, 12, 30), (2026, 7, 5, 13, 0)),
        ("12:00-13:00", (2026, 7, 5, 23, 30), None),
        ("none", (2026, 7, 5, 3, 0), None),
    ],
)
def test_quiet_hours_go_by_the_clocks_of_great_britain(hours, moment, end):
    at = london(*moment)
    assert quiet_hours(hours).after(at) == (london(*end) if end else at)


def test_the_hour_that_comes_twice_ends_after_it_began():
    quiet = quiet_hours("22:00-01:30")
    for minutes in range(0, 240, 5):
        moment = datetime(2026, 10, 24, 23, 0) + timedelta(minutes=minutes)  # noqa: DTZ001  # as above
        after = quiet.after(moment)
        assert moment <= after <= moment + timedelta(hours=3)
    assert QuietHours().after(moment) == moment


def test_what_one_process_claims_no_other_claims_until_the_time_is_up(either_record):
    emergency(either_record)
    now = either_record.clock()

    def claim(at: datetime) -> int:
        with either_record.sessions.begin() as session:
            return len(claim_due(session, at, at + LEASE, lambda _alert: at))

    assert [claim(now), claim(now), claim(now + LEASE)] == [1, 0, 1]
