"""Exports: what was asked for and nothing else, safe to open, noted in the audit log before a byte of it leaves."""

import csv
import io
import json
from datetime import timedelta

import pytest
from console_records import report
from console_staff import Console, console_of
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from test_console_pages import Page, check_page, parts_for

from signpost.console.exports import records
from signpost.console.exports.cells import line, safe
from signpost.log.audit import Trail
from signpost.log.erasing import erase_record
from signpost.log.models import AuditEntry, Escalation

REFERENCES = ("KMR-4C7", "CDF-346", "GHK-479")


@pytest.fixture
def console(either_record, mandate) -> Console:
    return console_of(parts_for(either_record, mandate))


@pytest.fixture
def reviewer(console):
    return console.client("reviewer")


@pytest.fixture
def three(either_record):
    """An emergency, a report, and one of the day before."""
    report(either_record, "a man with a knife", REFERENCES[0], label="emergency", channel="x_dm", notes="SECRET NOTE")
    report(either_record, "=HYPERLINK(1)", REFERENCES[1], original="SECRET ORIGINAL", crime_kind="burglary")
    report(either_record, "yesterday's", REFERENCES[2])
    with either_record.sessions.begin() as session:
        session.execute(
            update(Escalation)
            .where(Escalation.reference == REFERENCES[2])
            .values(received_at=either_record.clock() - timedelta(days=1))
        )
    return either_record


def look(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def take(client, **fields):
    return client.post("/exports", data={"purpose": "For the meeting.", "file_format": "csv", **fields})


def rows(response) -> list[dict[str, str]]:
    text = response.get_data(as_text=True)
    assert text.startswith("\ufeff"), "Excel knows UTF-8 by it"
    return list(csv.DictReader(io.StringIO(text[1:])))


def newest(console: Console) -> AuditEntry:
    with console.parts.reads() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).first()


# The page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "<b>3</b> records match: all there are"),
        ("label=emergency", "<b>1</b> record match"),
        ("channel=messenger&from=22/11/2026", "<b>1</b> record match"),
        ("label=not_report", "No record matches these filters"),
    ],
)
def test_the_page_counts_beforehand(three, reviewer, query, said) -> None:
    assert said in look(reviewer, f"/exports?{query}")


def test_of_very_many_records_the_newest_are_counted(three, reviewer, monkeypatch) -> None:
    monkeypatch.setattr(records, "LOOK_THROUGH", 2)
    assert "More than 2</b> records" in look(reviewer, "/exports")
    assert "<b>1</b> of the newest 2 records match" in look(reviewer, "/exports?label=emergency")


def test_before_there_are_any_records_the_page_says_so(reviewer) -> None:
    assert "There are no records yet" in look(reviewer, "/exports")


def test_absurd_filters_are_told_and_count_nothing(three, reviewer) -> None:
    page = look(reviewer, "/exports?from=99/99/2026&label=crimes", 422)
    assert "The first day must be a day that exists" in page
    assert "Nothing is counted until the filters are put right" in page


def test_requests_are_told_of_to_those_who_may_answer_them(console, three, reviewer) -> None:
    assert "/requests" not in look(reviewer, "/exports")
    assert "/requests" in look(console.client("administrator"), "/exports")


# The files


def test_a_spreadsheet_holds_a_record_a_line_oldest_first_under_heads_in_words(three, reviewer) -> None:
    found = rows(take(reviewer))
    assert [row["Reference"] for row in found] == [REFERENCES[2], REFERENCES[0], REFERENCES[1]]
    row = found[1]
    assert row["Received (UTC)"] == "2026-11-22T03:00:00Z"
    assert (row["Channel"], row["Understood as"], row["Here because"]) == (
        "X message",
        "Emergency",
        "Reads like a report",
    )
    assert (row["Review"], row["Unsure"], row["Legal hold"], row["Outcome"]) == ("To review", "no", "no", "")
    assert row["Text, personal data taken out"] == "a man with a knife"
    assert found[2]["Kind"] == "Burglary"


def test_neither_the_original_nor_what_staff_wrote_ever_leaves_here(three, reviewer) -> None:
    for file_format in ("csv", "json"):
        text = take(reviewer, file_format=file_format).get_data(as_text=True)
        assert "SECRET" not in text
        assert "07700 900123" not in text


def test_json_says_what_it_is_and_keeps_the_codes(three, reviewer) -> None:
    response = take(reviewer, file_format="json", label="crime_report")
    told = json.loads(response.get_data(as_text=True))
    assert response.mimetype == "application/json"
    assert (told["made_at"], told["count"], told["filters"]) == (
        "2026-11-22T03:00:06Z",
        2,
        ["Understood as: Report of a crime"],
    )
    assert [one["reference"] for one in told["records"]] == [REFERENCES[2], REFERENCES[1]]
    one = told["records"][1]
    assert (one["redacted_text"], one["label"], one["received_at"]) == (
        "=HYPERLINK(1)",
        "crime_report",
        "2026-11-22T03:00:02Z",
    )
    assert "id" not in one


def test_an_export_of_nothing_is_whole_as_well(three, reviewer) -> None:
    assert rows(take(reviewer, label="not_report")) == []
    assert json.loads(take(reviewer, label="not_report", file_format="json").get_data(as_text=True))["records"] == []


