"""Requests: what is held of one conversation, its erasure, and figures without anybody's data."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from console_records import SCORES, report, stored_record, two_reviewers
from console_staff import Console, console_of
from sqlalchemy import select, update
from test_console_pages import Page, check_page, parts_for

from signpost.console.exports import suppression
from signpost.console.exports.foi import Month, figures_of
from signpost.console.exports.suppression import FEWER, WITHHELD, group
from signpost.log import figures as names
from signpost.log.erasing import erase_original, is_erased
from signpost.log.messages import sealed_reasons
from signpost.log.models import AuditEntry, Conversation, Correction, Escalation, InboundMessage

ANSWERS = {"identity": "Seen at the front counter", "purpose": "Request 12", "file_format": "json"}


@pytest.fixture
def console(either_record, mandate) -> Console:
    return console_of(parts_for(either_record, mandate))


@pytest.fixture
def administrator(console):
    return console.client("administrator")


@pytest.fixture
def conversation(either_record):
    """A record, a chat without one, and a second record; and somebody else's."""
    record = either_record
    first = report(record, "my window, I'm on <phone number>", original="my window, I'm on 07700 900123", person="p1")
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, first.inbound_message_id)
        message.reasons_encrypted = sealed_reasons(record.vault, [{"word": "window", "speaks": "for"}])
        message.intent, message.model = "report_crime", "model-1"
    chat = record.receive("thanks <b>all</b>", person="p1")
    with record.sessions.begin() as session:
        session.get_one(InboundMessage, chat).state = "ended"
    report(
        record,
        "they came back",
        "CDF-346",
        original="they came back, says Quill",
        person="p1",
        notes="Rang back",
        niche_reference="N-77",
        review_state="reviewed",
        reviewed_at=record.clock(),
        was_report="yes",
        outcome="niche",
    )
    report(record, "another's", "GHK-479", original="another's own words", person="p2")
    return record


