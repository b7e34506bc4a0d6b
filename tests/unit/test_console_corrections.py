"""Corrections: a trainer reads what reviewers overturned, and decides whether Signpost learns from it."""

import re
from pathlib import Path
from typing import Any

import pytest
from console_records import by, entries, report, two_reviewers
from console_staff import Console, console_of
from sqlalchemy import select
from test_console_pages import Page, check_page, parts_for

from signpost.console.corrections import deciding
from signpost.console.corrections.reviewed import NAME, NotWritten, Reviewed
from signpost.corpus.reading import read_corpus
from signpost.log.correcting import stamp
from signpost.log.erasing import erase_record
from signpost.log.models import Correction, Escalation
from signpost.log.reviewing import Review, save_review

THEFT = """\
version: "3.1"
nlu:
- intent: report_crime
  examples: |
    - phone snatched outside the station by a lad on a bike
- intent: everyday_talk
  examples: |
    - lovely weather for the fair this morning
"""
NEW = "the warm up act absolutely smashed it at the city hall last night"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "theft.yml").write_text(THEFT)
    return folder


@pytest.fixture
def console(record, mandate, folder) -> Console:
    return console_of(parts_for(record, mandate, training_folder=folder))


@pytest.fixture
def staff(record) -> list[Any]:
    return two_reviewers(record)


def overturn(console, record, staff, reference="KMR-4C7", **more) -> Correction:
    """A record whose review says that it was no report; an emergency, where ``was_emergency`` says so."""
    was_emergency = more.pop("was_emergency", "no")
    report(record, reference=reference, **more)
    judge(console, record, staff, reference, Review("no_action", "no", was_emergency, "yes"))
    with record.reads() as session:
        return session.scalars(select(Correction).join(Escalation).where(Escalation.reference == reference)).one()


def judge(console, record, staff, reference: str, review: Review) -> None:
    with record.sessions.begin() as session:
        escalation = session.scalars(select(Escalation).filter_by(reference=reference)).one()
        save_review(session, console.parts.trail, escalation, review, by(record, staff[0], escalation.version))


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def accepted(client: Any, correction: Correction, **fields: str) -> Any:
    fields = {"seen": stamp(correction), "text": NEW, "intent": "everyday_talk", "accept": "1", **fields}
    return client.post(f"/corrections/{correction.id}", data=fields)


def refused(client: Any, correction: Correction, **fields: str) -> Any:
    fields = {"seen": stamp(correction), "note": "it was a report", "refuse": "1", **fields}
    return client.post(f"/corrections/{correction.id}", data=fields)


def stored(record, correction: Correction) -> Correction:
    with record.reads() as session:
        return session.get_one(Correction, correction.id)


def learnt(folder: Path) -> list[tuple[str, str]]:
    return [(one.intent, one.text) for one in read_corpus(folder) if one.file == NAME]


def test_the_list_shows_what_is_to_be_decided_and_logs_the_look(console, record, staff) -> None:
    client = console.client("trainer", username="tom")
    assert "There is nothing to decide." in shown(client.get("/corrections"))
    overturn(console, record, staff)
    page = shown(client.get("/corrections"))
    assert "my shop window was smashed" in page
    assert "Report of a crime → Not a report" in page
    assert "To decide (1)" in page
    look = entries(record)[-1]
    assert (look.actor, look.event, look.detail) == ("tom", "corrections_listed", {"records": ["KMR-4C7"]})


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor"])
def test_only_trainers_see_corrections(console, record, staff, role) -> None:
    correction = overturn(console, record, staff)
    client = console.client(role)
    assert client.get("/corrections").status_code == 403
    assert client.get(f"/corrections/{correction.id}").status_code == 403
    assert accepted(client, correction).status_code == 403


@pytest.mark.parametrize(
    "path", ["/corrections/77", "/corrections/0", "/corrections/99999999999999999999", "/corrections?state=x"]
)
def test_what_is_not_there_says_so(console, path) -> None:
    assert console.client("trainer").get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["after=0", "after=x", "before=-1", "after=99999999999999999999", "after=12&before=7"]
)
def test_absurd_places_in_the_list_break_nothing(console, record, staff, query) -> None:
    overturn(console, record, staff)
    shown(console.client("trainer").get(f"/corrections?{query}"))


@pytest.mark.parametrize("state", ["open", "refused"])
def test_a_long_list_is_walked_forwards_and_back(console, record, staff, state) -> None:
    names = [f"CCC-{number}" for number in range(100, 160)]
    for name in names:
        record.clock.advance(seconds=1)
        correction = overturn(console, record, staff, name, text=f"message {name}.")
        if state == "refused":
            with record.sessions.begin() as session:
                one = session.get_one(Correction, correction.id)
                one.state, one.decided_at = "refused", record.clock()
    order = names if state == "open" else names[::-1]
    client, url, pages = console.client("trainer"), f"/corrections?state={state}", []
    while url:
        html = shown(client.get(url))
        pages.append((url, re.findall(r"message (CCC-\d+)\.", html)))
        url = _link(html, "next")
    assert [name for _, page in pages for name in page] == order
    back = _link(shown(client.get(pages[-1][0])), "prev")
    assert re.findall(r"message (CCC-\d+)\.", shown(client.get(back))) == pages[-2][1]
    first = _link(shown(client.get(back)), "prev")
    assert re.findall(r"message (CCC-\d+)\.", shown(client.get(first))) == pages[0][1]
    assert _link(shown(client.get(first)), "prev") is None


