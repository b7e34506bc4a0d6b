"""What a person should look at is in the log, whole, even where the action that should have written it never did."""

from functools import partial

import pytest
from fakes import (
    FakeAssistant,
    FakePlatform,
    NameRedactor,
    deliverer_for,
    desk_for,
    guidance,
    log_for,
    stored,
    turn_for,
    understood,
    work_through,
)
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from signpost.channels.events import UNREADABLE as ENCRYPTED
from signpost.channels.transport import DeliveryRefused
from signpost.conversations.holding import heard_of
from signpost.conversing import summary
from signpost.desk.assistant import AssistantAway
from signpost.desk.ending import LOGGED_WITHIN
from signpost.desk.reconcile import Reconciler
from signpost.log.escalations import Finding
from signpost.log.models import (
    ABUSE,
    ANSWERED,
    DELIVERED,
    DOUBTFUL,
    FAILED,
    FAILURE,
    ORDINARY,
    REPORT,
    REVIEWED,
    UNKNOWN,
    UNREADABLE,
    UNSURE,
    URGENT,
    WAITING,
    Escalation,
    InboundMessage,
)


def reconciler(record, redactor=None) -> Reconciler:
    return Reconciler(record.sessions, record.reads, log_for(record, redactor))


def answered(record, mandate, text: str = "my bike's gone", label: str = "crime_report", **more) -> int:
    message_id = record.receive(text, person=more.pop("person", "p1"))
    kind = "emergency_guidance" if label == "emergency" else "guidance"
    said = more.pop("said", [guidance(mandate, kind=kind)])
    turn_for(record, mandate, FakeAssistant(understood(label, said=said, **more))).take(message_id)
    return message_id


def by_action(record, message_id: int) -> str:
    message = stored(record, message_id)
    return log_for(record).write(Finding(message.key, message.label, message.scores, message.model, "action"))


@pytest.mark.parametrize("label", ["crime_report", "emergency"])
def test_an_escalation_the_action_never_wrote_is_written_by_the_desk(record, mandate, label):
    message_id = answered(record, mandate, label=label)
    record.clock.advance(seconds=1)
    with capture_logs() as events:
        assert reconciler(record).settle() == 1
    message = stored(record, message_id)
    escalation = message.escalation
    assert (escalation.written_by, escalation.label, escalation.model) == ("desk", label, "model-1")
    assert (escalation.scores, escalation.redacted_text) == (message.scores, "my bike's gone")
    assert (escalation.answered_at, escalation.logged_at) == (message.ended_at, record.clock())
    assert escalation.reply == message.replies[0].text
    told = [event["event"] for event in events if event["event"] != "alert_raised"]
    assert told == ["escalation_written_by_desk"]


def test_an_escalation_the_action_wrote_is_kept_and_filled_in(record, mandate):
    message_id = answered(record, mandate, reasons=[{"word": "gone", "speaks": "for"}])
    reference = by_action(record, message_id)
    with capture_logs() as events:
        reconciler(record).settle()
    escalation = stored(record, message_id).escalation
    assert (escalation.reference, escalation.written_by) == (reference, "action")
    assert escalation.answered_at == stored(record, message_id).ended_at
    assert escalation.reasons == [{"word": "gone", "speaks": "for"}]
    assert escalation.reply == guidance(mandate)[1]
    assert events == []


WHICH = {"id", "reference", "inbound_message_id"}


@pytest.mark.parametrize("label", ["crime_report", "emergency"])
@pytest.mark.parametrize(
    "platform",
    [None, FakePlatform, lambda: FakePlatform(DeliveryRefused("blocked"))],
    ids=["waits", "taken", "refused"],
)
def test_an_entry_says_the_same_whichever_comes_second_the_messages_end_or_the_actions_entry(
    either_record, mandate, label, platform
):
    record, told = either_record, []
    for action_first in (True, False):
        said = [guidance(mandate, kind="emergency_guidance" if label == "emergency" else "guidance")]
        reasons = [{"word": "gone", "speaks": "for"}]
        message_id = record.receive("my bike's gone", person=f"p{action_first}")
        finding = Finding(stored(record, message_id).key, label, {label: 0.8}, "model-1", "action")
        write = partial(log_for(record).write, finding)
        answer = understood(label, said=said, scores={label: 0.8}, reasons=reasons, kind="burglary", logging=True)
        end = partial(turn_for(record, mandate, FakeAssistant(answer)).take, message_id)
        for step in (write, end) if action_first else (end, write):
            step()
            if platform is not None and step is end:
                deliverer_for(record, platform()).deliver_due()
        message = stored(record, message_id)
        assert message.settled or platform is not None  # A reply that failed is looked at again.
        told.append({c.name: getattr(message.escalation, c.name) for c in Escalation.__table__.columns})
    assert {name: told[0][name] for name in told[0].keys() - WHICH} == {
        name: told[1][name] for name in told[1].keys() - WHICH
    }
    assert told[0]["crime_kind"] == "burglary"
    assert reconciler(record).settle() <= 2


