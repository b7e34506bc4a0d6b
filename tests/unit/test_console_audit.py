"""The audit log's pages: who did what, found again by filters, taken out as a spreadsheet, and whether the chain holds."""

import csv
import io

import pytest
from audit_tampering import tampering
from console_staff import Console, console_of
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from test_console_pages import Page, check_page, parts_for

from signpost.console.audit import chain, reading
from signpost.log.audit import ALTERATION, COLLECTION, CONSULTATION, ERASURE, SERVICE, Act, Trail
from signpost.log.audit_anchor import AnchorFile, anchor
from signpost.log.models import AuditEntry, StaffAccount


@pytest.fixture
def console(either_record, mandate, tmp_path) -> Console:
    return console_of(parts_for(either_record, mandate, anchor_file=tmp_path / "audit-anchor.jsonl"))


@pytest.fixture
def auditor(console):
    return console.client("auditor")


def note(console: Console, *acts: Act) -> None:
    for act in acts:
        with console.parts.sessions.begin() as session:
            console.parts.trail.write(session, act, console.parts.clock())


def several(console: Console) -> None:
    note(
        console,
        Act(SERVICE, COLLECTION, "escalation_logged", "KMR-4C7", detail={"channel": "messenger", "label": "emergency"}),
        Act("ann", CONSULTATION, "original_shown", "KMR-4C7", "To read the street’s name."),
        Act("ann", ALTERATION, "review_saved", "KMR-4C7", detail={"changed": {"outcome": [None, "niche"]}, "ok": True}),
        Act(SERVICE, ERASURE, "original_erased", "CDF-346", "Its retention has ended"),
        Act("command: bea", "administration", "log_verified", "audit-chain"),
    )


def look(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def numbers(page: str) -> list[int]:
    return [
        int(part.split("<")[0].replace(",", ""))
        for part in page.split(">Entry ")[1:]
        if "signpost-audit" not in part[:3]
    ]


def newest(console: Console) -> AuditEntry:
    with console.parts.reads() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).one()


def test_the_newest_entries_come_first_with_all_they_tell(console, auditor) -> None:
    several(console)
    page = look(auditor, "/audit")
    assert numbers(page) == [5, 4, 3, 2, 1]
    for words in (
        "Signpost itself",
        "Original text shown",
        "Consulted",
        "To read the street’s name.",
        "KMR-4C7",
        "Facebook Messenger",
        "Emergency",
        "command: bea",
        "Changed</b> <bdi>outcome: None, niche",
        "22 November 2026, 03:00",
    ):
        assert words in page, words


def test_reading_the_log_is_itself_logged(console, auditor) -> None:
    several(console)
    look(auditor, "/audit?action=erasure")
    entry = newest(console)
    assert (entry.actor, entry.action, entry.event) == ("auditor", "consultation", "audit_viewed")
    assert entry.detail == {"filters": {"action": "erasure"}, "entries": 1}


def test_a_log_that_cannot_be_written_is_not_shown(console, auditor, monkeypatch) -> None:
    several(console)

    def fails(*_arguments) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(Trail, "write", fails)
    response = auditor.get("/audit")
    assert response.status_code == 503
    assert "KMR-4C7" not in response.text
    assert auditor.post("/audit", data={"purpose": "x"}).status_code == 503


class Record:
    """As the tampering takes it."""

    def __init__(self, console: Console) -> None:
        self.sessions = console.parts.sessions


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=consultation", [2]),
        ("event=review_saved", [3]),
        ("actor=signpost", [4, 1]),
        ("actor=command", [5]),
        ("actor=ann-key", [3, 2]),
        ("actor=ann-key&action=alteration", [3]),
        ("reference=kmr 4c7", [3, 2, 1]),
        ("reference=KMR-4C7&actor=ann-key&action=consultation&event=original_shown", [2]),
        ("reference=KMR-4C7&action=erasure", []),
        ("from=22/11/2026&to=2026-11-22", [5, 4, 3, 2, 1]),
        ("from=23/11/2026", []),
        ("to=21/11/2026", []),
    ],
)
def test_filters_find_what_they_ask_for(console, auditor, query, found) -> None:
    with console.parts.sessions.begin() as session:
        session.add(StaffAccount(key="ann-key", username="ann", name="Ann", roles=[], created_at=console.parts.clock()))
    several(console)
    assert numbers(look(auditor, f"/audit?{query}")) == found