def _link(html: str, rel: str) -> str | None:
    found = next((one for one in Page(html).all("a") if one.get("rel") == rel), None)
    return found["href"] if found else None


def test_one_shows_the_text_the_labels_and_the_messages_like_it(console, record, staff) -> None:
    correction = overturn(console, record, staff, text="phone snatched outside the station by a man on a bike <b>")
    page = shown(console.client("trainer", username="tom").get(f"/corrections/{correction.id}"))
    assert "by a man on a bike &lt;b&gt;" in page
    assert "phone snatched outside the station by a lad on a bike" in page
    assert "theft.yml, line 5" in page
    assert '<option value="everyday_talk">' in page
    assert '<option value="report_crime">' not in page
    look = entries(record)[-1]
    assert (look.actor, look.event, look.subject) == ("tom", "correction_opened", "KMR-4C7")


def test_what_was_taken_out_is_pointed_out(console, record, staff) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer")
    assert "Here something was taken out: &lt;phone number&gt;" in shown(client.get(f"/corrections/{correction.id}"))
    page = shown(accepted(client, correction, text="rang <phone number> for the lovely fair"), 422)
    assert "Write something invented in place of &lt;phone number&gt;" in page


def test_an_accepted_one_is_written_and_logged(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer", username="tom")
    response = accepted(client, correction, text="- It was [smashed](it),\r\nthe act", note="a figure of speech")
    assert response.status_code == 303
    assert learnt(folder) == [("everyday_talk", "- It was (smashed)(it), the act")]
    saved = stored(record, correction)
    assert (saved.state, saved.intent, saved.text) == ("accepted", "everyday_talk", "- It was (smashed)(it), the act")
    assert (saved.note, saved.decided_at) == ("a figure of speech", record.clock())
    entry = next(one for one in entries(record) if one.event == "correction_accepted")
    assert (entry.actor, entry.action, entry.subject) == ("tom", "alteration", "KMR-4C7")
    assert entry.detail["intent"] == "everyday_talk"
    assert "smashed" not in str(entry.detail)
    for path in ("/corrections", "/corrections?state=accepted", f"/corrections/{correction.id}"):
        assert '<a class="govuk-link" href="/workbench/training">Train with these</a>' in shown(client.get(path))


def test_an_emergency_is_written_as_what_it_was(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff, was_emergency="yes")
    client = console.client("trainer")
    assert "Choose what the person does" in shown(accepted(client, correction, intent=""), 422)
    assert "Choose what the person does" in shown(accepted(client, correction, intent="report_crime"), 422)
    assert accepted(client, correction, intent="risk_to_life").status_code == 303
    assert learnt(folder) == [("risk_to_life", NEW)]


@pytest.mark.parametrize("text", ["", "   ", "[]{}", "...", "\u200b", "x" * 2001])
def test_what_is_no_message_is_refused(console, record, staff, folder, text) -> None:
    correction = overturn(console, record, staff)
    shown(accepted(console.client("trainer"), correction, text=text), 422)
    assert not learnt(folder)


@pytest.mark.parametrize(
    "found",
    [
        ("ring me on 07700 900123 after the fair", "phone number"),
        ("it is me.smith@example.com as ever", "e-mail address"),
    ],
)
def test_what_looks_like_personal_data_is_refused(console, record, staff, folder, found) -> None:
    text, kind = found
    correction = overturn(console, record, staff)
    page = shown(accepted(console.client("trainer"), correction, text=text), 422)
    assert f"It holds what looks like somebody’s own: {kind}" in page
    assert text in page
    assert not learnt(folder)


def test_what_is_there_already_or_contradicts_it_is_refused(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer")
    same = shown(accepted(client, correction, text="Lovely weather for the fair, this morning!"), 422)
    assert "It is there already, in theft.yml, line 8" in same
    near = shown(accepted(client, correction, text="phone snatched outside the station by a lad on a bik"), 422)
    assert "It is nearly the same as a message that is a report, in theft.yml, line 5" in near
    assert "Conflict" in near
    assert not learnt(folder)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Lovely weather for the fair, this morning!", "There already"),
        ("lovely weather for the fair this mornin", "Nearly the same"),
        ("phone snatched outside the station by a lad on a bik", "Conflict"),
    ],
)
def test_what_it_is_like_is_shown_before_anything_is_decided(console, record, staff, folder, text, tag) -> None:  # noqa: PLR0913, PLR0917  # fixtures
    correction = overturn(console, record, staff)
    client = console.client("trainer")
    assert tag not in shown(client.get(f"/corrections/{correction.id}"))
    page = shown(
        client.post(f"/corrections/{correction.id}", data={"seen": stamp(correction), "text": text, "look": "1"})
    )
    assert f">{tag}</strong>" in page
    assert f"{text}</textarea>" in page
    assert stored(record, correction).state == "open"
    assert not learnt(folder)