def test_what_the_action_is_logging_is_left_to_it_for_a_while(record, mandate):
    message_id = record.receive("my bike's gone")
    assistant = FakeAssistant(understood(said=[guidance(mandate)], logging=True))
    desk = desk_for(record, mandate, assistant, FakePlatform())
    assert desk.work_once("worker-1")
    record.clock.advance(seconds=LOGGED_WITHIN.total_seconds() - 0.1)
    desk.sweep()
    assert stored(record, message_id).escalation is None
    record.clock.advance(seconds=0.1)
    desk.sweep()
    assert stored(record, message_id).escalation.written_by == "desk"
    assert stored(record, message_id).settled


def test_a_message_that_waits_has_nothing_to_tell_its_entry_yet(record):
    message_id = record.receive("my bike's gone")
    log_for(record).write(Finding(stored(record, message_id).key, "crime_report", None, "model-1", "action"))
    message = stored(record, message_id)
    assert (message.escalation.answered_at, message.settled) == (None, False)


def test_what_was_said_is_kept_in_its_order(record, mandate):
    said = [("utter_greet", "Hello."), guidance(mandate)]
    message_id = answered(record, mandate, said=said)
    reconciler(record).settle()
    assert stored(record, message_id).escalation.reply == f"Hello.\n\n{guidance(mandate)[1]}"


@pytest.mark.parametrize("deliver_first", [True, False])
@pytest.mark.parametrize(
    ("platform", "state"), [(FakePlatform, DELIVERED), (lambda: FakePlatform(DeliveryRefused("blocked")), FAILED)]
)
def test_whether_the_reply_arrived_is_known_whichever_came_first(record, mandate, deliver_first, platform, state):
    message_id = answered(record, mandate)
    record.clock.advance(seconds=1)
    steps = [deliverer_for(record, platform()).deliver_due, reconciler(record).settle]
    for step in steps if deliver_first else reversed(steps):
        step()
    escalation = stored(record, message_id).escalation
    assert escalation.delivery_state == state
    assert escalation.delivered_at == (record.clock() if state == DELIVERED else None)


def test_a_reply_on_its_way_is_known_to_be(record, mandate):
    message_id = answered(record, mandate)
    reconciler(record).settle()
    assert stored(record, message_id).escalation.delivery_state == WAITING


def test_an_escalation_is_filled_in_only_once(record, mandate):
    message_id = answered(record, mandate)
    assert reconciler(record).settle() == 1
    with record.sessions.begin() as session:
        session.scalars(select(Escalation)).one().reply = "as a reviewer corrected it"
    assert reconciler(record).settle() == 0
    assert reconciler(record).settle(message_id) == 0
    assert stored(record, message_id).escalation.reply == "as a reviewer corrected it"


def test_a_message_that_is_no_report_is_not_escalated(record, mandate):
    answered(record, mandate, label="not_report", said=[("utter_thanks", "Thank you.")])
    assert reconciler(record).settle() == 0
    with record.reads() as session:
        assert session.scalar(select(func.count()).select_from(Escalation)) == 0


# What is looked at for another cause than that it reads like a report

THANKS = [("utter_thanks", "Thank you.")]


def logged(record, message_id: int) -> Escalation:
    """What the log says of the message once the desk has settled it."""
    reconciler(record).settle()
    return stored(record, message_id).escalation


def test_what_may_be_a_report_is_logged_as_unsure(either_record, mandate):
    message_id = answered(either_record, mandate, label="not_report", unsure=True, said=THANKS)
    entry = logged(either_record, message_id)
    assert (entry.cause, entry.label, entry.unsure, entry.priority) == (UNSURE, "not_report", True, DOUBTFUL)
    assert (entry.confidence, entry.written_by, entry.reply) == (0.1, "desk", "Thank you.")
    assert entry.answered_at == stored(either_record, message_id).ended_at