def test_entries_about_a_member_of_staff_are_found_without_a_name_in_the_address(console, auditor) -> None:
    with console.parts.sessions.begin() as session:
        session.add(StaffAccount(key="ann-key", username="ann", name="Ann", roles=[], created_at=console.parts.clock()))
    note(console, Act("bea", "administration", "staff_reset", "ann"), Act("bea", "administration", "signed_in", "bea"))
    page = look(auditor, "/audit?staff=ann-key")
    assert numbers(page) == [1]
    assert "About: Ann (ann)" in page
    addresses = [one.get("href") or "" for one in Page(page).all("a")]
    assert not any("ann" in one.replace("ann-key", "") for one in addresses if "/audit" in one)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("action=peeking", "Choose what was done from the list"),
        ("event=nothing", "Choose the event from the list"),
        ("actor=eve", "Choose who did it from the list"),
        ("staff=eve", "Choose the member of staff from the list"),
        ("reference=abc", "Enter a reference with 6 letters or numbers, such as KMR-4C7"),
        ("reference=<script>alert(1)</script>", "Enter a reference with 6 letters or numbers"),
        ("from=31/2/2026", "The first day must be a day that exists"),
        ("to=yesterday", "The last day must be a date"),
        ("from=2026-11-22&to=2026-11-21", "The last day must not be before the first"),
        ("reference=%00", "Enter a reference with 6 letters or numbers"),
    ],
)
def test_absurd_filters_are_told_in_a_sentence_and_show_nothing(console, auditor, query, sentence) -> None:
    several(console)
    page = look(auditor, f"/audit?{query}", 422)
    assert sentence in page
    assert numbers(page) == []
    assert "<title>Error: " in page
    assert newest(console).event == "log_verified", "what showed nothing is no look at the log"


@pytest.mark.parametrize("place", ["after=x", "after=-1", "after=99999999999999", "before=1e3", "after=%C2%B2"])
def test_a_page_that_cannot_be_is_told(console, auditor, place) -> None:
    assert "This part of the log doesn’t exist" in look(auditor, f"/audit?{place}", 400)


@pytest.mark.parametrize(
    "query", ["", "action=collection", "event=escalation_logged", "actor=signpost", "from=2026-11-22"]
)
def test_a_long_log_is_walked_page_by_page_there_and_back(console, auditor, monkeypatch, query) -> None:
    monkeypatch.setattr(reading, "PAGE_SIZE", 4)
    note(console, *(Act(SERVICE, COLLECTION, "escalation_logged", f"KMR-{number:03}") for number in range(10)))
    seen, address = [], f"/audit?{query}"
    pages = []
    while address:
        page = look(auditor, address)
        pages.append(numbers(page))
        links = {one.get("rel"): one["href"] for one in Page(page).all("a") if one.get("rel")}
        address, back = links.get("next"), links.get("prev")
        if len(pages) == 3:
            seen = [number for one in pages for number in one]
            break
    mine = [number for number in seen if number <= 10]
    assert mine == sorted(mine, reverse=True)
    assert len(set(mine)) == len(mine)
    assert numbers(look(auditor, back)) == pages[1]


def test_a_look_that_finds_little_ends_early_and_is_gone_on_with(console, auditor, monkeypatch) -> None:
    monkeypatch.setattr(reading, "LOOK_THROUGH", 6)
    several(console)
    note(console, *(Act(SERVICE, COLLECTION, "escalation_logged", f"KMR-{number:03}") for number in range(10)))
    page = look(auditor, "/audit?event=original_shown")
    assert numbers(page) == []
    for _ in range(5):
        if "Look further" not in page:
            break
        further = next(one["href"] for one in Page(page).all("a") if "after=" in (one.get("href") or ""))
        page = look(auditor, further)
        if numbers(page):
            break
    assert numbers(page) == [2]


def test_an_empty_log_says_so(console, auditor) -> None:
    assert "Nothing has been logged yet" in look(auditor, "/audit")
    assert "No entry matches these filters" in look(auditor, "/audit?action=erasure")