def look(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def entries(console: Console) -> list[AuditEntry]:
    with console.parts.reads() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def told(entry: AuditEntry) -> tuple[str, str, str, str | None, str | None]:
    return entry.actor, entry.action, entry.event, entry.subject, entry.purpose


def give(client, reference: str = "KMR-4C7", **fields):
    return client.post(f"/requests/subject-access?reference={reference}", data={**ANSWERS, **fields})


def erase(client, reference: str = "KMR-4C7", **fields):
    return client.post(
        f"/requests/erasure?reference={reference}", data={"purpose": "Request 13", "again": reference, **fields}
    )


def test_the_list_leads_to_each_request(administrator) -> None:
    links = {one.get("href") for one in Page(look(administrator, "/requests")).all("a")}
    assert links >= {"/requests/subject-access", "/requests/erasure", "/requests/foi"}


# A reference first


@pytest.mark.parametrize("room", ["subject-access", "erasure"])
@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("", "Enter a reference with 6 letters or numbers, such as KMR-4C7"),
        ("abc", "Enter a reference with 6 letters or numbers"),
        ("%00", "Enter a reference with 6 letters or numbers"),
        ("XXX-999", "There is no record XXX-999. Check the reference"),
        ("%3Cscript%3E", "Enter a reference with 6 letters or numbers"),
        ("x" * 5000, "Enter a reference with 6 letters or numbers"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(conversation, administrator, room, reference, sentence) -> None:
    page = look(administrator, f"/requests/{room}?reference={reference}", 422)
    assert sentence in page
    assert "<script>" not in page


@pytest.mark.parametrize("room", ["subject-access", "erasure"])
def test_a_reference_is_asked_for_and_taken_as_people_write_it(conversation, administrator, room) -> None:
    assert "Reference of any record" in look(administrator, f"/requests/{room}")
    page = look(administrator, f"/requests/{room}?reference=cdf 346")
    assert "KMR-4C7, CDF-346" in page
    assert "GHK-479" not in page


@pytest.mark.parametrize(("room", "kind"), [("subject-access", "subject access"), ("erasure", "erasure")])
def test_looking_at_what_there_is_is_logged_for_each_record(conversation, console, administrator, room, kind) -> None:
    look(administrator, f"/requests/{room}?reference=KMR-4C7")
    found = entries(console)
    assert [told(one) for one in found] == [
        ("administrator", "consultation", "request_prepared", reference, None) for reference in ("KMR-4C7", "CDF-346")
    ]
    assert found[0].detail == {"request": kind}


# Subject access


def test_the_file_holds_everything_of_the_conversation_as_it_was_written(conversation, administrator) -> None:
    response = give(administrator)
    assert response.headers["Content-Disposition"] == 'attachment; filename="signpost-KMR-4C7.json"'
    held = json.loads(response.get_data(as_text=True))
    assert (held["channel"], held["your id on the platform"]) == ("Facebook Messenger", "p1")
    first, chat, second = held["messages"]
    assert (first["text"], first["the text is"]) == ("my window, I'm on 07700 900123", "as it was written")
    assert first["received"] == "2026-11-22T03:00:00Z"
    assert first["understood as"] == {
        "label": "Report of a crime",
        "intent": "tells of an incident that appears to be a crime",
        "scores": SCORES,
        "words that weighed most": ["window (for)"],
        "model": "model-1",
    }
    assert first["replies"][0]["text"].startswith("Call 101")
    assert first["record"]["reference"] == "KMR-4C7"
    assert first["record"]["reviewed by a member of staff"] == "not yet"
    assert chat["text"] == "thanks <b>all</b>"
    assert "record" not in chat
    assert second["record"]["outcome"] == "Intelligence recorded in Niche"
    assert "another's" not in response.get_data(as_text=True)


def test_what_reviewers_wrote_goes_with_it_only_when_that_was_decided(conversation, administrator) -> None:
    assert "Rang back" not in give(administrator).get_data(as_text=True)
    text = give(administrator, staff_notes="y").get_data(as_text=True)
    assert "Rang back" in text
    assert "N-77" in text


def test_where_the_original_is_erased_the_redacted_text_is_given_and_said_to_be(conversation, administrator) -> None:
    with conversation.sessions.begin() as session:
        erase_original(
            session, session.scalars(select(Escalation).filter_by(reference="KMR-4C7")).one(), conversation.clock()
        )
        session.execute(update(InboundMessage).where(InboundMessage.id == 2).values(text_encrypted=None))
    first, chat, _second = json.loads(give(administrator).get_data(as_text=True))["messages"]
    assert first["text"] == "my window, I'm on <phone number>"
    assert first["the text is"] == "with personal data taken out; the original is erased"
    assert "text" not in chat
    assert chat["the text is"] == "erased, or there was none"


def test_the_page_to_print_holds_the_same_and_takes_nobody_s_words_for_html(conversation, administrator) -> None:
    response = give(administrator, file_format="html")
    text = response.get_data(as_text=True)
    assert response.headers["Content-Disposition"] == 'attachment; filename="signpost-KMR-4C7.html"'
    assert "my window, I&#39;m on 07700 900123" in text
    assert "thanks &lt;b&gt;all&lt;/b&gt;" in text
    assert "Message 1, 22 November 2026, 03:00" in text
    assert "Intelligence recorded in Niche" in text
    page = Page(text)
    assert (page.all("html")[0]["lang"], len(page.all("h1")), page.all("script"), page.all("link")) == (
        "en-GB",
        1,
        [],
        [],
    )


def test_giving_it_is_a_disclosure_of_each_of_its_records(conversation, console, administrator) -> None:
    give(administrator, reference="CDF-346")
    found = entries(console)
    assert [told(one) for one in found] == [
        ("administrator", "disclosure", "subject_access_given", reference, "Request 12")
        for reference in ("KMR-4C7", "CDF-346")
    ]
    assert found[0].detail == {
        "identity": "Seen at the front counter",
        "format": "json",
        "staff_notes": False,
        "asked_with": "CDF-346",
        "messages": 3,
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"identity": " "}, "Say how you checked who is asking"),
        ({"identity": "yes"}, "Say in a few words how you checked who is asking"),
        ({"purpose": ""}, "Say why it is given"),
        ({"file_format": "pdf"}, "Choose one of the answers"),
    ],
)
def test_without_the_answers_nothing_is_given(conversation, console, administrator, fields, sentence) -> None:
    response = give(administrator, **fields)
    assert response.status_code == 422
    check_page(Page(response.text), response)
    assert sentence in response.text
    assert "07700" not in response.text
    assert entries(console) == []


