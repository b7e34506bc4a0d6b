"""Reviewing on a record's page: what must be said, what is kept, and what happens when two people do it at once."""

import re
from typing import Any

import pytest
from console_records import entries, report, stored_record
from console_staff import Console, console_of
from test_console_pages import Page, check_page, parts_for

from signpost.log.reviewing import Review, review_of

URL = "/records/KMR-4C7/review"


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


def send(client: Any, status: int = 303, **fields: str) -> str:
    response = client.post(URL, data={"version": "0", **fields})
    assert response.status_code == status, response.text
    if status != 303:
        check_page(Page(response.text), response)
    return response.text


def values(html: str) -> dict[str, str]:
    """What the page's form holds, as a browser would send it."""
    page = Page(html)
    found = {}
    for one in page.all("input"):
        if one.get("type") in {"radio", "checkbox"} and "checked" not in one:
            continue
        if one.get("name") not in {None, "csrf_token"}:
            found[one["name"]] = one.get("value") or ""
    return found


def test_nothing_is_chosen_for_a_reviewer(console, record) -> None:
    report(record)
    html = console.client("reviewer").get("/records/KMR-4C7").text
    assert not [one for one in Page(html).all("input") if "checked" in one]


def test_the_outcome_alone_is_enough(console, record) -> None:
    report(record)
    client = console.client("reviewer", username="ann")
    response = client.post(URL, data={"version": "0", "outcome": "signposted"})
    assert response.headers["Location"] == "/records/KMR-4C7"
    assert review_of(stored_record(record)) == Review("signposted")
    page = client.get("/records/KMR-4C7").text
    assert "Record KMR-4C7 is reviewed." in page
    assert "Reviewed by Ann" in page


@pytest.mark.parametrize(
    ("label", "was_report", "was_emergency"),
    [("crime_report", "yes", "no"), ("emergency", "yes", "yes"), ("not_report", "no", "no")],
)
def test_one_choice_agrees_with_all_that_signpost_judged(console, record, label, was_report, was_emergency) -> None:
    report(record, label=label, cause="report" if label != "not_report" else "unsure")
    send(console.client("reviewer"), outcome="signposted", all_right="yes")
    assert review_of(stored_record(record)) == Review("signposted", was_report, was_emergency, "yes")


def test_who_disagrees_says_with_what(console, record) -> None:
    report(record)
    client = console.client("reviewer")
    page = send(client, 422, outcome="no_action", all_right="no", was_report="no")
    for sentence in ("Say whether it was an emergency", "Say whether the reply was right"):
        assert page.count(sentence) == 2  # in the summary and at the field
    assert 'href="#was_emergency"' in page
    assert values(page)["was_report"] == "no"
    send(client, outcome="no_action", all_right="no", was_report="no", was_emergency="no", reply_right="unclear")
    assert review_of(stored_record(record)) == Review("no_action", "no", "no", "unclear")


def test_agreeing_beside_answers_that_say_otherwise_is_asked_about(console, record) -> None:
    report(record)
    page = send(console.client("reviewer"), 422, outcome="signposted", all_right="yes", was_emergency="yes")
    assert "Choose “No, or not all of it”, or change the answers that say so" in page
    assert stored_record(record).review_state == "unreviewed"


def test_without_an_outcome_nothing_is_saved_and_nothing_typed_is_lost(console, record) -> None:
    report(record)
    page = send(console.client("reviewer"), 422, all_right="yes", notes="two lines\r\nof <b>notes</b>")
    assert "Choose what became of the message" in page
    assert "<title>Error: Record KMR-4C7" in page
    assert "two lines&#10;of &lt;b&gt;notes&lt;/b&gt;" in page
    assert values(page)["all_right"] == "yes"
    assert stored_record(record).version == 0


def test_intelligence_needs_the_reference_it_has_in_niche(console, record) -> None:
    report(record)
    client = console.client("reviewer")
    assert "Enter the reference that Niche gave it" in send(client, 422, outcome="niche")
    assert "Niche reference must be 64 characters or fewer" in send(
        client, 422, outcome="niche", niche_reference="9" * 65
    )
    send(client, outcome="niche", niche_reference=" 54260012345 ")
    assert stored_record(record).niche_reference == "54260012345"


def test_a_niche_reference_belongs_to_that_outcome_alone(console, record) -> None:
    report(record)
    send(console.client("reviewer"), outcome="signposted", niche_reference="54260012345")
    assert stored_record(record).niche_reference is None


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "arrested"},
        {"outcome": "signposted", "was_report": "perhaps", "all_right": "no"},
        {"outcome": "signposted", "all_right": "perhaps"},
        {"outcome": "signposted", "notes": "n" * 4001},
        {"outcome": "signposted", "notes": "nul \0"},
    ],
)
def test_what_the_form_does_not_offer_is_refused(console, record, fields) -> None:
    report(record)
    send(console.client("reviewer"), 422, **fields)
    assert stored_record(record).version == 0


def test_notes_may_be_as_long_as_the_page_says(console, record) -> None:
    report(record)
    notes = ("x" * 3998) + "\r\n" + "y"
    send(console.client("reviewer"), outcome="signposted", notes=notes)
    assert stored_record(record).notes == notes.replace("\r\n", "\n")


