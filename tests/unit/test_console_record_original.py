"""The original text: shown to whoever says why, and never without that in the audit trail."""

from dataclasses import replace
from typing import Any

import pytest
from console_records import entries, report
from console_staff import Console, console_of
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from test_console_pages import Page, check_page, parts_for

from signpost.log.audit import ERASURE, Act
from signpost.log.encryption import Vault
from signpost.log.erasing import erase_original
from signpost.log.messages import erase_text
from signpost.log.models import Escalation, InboundMessage

URL = "/records/KMR-4C7/original"
WHY = {"why": "control_room", "reason": "control room asked for the number"}


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def test_asking_shows_nothing_yet(console, record) -> None:
    report(record)
    page = shown(console.client("reviewer").get(URL))
    assert "07700" not in page
    assert not [one for one in Page(page).all("input") if "checked" in one]
    assert not entries(record)


@pytest.mark.parametrize(
    "fields",
    [{}, {"why": "control_room"}, {"reason": "because"}, {"why": "nosy", "reason": "because"}, {**WHY, "reason": "  "}],
)
def test_without_a_whole_reason_nothing_is_shown(console, record, fields) -> None:
    report(record)
    page = shown(console.client("reviewer").post(URL, data=fields), 422)
    assert "There is a problem" in page
    assert "07700" not in page
    assert not entries(record)


def test_with_a_reason_it_is_shown_and_logged(console, record) -> None:
    report(record)
    page = shown(console.client("reviewer", username="ann").post(URL, data=WHY))
    assert "I&#39;m on 07700 900123" in page
    (entry,) = entries(record)
    assert (entry.actor, entry.action, entry.event, entry.subject) == (
        "ann",
        "consultation",
        "original_shown",
        "KMR-4C7",
    )
    assert entry.purpose == "To pass an emergency on to the control room: control room asked for the number"
    assert "07700" not in str(entry.detail)


def test_what_cannot_be_logged_is_not_shown(console, record, monkeypatch) -> None:
    report(record)
    client = console.client("reviewer")

    def no_disk(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(type(console.parts.trail), "write", no_disk)
    response = client.post(URL, data=WHY)
    assert response.status_code == 503
    assert "07700" not in response.text


def test_what_cannot_be_decrypted_is_not_logged_as_shown(console, record, mandate) -> None:
    report(record)
    other_key = Vault(Fernet.generate_key().decode())
    strange = console_of(replace(parts_for(record, mandate), vault=other_key))
    response = strange.client("reviewer").post(URL, data=WHY)
    assert response.status_code == 500
    assert "07700" not in response.text
    assert not entries(record)


def test_the_whole_burst_is_shown(console, record) -> None:
    first = record.receive("someone is in")
    second = record.receive("", kind="attachment")
    escalation = report(record)
    with record.sessions.begin() as session:
        for one in (first, second):
            session.get_one(InboundMessage, one).part_of_id = escalation.inbound_message_id
    page = shown(console.client("reviewer").post(URL, data=WHY))
    assert page.index("someone is in") < page.index("a picture, recording or file") < page.index("07700 900123")
    assert "Message 1 of 3" in page


def test_html_and_halves_of_characters_are_shown_harmlessly(console, record) -> None:
    report(record, original="<script>alert(1)</script> \ud83d \u202eabc")
    page = shown(console.client("reviewer").post(URL, data=WHY))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_erased_text_says_when_and_why(console, record) -> None:
    escalation = report(record)
    with record.sessions.begin() as session:
        erase_original(session, session.get_one(Escalation, escalation.id), record.clock())
    client = console.client("reviewer")
    assert "The time for which original texts are kept is over." in shown(client.get(URL))
    with record.sessions.begin() as session:
        act = Act("signpost", ERASURE, "original_erased", "KMR-4C7", purpose="the person asked")
        console.parts.trail.write(session, act, record.clock())
    page = shown(client.post(URL, data=WHY))
    assert "Reason: the person asked" in page
    assert "<form" not in page[page.index("<main") : page.index("</main")]
    assert [one.event for one in entries(record)] == ["original_erased"]


def test_what_the_person_deleted_on_the_platform_says_so(console, record) -> None:
    report(record)
    with record.sessions.begin() as session:
        erase_text(session.scalars(select(InboundMessage)).one())
    assert "The person deleted the message on the platform" in shown(console.client("reviewer").get(URL))
