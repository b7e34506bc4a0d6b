"""No log line ever holds what a person wrote, who they are, or their message's id on the platform."""

import logging
import threading
from dataclasses import dataclass, field

import pytest
import structlog
from fakes import (
    FakeAssistant,
    FakePlatform,
    NameRedactor,
    NoRedactor,
    desk_for,
    guidance,
    stored,
    understood,
    work_through,
)
from structlog.testing import capture_logs

from signpost.channels.transport import DeliveryDelayed, DeliveryRefused
from signpost.desk import worker
from signpost.desk.assistant import AssistantAway, AssistantRefused
from signpost.log.models import WAITING, InboundMessage
from signpost.logs import configure_logs

TEXT = "Wilbraham smashed my window in Trowbridge, ring 07700 900123"
PERSON = "psid-8675309"
PLATFORM_ID = "mid.quaint-token"
PRIVATE = ["Wilbraham", "smashed", "window", "Trowbridge", "07700", "900123", PERSON, "8675309", PLATFORM_ID, "quaint"]


class FailingRedactor:
    def redact(self, text: str) -> str:
        raise RuntimeError(f"could not redact {text}")


def quoting() -> RuntimeError:
    """A fault of a library's that quotes all it was given, as they do."""
    return RuntimeError(f"failed on {TEXT!r} of {PERSON} ({PLATFORM_ID})")


def nothing_private(events: list, caplog: pytest.LogCaptureFixture) -> None:
    said = repr(events) + "".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    assert [word for word in PRIVATE if word.lower() in said.lower()] == []


def receive(record, channel: str = "messenger") -> int:
    return record.receive(TEXT, person=PERSON, platform_id=PLATFORM_ID, channel=channel)


REASONS = [{"word": "wilbraham", "speaks": "for"}, {"word": "smashed", "speaks": "for"}]


@dataclass
class Case:
    """What goes wrong in a turn, and which events tell of it."""

    said: list[tuple[str, str]] | None = None
    platform: Exception | None = None
    redactor: object = field(default_factory=NoRedactor)
    told: set[str] = field(default_factory=set)