# Erasure


def test_the_page_shows_what_goes_and_what_stays(conversation, administrator) -> None:
    page = look(administrator, "/requests/erasure?reference=KMR-4C7")
    assert "3 texts of 3 messages" in page
    assert "in 2 records and in search" in page
    assert "DPA 2018 s.62" in page


def test_accepted_corrections_are_told_of_since_they_stay_in_the_training_data(conversation, administrator) -> None:
    (ann, _bob) = two_reviewers(conversation)
    with conversation.sessions.begin() as session:
        escalation = session.scalars(select(Escalation).filter_by(reference="KMR-4C7")).one()
        fields = {"old_label": "crime_report", "new_label": "not_report", "proposed_by_id": ann.id}
        session.add(
            Correction(
                escalation_id=escalation.id, text="t", state="accepted", proposed_at=conversation.clock(), **fields
            )
        )
    page = look(administrator, "/requests/erasure?reference=KMR-4C7")
    assert "in 1 proposed correction" in page
    assert "1 message with personal data taken out in the training data" in page


def test_erasure_takes_the_conversation_and_the_log_says_who_and_why(conversation, console, administrator) -> None:
    response = erase(administrator)
    assert (response.status_code, response.headers["Location"]) == (303, "/requests/erasure?reference=KMR-4C7")
    found = entries(console)
    assert [told(one) for one in found] == [
        ("administrator", "erasure", "conversation_erased", reference, "Request 13")
        for reference in ("KMR-4C7", "CDF-346")
    ]
    assert found[0].detail == {"asked_with": "KMR-4C7", "records": 2, "messages": 3, "texts": 3}
    assert is_erased(stored_record(conversation))
    assert is_erased(stored_record(conversation, "CDF-346"))
    assert not is_erased(stored_record(conversation, "GHK-479"))
    page = look(administrator, "/requests/erasure?reference=KMR-4C7")
    assert "was erased. The audit log says so" in page
    assert "Erase this conversation" not in page


def test_what_was_erased_is_not_erased_again(conversation, console, administrator) -> None:
    erase(administrator)
    count = len(entries(console))
    assert erase(administrator).status_code == 409
    assert len(entries(console)) == count
    assert stored_record(conversation).version == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"purpose": ""}, "Say why it is erased"),
        ({"again": ""}, "Type the reference to confirm"),
        ({"again": "CDF-346"}, "This is not KMR-4C7, so nothing was erased"),
    ],
)
def test_without_a_reason_and_the_reference_nothing_is_erased(
    conversation, console, administrator, fields, sentence
) -> None:
    response = erase(administrator, **fields)
    assert response.status_code == 422
    check_page(Page(response.text), response)
    assert sentence in response.text
    assert not is_erased(stored_record(conversation))
    assert entries(console) == []


def test_the_reference_may_be_typed_as_people_write_it(conversation, administrator) -> None:
    assert erase(administrator, again="kmr 4c7").status_code == 303


def test_a_legal_hold_on_any_record_refuses_and_the_page_says_so(conversation, console, administrator) -> None:
    with conversation.sessions.begin() as session:
        session.execute(update(Escalation).where(Escalation.reference == "CDF-346").values(hold_reason="Evidence."))
    page = look(administrator, "/requests/erasure?reference=KMR-4C7")
    assert "CDF-346 is under a legal hold" in page
    assert "Erase this conversation" not in page
    response = erase(administrator)
    assert response.status_code == 409
    assert "nothing was erased" in response.text
    assert not is_erased(stored_record(conversation))
    assert "erasure" not in {one.action for one in entries(console)}