@pytest.mark.parametrize(
    ("fields", "references"),
    [
        ({"label": "emergency"}, {REFERENCES[0]}),
        ({"label": ["emergency", "crime_report"], "channel": "messenger"}, {REFERENCES[1], REFERENCES[2]}),
        ({"from": "2026-11-22"}, {REFERENCES[0], REFERENCES[1]}),
        ({"to": "2026-11-21"}, {REFERENCES[2]}),
        ({"kind": "burglary"}, {REFERENCES[1]}),
        ({"state": "reviewed"}, set()),
    ],
)
def test_an_export_holds_what_the_filters_ask_for(three, reviewer, fields, references) -> None:
    assert {row["Reference"] for row in rows(take(reviewer, **fields))} == references


@pytest.mark.parametrize("query", [{}, {"from": "2026-11-22"}, {"label": "crime_report"}])
def test_a_long_export_is_made_in_portions_without_a_gap(either_record, reviewer, monkeypatch, query) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 3)
    for number in range(10):
        report(either_record, f"text {number}", f"KMR-{number:03}")
    assert [row["Reference"] for row in rows(take(reviewer, **query))] == [f"KMR-{number:03}" for number in range(10)]


def test_what_comes_in_while_a_file_is_sent_is_not_in_it(three, reviewer) -> None:
    response = reviewer.post("/exports", data={"purpose": "x", "file_format": "csv"}, buffered=False)
    report(three, "too late", "WWW-999")
    assert "too late" not in b"".join(response.response).decode()


def test_an_erased_record_says_so(three, reviewer) -> None:
    with three.sessions.begin() as session:
        erase_record(
            session, session.scalars(select(Escalation).filter_by(reference=REFERENCES[0])).one(), three.clock()
        )
    assert rows(take(reviewer, label="emergency"))[0]["Text, personal data taken out"] == "(erased)"


def test_file_names_hold_the_day_and_nobody_s_data(three, reviewer) -> None:
    assert take(reviewer).headers["Content-Disposition"] == 'attachment; filename="signpost-records-2026-11-22.csv"'


# Noted, or not done


def test_an_export_is_a_disclosure_with_identity_purpose_count_and_filters(three, console, reviewer) -> None:
    take(reviewer, **{"label": "crime_report", "from": "1/11/2026"})
    entry = newest(console)
    assert (entry.actor, entry.action, entry.event, entry.purpose) == (
        "reviewer",
        "disclosure",
        "records_exported",
        "For the meeting.",
    )
    assert entry.detail == {
        "records": 2,
        "format": "csv",
        "filters": {"label": ["crime_report"], "from": ["2026-11-01"]},
    }


@pytest.mark.parametrize("purpose", ["", "   ", "\r\n", None])
def test_without_a_purpose_nothing_leaves_and_the_filters_stay(three, console, reviewer, purpose) -> None:
    fields = {"file_format": "json", "label": "emergency", **({} if purpose is None else {"purpose": purpose})}
    response = reviewer.post("/exports", data=fields)
    assert response.status_code == 422
    check_page(Page(response.text), response)
    assert "Say why you need it" in response.text
    assert "<b>1</b> record match" in response.text
    assert newest(console) is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"purpose": "x" * 1001}, "Why you need it must be 1,000 characters or fewer"),
        ({"purpose": "a\0b"}, "holds a character that can’t be stored"),
        ({"file_format": "exe"}, "Choose one of the answers"),
        ({"label": "crimes"}, "Understood as: choose from the list"),
    ],
)
def test_a_form_that_is_not_right_is_told_and_nothing_leaves(three, console, reviewer, fields, sentence) -> None:
    response = take(reviewer, **fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert newest(console) is None


def test_what_cannot_be_logged_is_not_given_out(three, reviewer, monkeypatch) -> None:
    def fails(*_arguments) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(Trail, "write", fails)
    response = take(reviewer)
    assert response.status_code == 503
    assert "a man with a knife" not in response.get_data(as_text=True)


# Cells


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-5", "'-5"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        (" =1", " '=1"),
        ("＝1", "'＝1"),
        ("hi,=1", "hi,'=1"),
        ("hi; =1", "hi; '=1"),
        ('hi"=1', "hi\"'=1"),
        ("hi\n-1", "hi\n'-1"),
        ("a-b, mail a@b", "a-b, mail a@b"),
        ("a = b", "a = b"),
        (None, ""),
        (True, "yes"),
        (0.5, "0.5"),
    ],
)
def test_what_a_spreadsheet_might_take_for_a_formula_is_defused(value, cell) -> None:
    assert safe(value) == cell


@given(st.lists(st.text(alphabet="=+-@＝\t\r\n ,;|\"'aé1", max_size=12), min_size=1, max_size=4))
def test_whatever_people_write_no_cell_begins_as_a_formula_wherever_it_is_split(texts) -> None:
    (read,) = csv.reader(io.StringIO(line(texts), newline=""))
    assert len(read) == len(texts)
    for cell in read:
        for separator in ",;|\t\r\n\"'":
            for part in cell.split(separator):
                if separator != "'":
                    assert part.lstrip(" ")[:1] not in set("=+-@＝"), (cell, separator)