def test_signpost_converse_names_a_reference_for_reports_only(record, mandate):
    desk = desk_for(record, mandate, FakeAssistant(understood()), FakePlatform())
    report, doubt = answered(record, mandate), answered(record, mandate, label="not_report", unsure=True, said=THANKS)
    assert logged(record, doubt).cause == UNSURE
    assert summary(heard_of(desk, doubt))["escalation"] is None
    assert summary(heard_of(desk, report))["escalation"] == stored(record, report).escalation.reference


def test_abuse_is_never_answered_and_is_logged_for_its_own_sake(record, mandate):
    message_id = answered(record, mandate, "you lot are useless", label="not_report", intent="abuse", said=[])
    entry = logged(record, message_id)
    assert (entry.cause, entry.label, entry.priority, entry.reply) == (ABUSE, "not_report", ORDINARY, None)
    assert entry.crime_kind is None


def test_what_came_encrypted_is_logged_as_unreadable_and_first_in_the_queue(record, mandate):
    message_id = record.receive("", kind=ENCRYPTED)
    turn_for(record, mandate, FakeAssistant(understood())).take(message_id)
    entry = logged(record, message_id)
    assert (entry.cause, entry.label, entry.priority) == (UNREADABLE, UNKNOWN, URGENT)
    assert (entry.scores, entry.confidence, entry.redacted_text) == (None, None, "")


def test_a_public_message_that_nobody_could_understand_is_logged_as_failed_and_first_in_the_queue(record, mandate):
    message_id = record.receive("my bike's gone", channel="facebook_comment")
    away(record, mandate, message_id)
    assert stored(record, message_id).end == FAILED
    entry = logged(record, message_id)
    assert (entry.cause, entry.label, entry.priority) == (FAILURE, UNKNOWN, URGENT)


def away(record, mandate, message_id: int) -> None:
    """The assistant is away for as long as the message has patience."""
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).attempts = 6
    record.clock.advance(minutes=20)
    turn_for(record, mandate, FakeAssistant(AssistantAway("away"))).take(message_id)


def test_a_message_answered_unseen_is_logged_as_unsure_until_it_is_understood(either_record, mandate):
    record = either_record
    message_id = record.receive("my bike's gone")
    away(record, mandate, message_id)
    assert stored(record, message_id).end == ANSWERED
    entry = logged(record, message_id)
    assert (entry.cause, entry.label, entry.priority) == (UNSURE, UNKNOWN, DOUBTFUL)
    with record.sessions.begin() as session:
        session.get_one(Escalation, entry.id).review_state = REVIEWED
    turn_for(record, mandate, FakeAssistant(understood("emergency", kind="burglary"))).understand_late()
    again = logged(record, message_id)
    assert (again.id, again.cause, again.label, again.priority) == (entry.id, REPORT, "emergency", URGENT)
    assert (again.confidence, again.crime_kind, again.model) == (0.1, "burglary", "model-1")
    assert again.review_state == REVIEWED


def test_a_public_message_that_failed_and_is_understood_after_all_is_a_report_like_others(record, mandate):
    message_id = record.receive("my bike's gone", channel="facebook_comment")
    away(record, mandate, message_id)
    assert logged(record, message_id).cause == FAILURE
    turn_for(record, mandate, FakeAssistant(understood())).understand_late()
    entry = logged(record, message_id)
    assert (entry.cause, entry.label, entry.priority, entry.reply) == (REPORT, "crime_report", DOUBTFUL, None)


def test_what_the_action_logged_is_completed_whatever_the_message_was_understood_as_in_the_end(record, mandate):
    message_id = record.receive("my bike's gone")
    log_for(record).write(Finding(stored(record, message_id).key, "crime_report", {"crime_report": 0.9}, "m", "action"))
    turn_for(record, mandate, FakeAssistant(understood("not_report", said=THANKS))).take(message_id)
    entry = logged(record, message_id)
    assert (entry.cause, entry.reply) == (REPORT, "Thank you.")
    assert entry.answered_at is not None


def test_on_x_no_kind_of_crime_is_ever_logged(record, mandate):
    message_id = record.receive("my bike's gone", channel="x_dm")
    answer = understood(said=[guidance(mandate, "x_dm")], kind="bicycle theft")
    turn_for(record, mandate, FakeAssistant(answer)).take(message_id)
    assert logged(record, message_id).crime_kind is None


