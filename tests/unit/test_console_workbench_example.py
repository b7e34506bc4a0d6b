"""A trainer's own example: held against the others, reviewed, and written once."""

import pytest
from console_records import entries
from test_console_pages import Page, check_page
from workbench_parts import workbench

from signpost.console.corrections.reviewed import NAME, Reviewed
from signpost.corpus.reading import read_corpus

NEW = "somebody has had the hubcaps off my car again"
GOOD = {"text": NEW, "intent": "report_crime"}


@pytest.fixture
def console(record, mandate, tmp_path):
    return workbench(record, mandate, tmp_path, None)


@pytest.fixture
def client(console):
    return console.client("trainer", username="tom")


def shown(response, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def seen_on(page: str) -> str:
    return Page(page).field("seen")


def review(client, **fields: str) -> str:
    return shown(client.post("/workbench/example", data={**GOOD, **fields}))


def learnt(console) -> list[tuple[str, str]]:
    return [(one.intent, one.text) for one in read_corpus(console.parts.training_folder) if one.file == NAME]


def test_a_tried_message_comes_with_those_that_are_like_it(client) -> None:
    data = {"text": "phone snatched outside the station by a lad on\na bike!"}
    page = shown(client.post("/workbench/example/begin", data=data))
    assert "phone snatched outside the station by a lad on a bike!" in page
    assert "the same words, in theft.yml, line 5" in page
    assert "Nearly the same" in page


def test_an_example_is_reviewed_and_then_written_and_audited(client, console, record) -> None:
    page = review(client)
    assert "data/nlu/reviewed.yml" in page
    assert f"    - {NEW}" in page
    assert learnt(console) == []
    response = client.post("/workbench/example", data={**GOOD, "seen": seen_on(page), "write": "1"})
    assert response.status_code == 303
    assert learnt(console) == [("report_crime", NEW)]
    entry = entries(record)[-1]
    assert (entry.actor, entry.action, entry.event) == ("tom", "alteration", "example_added")
    assert entry.detail["intent"] == "report_crime"
    assert "hubcaps" not in str(entry.detail)
    assert f"Written to {NAME}" in shown(client.get(response.location))


@pytest.mark.parametrize("seen", ["", "something else"])
def test_nothing_is_written_that_was_not_seen(client, console, record, seen) -> None:
    page = shown(client.post("/workbench/example", data={**GOOD, "seen": seen, "write": "1"}), 409)
    assert "nothing was written" in page
    assert NEW in page
    assert learnt(console) == []
    assert not [one for one in entries(record) if one.event == "example_added"]


def test_a_file_that_changed_meanwhile_is_shown_anew_and_then_taken(client, console) -> None:
    page = review(client)
    Reviewed(console.parts.training_folder).write(
        "aaa", "everyday_talk", "the ducks on the canal have had their chicks"
    )
    again = shown(client.post("/workbench/example", data={**GOOD, "seen": seen_on(page), "write": "1"}), 409)
    assert "was changed since" in again
    assert len(learnt(console)) == 1
    assert client.post("/workbench/example", data={**GOOD, "seen": seen_on(again), "write": "1"}).status_code == 303
    assert [text for _intent, text in learnt(console)] == ["the ducks on the canal have had their chicks", NEW]


def test_an_example_is_there_once(client, console) -> None:
    client.post("/workbench/example", data={**GOOD, "seen": seen_on(review(client)), "write": "1"})
    page = shown(client.post("/workbench/example", data={**GOOD, "text": f"{NEW.upper()}!"}), 422)
    assert "It is there already, in reviewed.yml, line" in page
    assert len(learnt(console)) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "Enter the message"),
        ({"text": " -- "}, "Enter the message"),
        ({"text": "ring <phone number> please"}, "Write something invented in place of &lt;phone number&gt;"),
        (
            {"text": "ring me on 07700 900123 about the hubcaps"},
            "It holds what looks like somebody’s own: phone number",
        ),
        ({"intent": ""}, "Choose what the person does"),
        ({"intent": "make_tea"}, "Choose what the person does"),
        ({"text": "lovely weather for the fair this morning"}, "It is there already, in theft.yml, line 14"),
        ({"text": "lovely weather for the fair this morning x"}, "nearly the same as a message that is no report"),
        ({"text": "a" * 2001}, "must be 2,000 characters or fewer"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_with_what_was_typed(client, console, fields, says) -> None:
    data = {**GOOD, **fields, "seen": "x", "write": "1"}
    page = shown(client.post("/workbench/example", data=data), 422)
    assert says in page
    assert learnt(console) == []


def test_going_back_to_change_it_keeps_what_was_written(client) -> None:
    page = shown(client.post("/workbench/example", data={**GOOD, "change": "1"}))
    assert NEW in page
    assert 'value="report_crime" selected' in page


def test_a_file_that_cannot_be_added_to_is_said(client, console) -> None:
    (console.parts.training_folder / NAME).write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hi\nmore: 1\n'
    )
    page = shown(client.post("/workbench/example", data=GOOD), 503)
    assert "nothing was added" in page
    assert NEW in page


def test_messages_that_cannot_be_read_are_said(client, console) -> None:
    (console.parts.training_folder / "theft.yml").write_text("nlu: {")
    assert "theft.yml" in shown(client.get("/workbench/example"))


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor"])
def test_only_trainers_add_examples(console, role) -> None:
    client = console.client(role)
    assert client.post("/workbench/example", data={**GOOD, "write": "1"}).status_code == 403
    assert learnt(console) == []
