"""The retention page: what is kept how long, what would go now, what a hold keeps, and how the last runs went."""

from dataclasses import replace

import pytest
from console_staff import console_of
from kept_record import Kept
from sqlalchemy import select
from test_console_pages import Page, check_page, parts_for

from signpost.console.retention import reading
from signpost.log.duties import put
from signpost.log.models import Escalation
from signpost.log.retention import NAMES, Limits
from signpost.log.retention_claim import DUTY


@pytest.fixture
def kept(record) -> Kept:
    return Kept(record)


def look(record, mandate, **more) -> str:
    client = console_of(parts_for(record, mandate, **more)).client("administrator")
    response = client.get("/retention")
    assert response.status_code == 200, response.text
    check_page(Page(response.text), response)
    return response.text


def cells(said: str, name: str) -> list[str]:
    """The texts of the row with this name."""
    row = said.split(f">{name}</th>")[1].split("</tr>", maxsplit=1)[0]
    return [part.split(">", 1)[1].split("</td>")[0].strip() for part in row.split("<td")[1:]]


def test_with_nothing_due_the_page_says_how_long_what_is_kept(record, mandate):
    said = look(record, mandate)
    for name in NAMES.values():
        assert name in said
    assert cells(said, "What people wrote, word for word")[0] == "28 days"
    assert cells(said, "Records, with their messages and replies")[0] == "24 months"
    assert cells(said, "Audit entries")[0] == "6 years"
    assert "Retention hasn’t run yet." in said
    assert "The next run is on" in said


def test_what_the_next_run_would_erase_is_counted(kept, record, mandate):
    kept.message(person="p1")
    kept.escalation(person="p2")
    record.clock.advance(days=100)
    said = look(record, mandate)
    assert cells(said, "What people wrote, word for word")[2] == "2"
    assert cells(said, "Messages that led to no record, with our replies")[2] == "1"
    assert cells(said, "Records, with their messages and replies")[2] == "0"
    assert cells(said, "Dialogues of the assistant, which hold no text")[2] == "Not counted here"
    assert kept.texts() == [True, True]


def test_a_lot_is_counted_no_further_than_needed(kept, record, mandate, monkeypatch):
    monkeypatch.setattr(reading, "MOST_COUNTED", 3)
    for number in range(5):
        kept.message(person=f"p{number}")
    record.clock.advance(days=100)
    assert cells(look(record, mandate), "What people wrote, word for word")[2] == "3 or more"


def test_the_limits_are_those_of_the_installation(record, mandate):
    said = look(record, mandate, keeping=Limits(original_days=1, runs_at=None))
    assert cells(said, "What people wrote, word for word")[0] == "1 day"
    assert "Retention runs by hand alone" in said


def test_records_under_a_hold_are_listed_with_the_reason_and_whoever_set_it(kept, record, mandate):
    reference = kept.escalation()
    anna = kept.staff()
    with record.sessions.begin() as session:
        escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
        escalation.hold_reason, escalation.hold_by_id, escalation.hold_at = "a <court> asked", anna, record.clock()
    said = look(record, mandate)
    assert cells(said, reference) == [
        "a &lt;court&gt; asked",
        "<time" + cells(said, reference)[1].split("<time")[1],
        "Anna",
    ]
    assert f'href="/records/{reference}"' not in said, "an administrator who reviews nothing can't open it"


def test_more_holds_than_are_listed_are_told_of(kept, record, mandate, monkeypatch):
    monkeypatch.setattr(reading, "MOST_HELD", 2)
    for number in range(3):
        kept.hold(kept.escalation(person=f"p{number}"))
    assert "There are more." in look(record, mandate)


def test_the_last_runs_are_told_with_what_they_erased_and_those_that_were_cut_short(kept, record, mandate):
    kept.message()
    record.clock.advance(days=29)
    kept.retention().run("schedule", rest=lambda _seconds: None)
    record.clock.advance(days=1)
    kept.retention().run("schedule", stopped=lambda: True)
    record.clock.advance(days=1)
    kept.retention().run("command: ann", rest=lambda _seconds: None)
    said = look(record, mandate)
    last = said.split("The last runs")[-1]
    assert (
        last.index("By hand, by ann")
        < last.index("It was cut short")
        < last.index("What people wrote, word for word: 1")
    )
    assert "Nothing was due" in last


def test_a_run_that_is_due_is_told_as_such(record, mandate):
    with record.sessions.begin() as session:
        put(session, DUTY, record.clock())
    assert "A run is due now" in look(record, mandate)


@pytest.mark.parametrize("role", ["reviewer", "trainer", "auditor"])
def test_only_administrators_see_it(record, mandate, role):
    console = console_of(parts_for(record, mandate))
    assert console.client(role).get("/retention").status_code == 403


def test_on_either_database_the_page_is_whole(either_record, mandate):
    kept = Kept(either_record)
    kept.message(person="p1")
    kept.hold(kept.escalation(person="p2"))
    either_record.clock.advance(days=800)
    kept.run()
    said = look(either_record, mandate)
    assert "What people wrote, word for word: 1" in said
    assert replace(Limits()) == Limits()
