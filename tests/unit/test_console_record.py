"""A record's page: what it shows, to whom, and what it leaves in the audit trail."""

from typing import Any

import pytest
from console_records import entries, report, stored_record
from console_staff import Console, console_of
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from test_console_pages import Page, check_page, parts_for

from signpost.log.erasing import erase_record
from signpost.log.models import DeliveryAttempt, Escalation, InboundMessage, OutboundMessage


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


def page_of(client: Any, path: str = "/records/KMR-4C7", status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def test_the_page_shows_what_was_said_understood_and_sent(console, record) -> None:
    report(record)
    page = page_of(console.client("reviewer"))
    assert "Kilo Mike Romeo, four Charlie seven" in page
    assert "my shop window was smashed, I&#39;m on &lt;phone number&gt;" in page
    assert "07700" not in page
    assert "Report of a crime" in page
    assert "likely (82%)" in page
    assert "in 2 seconds" in page
    assert "Call 101 in a non-emergency, or 999 in an emergency." in page
    assert "model-1" in page
    assert page.index("smashed</span>") < page.index("shop</span>")


def test_who_looked_is_in_the_audit_trail_once_a_view(console, record) -> None:
    report(record)
    client = console.client("reviewer", username="ann")
    page_of(client)
    page_of(client)
    looks = [one for one in entries(record) if one.event == "record_opened"]
    assert [(one.actor, one.action, one.subject) for one in looks] == [("ann", "consultation", "KMR-4C7")] * 2
    assert "2 times, the first on 22 November 2026, 03:00" in page_of(client)


def test_what_cannot_be_logged_is_not_shown(console, record, monkeypatch) -> None:
    report(record)
    client = console.client("reviewer")
    monkeypatch.setattr(type(console.parts.trail), "write", _no_disk)
    response = client.get("/records/KMR-4C7")
    assert response.status_code == 503
    assert "smashed" not in response.text


def _no_disk(*_: Any) -> None:
    raise OperationalError("INSERT", {}, Exception("database is locked"))


@pytest.mark.parametrize("typed", ["kmr-4c7", "kmr4c7", "KMR 4C7", "kmr–4c7", "KMR4C7"])
def test_a_reference_is_found_however_it_is_typed(console, record, typed) -> None:
    report(record)
    response = console.client("reviewer").get(f"/records/{typed}")
    assert response.status_code == 302
    assert response.headers["Location"] == "/records/KMR-4C7"


@pytest.mark.parametrize("typed", ["KMR-4C8", "nope", "<b>x<b>", "...", "%00", "KMR-4C%00", "ß" * 4, "K" * 9000])
def test_a_reference_that_nobody_has_is_a_page_that_says_so(console, record, typed) -> None:
    report(record)
    client = console.client("reviewer")
    for path in ("", "/hold", "/original"):
        response = client.get(f"/records/{typed}{path}", follow_redirects=True)
        assert response.status_code == 404
    assert client.post(f"/records/{typed}/review", data={"outcome": "signposted"}).status_code == 404
    assert not entries(record)


@pytest.mark.parametrize("role", ["trainer", "administrator", "auditor"])
def test_only_reviewers_open_records(console, record, role) -> None:
    report(record)
    client = console.client(role)
    for path in ("", "/hold", "/original"):
        assert client.get(f"/records/KMR-4C7{path}").status_code == 403
    assert client.post("/records/KMR-4C7/review", data={"outcome": "signposted"}).status_code == 403
    assert not entries(record)


def test_an_emergency_is_said_in_words(console, record) -> None:
    report(record, label="emergency")
    page = page_of(console.client("reviewer"))
    assert "This message reads like an emergency" in page
    assert "Warning" in page


def test_html_in_a_message_is_shown_as_it_was_written(console, record) -> None:
    nasty = "<script>alert(1)</script> <b>bold</b> {{ 7*7 }}"
    report(record, text=nasty, reasons=[{"word": "<i>x</i>", "speaks": "for"}])
    page = page_of(console.client("reviewer"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<i>x" not in page
    assert "{{ 7*7 }}" in page


def test_a_message_that_is_no_report_is_shown_without_its_text(console, record) -> None:
    report(record)
    record.clock.advance(minutes=1)
    other = record.receive("my own phone is 07700 900999, thanks")
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, other)
        message.state, message.end, message.end_reason, message.label = "ended", "silent", "none is due", "not_report"
    page = page_of(console.client("reviewer"))
    assert "900999" not in page
    assert "Not a report: the text isn’t shown" in page
    assert "Signpost sent no reply: none is due." in page


def test_bursts_edits_and_attachments_are_said_in_words(console, record) -> None:
    first = record.receive("someone is")
    second = record.receive("", kind="attachment")
    escalation = report(record)
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, first).part_of_id = escalation.inbound_message_id
        session.get_one(InboundMessage, second).part_of_id = escalation.inbound_message_id
        for one in (first, second):
            session.get_one(InboundMessage, one).state = "ended"
    record.receive("someone was", edit_of_id=escalation.inbound_message_id)
    page = page_of(console.client("reviewer"))
    assert "These were 3 messages in a row" in page
    assert "Its text is shown there, with record KMR-4C7." in page
    assert "a picture, recording or file, without words" in page
    assert "a later wording of a message before it" in page


def test_other_reports_of_the_conversation_are_shown_and_logged_as_seen(console, record) -> None:
    report(record, "an earlier report", "HHH-444")
    report(record)
    report(record, "somebody else's", "CCC-333", person="p2")
    page = page_of(console.client("reviewer"))
    assert "an earlier report" in page
    assert 'href="/records/HHH-444"' in page
    assert "somebody else" not in page
    assert entries(record)[-1].detail == {"also_shown": ["HHH-444"]}


def test_a_long_conversation_is_shown_in_parts(console, record) -> None:
    for number in range(60):
        report(record, f"turn {number}.", f"CCC-{number + 100}")
    report(record)
    for number in range(60, 120):
        report(record, f"turn {number}.", f"CCC-{number + 100}")
    client = console.client("reviewer")
    page = page_of(client)
    assert "turn 59." in page
    assert "turn 60." in page
    assert "turn 30." not in page
    assert "turn 90." not in page
    seen: list[str] = []
    while "Earlier messages</a>" in page:
        address = page.split('">Earlier messages</a>', 1)[0].rsplit('href="', 1)[1].split("#")[0]
        page = page_of(client, address)
        seen += [f"turn {n}." for n in range(60) if f"turn {n}." in page]
        assert "Back to this record’s message" in page
    assert set(seen) >= {f"turn {n}." for n in range(52)}
    assert len(seen) == len(set(seen))
    while "Later messages</a>" in page:
        address = page.split('">Later messages</a>', 1)[0].rsplit('href="', 1)[1].split("#")[0]
        page = page_of(client, address)
    assert "turn 119." in page


@pytest.mark.parametrize(
    "query", ["before=0", "before=-3", "after=x", "before=9" * 30, "after=", "before=%00", "before=1.5"]
)
def test_absurd_places_in_the_conversation_break_nothing(console, record, query) -> None:
    report(record)
    page_of(console.client("reviewer"), f"/records/KMR-4C7?{query}")


def test_the_delivery_history_is_shown(console, record) -> None:
    escalation = report(record)
    with record.sessions.begin() as session:
        reply = session.scalars(select(OutboundMessage)).one()
        reply.state, reply.delivered_at, reply.attempts, reply.failure = "failed", None, 3, "the window has closed"
        session.add(DeliveryAttempt(outbound_message_id=reply.id, at=record.clock(), outcome="later", detail="Busy."))
        session.add(
            DeliveryAttempt(outbound_message_id=reply.id, at=record.clock(), outcome="failed", detail="Too late.")
        )
        session.get_one(Escalation, escalation.id).delivery_state = "failed"
    page = page_of(console.client("reviewer"))
    assert "Put off 3 times" in page
    assert "the window has closed" in page
    assert page.index("Will be tried again. Busy.") < page.index("Failed. Too late.")
    assert "The person did not get the reply" in page
    assert "Delivery failed" in page


def test_a_reply_that_was_replaced_says_why(console, record) -> None:
    report(record)
    with record.sessions.begin() as session:
        session.scalars(select(OutboundMessage)).one().faults = ["the number 101 is missing"]
    page = page_of(console.client("reviewer"))
    assert "It stands in place of the assistant’s own words" in page
    assert "the number 101 is missing" in page


def test_a_message_nobody_understood_has_a_whole_page(console, record) -> None:
    report(
        record,
        "",
        label="unknown",
        cause="unreadable",
        scores=None,
        confidence=None,
        reasons=None,
        model=None,
        replied=False,
        written_by="desk",
    )
    page = page_of(console.client("reviewer"))
    assert "Came encrypted" in page
    assert "Did Signpost get this message right?" not in page
    assert "Was it a report?" in page


def test_an_erased_record_shows_that_it_was_and_when(console, record) -> None:
    escalation = report(record)
    with record.sessions.begin() as session:
        erase_record(session, session.get_one(Escalation, escalation.id), record.clock())
    page = page_of(console.client("reviewer"))
    assert "smashed" not in page
    assert "The text was erased on <time" in page
    assert "Show the original text" not in page
    assert "Original text erased" in page[page.index('id="timeline"') :]
    gone = page_of(console.client("reviewer", username="bob"), "/records/KMR-4C7/original")
    assert "Nobody can bring it back" in gone


def test_the_timeline_tells_what_happened_newest_first(console, record) -> None:
    report(record)
    client = console.client("reviewer", username="ann")
    record.clock.advance(minutes=5)
    client.post(
        "/records/KMR-4C7/review",
        data={"version": "0", "outcome": "niche", "niche_reference": "N1", "all_right": "yes"},
    )
    page = page_of(client)
    timeline = page[page.index('id="timeline"') :]
    places = [timeline.index(words) for words in ("Review saved", "Understood and answered", "Received")]
    assert places == sorted(places)
    assert "by Ann" in timeline
    assert "Outcome: Not recorded → Intelligence recorded in Niche" in timeline
    assert "Niche reference changed" in timeline
    assert stored_record(record).niche_reference == "N1"