def test_a_note_of_ten_megabytes_is_refused_with_a_sentence(console, record) -> None:
    report(record)
    response = console.client("reviewer").post(URL, data={"outcome": "signposted", "notes": "n" * 10_000_000})
    assert response.status_code == 413
    assert stored_record(record).version == 0


def test_every_showing_of_the_record_is_logged_also_with_a_mistake_on_it(console, record) -> None:
    report(record)
    send(console.client("reviewer"), 422)
    assert [one.event for one in entries(record)] == ["record_opened"]


def test_two_reviewers_at_once_see_each_others_review_and_lose_nothing(console, record) -> None:
    report(record)
    ann, bob = console.client("reviewer", username="ann"), console.client("reviewer", username="bob")
    send(ann, outcome="control_room", all_right="yes", notes="rang at three")
    page = send(bob, 409, outcome="no_action", notes="I think\r\nit is <nothing>")
    assert "Ann saved a review on" in page
    assert "Phoned through to the control room" in page
    assert "rang at three" in page
    assert "I think\nit is &lt;nothing&gt;" in page
    assert stored_record(record).outcome == "control_room"
    mine = values(page)
    assert mine["version"] == "1"
    send(bob, **mine)
    saved = stored_record(record)
    assert (saved.outcome, saved.notes, saved.was_report) == ("no_action", "I think\nit is <nothing>", None)
    assert entries(record)[-1].actor == "bob"
    assert entries(record)[-1].detail["changed"]["outcome"] == ["control_room", "no_action"]


def test_saving_over_it_is_refused_again_when_a_third_was_quicker(console, record) -> None:
    report(record)
    ann, bob = console.client("reviewer", username="ann"), console.client("reviewer", username="bob")
    send(ann, outcome="control_room")
    mine = values(send(bob, 409, outcome="no_action"))
    send(ann, outcome="signposted", version="1")
    assert "Signposted, nothing more to do" in send(bob, 409, **mine)
    assert stored_record(record).outcome == "signposted"


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "1.0", "٣"])
def test_a_forged_version_saves_nothing(console, record, version) -> None:
    report(record)
    send(console.client("reviewer"), 409, outcome="signposted", version=version)
    assert stored_record(record).version == 0


def test_a_review_can_be_changed_later(console, record) -> None:
    report(record)
    client = console.client("reviewer")
    send(
        client,
        outcome="niche",
        niche_reference="N1",
        all_right="no",
        was_report="no",
        was_emergency="no",
        reply_right="yes",
    )
    held = values(client.get("/records/KMR-4C7").text)
    assert held["version"] == "1"
    assert (held["outcome"], held["niche_reference"], held["all_right"], held["was_report"]) == (
        "niche",
        "N1",
        "no",
        "no",
    )
    send(client, **{**held, "outcome": "no_action"})
    assert stored_record(record).outcome == "no_action"


def test_a_page_that_a_form_was_sent_to_leads_back_to_the_record(console, record) -> None:
    report(record)
    response = console.client("reviewer").get(URL)
    assert (response.status_code, response.headers["Location"]) == (302, "/records/KMR-4C7")


def test_save_and_next_goes_on_after_this_record(console, record) -> None:
    report(record)
    response = console.client("reviewer").post(URL, data={"version": "0", "outcome": "signposted", "next": "1"})
    assert response.status_code == 303
    assert re.fullmatch(r"/queue/next\?.*after=KMR-4C7.*", response.headers["Location"])


def test_a_hold_needs_a_reason_and_is_lifted_with_one(console, record) -> None:
    report(record)
    client = console.client("reviewer", username="ann")
    page = client.get("/records/KMR-4C7/hold")
    check_page(Page(page.text), page)
    refused = client.post("/records/KMR-4C7/hold", data={"version": "0", "reason": " "})
    assert refused.status_code == 422
    assert "Enter the reason, in a few words" in refused.text
    assert client.post("/records/KMR-4C7/hold", data={"version": "0", "reason": "the court asked"}).status_code == 303
    assert stored_record(record).hold_reason == "the court asked"
    shown = client.get("/records/KMR-4C7").text
    assert "Legal hold" in shown
    assert "the court asked" in shown
    lifting = client.get("/records/KMR-4C7/hold").text
    assert "Lift the legal hold on KMR-4C7" in lifting
    lifted = client.post("/records/KMR-4C7/hold", data={"version": "1", "reason": "case closed", "lift": "1"})
    assert lifted.status_code == 303
    assert stored_record(record).hold_reason is None
    assert [(one.event, one.purpose) for one in entries(record) if one.event.startswith("hold")] == [
        ("hold_set", "the court asked"),
        ("hold_lifted", "case closed"),
    ]


def test_a_hold_on_an_older_page_is_refused_with_the_reason_kept(console, record) -> None:
    report(record)
    ann, bob = console.client("reviewer", username="ann"), console.client("reviewer", username="bob")
    send(ann, outcome="signposted")
    page = bob.post("/records/KMR-4C7/hold", data={"version": "0", "reason": "the court asked"})
    assert page.status_code == 409
    check_page(Page(page.text), page)
    assert "Somebody else changed this record" in page.text
    assert "the court asked" in page.text
    assert stored_record(record).hold_reason is None