def test_a_reply_that_fails_makes_an_entry_where_there_was_none(either_record, mandate):
    message_id = answered(either_record, mandate, label="not_report", said=THANKS)
    assert logged(either_record, message_id) is None
    deliverer_for(either_record, FakePlatform(DeliveryRefused("blocked"))).deliver_due()
    entry = logged(either_record, message_id)
    assert (entry.cause, entry.delivery_state, entry.priority) == (FAILURE, FAILED, URGENT)
    assert reconciler(either_record).settle() == 0


@pytest.mark.parametrize(
    ("label", "cause", "before"), [("crime_report", REPORT, ORDINARY), ("not_report", UNSURE, DOUBTFUL)]
)
def test_a_reply_that_fails_later_moves_the_entry_up_and_leaves_its_cause(record, mandate, label, cause, before):
    said = [guidance(mandate)] if cause == REPORT else THANKS
    message_id = answered(record, mandate, label=label, unsure=cause == UNSURE, said=said)
    assert logged(record, message_id).priority == before
    deliverer_for(record, FakePlatform(DeliveryRefused("blocked"))).deliver_due()
    at_once = stored(record, message_id).escalation
    assert (at_once.priority, at_once.cause) == (URGENT, cause)
    entry = logged(record, message_id)
    assert (entry.priority, entry.cause, entry.delivery_state) == (URGENT, cause, FAILED)


def test_a_reply_that_fails_while_its_message_is_settled_is_not_missed(record, mandate, monkeypatch):
    message_id = answered(record, mandate, label="not_report", said=THANKS)
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, message_id).settled = False
    desk = reconciler(record)
    look = Reconciler._unsettled

    def fails_after_the_look(self, *args):
        found = look(self, *args)
        deliverer_for(record, FakePlatform(DeliveryRefused("blocked"))).deliver_due()
        return found

    monkeypatch.setattr(Reconciler, "_unsettled", fails_after_the_look)
    desk.settle()
    monkeypatch.undo()
    assert logged(record, message_id).cause == FAILURE


def test_the_label_is_the_actions_where_the_assistants_answer_never_came(record, mandate):
    message_id = record.receive("my bike's gone")
    log_for(record).write(Finding(stored(record, message_id).key, "crime_report", {"crime_report": 0.9}, "m", "action"))
    away(record, mandate, message_id)
    entry = logged(record, message_id)
    assert (entry.cause, entry.label, entry.confidence) == (REPORT, "crime_report", 0.9)
    assert entry.answered_at == stored(record, message_id).ended_at


def test_the_look_reads_only_what_is_under_way(either_record, mandate):
    answered(either_record, mandate)
    desk = reconciler(either_record)
    with either_record.reads() as session:
        statements: list = []
        ask = session.scalars
        session.scalars = lambda query, values: statements.append(query.params(values)) or ask(query, values)
        desk._unsettled(session, None, 0)
        compiled = statements[0].compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        if session.get_bind().dialect.name == "sqlite":
            plan = session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
        else:
            session.execute(text("SET enable_seqscan = off"))
            plan = session.execute(text(f"EXPLAIN {compiled}")).all()
    assert "ix_inbound_message_unsettled" in str(plan)


def test_what_nobody_needs_to_look_at_is_settled_by_its_end(record, mandate):
    message_id = answered(record, mandate, label="not_report", said=THANKS)
    assert stored(record, message_id).settled
    assert not stored(record, answered(record, mandate, person="p2")).settled


def test_an_older_record_is_settled_in_few_transactions(record, mandate):
    ids = [answered(record, mandate, label="not_report", said=THANKS, person=f"p{n}") for n in range(60)]
    with record.sessions.begin() as session:
        for one in session.scalars(select(InboundMessage)):
            one.settled = False
    assert reconciler(record).settle() == 0
    assert all(stored(record, one).settled for one in ids)
    with record.reads() as session:
        assert session.scalar(select(func.count()).select_from(Escalation)) == 0


def test_a_message_that_has_not_ended_is_left_alone_even_when_the_action_was_quick(record):
    message_id = record.receive("my bike's gone")
    log_for(record).write(Finding(stored(record, message_id).key, "crime_report", {}, "model-1", "action"))
    assert reconciler(record).settle() == 0
    assert stored(record, message_id).escalation.answered_at is None