def test_a_refusal_needs_a_reason_and_writes_nothing(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer", username="tom")
    assert "Enter why you refuse it" in shown(refused(client, correction, note=" "), 422)
    assert refused(client, correction).status_code == 303
    saved = stored(record, correction)
    assert (saved.state, saved.note, saved.intent) == ("refused", "it was a report", None)
    assert not learnt(folder)
    entry = next(one for one in entries(record) if one.event == "correction_refused")
    assert (entry.actor, entry.subject) == ("tom", "KMR-4C7")
    page = shown(client.get(f"/corrections/{correction.id}"))
    assert "it was a report" in page
    assert '<h2 class="govuk-heading-m">Decide' not in page


def test_the_second_of_two_trainers_is_told_and_loses_nothing(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff)
    tom, tim = console.client("trainer", username="tom"), console.client("trainer", username="tim")
    assert refused(tom, correction).status_code == 303
    page = shown(accepted(tim, correction, text="something I thought about for long"), 409)
    assert "Somebody else decided this correction" in page
    assert "something I thought about for long" in page
    assert not learnt(folder)
    assert stored(record, correction).state == "refused"


def test_a_proposal_that_changed_meanwhile_is_not_decided_unseen(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff)
    record.clock.advance(minutes=1)
    judge(console, record, staff, "KMR-4C7", Review("no_action", "yes", "yes", "yes"))
    client = console.client("trainer")
    page = shown(accepted(client, correction), 409)
    assert "Emergency" in page
    assert '<option value="risk_to_life">' in page
    assert not learnt(folder)
    judge(console, record, staff, "KMR-4C7", Review("no_action", "yes", "no", "yes"))
    assert accepted(client, correction).status_code == 404


def test_a_crash_between_file_and_record_neither_loses_nor_doubles(console, record, staff, folder, monkeypatch) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer")
    with monkeypatch.context() as crash:
        crash.setattr(deciding, "_decide", _crash)
        assert accepted(client, correction).status_code == 500
    assert stored(record, correction).state == "open"
    assert learnt(folder) == [("everyday_talk", NEW)]
    assert accepted(client, correction, text=f"{NEW} again").status_code == 303
    assert learnt(folder) == [("everyday_talk", f"{NEW} again")]


def test_what_a_crash_left_can_be_accepted_as_it_is(console, record, staff, folder, monkeypatch) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer")
    with monkeypatch.context() as crash:
        crash.setattr(deciding, "_decide", _crash)
        accepted(client, correction)
    assert accepted(client, correction).status_code == 303
    assert learnt(folder) == [("everyday_talk", NEW)]


def test_what_a_crash_left_goes_when_it_is_refused_after_all(console, record, staff, folder, monkeypatch) -> None:
    correction = overturn(console, record, staff)
    client = console.client("trainer")
    with monkeypatch.context() as crash:
        crash.setattr(deciding, "_decide", _crash)
        accepted(client, correction)
    assert refused(client, correction).status_code == 303
    assert not learnt(folder)


def _crash(*_: Any) -> None:
    raise RuntimeError("the machine lost its power")


def test_a_folder_that_cannot_be_written_loses_nothing(console, record, staff, folder, monkeypatch) -> None:
    correction = overturn(console, record, staff)

    def read_only(*_: Any) -> None:
        raise NotWritten(
            "The training messages can’t be written here (Read-only file system), so nothing was accepted."
        )

    monkeypatch.setattr(Reviewed, "write", read_only)
    page = shown(accepted(console.client("trainer"), correction), 503)
    assert "(Read-only file system), so nothing was accepted. It is still to be decided" in page
    assert NEW in page
    assert stored(record, correction).state == "open"


def test_training_messages_that_cannot_be_read_are_said_so(console, record, staff, folder) -> None:
    correction = overturn(console, record, staff)
    (folder / "theft.yml").write_text("nlu: [")
    page = shown(console.client("trainer").get(f"/corrections/{correction.id}"))
    assert "this isn&#39;t valid YAML" in page


def test_an_erased_one_says_so(console, record, staff) -> None:
    correction = overturn(console, record, staff)
    with record.sessions.begin() as session:
        erase_record(session, session.get_one(Escalation, correction.escalation_id), record.clock())
    client = console.client("trainer")
    assert "The text was erased with its record." in shown(client.get(f"/corrections/{correction.id}"))
    assert "Erased" in shown(client.get("/corrections?state=refused"))


def test_the_record_tells_of_its_correction(console, record, staff) -> None:
    correction = overturn(console, record, staff)
    assert refused(console.client("trainer", username="tom"), correction).status_code == 303
    page = shown(console.client("reviewer", "trainer").get("/records/KMR-4C7"))
    assert f'href="/corrections/{correction.id}"' in page
    for happened in ("Correction proposed", "Correction refused", "by Tom"):
        assert happened in page