def test_while_a_message_is_being_answered_it_waits(conversation, administrator) -> None:
    conversation.receive("one more thing", person="p1")
    assert "still being answered" in look(administrator, "/requests/erasure?reference=KMR-4C7")
    response = erase(administrator)
    assert response.status_code == 409
    assert "Try again in a minute" in response.text


def test_what_is_held_of_an_erased_conversation_is_an_empty_shell(conversation, administrator) -> None:
    erase(administrator)
    text = give(administrator).get_data(as_text=True)
    held = json.loads(text)
    assert "your id on the platform" not in held
    assert {one["the text is"] for one in held["messages"]} == {"erased, or there was none"}
    assert "p1" not in text
    with conversation.reads() as session:
        assert {one.person for one in session.scalars(select(Conversation))} >= {"p2"}


# Figures


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 0, "b": 5}, ["0", "5"]),
        ({"a": 1, "b": 4, "c": 9}, [FEWER, FEWER, "9"]),
        ({"a": 3, "b": 9, "c": 7}, [FEWER, "9", WITHHELD]),
        ({"a": 3}, [FEWER]),
        ({"a": 3, "b": 0}, [FEWER, "0"]),
        ({"a": 1234, "b": 6}, ["1,234", "6"]),
        ({}, []),
    ],
)
def test_small_numbers_are_held_back_and_so_is_what_would_tell_them(counts, shown) -> None:
    assert [str(one) for one in group(counts).values()] == shown


def test_no_small_number_can_be_worked_out_from_its_group() -> None:
    for a in range(8):
        for b in range(8):
            for c in range(8):
                counts = {"a": a, "b": b, "c": c}
                hidden = [name for name, one in group(counts).items() if one.number is None]
                known = all(name not in hidden for name in counts)
                others = [counts[name] for name in counts if name not in hidden]
                if len(hidden) == 1 and not known:
                    assert all(one == 0 for one in others), "the total itself is small, and held back too"


def month(first: int, tally: dict, outcomes: dict | None = None) -> Month:
    return Month(datetime(2026, first, 1).date(), tally, outcomes or {})  # noqa: DTZ001  # a day


def test_the_tables_hold_each_month_beside_the_others() -> None:
    october = {
        names.ESCALATIONS: {"5": 12},
        names.CHANNEL: {"messenger": 10, "x_dm": 2},
        names.LABEL: {"emergency": 12},
    }
    november = {names.ESCALATIONS: {"7": 3}, names.CHANNEL: {"messenger": 3}, names.LABEL: {"crime_report": 3}}
    figures = figures_of(
        [month(10, october, {"": 5, "niche": 7}), month(11, november, {"": 3})], lambda _name, value: value.upper()
    )
    tables = {one.title: {name: [str(cell) for cell in row] for name, row in one.rows} for one in figures.tables}
    assert figures.months == ("October 2026", "November 2026")
    assert tables["Records"] == {"All": ["12", FEWER]}
    assert tables["Channel"] == {"MESSENGER": [WITHHELD, FEWER], "X_DM": [FEWER, "0"]}
    assert tables["Outcome of the review"] == {
        "Not recorded": ["5", FEWER],
        "Intelligence recorded in Niche": ["7", "0"],
    }
    assert "Time to reply" not in tables


def test_times_of_few_are_held_back() -> None:
    many = {names.ESCALATIONS: {"5": 6}, names.REPLY_TIME: {"100": 6}}
    few = {names.ESCALATIONS: {"5": 6}, names.REPLY_TIME: {"100": 4}}
    none = {names.ESCALATIONS: {"5": 6}}
    figures = figures_of([month(1, many), month(2, few), month(3, none)], lambda _name, value: value)
    rows = {one.title: one.rows for one in figures.tables}["Time to reply"]
    assert [str(one) for one in rows[0][1]] == ["1.3 seconds", FEWER, "none"]


