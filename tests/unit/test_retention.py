"""What is past its time is erased, what a legal hold keeps stays, and the audit trail says what went."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from fakes import TRAIL_KEY
from kept_record import Kept, RasaStore
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from signpost.log.audit import ERASURE, Act, Trail
from signpost.log.audit_anchor import AnchorFile
from signpost.log.audit_verifying import verify
from signpost.log.erasing import is_erased
from signpost.log.models import AuditEntry, Conversation, Escalation, InboundMessage, KeptForm
from signpost.log.retention import AUDIT, DIALOGUES, KINDS, NAMES, ORIGINALS, RECORDS, Limits, limits_of
from signpost.log.retention_dialogues import Dialogues
from signpost.log.retention_finding import rule_for
from signpost.log.retention_opening import open_dialogues, open_retention
from signpost.log.retention_run import AT_ONCE
from signpost.mistakes import Mistake
from signpost.settings import Settings

NOTHING = dict.fromkeys(KINDS, 0)


@pytest.fixture
def kept(record) -> Kept:
    return Kept(record)


# What goes when


def test_nothing_is_erased_before_its_time(kept, record):
    kept.message()
    kept.escalation()
    record.clock.advance(days=28)
    before = kept.left()
    assert kept.run() == NOTHING
    assert kept.left() == before
    assert kept.texts() == [True, True]


def test_after_28_days_what_people_wrote_is_gone_and_what_was_made_of_it_stays(kept, record):
    kept.message()
    reference = kept.escalation("my bike's gone, I am Ann Smith", redacted="my bike's gone, I am <name>")
    before = kept.left()
    record.clock.advance(days=28, seconds=1)
    assert kept.run() == NOTHING | {ORIGINALS: 2}
    assert kept.texts() == [False, False]
    assert kept.left() == before
    found = kept.record_of(reference)
    assert (found.redacted_text, found.original_erased_at) == ("my bike's gone, I am <name>", record.clock())
    with record.reads() as session:
        assert session.scalars(select(InboundMessage.reasons_encrypted)).all() == [None, None]


def test_after_90_days_a_message_that_led_to_no_record_is_gone_whole_and_its_person_with_it(kept, record):
    kept.message(person="p1")
    kept.escalation(person="p2")
    record.clock.advance(days=90, seconds=1)
    assert kept.run() == NOTHING | {ORIGINALS: 2, "messages": 1}
    assert kept.left() == {
        "inbound_message": 1,
        "outbound_message": 1,
        "delivery_attempt": 1,
        "escalation": 1,
        "conversation": 1,
        "alert": 1,
    }
    with record.reads() as session:
        assert session.scalars(select(Conversation.person)).all() == ["p2"]


def test_after_24_months_a_record_is_gone_whole_with_its_burst_its_edits_and_its_proposals(kept, record):
    anna = kept.staff()
    lead = kept.message("and my lock too")
    kept.message("my bike's gone", part_of_id=lead)
    kept.message("and my lock, too", edit_of_id=lead)
    reference = kept.escalate(lead)
    kept.correct(reference, anna)
    record.clock.advance(days=729)
    kept.run()
    assert kept.record_of(reference) is not None
    assert kept.left()["inbound_message"] == 3
    record.clock.advance(days=3)
    assert kept.run() == NOTHING | {RECORDS: 1}
    assert kept.left() == {}


def test_an_edit_that_was_a_record_of_its_own_outlives_what_it_is_an_edit_of(kept, record):
    first = kept.message("my bike's gone")
    record.clock.advance(days=10)
    later = kept.message("my bike's gone and he has a knife", edit_of_id=first)
    kept.escalate(first)
    own = kept.escalate(later)
    record.clock.advance(days=725)
    assert kept.run()[RECORDS] == 1
    assert kept.record_of(own) is not None
    with record.reads() as session:
        assert session.get_one(InboundMessage, later).edit_of_id is None


def test_a_burst_loses_its_words_together(kept, record):
    lead = kept.message("and my lock too")
    record.clock.advance(hours=-1)
    part = kept.message("my bike's gone", part_of_id=lead)
    kept.escalate(lead)
    record.clock.advance(days=28, minutes=30)
    assert kept.run() == NOTHING
    record.clock.advance(hours=1)
    assert kept.run() == NOTHING | {ORIGINALS: 2}
    assert part > lead


def test_what_is_still_being_answered_stays(kept, record):
    kept.message(state="waiting")
    record.clock.advance(days=1000)
    assert kept.run() == NOTHING
    assert kept.texts() == [True]


def test_a_conversation_in_which_nobody_ever_wrote_to_us_is_gone_after_a_day(kept, record):
    with record.sessions.begin() as session:
        now = record.clock()
        session.add(Conversation(key="k1", channel="messenger", account="page", person="p7", staff_until=now))
        session.add(Conversation(key="k2", channel="messenger", account="page", person="p8"))
    kept.message(person="p9")
    assert kept.run() == NOTHING | {"conversations": 1}
    record.clock.advance(days=1, seconds=1)
    assert kept.run() == NOTHING | {"conversations": 1}
    assert kept.left()["conversation"] == 1


def test_alerts_sign_ins_and_kept_forms_go_when_they_are_over(kept, record):
    anna = kept.staff()
    acknowledged, _open = kept.escalation(person="p1"), kept.escalation(person="p2")
    kept.acknowledge(acknowledged, anna)
    kept.sign_in(anna)
    with record.sessions.begin() as session:
        session.add(KeptForm(key="k", staff_id=anna, kept_at=record.clock(), content_encrypted=b"x"))
    record.clock.advance(days=30, seconds=1)
    assert kept.run()["sign_ins"] == 1
    with record.reads() as session:
        assert session.scalars(select(KeptForm)).all() == []
    assert kept.left()["alert"] == 2
    record.clock.advance(days=336)
    assert kept.run()["alerts"] == 1
    assert kept.left()["alert"] == 1


def test_audit_entries_go_after_six_years_and_the_rest_still_verifies(kept, record, tmp_path):
    start = record.clock()
    record.clock.now = start - timedelta(days=365 * 7)
    for _ in range(3):
        with record.sessions.begin() as session:
            Trail(TRAIL_KEY).write(session, Act("anna", "consultation", "record_shown", "CDF-347"), record.clock())
    record.clock.now = start
    assert kept.run()[AUDIT] == 3
    with record.reads() as session:
        assert session.scalars(select(AuditEntry).filter_by(actor="anna")).all() == []
    verdict = verify(record.reads, Trail(TRAIL_KEY), AnchorFile(tmp_path / "audit-anchor.jsonl", Trail(TRAIL_KEY)))
    assert verdict.holds


# Legal hold


def test_a_legal_hold_keeps_the_record_and_everything_of_its_conversation(kept, record):
    kept.message("hello", person="p1")
    held = kept.escalation(person="p1")
    kept.escalation("my car's gone", person="p1")
    kept.message("bye", person="p1")
    kept.hold(held)
    free = kept.escalation(person="p2")
    anna = kept.staff()
    kept.acknowledge(held, anna)
    before = kept.left()
    record.clock.advance(days=4000)
    done = kept.run()
    assert done == NOTHING | {ORIGINALS: 1, RECORDS: 1, "alerts": 0}
    after = kept.left()
    assert {name: before[name] - after[name] for name in before} == {
        "inbound_message": 1,
        "outbound_message": 1,
        "delivery_attempt": 1,
        "escalation": 1,
        "conversation": 1,
        "alert": 1,
    }
    assert kept.texts() == [True] * 4
    assert kept.record_of(free) is None


def test_once_the_hold_is_lifted_the_next_run_erases_what_it_kept(kept, record):
    held = kept.escalation()
    kept.hold(held)
    record.clock.advance(days=800)
    assert kept.run() == NOTHING
    kept.hold(held, None)
    assert kept.run() == NOTHING | {ORIGINALS: 1, RECORDS: 1}


def test_audit_entries_about_a_held_record_stay_and_what_came_after_them(kept, record):
    start = record.clock()
    held = kept.escalation()
    kept.hold(held)
    record.clock.now = start - timedelta(days=365 * 7)
    for subject in ("CDF-000", held, "CDF-001"):
        with record.sessions.begin() as session:
            Trail(TRAIL_KEY).write(session, Act("anna", "consultation", "record_shown", subject), record.clock())
    record.clock.now = start
    assert dict(kept.retention().look())[AUDIT].count == 1
    assert kept.run()[AUDIT] == 1
    assert [entry.subject for entry in kept.audited("record_shown")] == [held, "CDF-001"]


# The assistant's own store


@pytest.fixture
def rasa(tmp_path) -> RasaStore:
    return RasaStore(f"sqlite:///{tmp_path / 'conversations.db'}")


def test_a_dialogue_whose_last_event_is_older_than_the_original_text_may_be_is_gone(kept, record, rasa):
    kept.dialogues = open_dialogues(rasa.url)
    now = record.clock()
    rasa.add("old", now - timedelta(days=28, seconds=1))
    rasa.add("young", now - timedelta(days=27))
    assert dict(kept.retention().look())[DIALOGUES].count == 1
    assert kept.run() == NOTHING | {DIALOGUES: 1}
    assert rasa.kinds() == [("young", "user")]
    assert kept.audited("dialogues_erased")[0].detail == {"count": 1}


def test_of_a_dialogue_that_goes_on_what_came_before_its_last_session_is_gone(kept, record, rasa):
    kept.dialogues = open_dialogues(rasa.url)
    now = record.clock()
    for days, kind in ((40, "session_started"), (40, "user"), (29, "session_started"), (29, "user"), (1, "bot")):
        rasa.add("k", now - timedelta(days=days), kind)
    kept.run()
    assert rasa.kinds() == [("k", "session_started"), ("k", "user"), ("k", "bot")]
    assert kept.run() == NOTHING


def test_a_hold_keeps_the_dialogue_too(kept, record, rasa):
    kept.dialogues = open_dialogues(rasa.url)
    kept.hold(kept.escalation(person="p1"))
    kept.escalation(person="p2")
    with record.reads() as session:
        keys = {one.person: one.key for one in session.scalars(select(Conversation))}
    for key in keys.values():
        rasa.add(key, record.clock())
    record.clock.advance(days=60)
    kept.run()
    assert rasa.kinds() == [(keys["p1"], "user")]


def test_many_dialogues_are_gone_through_to_the_last(kept, record, rasa):
    kept.dialogues = open_dialogues(rasa.url)
    for number in range(250):
        rasa.add(f"k{number:03}", record.clock() - timedelta(days=(number % 2) * 60))
    assert kept.run() == NOTHING | {DIALOGUES: 125}
    assert len(rasa.kinds()) == 125


def test_a_store_that_rasa_has_not_made_yet_is_no_fault(kept, tmp_path):
    nowhere = tmp_path / "conversations.db"
    kept.dialogues = open_dialogues(f"sqlite:///{nowhere}")
    assert kept.run() == NOTHING
    assert not nowhere.exists()
    nowhere.touch()
    kept.dialogues = open_dialogues(f"sqlite:///{nowhere}")
    assert kept.run() == NOTHING


def test_an_address_without_a_driver_gets_the_one_we_bring():
    engine = open_dialogues("postgresql://rasa:secret@db.example/rasa").engine
    assert engine.dialect.driver == "psycopg"
    assert engine.url.password == "secret"
    with pytest.raises(Mistake, match="SIGNPOST_TRACKER_URL"):
        open_dialogues("no address")


# What is logged


def test_each_records_erasure_is_logged_under_its_reference_and_the_run_with_its_counts(kept, record):
    first, second = kept.escalation(person="p1"), kept.escalation(person="p2")
    kept.message(person="p3")
    record.clock.advance(days=100)
    kept.run()
    erased = kept.audited("original_erased")
    assert [(one.subject, one.actor, one.action) for one in erased] == [
        (first, "signpost", ERASURE),
        (second, "signpost", ERASURE),
    ]
    assert [one.detail for one in kept.audited("originals_erased")] == [{"count": 1}]
    assert [one.detail for one in kept.audited("messages_erased")] == [{"count": 1}]
    (ended,) = kept.audited("retention_ended")
    assert ended.detail == {"by": "test", **NOTHING, ORIGINALS: 3, "messages": 1}
    assert ended.purpose == "Its retention has ended"
    record.clock.advance(days=700)
    kept.run()
    assert [one.subject for one in kept.audited("record_erased")] == [first, second]


def test_nothing_of_what_people_wrote_is_in_the_log(kept, record):
    kept.escalation("the secret word is xylophone")
    record.clock.advance(days=800)
    kept.run()
    with record.reads() as session:
        rows = session.execute(text("SELECT actor, event, subject, purpose, detail FROM audit_entry")).all()
    assert "xylophone" not in repr(rows)


# Cut short, and going on


def test_a_run_that_is_killed_at_any_point_has_erased_nothing_unlogged_and_the_next_goes_on(kept, record, monkeypatch):
    for number in range(3):
        kept.escalation(person=f"p{number}")
        kept.message(person=f"q{number}")
    record.clock.advance(days=800)
    for name in ("AT_ONCE", "RECORDS_AT_ONCE"):
        monkeypatch.setattr(f"signpost.log.retention_run.{name}", 1)
    real, writes = Trail.write_all, []

    def write_all(self, session, acts, now):
        writes.append(acts)
        if len(writes) % 4 == 0:
            raise KeyboardInterrupt
        return real(self, session, acts, now)

    monkeypatch.setattr(Trail, "write_all", write_all)
    for _ in range(50):
        try:
            kept.run()
        except KeyboardInterrupt:
            pass
        else:
            break
        erased = [one.subject for one in kept.audited("record_erased")]
        with record.reads() as session:
            left = session.scalars(select(Escalation.reference)).all()
        assert len(erased) + len(left) == 3
        assert not set(erased) & set(left)
    monkeypatch.setattr(Trail, "write_all", real)
    kept.run()
    assert kept.left() == {}
    assert sum(one.detail["count"] for one in kept.audited("messages_erased")) == 3


def test_a_run_that_is_told_to_stop_stops_between_two_batches_and_says_nothing_of_an_end(kept, record):
    for number in range(AT_ONCE + 5):
        kept.message(person=f"p{number}")
    record.clock.advance(days=28, seconds=1)
    heard = []
    kept.run(stopped=lambda: bool(heard), told=lambda kind, count: heard.append((kind, count)))
    assert heard[0] == (ORIGINALS, AT_ONCE)
    assert sum(kept.texts()) == 5
    assert kept.audited("retention_ended") == []
    assert kept.run()[ORIGINALS] == 5


def test_a_hold_that_is_set_between_the_look_and_the_erasing_still_wins(kept, record, monkeypatch):
    reference = kept.escalation()
    record.clock.advance(days=800)
    retention = kept.retention()
    from signpost.log import retention_run

    real = retention_run.rule_for

    def found_then_held(kind, cutoff):
        rule = real(kind, cutoff)
        object.__setattr__(
            rule, "find", lambda *arguments: (type(rule).find(rule, *arguments), kept.hold(reference))[0]
        )
        return rule

    monkeypatch.setattr(retention_run, "rule_for", found_then_held)
    assert retention.run("test", rest=lambda _seconds: None) == NOTHING
    assert kept.record_of(reference) is not None


# A dry run


def test_a_look_counts_what_a_run_would_erase_and_changes_nothing(kept, record):
    kept.escalation(person="p1")
    record.clock.advance(days=10)
    kept.message(person="p2")
    record.clock.advance(days=790)
    before = kept.left(), kept.texts()
    found = dict(kept.retention().look())
    assert (kept.left(), kept.texts()) == before
    counted = {kind: due.count for kind, due in found.items()}
    assert counted == NOTHING | {ORIGINALS: 2, "messages": 1, RECORDS: 1}
    assert (found[ORIGINALS].newest - found[ORIGINALS].oldest).days == 10
    assert kept.run() == counted


def test_a_quick_look_stops_counting_where_it_is_told_to(kept, record):
    for number in range(12):
        kept.message(person=f"p{number}")
    record.clock.advance(days=100)
    due = dict(kept.retention().look(10))
    assert (due[ORIGINALS].count, due[ORIGINALS].more) == (10, True)
    assert (due["messages"].count, due["messages"].more) == (10, True)
    assert (due[RECORDS].count, due[RECORDS].more) == (0, False)


# Both databases


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        (ORIGINALS, "ix_inbound_message_with_text (received_at<?)"),
        ("messages", "ix_inbound_message_received_at (received_at<?)"),
        (RECORDS, "ix_escalation_received_at (received_at<?)"),
        ("alerts", "ix_alert_open (cleared_at<?)"),
    ],
)
def test_what_is_due_is_found_by_its_time_however_large_the_record_is(record, kind, index):
    """Without statistics, which no installation makes, SQLite chooses by the words of the query alone."""
    rule = rule_for(kind, record.clock())
    query = rule.query.order_by(rule.at, rule.id).limit(50).compile(dialect=sqlite.dialect())
    with record.reads() as session:
        raw = session.connection().connection.cursor()
        raw.execute(f"EXPLAIN QUERY PLAN {query}", [query.params[name] for name in query.positiontup])
        plan = [row[-1] for row in raw.fetchall()]
    assert index in plan[0]
    if kind != "alerts":
        assert not any("TEMP B-TREE" in step for step in plan)


def test_on_either_database_a_run_takes_everything_that_is_due(either_record, tmp_path):
    kept = Kept(either_record)
    anna = kept.staff()
    lead = kept.message("and my lock too")
    kept.message("my bike's gone", part_of_id=lead)
    reference = kept.escalate(lead)
    kept.correct(reference, anna)
    kept.acknowledge(reference, anna)
    kept.sign_in(anna)
    kept.message(person="p2")
    held = kept.escalation(person="p3")
    kept.hold(held)
    either_record.clock.advance(days=800)
    assert {kind: due.count for kind, due in kept.retention().look()} == NOTHING | {
        ORIGINALS: 3,
        "messages": 1,
        RECORDS: 1,
        "alerts": 1,
        "sign_ins": 1,
    }
    assert kept.run() == NOTHING | {ORIGINALS: 3, "messages": 1, RECORDS: 1, "sign_ins": 1}
    assert kept.record_of(held) is not None
    assert kept.left()["inbound_message"] == 1
    trail = Trail(TRAIL_KEY)
    assert verify(either_record.reads, trail, AnchorFile(tmp_path / "audit-anchor.jsonl", trail)).holds


def test_on_postgresql_the_assistants_store_is_gone_through_too(postgresql_record, postgresql_url):
    rasa = RasaStore(postgresql_url)
    kept = Kept(postgresql_record, dialogues=open_dialogues(postgresql_url))
    rasa.add("old", postgresql_record.clock() - timedelta(days=60))
    rasa.add("young", postgresql_record.clock())
    assert kept.run() == NOTHING | {DIALOGUES: 1}
    assert rasa.kinds() == [("young", "user")]


# Settings


def settings(**given: str) -> Settings:
    return Settings.from_environment({f"SIGNPOST_{name.upper()}": value for name, value in given.items()})


def test_the_limits_are_those_of_the_settings():
    assert limits_of(settings()) == Limits()
    assert limits_of(settings(keep_original_days="7", retention_at="never")) == Limits(original_days=7, runs_at=None)
    assert limits_of(settings(retention_at="23:45")).runs_at == time(23, 45)
    assert [Limits().in_words(kind) for kind in KINDS] == [
        "28 days", "90 days", "24 months", "1 day", "365 days", "30 days", "28 days", "6 years",
    ]  # fmt: skip
    assert set(NAMES) == set(KINDS)


@pytest.mark.parametrize("at", ["3:30", "25:00", "03:60", "half past three", "03:30:00", "٠٣:٣٠"])
def test_a_time_that_is_none_is_refused(at):
    with pytest.raises(Mistake, match="SIGNPOST_RETENTION_AT"):
        limits_of(settings(retention_at=at))


@pytest.mark.parametrize(
    "variable", ["keep_original_days", "keep_record_months", "keep_audit_years", "keep_message_days"]
)
@pytest.mark.parametrize("value", ["0", "-1", "99999"])
def test_a_limit_that_would_erase_everything_or_nothing_is_refused(variable, value):
    with pytest.raises(Mistake, match=f"SIGNPOST_{variable.upper()}"):
        settings(**{variable: value})


@pytest.mark.parametrize(
    ("now", "months", "cutoff"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2028, 2, 29), 24, (2026, 2, 28)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 31), 24, (2024, 12, 31)),
    ],
)
def test_months_are_months_of_the_calendar(now, months, cutoff):
    limits = Limits(record_months=months)
    assert limits.cutoff(RECORDS, datetime(*now)) == datetime(*cutoff)  # noqa: DTZ001  # UTC without a zone


@pytest.mark.parametrize(
    ("now", "run"),
    [
        ((2026, 1, 5, 3, 29), (2026, 1, 5, 3, 30)),
        ((2026, 1, 5, 3, 30), (2026, 1, 6, 3, 30)),
        # In summer Great Britain is an hour ahead.
        ((2026, 7, 5, 2, 29), (2026, 7, 5, 2, 30)),
        ((2026, 7, 5, 23, 30), (2026, 7, 6, 2, 30)),
        ((2026, 3, 28, 12, 0), (2026, 3, 29, 2, 30)),
        ((2026, 10, 24, 12, 0), (2026, 10, 25, 3, 30)),
    ],
)
def test_it_runs_at_half_past_three_by_the_clocks_of_great_britain(now, run):
    assert Limits().next_run(datetime(*now)) == datetime(*run)  # noqa: DTZ001  # as above


def test_it_is_opened_as_the_settings_say(tmp_path: Path):
    from signpost.log.database import migrate, open_engine

    url = f"sqlite:///{tmp_path / 'signpost.db'}"
    migrate(open_engine(url))
    given = settings(data=str(tmp_path), audit_key="k", keep_record_months="12")
    retention = open_retention(given)
    assert retention.limits.record_months == 12
    assert retention.dialogues == Dialogues(None)
    assert retention.run("test", rest=lambda _seconds: None) == NOTHING


def test_an_empty_shell_left_by_an_erasure_on_request_goes_with_its_time(kept, record):
    from signpost.log.erasing import erase_record

    reference = kept.escalation()
    with record.sessions.begin() as session:
        escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
        erase_record(session, escalation, record.clock())
    assert is_erased(kept.record_of(reference))
    record.clock.advance(days=800)
    assert kept.run() == NOTHING | {RECORDS: 1}