CASES = {
    "all is well": Case(),
    "the assistant says nothing": Case(said=[], told={"reply_replaced"}),
    "the assistant says something else": Case(said=[("utter_guidance", "Ring 111.")], told={"reply_replaced"}),
    "the platform refuses": Case(platform=DeliveryRefused(f"{PERSON} is not there"), told={"delivery_refused"}),
    "the platform is busy": Case(platform=DeliveryDelayed(f"{PERSON}: try again")),
    "the redactor fails": Case(redactor=FailingRedactor(), told={"redaction_failed"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("channel", ["messenger", "x_mention"])
def test_a_whole_turn_logs_nothing_private(record, mandate, caplog, channel, case):
    said = [guidance(mandate, channel)] if case.said is None else case.said
    assistant = FakeAssistant(understood(said=said, reasons=REASONS))
    desk = desk_for(record, mandate, assistant, FakePlatform(case.platform), case.redactor)
    receive(record, channel)
    with capture_logs() as events:
        assert work_through(desk)
        record.clock.advance(minutes=5)
        desk.sweep()
    nothing_private(events, caplog)
    assert case.told | {"escalation_written_by_desk"} <= {event["event"] for event in events}


AWAY = AssistantAway("the assistant could not be reached (ConnectError)")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (AWAY, "assistant_away"),
        (AssistantRefused("the assistant refused the message (status 400)"), "message_answered_unseen"),
    ],
)
def test_a_turn_without_the_assistant_logs_nothing_private(record, mandate, caplog, fault, told):
    message_id = receive(record)
    desk = desk_for(record, mandate, FakeAssistant(fault), FakePlatform())
    with capture_logs() as events:
        desk.work_once("worker-1")
    nothing_private(events, caplog)
    assert [(event["event"], event["message"]) for event in events] == [(told, stored(record, message_id).key)]


@pytest.mark.parametrize("channel", ["messenger", "facebook_comment"])
def test_a_turn_whose_patience_ends_logs_nothing_private(record, mandate, caplog, channel):
    message_id = receive(record, channel)
    desk = desk_for(record, mandate, FakeAssistant(AWAY), FakePlatform())
    with capture_logs() as events:
        while stored(record, message_id).state == WAITING:
            desk.work_once("worker-1")
            record.clock.advance(seconds=15)
    nothing_private(events, caplog)
    # An alert names the record, whose reference is as opaque.
    named = {event["message"] for event in events if event["event"] != "alert_raised"}
    assert named <= {stored(record, message_id).key}


def test_an_event_names_the_message_by_its_opaque_key(record, mandate):
    message_id = receive(record)
    with capture_logs() as events:
        desk_for(record, mandate, FakeAssistant(understood()), FakePlatform()).work_once("worker-1")
    assert {event["message"] for event in events} == {stored(record, message_id).key}


def work_until_it_waits(desk) -> list:
    """Runs a worker until it wants to wait, as it does after a fault and when nothing is due; what was logged."""
    stop = threading.Event()
    stop.wait = lambda _seconds=None: stop.set()  # type: ignore[method-assign]
    with capture_logs() as events:
        worker._run("worker-1", desk.work_once, desk.wait_for_work, stop)
    return events


def test_a_fault_nobody_foresaw_is_logged_by_its_kind_alone(record, mandate, caplog):
    receive(record)
    events = work_until_it_waits(desk_for(record, mandate, FakeAssistant(quoting()), FakePlatform()))
    nothing_private(events, caplog)
    assert events == [{"event": "worker_fault", "worker": "worker-1", "fault": "RuntimeError", "log_level": "error"}]


def test_a_fault_of_the_transports_own_is_logged_without_what_it_quotes(record, mandate, caplog):
    receive(record)
    assistant = FakeAssistant(understood(said=[guidance(mandate)], reasons=REASONS))
    with capture_logs() as events:
        work_through(desk_for(record, mandate, assistant, FakePlatform(quoting())))
    nothing_private(events, caplog)
    assert events


def test_a_database_that_fails_is_logged_without_its_parameters(record, mandate, caplog):
    """SQLAlchemy's errors quote statement and parameters, the platform's ids among them."""
    desk = desk_for(record, mandate, FakeAssistant(understood(said=[guidance(mandate)])), FakePlatform())
    message_id = receive(record)
    with record.sessions.begin() as session:
        session.connection().exec_driver_sql("DROP TABLE outbound_message")
    events = work_until_it_waits(desk)
    nothing_private(events, caplog)
    assert [event["event"] for event in events] == ["worker_fault"]
    with record.reads() as session:
        assert session.get_one(InboundMessage, message_id).ended_at is None


def test_a_sweep_that_fails_is_logged_by_its_kind_alone_and_sweeping_goes_on(caplog):
    sweeps: list[int] = []

    class Sweeper:
        def sweep(self) -> None:
            sweeps.append(1)
            raise quoting()

    waits = iter([False, False, True])
    stop = threading.Event()
    stop.wait = lambda _seconds=None: next(waits)  # type: ignore[method-assign]
    with capture_logs() as events:
        worker._again(Sweeper().sweep, stop)
    assert len(sweeps) == 2
    assert events == [{"event": "sweeper_fault", "fault": "RuntimeError", "log_level": "error"}] * 2
    nothing_private(events, caplog)


def test_workers_finish_what_they_hold_when_they_are_told_to_stop(record, mandate, caplog):
    stop = threading.Event()

    class StoppingAssistant(FakeAssistant):
        def ask(self, question):
            stop.set()
            return super().ask(question)

    assistant = StoppingAssistant(understood(said=[guidance(mandate)], reasons=REASONS))
    message_id = receive(record)
    desk = desk_for(record, mandate, assistant, FakePlatform(), NameRedactor("Wilbraham"))
    with capture_logs() as events:
        worker.run_desk(desk, 2, 1, stop)
    message = stored(record, message_id)
    assert message.end == "answered"
    assert message.escalation is not None
    nothing_private(events, caplog)


# How logs are written


@pytest.fixture
def structlog_as_it_was():
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("level", "shown"),
    [("debug", ["b", "i", "w", "e"]), ("info", ["i", "w", "e"]), ("warning", ["w", "e"]), ("error", ["e"])],
)
def test_events_below_the_level_are_not_written(capsys, structlog_as_it_was, level, shown):
    configure_logs(level)
    log = structlog.get_logger("signpost.test")
    log.debug("b")
    log.info("i")
    log.warning("w")
    log.error("e", message="key-1")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("event='")[1][0] for line in lines] == shown
    assert all("timestamp='" in line and "level='" in line for line in lines)


def test_an_event_is_one_line_whatever_it_holds(capsys, structlog_as_it_was):
    configure_logs("info")
    structlog.get_logger("signpost.test").error("message_failed", reason="one\ntwo\r\nthree")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_libraries_below_a_warning_say_nothing(caplog):
    """httpx tells every request at `info`; nothing here turns that on."""
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING
    assert logging.getLogger("sqlalchemy.engine").getEffectiveLevel() >= logging.WARNING