def test_what_is_in_an_entry_is_shown_as_text_and_nothing_else(console, auditor) -> None:
    note(console, Act("<b>eve</b>", CONSULTATION, "<i>", "<u>", "<script>alert(1)</script>", {"<s>": "<q>"}))
    page = look(auditor, "/audit")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# The log as a spreadsheet


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))


def test_what_matches_is_taken_out_as_a_spreadsheet_and_that_is_logged_first(console, auditor) -> None:
    several(console)
    response = auditor.post("/audit", data={"purpose": "Yearly inspection.", "reference": "KMR-4C7"})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="signpost-audit-2026-11-22.csv"'
    assert [row["Number"] for row in rows(response)] == ["3", "2", "1"]
    assert rows(response)[1]["Why"] == "To read the street’s name."
    assert rows(response)[2]["More"] == '{"channel": "messenger", "label": "emergency"}'.replace('"', '"')
    entry = newest(console)
    assert (entry.action, entry.event, entry.purpose) == ("disclosure", "audit_exported", "Yearly inspection.")
    assert entry.detail == {"filters": {"subject": "KMR-4C7"}, "entries": 3}


def test_the_spreadsheet_holds_all_pages_and_nothing_that_came_later(console, auditor, monkeypatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 3)
    note(console, *(Act(SERVICE, COLLECTION, "escalation_logged") for _ in range(10)))
    response = auditor.post("/audit", data={"purpose": "All."})
    assert [row["Number"] for row in rows(response)] == [str(number) for number in range(10, 0, -1)]


def test_without_a_reason_nothing_leaves(console, auditor) -> None:
    several(console)
    response = auditor.post("/audit", data={"purpose": "  ", "action": "erasure"})
    assert response.status_code == 422
    check_page(Page(response.text), response)
    assert "Say why you need it" in response.text
    assert numbers(response.text) == [4], "the filters stay"
    assert newest(console).event == "log_verified"


def test_filters_that_were_tampered_with_take_nothing_out(console, auditor) -> None:
    assert auditor.post("/audit", data={"purpose": "x", "action": "peeking"}).status_code == 422


# The chain


def test_the_chain_s_page_says_where_it_ends_and_who_verified_it_last(console, auditor) -> None:
    several(console)
    page = look(auditor, "/audit/chain")
    assert "Entry 5, digest" in page
    assert newest(console).digest in page
    assert "Not yet" in page


def test_the_newest_entries_are_verified_on_the_spot_and_that_is_logged(console, auditor) -> None:
    several(console)
    file = AnchorFile(console.parts.anchor_file, console.parts.trail)
    assert anchor(console.parts.reads, file, console.parts.clock()) is None
    response = auditor.post("/audit/chain")
    check_page(Page(response.text), response)
    assert "The newest 5 entries hold" in response.text
    assert "Entry 5, on 2026-11-22" in response.text
    assert (newest(console).event, newest(console).actor) == ("log_verified", "auditor")
    page = look(auditor, "/audit/chain")
    assert "by auditor:" in page
    assert "it held" in page


def test_only_the_newest_are_verified_on_the_spot(console, auditor, monkeypatch) -> None:
    monkeypatch.setattr(chain, "NEWEST", 3)
    several(console)
    with tampering(Record(console)) as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'eve' WHERE sequence = 2"))
    assert "The newest 3 entries hold" in auditor.post("/audit/chain").text


def test_a_broken_chain_is_shown_place_by_place(console, auditor) -> None:
    several(console)
    with tampering(Record(console)) as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'eve' WHERE sequence = 4"))
    response = auditor.post("/audit/chain")
    check_page(Page(response.text), response)
    assert "The chain is broken" in response.text
    assert "Entry 4, of 2026-11-22, was altered." in response.text
    assert "<b>it was broken</b>" in look(auditor, "/audit/chain")


def test_a_forged_end_is_told_without_being_asked(console, auditor) -> None:
    several(console)
    with tampering(Record(console)) as connection:
        connection.execute(text("UPDATE audit_head SET seal = 'x'"))
    assert "The record of the log’s end is forged" in look(auditor, "/audit/chain")


def test_a_console_without_the_desk_s_folder_says_where_the_anchors_are(record, mandate) -> None:
    console = console_of(parts_for(record, mandate))
    page = look(console.client("auditor"), "/audit/chain")
    assert "Not on this machine" in page