def test_only_one_message_is_settled_when_asked_for(record, mandate):
    one, two = answered(record, mandate), answered(record, mandate, person="p2")
    assert reconciler(record).settle(two) == 1
    assert stored(record, one).escalation is None
    assert stored(record, two).escalation is not None


# Reasons


def reasons_kept(record, mandate, text: str, names: list[str], words: list[str]) -> list[str]:
    reasons = [{"word": word, "speaks": "for"} for word in words]
    message_id = answered(record, mandate, text=text, reasons=reasons)
    reconciler(record, NameRedactor(*names)).settle()
    return [reason["word"] for reason in stored(record, message_id).escalation.reasons]


def test_a_reason_that_is_still_in_the_redacted_text_is_kept(record, mandate):
    assert reasons_kept(record, mandate, "Somebody SMASHED it", [], ["smashed"]) == ["smashed"]


def test_a_name_that_was_redacted_is_not_among_the_reasons(record, mandate):
    text = "Wilbraham smashed it"
    assert reasons_kept(record, mandate, text, ["Wilbraham"], ["wilbraham", "smashed"]) == ["smashed"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Tim", "Tim does it every time"),
        ("Art", "Art started it"),
        ("Ian", "Ian left by the median"),
        ("Rob", "Rob was robbing the shop"),
    ],
)
def test_a_name_that_was_redacted_is_no_reason_even_when_it_is_part_of_another_word(record, mandate, name, text):
    assert reasons_kept(record, mandate, text, [name], [name.lower()]) == []


def test_a_report_without_reasons_is_settled(record, mandate):
    message_id = answered(record, mandate, reasons=[])
    reconciler(record).settle()
    assert stored(record, message_id).escalation.reasons == []


def test_no_name_that_was_redacted_can_be_read_in_the_databases_files_after_a_whole_turn(record, mandate, tmp_path):
    reasons = [{"word": "wilbraham", "speaks": "for"}, {"word": "smashed", "speaks": "for"}]
    answer = understood(said=[guidance(mandate)], reasons=reasons)
    desk = desk_for(record, mandate, FakeAssistant(answer), FakePlatform(), NameRedactor("Wilbraham"))
    record.receive("Wilbraham smashed my window")
    assert work_through(desk)
    contents = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.name.startswith("signpost.db"))
    assert b"<name> smashed my window" in contents
    assert b"wilbraham" not in contents.lower()


# Faults


def test_one_message_that_cannot_be_logged_keeps_no_other_from_the_log(record, mandate, monkeypatch):
    one, two = answered(record, mandate), answered(record, mandate, person="p2")
    spoilt = reconciler(record)
    write = spoilt.escalations.write

    def fails_for_one(finding: Finding) -> str:
        if finding.message_key == stored(record, one).key:
            raise RuntimeError(f"{finding.message_key}: my bike's gone")
        return write(finding)

    monkeypatch.setattr(type(spoilt.escalations), "write", lambda _self, finding: fails_for_one(finding))
    with capture_logs() as events:
        assert spoilt.settle() == 2
    assert stored(record, one).escalation is None
    assert stored(record, two).escalation is not None
    assert {
        "event": "escalation_failed",
        "message": stored(record, one).key,
        "fault": "RuntimeError",
        "log_level": "error",
    } in events
    monkeypatch.undo()
    reconciler(record).settle()
    assert stored(record, one).escalation is not None


def test_however_many_messages_cannot_be_logged_the_next_one_still_is(record, mandate, monkeypatch):
    monkeypatch.setattr("signpost.desk.reconcile.AT_ONCE", 2)
    spoilt = [answered(record, mandate, person=f"p{n}") for n in range(3)]
    keys = {stored(record, message_id).key for message_id in spoilt}
    last = answered(record, mandate, person="last")
    desk = reconciler(record)
    write = desk.escalations.write

    def fails(finding: Finding) -> str:
        if finding.message_key in keys:
            raise RuntimeError
        return write(finding)

    monkeypatch.setattr(type(desk.escalations), "write", lambda _self, finding: fails(finding))
    with capture_logs():
        for _ in range(4):
            desk.settle()
    assert stored(record, last).escalation is not None


def test_reasons_of_a_shape_nobody_foresaw_do_not_keep_an_escalation_unfinished(record, mandate):
    message_id = answered(record, mandate, reasons=[{"speaks": "for"}])
    with capture_logs():
        reconciler(record).settle()
    assert stored(record, message_id).escalation.answered_at is not None
