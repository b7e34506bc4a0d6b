"""The assistant's call is answered when the escalation is on disk, many at once, and a fault tells nothing of the text."""

import asyncio

import pytest
from fakes import TRAIL_KEY, log_for
from sqlalchemy import select
from structlog.testing import capture_logs

pytest.importorskip("rasa_sdk", reason="needs Rasa, and so Python 3.10")

from signpost.gathering import Gatherer
from signpost.log.audit import Trail
from signpost.log.audit_verifying import verify
from signpost.log.models import Escalation, InboundMessage

pytestmark = pytest.mark.rasa


def call(key: str | None, label: str = "crime_report", action: str = "action_log_escalation") -> dict:
    latest = {
        "message_id": key,
        "metadata": {"model": "model-1"},
        "decision": {"label": label, "scores": {"crime_report": 0.8}, "unsure": False},
    }
    return {
        "next_action": action,
        "sender_id": "c1",
        "tracker": {"sender_id": "c1", "latest_message": latest},
        "domain": {},
    }


def results(ask, *calls: dict) -> list:
    """What rasa_sdk's executor answers to calls that come at the same time, or what it raises."""
    from rasa_sdk.executor import ActionExecutor

    from actions.escalation import ActionLogEscalation

    async def everything() -> list:
        executor = ActionExecutor()
        executor.register_action(ActionLogEscalation(ask))
        return await asyncio.wait_for(asyncio.gather(*map(executor.run, calls), return_exceptions=True), 60)

    return asyncio.run(everything())


def keys_of(record, count: int) -> list[str]:
    ids = [record.receive(f"bike {number} is gone", person=f"p{number}") for number in range(count)]
    with record.reads() as session:
        return [session.get_one(InboundMessage, one).key for one in ids]


def never(_finding):
    raise AssertionError("nothing was to be written")


def test_a_report_is_on_disk_when_the_assistant_gets_its_reference_as_proof(record):
    (key,) = keys_of(record, 1)
    (answer,) = results(Gatherer(log_for(record).write_all).ask, call(key))
    with record.reads() as session:
        (escalation,) = session.scalars(select(Escalation))
    proof = {
        "event": "slot",
        "timestamp": None,
        "name": "escalation_reference",
        "value": f"{key} {escalation.reference}",
    }
    assert answer == {"events": [proof], "responses": []}
    assert (escalation.written_by, escalation.model, escalation.label) == ("action", "model-1", "crime_report")


def test_many_that_come_at_once_are_each_answered_with_their_own_reference(record):
    keys = keys_of(record, 24)
    answers = results(Gatherer(log_for(record).write_all).ask, *map(call, keys))
    told = dict(answer["events"][0]["value"].split() for answer in answers)
    with record.reads() as session:
        rows = session.execute(select(InboundMessage.key, Escalation.reference).join_from(Escalation, InboundMessage))
        assert told == dict(rows.all())
    assert verify(record.reads, Trail(TRAIL_KEY)).entries == 24


def test_one_that_cannot_be_written_is_told_and_the_others_are_written(record):
    good, other = keys_of(record, 2)
    with capture_logs() as events:
        answers = results(
            Gatherer(log_for(record).write_all).ask, call(good), call("no-such-key"), call(other, label="not_report")
        )
    assert answers[0]["events"]
    assert [type(answer).__name__ for answer in answers[1:]] == ["NotLogged"] * 2
    # Neither what went wrong nor anything a traceback would show: that may quote the text.
    assert all(answer.__cause__ is None and answer.__suppress_context__ for answer in answers[1:])
    assert [set(event) for event in events] == [{"event", "message", "fault", "log_level"}] * 2
    with record.reads() as session:
        assert len(session.scalars(select(Escalation)).all()) == 1


def test_without_a_message_there_is_nothing_to_log():
    assert results(never, call(None)) == [{"events": [], "responses": []}]