@pytest.fixture
def figures(either_record):
    """Eight reports in October, two in November, one of them an emergency."""
    for number in range(10):
        report(
            either_record,
            "told by Quill",
            f"KMR-{number:03}",
            label="emergency" if number == 9 else "crime_report",
            person=f"p{number}",
        )
    october = datetime(2026, 10, 5, 12)  # noqa: DTZ001  # the record keeps UTC without a zone
    with either_record.sessions.begin() as session:
        moved = update(Escalation).where(Escalation.reference < "KMR-008")
        session.execute(moved.values(received_at=october, answered_at=october + timedelta(seconds=2)))
        session.execute(update(InboundMessage).where(InboundMessage.id < 9).values(received_at=october))
    return either_record


def ask(client, **fields):
    form = {"first": "2026-10", "last": "2026-11", "purpose": "FOI 77", "file_format": "csv", **fields}
    return client.post("/requests/foi", data=form)


def test_figures_are_given_by_month_with_small_numbers_held_back_and_why(figures, administrator) -> None:
    response = ask(administrator)
    assert response.headers["Content-Disposition"] == 'attachment; filename="signpost-foi-2026-10-to-2026-11.csv"'
    text = response.get_data(as_text=True)
    rows = {tuple(row[:3]): row[3:] for row in csv.reader(io.StringIO(text.lstrip("\ufeff")))}
    assert rows["October 2026", "Records", "All"] == ["8", ""]
    assert rows["November 2026", "Records", "All"] == ["fewer than 5", "From 1 to 4: so few might point to a person"]
    assert rows["October 2026", "Channel", "Facebook Messenger"] == ["8", ""]
    assert rows["November 2026", "Understood as", "Emergency"][0] == "fewer than 5"
    assert rows["October 2026", "Outcome of the review", "Not recorded"] == ["8", ""]
    assert "Quill" not in text
    assert "KMR" not in text


def test_figures_can_be_looked_at_as_tables(figures, administrator) -> None:
    response = ask(administrator, file_format="page")
    assert response.status_code == 200
    check_page(Page(response.text), response)
    assert "October 2026 to November 2026" in response.text
    assert "fewer than 5" in response.text


def test_giving_figures_is_a_disclosure(figures, console, administrator) -> None:
    ask(administrator)
    (entry,) = entries(console)
    assert told(entry) == ("administrator", "disclosure", "foi_given", None, "FOI 77")
    assert (entry.detail["first"], entry.detail["last"], entry.detail["format"]) == ("2026-10", "2026-11", "csv")
    assert entry.detail["held_back"] > 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"purpose": ""}, "Say why they are given"),
        ({"first": "2026-11", "last": "2026-10"}, "The last month must not be before the first"),
        ({"first": "1900-01"}, "Choose one of the answers"),
        ({"first": "x", "last": "'; DROP TABLE"}, "Choose one of the answers"),
    ],
)
def test_without_the_answers_no_figures_are_given(figures, console, administrator, fields, sentence) -> None:
    response = ask(administrator, **fields)
    assert response.status_code == 422
    check_page(Page(response.text), response)
    assert sentence in response.text
    assert entries(console) == []


def test_the_form_offers_the_months_since_the_first_message(figures, administrator) -> None:
    ask(administrator)
    page = look(administrator, "/requests/foi")
    assert 'value="2026-10" selected' in page
    assert 'value="2026-09"' not in page


def test_before_anything_was_counted_this_month_is_offered(administrator) -> None:
    assert 'value="2026-11" selected' in look(administrator, "/requests/foi")


def test_while_days_are_still_being_counted_nothing_is_given(figures, console, administrator, monkeypatch) -> None:
    ask(administrator)
    report(figures, "one more", "WWW-333")
    monkeypatch.setattr("signpost.console.exports.pages_foi.PATIENCE_SECONDS", -1)
    response = ask(administrator)
    assert response.status_code == 503
    assert "still being counted" in response.text
    assert len(entries(console)) == 1


def test_the_smallest_number_given_is_said_on_the_page(administrator) -> None:
    assert f"Numbers from 1 to {suppression.SMALLEST - 1} aren’t given" in look(administrator, "/requests/foi")
