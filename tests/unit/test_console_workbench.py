"""The workbench: its overview, and a message that is tried."""

import httpx
import pytest
from test_console_pages import Page, check_page
from workbench_parts import GUIDANCE, UNDERSTOOD, Rasa, workbench

from signpost.log.models import AuditEntry, Conversation, Correction, InboundMessage, KeptForm
from signpost.workbench import jobs

TEXT = "phone snatched outside the station"
TRY = {"text": TEXT, "channel": "messenger", "guided": "nothing"}


@pytest.fixture
def rasa() -> Rasa:
    return Rasa()


@pytest.fixture
def console(record, mandate, tmp_path, rasa):
    return workbench(record, mandate, tmp_path, rasa)


def shown(response, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def words_of(html: str) -> str:
    return " ".join(html.split())


def rows(record, table) -> int:
    with record.reads() as session:
        return session.query(table).count()


def test_the_overview_says_how_things_stand_before_anything_was_done(console) -> None:
    page = words_of(shown(console.client("trainer").get("/workbench")))
    assert "The messages or rules have changed since" in page
    assert "It runs this model" in page
    assert "Not run yet." in page
    assert "None to decide." in page
    assert "Nothing. </dd>" in page


def test_the_overview_says_that_there_is_no_model(record, mandate, tmp_path) -> None:
    console = workbench(record, mandate, tmp_path, None)
    for file in (tmp_path / "models").iterdir():
        if file.is_file():
            file.unlink()
    assert "There is none here yet" in shown(console.client("trainer").get("/workbench"))


def test_the_overview_tells_of_the_job_under_way_and_of_corrections(console, record) -> None:
    client = console.client("trainer")
    with record.sessions.begin() as session:
        jobs.ask(session, jobs.CONVERSATIONS, None, record.clock())
        session.add(
            Correction(
                text="a", old_label="crime_report", new_label="not_report", state="open",
                proposed_at=record.clock(), proposed_by_id=1,
            )
        )  # fmt: skip
    page = words_of(shown(client.get("/workbench")))
    assert "The conversation tests: waiting." in page
    assert "1 to decide." in page


def test_a_tried_message_is_shown_with_all_that_was_made_of_it(console, rasa) -> None:
    page = words_of(shown(console.client("trainer").post("/workbench/try", data=TRY)))
    assert "Report of a crime" in page
    assert "98%" in page
    assert "under 1%" in page
    assert ">snatched<" in page
    assert GUIDANCE.replace("'", "&#39;") in page
    assert f"{len(GUIDANCE)} of 2,000 characters" in page
    assert "Somebody who reports a crime is told where to report it" in page
    assert "data/rules/reports.yml" in page
    assert "A record of a report is written" in page
    assert "91% alike in meaning, in theft.yml, line 5" in page
    assert "0% alike in meaning, in theft.yml, line 14" in page
    assert page.count("Otherwise") == 1, "the nearest that has another label is marked"
    asked = rasa.asked[0]
    assert (asked["text"], asked["channel"], asked["visibility"]) == (TEXT, "messenger", "private")
    assert (asked["guided"], asked["replies"]) == ("nothing", "on_request")


def test_what_went_before_is_passed_on(console, rasa) -> None:
    fields = {**TRY, "channel": "x_mention", "guided": "emergency_guidance", "stopped": "y"}
    shown(console.client("trainer").post("/workbench/try", data=fields))
    asked = rasa.asked[0]
    assert (asked["channel"], asked["visibility"]) == ("x_mention", "public")
    assert (asked["guided"], asked["replies"]) == ("emergency_guidance", "off_by_request")


def test_the_same_reply_is_shown_for_the_other_channels_and_x_with_a_reference(console, rasa) -> None:
    fields = {**TRY, "channel": "x_dm"}
    short = console.parts.mandate.canonical_text("guidance", console.parts.mandate.channel("x_dm"))
    rasa.says["replies"] = [{"response": "utter_guidance", "text": short}]
    page = words_of(shown(console.client("trainer").post("/workbench/try", data=fields)))
    assert "Ref KMR-4C7" in page
    assert f"{len(short) + len(' Ref KMR-4C7')} of 280 of X’s characters" in page
    for name in ("Facebook Messenger", "Facebook comment", "Instagram comment", "X mention"):
        assert f'<h4 class="govuk-heading-s">{name}</h4>' in page


def test_a_reply_that_the_guard_would_replace_is_shown_as_it_would_be_sent(console, rasa) -> None:
    rasa.says["replies"] = [{"response": "utter_guidance", "text": "Ring 0800 555 111."}]
    page = shown(console.client("trainer").post("/workbench/try", data=TRY))
    assert "The approved text stands in place" in page
    assert "0800 555 111" not in page.replace("the number 0800 is not one", "")
    assert "We have no control over the security" in page


def test_silence_urgent_words_doubt_and_no_rule_are_said(console, rasa) -> None:
    rasa.says = {
        **UNDERSTOOD, "label": "not_report", "intent": "nlu_fallback", "unsure": True, "replies": [], "actions": [],
        "urgent": "the writer is wounded", "slots": {}, "nearest": None,
    }  # fmt: skip
    page = words_of(shown(console.client("trainer").post("/workbench/try", data=TRY)))
    for said in ("Signpost stays silent", "the writer is wounded", ">Unsure<", "None fits", "No report is recorded"):
        assert said in page
    assert "doesn’t have the training messages’ vectors" in page


def test_another_language_is_said(console, rasa) -> None:
    rasa.says = {**UNDERSTOOD, "label": "not_report", "intent": "other_language", "language": "pl", "unsure": True}
    page = words_of(shown(console.client("trainer").post("/workbench/try", data=TRY)))
    assert "It seems to be in Polish. Signpost understands English only" in page


def test_nothing_of_a_tried_message_is_kept_or_logged(console, record, rasa, capfd) -> None:
    client = console.client("trainer")
    before = {table: rows(record, table) for table in (AuditEntry, InboundMessage, Conversation, KeptForm)}
    response = client.post("/workbench/try", data=TRY)
    assert response.headers["Cache-Control"] == "no-store"
    assert {table: rows(record, table) for table in before} == before
    assert not any("snatched" in url for url in rasa.urls)
    said = capfd.readouterr()
    assert "snatched" not in said.out + said.err
    assert "snatched" not in shown(client.get("/workbench/try"))


@pytest.mark.parametrize(
    ("raises", "status", "says"),
    [
        (httpx.ConnectError("no"), 200, "The assistant doesn’t answer"),
        (httpx.ReadTimeout("late"), 200, "The assistant doesn’t answer"),
        (None, 500, "The assistant doesn’t answer"),
        (None, 401, "The assistant doesn’t answer"),
        (None, 404, "The assistant doesn’t answer"),
        (None, 503, "The assistant has no model yet"),
        (None, 413, "can’t take this message"),
    ],
)
def test_an_assistant_that_does_not_answer_is_said_and_nothing_typed_is_lost(
    console, rasa, raises, status, says
) -> None:
    rasa.raises, rasa.status = raises, status
    page = shown(console.client("trainer").post("/workbench/try", data=TRY), 503)
    assert says in page
    assert TEXT in page


@pytest.mark.parametrize("says", [[], {}, {"intent": 3}, {**UNDERSTOOD, "scores": "high"}])
def test_nonsense_from_the_assistant_is_no_answer(console, rasa, says) -> None:
    rasa.says = says
    assert "doesn’t answer" in shown(console.client("trainer").post("/workbench/try", data=TRY), 503)


def test_a_console_that_knows_no_assistant_says_so(record, mandate, tmp_path) -> None:
    console = workbench(record, mandate, tmp_path, None)
    assert "doesn’t know where the assistant is" in shown(
        console.client("trainer").post("/workbench/try", data=TRY), 503
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": "  "}, "Write a message first"),
        ({"text": "a" * 8001}, "must be 8,000 characters or fewer"),
        ({"text": "nul \x00"}, "can’t be stored"),
        ({"channel": "fax"}, "Choose where it is sent"),
        ({"guided": "perhaps"}, "Choose what this person had before"),
    ],
)
def test_a_form_that_cannot_be_tried_says_what_to_do(console, rasa, fields, says) -> None:
    page = shown(console.client("trainer").post("/workbench/try", data={**TRY, **fields}), 422)
    assert says in page
    assert not rasa.asked


def test_broken_rules_and_messages_are_said_and_the_rest_is_shown(record, mandate, tmp_path, rasa) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "broken.yml").write_text("rules: [")
    console = workbench(record, mandate, tmp_path, rasa, rules_folder=rules)
    (console.parts.training_folder / "theft.yml").write_text("nlu: {")
    page = shown(console.client("trainer").post("/workbench/try", data=TRY))
    assert "broken.yml" in page
    assert "theft.yml" in page
    assert "Report of a crime" in page


@pytest.mark.parametrize("path", ["/workbench", "/workbench/try", "/workbench/example", "/workbench/conversations"])
def test_the_rooms_are_linked_to_each_other_and_the_open_one_is_marked(console, path) -> None:
    page = shown(console.client("trainer").get(path))
    nav = page[page.index('aria-label="Workbench"') :]
    for address in ("/workbench", "/workbench/try", "/workbench/conversations", "/corrections", "/workbench/training"):
        assert f'href="{address}"' in nav
    assert nav.count('aria-current="page"') >= 1
