"""The days' figures: counted right, kept true whatever changes, and added up over any days."""

import math
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import delete, func, select, update

from signpost.log import figures as names
from signpost.log.database import MIGRATIONS, migrate, open_engine, session_factory
from signpost.log.figures import ERROR, Tally, add, bucket, by_half_hour, times, total
from signpost.log.figures_days import bounds, day_of, half_hour_of, is_over
from signpost.log.figures_keeping import FigureKeeper
from signpost.log.figures_reading import Extent, FigureReader
from signpost.log.models import (
    Conversation,
    DayFigure,
    Escalation,
    InboundMessage,
    MonthFigure,
    StaleDay,
    new_key,
)

LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2030, 1, 1)
ALWAYS = Extent(LONG_AGO, FAR_OFF)


def utc(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001  # the record keeps UTC without a zone


NOW = utc(2026, 11, 22, 3)


class Writer:
    """Writes messages and escalations as the product does, in as few words."""

    def __init__(self, record: Any) -> None:
        self.record = record
        self.keeper = FigureKeeper(record.sessions, record.reads, record.clock)
        self.reader = FigureReader(record.sessions, record.reads)

    def message(
        self, at: datetime, *, person: str = "p", channel: str = "messenger", account: str = "page", **escalation: Any
    ) -> int:
        """A message, and its escalation where anything is said of one; returns the message's id."""
        with self.record.sessions.begin() as session:
            return write(session, at, person, channel, account, escalation)

    def report(self, at: datetime, **more: Any) -> int:
        """A report whose guidance arrived after a second."""
        return self.message(at, **{"delivered_at": at + timedelta(seconds=1), **more})

    def change(self, message: int, **values: Any) -> None:
        """Changes a message's escalation."""
        with self.record.sessions.begin() as session:
            session.execute(update(Escalation).filter_by(inbound_message_id=message).values(**values))

    def stale(self) -> list[date]:
        return self.keeper.stale(LONG_AGO, FAR_OFF)

    def counted(self, extent: Extent = ALWAYS) -> Tally:
        self.keeper.refresh(LONG_AGO, FAR_OFF)
        return self.reader.sum(extent, day_of(self.record.clock()))


def write(session, at, person="p", channel="messenger", account="page", escalation=()) -> int:  # noqa: PLR0913, PLR0917
    found = session.scalars(select(Conversation).filter_by(channel=channel, account=account, person=person)).first()
    if found is None:
        found = Conversation(key=new_key(), channel=channel, account=account, person=person)
        session.add(found)
        session.flush()
    message = InboundMessage(
        key=new_key(), conversation_id=found.id, channel=channel, account=account, platform_id=new_key(),
        visibility="private", reply_target="", received_at=at, due_at=at,
    )  # fmt: skip
    session.add(message)
    session.flush()
    if escalation:
        fields = {"label": "crime_report", "cause": "report", "delivered_at": None, **dict(escalation)}
        session.add(
            Escalation(
                reference=new_key()[:8], inbound_message_id=message.id, channel=channel, account=account, received_at=at,
                logged_at=at, redacted_text="Something happened.", written_by="action", **fields,
            )
        )  # fmt: skip
    return message.id


@pytest.fixture
def writer(record) -> Writer:
    record.clock.now = NOW
    return Writer(record)


@pytest.fixture
def either(either_record) -> Writer:
    either_record.clock.now = NOW
    return Writer(either_record)


# Days in the UK


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24), (date(2026, 1, 1), 24)],
)
def test_a_day_has_as_many_hours_as_the_clocks_give_it(day, hours):
    start, end = bounds(day)
    assert end - start == timedelta(hours=hours)
    assert day_of(start) == day == day_of(end - timedelta(microseconds=1))
    assert day_of(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_the_last_hour_of_a_summer_day_in_utc_belongs_to_the_next_one(either):
    either.report(utc(2026, 7, 1, 23, 30))
    either.report(utc(2026, 1, 1, 23, 30))
    either.keeper.refresh(LONG_AGO, FAR_OFF)
    assert [one.day for one in either.reader.by_day(ALWAYS)] == [date(2026, 1, 1), date(2026, 7, 2)]
    assert by_half_hour(either.counted(), names.ESCALATIONS)[1] == 1, "half past midnight"
    assert by_half_hour(either.counted(), names.MESSAGES)[47] == 1, "half past eleven at night"


def test_a_half_hour_of_the_week_begins_with_monday():
    assert half_hour_of(utc(2026, 11, 23, 0, 0)) == 0
    assert half_hour_of(utc(2026, 11, 22, 23, 59)) == 335
    assert half_hour_of(utc(2026, 7, 1, 8, 29)) == 2 * 48 + 18, "nine in the morning in summer"


# Counting


def test_each_message_counts_once_wherever_it_belongs(either):
    either.report(utc(2026, 11, 20, 9, 10), crime_kind="burglary")
    either.report(utc(2026, 11, 20, 9, 40), channel="x_dm", account="x", label="emergency")
    either.message(utc(2026, 11, 20, 9, 50))
    tally = either.counted()
    assert tally[names.CHANNEL] == {"messenger": 1, "x_dm": 1}
    assert tally[names.ACCOUNT] == {"page": 1, "x": 1}
    assert tally[names.LABEL] == {"crime_report": 1, "emergency": 1}
    assert tally[names.CAUSE] == {"report": 2}
    assert tally[names.KIND] == {"burglary": 1}
    assert tally[names.MESSAGE_CHANNEL] == {"messenger": 2, "x_dm": 1}
    assert by_half_hour(tally, names.ESCALATIONS)[18:20] == [1, 1]
    assert by_half_hour(tally, names.MESSAGES)[18:20] == [1, 2]
    assert [(one.messages, one.escalations) for one in either.reader.by_day(ALWAYS)] == [(3, 2)]


def test_the_simulators_messages_do_not_count(writer):
    writer.report(utc(2026, 11, 20, 9), account="simulator")
    assert writer.counted() == {}
    assert writer.reader.places() == ([], [])
    assert writer.reader.first_day() is None


def test_a_year_of_anything_counts_as_a_plain_count_does(either):
    chance = Random(11)
    labels, channels, accounts = ("crime_report", "emergency", "unknown"), ("messenger", "x_dm"), ("a", "b")
    said = []
    for _ in range(250):
        at = utc(2025, 11, 1) + timedelta(seconds=chance.randrange(380 * 86400))
        place = {"channel": chance.choice(channels), "account": chance.choice(accounts)}
        label, seconds = chance.choice(labels), chance.lognormvariate(0, 2)
        person = f"p{chance.randrange(40)}"
        either.report(at, person=person, label=label, delivered_at=at + timedelta(seconds=seconds), **place)
        said.append((at, place["channel"], place["account"], label))
    for extent in (
        ALWAYS,
        Extent(date(2026, 1, 15), date(2026, 8, 14)),
        Extent(date(2026, 2, 1), date(2026, 9, 30), channel="x_dm"),
        Extent(date(2025, 11, 1), date(2026, 9, 30), channel="messenger", account="b"),
        Extent(date(2026, 3, 3), date(2026, 3, 3), account="a"),
    ):
        meant = [
            one
            for one in said
            if extent.first <= day_of(one[0]) <= extent.last
            and extent.channel in {"", one[1]}
            and extent.account in {"", one[2]}
        ]
        tally = either.counted(extent)
        assert total(tally, names.ESCALATIONS) == len(meant)
        assert tally.get(names.LABEL, {}) == Counter(one[3] for one in meant)
        assert {one.day: one.escalations for one in either.reader.by_day(extent)} == Counter(
            day_of(one[0]) for one in meant
        )
    assert either.reader.places() == (["messenger", "x_dm"], ["a", "b"])


def test_what_reviewers_judged_clearly_is_held_against_the_label(writer):
    at, judged = utc(2026, 11, 20, 9), {"review_state": "reviewed", "reviewed_at": utc(2026, 11, 20, 10)}
    for label, was_report, was_emergency in (
        ("crime_report", "yes", "no"),
        ("crime_report", "no", "no"),
        ("crime_report", "yes", "yes"),
        ("crime_report", "unclear", "no"),
        ("emergency", "no", "yes"),
        ("unknown", "yes", "no"),
    ):
        writer.report(at, label=label, was_report=was_report, was_emergency=was_emergency, **judged)
    tally = writer.counted()
    assert tally[names.JUDGED] == {"crime_report": 3, "emergency": 1}
    assert tally[names.OVERTURNED] == {"crime_report": 2}, "an emergency need not tell of a crime"
    assert tally[names.REVIEWED_WITHIN]["3600"] == total(tally, names.REVIEW_TIME) == 6


def test_replies_count_under_each_limit_they_kept(writer):
    at = utc(2026, 11, 20, 9)
    for seconds in (0.5, 1, 1.001, 60, 61):
        writer.report(at, delivered_at=at + timedelta(seconds=seconds))
    writer.message(at, cause="abuse", label="not_report")
    tally = writer.counted()
    assert tally[names.REPLIED_WITHIN] == {"1": 2, "10": 3, "60": 4}
    assert total(tally, names.REPLY_TIME) == 5


# Those who wrote again


def test_who_reports_again_within_a_week_of_guidance_wrote_again(either):
    at = utc(2026, 10, 1, 9)
    for number, later in enumerate((timedelta(days=6, hours=23), timedelta(days=7, seconds=1), timedelta(seconds=0.5))):
        either.report(at, person=f"p{number}")
        either.report(at + later, person=f"p{number}", cause="unsure")
    either.report(at - timedelta(hours=5), person="early")
    either.report(at + timedelta(hours=5), person="late")
    either.report(at, person="thanks")
    either.message(at + timedelta(days=1), person="thanks")
    either.report(at, person="abuse")
    either.report(at + timedelta(days=1), person="abuse", cause="abuse", label="not_report", delivered_at=None)
    day = either.counted(Extent(date(2026, 10, 1), date(2026, 10, 1)))
    assert day[names.AGAIN] == {names.REDIRECTED: 7, names.WROTE_AGAIN: 1}


def test_a_conversation_counts_once_a_day(writer):
    at = utc(2026, 10, 1, 9)
    for minutes in (0, 10, 20):
        writer.report(at + timedelta(minutes=minutes))
    assert writer.counted()[names.AGAIN] == {names.REDIRECTED: 1, names.WROTE_AGAIN: 1}


def test_nobody_is_judged_before_their_week_is_over(either):
    at = NOW - timedelta(days=3)
    either.report(at)
    assert names.AGAIN not in either.counted()
    assert either.stale() == []
    either.record.clock.advance(days=5)
    assert either.stale() == [day_of(at)], "its week is over, so it is counted once more by itself"
    assert either.counted()[names.AGAIN] == {names.REDIRECTED: 1}
    assert either.stale() == []


def test_a_report_that_is_logged_late_counts_for_the_week_before_it(either):
    either.report(utc(2026, 10, 1, 9))
    assert either.counted()[names.AGAIN] == {names.REDIRECTED: 1}
    either.report(utc(2026, 10, 5, 9))
    assert date(2026, 10, 1) in either.stale()
    either.keeper.count(date(2026, 10, 5))
    assert date(2026, 10, 1) in either.stale(), "also after the day of the report itself was counted"
    assert either.counted()[names.AGAIN] == {names.REDIRECTED: 2, names.WROTE_AGAIN: 1}


# Kept true


def test_a_day_is_counted_again_when_something_of_it_changes(either):
    at, day = utc(2026, 11, 22, 1), date(2026, 11, 22)
    message = either.message(at, label="crime_report")
    assert either.stale() == [day]
    assert names.REPLY_TIME not in either.counted()
    assert either.stale() == []
    either.change(message, delivered_at=at + timedelta(seconds=2))
    assert either.stale() == [day]
    assert either.counted()[names.REPLIED_WITHIN] == {"10": 1, "60": 1}
    either.change(message, was_report="no", was_emergency="no", reviewed_at=at + timedelta(hours=2))
    assert either.counted()[names.OVERTURNED] == {"crime_report": 1}
    either.change(message, was_report="yes")
    assert names.OVERTURNED not in either.counted()


def test_a_day_is_left_alone_when_nothing_that_counts_changes(either):
    message = either.report(utc(2026, 11, 20, 9))
    either.counted()
    either.change(message, redacted_text="", notes="Seen.", original_erased_at=NOW)
    assert either.stale() == []


def test_both_days_of_an_uncertain_hour_are_marked(either):
    either.message(utc(2026, 11, 20, 23, 10))
    with either.record.reads() as session:
        assert sorted(session.scalars(select(StaleDay.day).distinct())) == [date(2026, 11, 20), date(2026, 11, 21)]


def test_a_mark_of_a_write_that_was_taken_back_is_gone(either):
    session = either.record.sessions()
    write(session, utc(2026, 11, 20, 9))
    session.rollback()
    session.close()
    assert either.stale() == []


def test_what_is_written_while_a_day_is_counted_is_not_lost(postgresql_record):
    writer = Writer(postgresql_record)
    postgresql_record.clock.now = NOW
    writer.report(utc(2026, 11, 20, 8))
    slow = postgresql_record.sessions()
    write(slow, utc(2026, 11, 20, 9), "q", escalation={"label": "emergency"})
    assert writer.counted()[names.LABEL] == {"crime_report": 1}
    slow.commit()
    slow.close()
    assert date(2026, 11, 20) in writer.stale()
    assert writer.counted()[names.LABEL] == {"crime_report": 1, "emergency": 1}


def test_those_who_write_on_one_day_do_not_wait_for_each_other(postgresql_record):
    first, second = postgresql_record.sessions(), postgresql_record.sessions()
    done = threading.Event()

    def write_too() -> None:
        write(second, utc(2026, 11, 20, 9), "q", escalation={"label": "emergency"})
        second.commit()
        done.set()

    write(first, utc(2026, 11, 20, 9), "p", escalation={"label": "emergency"})
    other = threading.Thread(target=write_too)
    other.start()
    waited = done.wait(30)
    first.commit()
    other.join()
    first.close()
    second.close()
    assert waited


def test_two_who_count_at_once_count_right(either):
    either.report(utc(2026, 11, 20, 8))
    others = [threading.Thread(target=either.keeper.count, args=(date(2026, 11, 20),)) for _ in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert either.counted()[names.LABEL] == {"crime_report": 1}


def test_messages_that_were_erased_stay_counted(either):
    at = utc(2026, 8, 1, 9)
    kept, gone = either.report(at), either.message(at, channel="x_dm", account="x")
    either.counted()
    with either.record.sessions.begin() as session:
        session.execute(delete(InboundMessage).where(InboundMessage.id == gone))
    assert either.stale() == []
    either.change(kept, was_report="no", was_emergency="no", reviewed_at=NOW)
    tally = either.counted()
    assert tally[names.MESSAGE_CHANNEL] == {"messenger": 1, "x_dm": 1}
    assert tally[names.OVERTURNED] == {"crime_report": 1}, "the day was counted again all the same"
    assert either.counted(Extent(LONG_AGO, FAR_OFF, channel="x_dm"))[names.MESSAGE_ACCOUNT] == {"x": 1}


def test_counting_stops_when_its_time_is_up_and_says_how_much_is_left(writer):
    for day in range(1, 6):
        writer.report(utc(2026, 11, day, 9))
    waiting = len(writer.stale())
    assert writer.keeper.refresh(LONG_AGO, FAR_OFF, seconds=0) == waiting >= 5
    assert writer.keeper.refresh_all(pause=lambda _seconds: None) == waiting
    assert writer.keeper.refresh(LONG_AGO, FAR_OFF, seconds=0) == 0


def test_only_the_days_asked_for_are_counted_newest_first(writer):
    for day in (1, 10, 20):
        writer.message(utc(2026, 11, day, 9))
    assert writer.keeper.stale(date(2026, 11, 5), date(2026, 11, 30)) == [date(2026, 11, 20), date(2026, 11, 10)]
    assert writer.keeper.refresh(date(2026, 11, 5), date(2026, 11, 30)) == 0
    assert writer.stale() == [date(2026, 11, 1)]


# Months


def months(record) -> int:
    with record.reads() as session:
        return session.scalar(select(func.count()).select_from(MonthFigure)) or 0


def test_months_that_are_over_are_added_up_once_and_again_when_a_day_changes(either):
    for month in range(1, 12):
        either.report(utc(2026, month, 10, 9))
    year = Extent(date(2026, 1, 5), date(2026, 11, 22))
    by_days = either.counted(Extent(date(2026, 1, 5), date(2026, 1, 31)))
    for month in range(2, 12):
        add(by_days, either.counted(Extent(date(2026, month, 1), date(2026, month, 27))))
    assert months(either.record) == 0, "no month was whole"
    assert either.counted(year) == by_days
    assert months(either.record) == 8, "February to September: January is cut, October may still change"
    either.report(utc(2026, 6, 11, 9), label="emergency")
    assert either.counted(year)[names.LABEL] == {"crime_report": 11, "emergency": 1}
    assert either.counted(year)[names.LABEL] == {"crime_report": 11, "emergency": 1}


# Times


def test_percentiles_are_as_exact_as_they_are_said_to_be():
    chance = Random(3)
    for spread in (0.3, 1.0, 3.0):
        exact = sorted(chance.lognormvariate(2, spread) for _ in range(4001))
        tally: Tally = {}
        for seconds in exact:
            names.count(tally, names.REPLY_TIME, bucket(seconds))
        told = times(tally[names.REPLY_TIME])
        assert told.count == 4001
        for value, rank in ((told.median, 0.5), (told.most, 0.95)):
            true = exact[math.ceil(rank * len(exact)) - 1]
            assert value / true == pytest.approx(1, abs=ERROR + 1e-9)


def test_nothing_takes_no_time_at_all_and_nothing_at_all_has_no_median():
    assert bucket(0) == bucket(-3) == bucket(0.01) == 0
    assert times({"0": 2}).median == 0.01
    assert times({}).median is None
    assert times({}).count == 0


# Before there were figures


def test_a_record_from_before_is_marked_to_be_counted(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
    with session_factory(engine).begin() as session:
        write(session, utc(2026, 7, 1, 23, 30), "p", escalation={"label": "emergency"})
    migrate(engine)
    with session_factory(engine)() as session:
        assert sorted(session.scalars(select(StaleDay.day))) == [date(2026, 7, 1), date(2026, 7, 2)]
        assert session.scalar(select(func.count()).select_from(DayFigure)) == 0
    engine.dispose()


def test_a_week_is_over_when_the_last_of_the_day_has_had_it():
    assert not is_over(date(2026, 11, 14), utc(2026, 11, 21, 23, 59))
    assert is_over(date(2026, 11, 14), utc(2026, 11, 22))


def test_retention_counts_messages_before_it_erases_them(writer):
    from signpost.log.audit import Trail
    from signpost.log.retention import Limits
    from signpost.log.retention_run import Retention

    writer.message(utc(2026, 1, 5, 9))
    with writer.record.sessions.begin() as session:
        session.execute(update(InboundMessage).values(state="ended"))
    nothing = type("Nothing", (), {"__getattr__": lambda *_: lambda *_args, **_more: []})()
    record = writer.record
    retention = Retention(record.sessions, record.reads, Trail("key"), Limits(), nothing, record.clock)
    retention.run("command", rest=lambda _seconds: None)
    with record.reads() as session:
        assert session.scalar(select(func.count()).select_from(InboundMessage)) == 0
    assert writer.counted()[names.MESSAGE_CHANNEL] == {"messenger": 1}
