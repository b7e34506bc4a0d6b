"""The conversation tests in the console: listed with the last run, one turn by turn, and run."""

from datetime import timedelta

import pytest
from console_models import comparison
from console_records import entries
from test_console_pages import Page, check_page
from workbench_parts import workbench

from signpost.console.workbench.suite import key_of
from signpost.conversations.outcome import Outcome, TurnOutcome
from signpost.workbench import jobs

BURGLARY = """\
conversations:
- conversation: Somebody reports a burglary, and then he is back
  channels: [messenger, x_dm]
  turns:
  - says: someone broke into our shed last night
    label: crime_report
    escalation: yes
    replies: [utter_guidance]
    words: ["101", "999"]
  - says: [he is back, please hurry]
    gap_hours: 0.5
    label: emergency
    replies: [utter_emergency_guidance]
"""
THANKS = """\
conversations:
- conversation: Somebody says thank you
  channels: [public]
  turns:
  - says: thanks for the lovely day
    label: not_report
    replies: []
"""
REPORTED, THANKED = "Somebody reports a burglary, and then he is back", "Somebody says thank you"


@pytest.fixture
def console(record, mandate, tmp_path):
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "burglary.yml").write_text(BURGLARY)
    (suite / "thanks.yml").write_text(THANKS)
    return workbench(record, mandate, tmp_path, None)


@pytest.fixture
def client(console):
    return console.client("trainer", username="tina")


def shown(response, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return " ".join(response.text.split())


def turn(says, expected, got, *faults: str) -> TurnOutcome:
    said = [{"response": name, "text": f"The words of {name}.", "faults": []} for name in got.get("replies", ())]
    return TurnOutcome((says,), expected, {**got, "replies": said}, faults)


def outcome(title: str, file: str, channel: str, *turns: TurnOutcome) -> Outcome:
    return Outcome(title, file, channel, not any(one.faults for one in turns), turns)


WENT_WRONG = turn(
    "he is back",
    {"label": "emergency", "replies": ["utter_emergency_guidance"]},
    {"label": "crime_report", "replies": ["utter_reminder"], "rule": "Somebody is reminded in a sentence"},
    "It is taken for a report of a crime, and should be an emergency.",
)
RIGHT = turn("thanks", {"replies": []}, {"label": "not_report"})
RUN = (
    outcome(REPORTED, "burglary.yml", "messenger", WENT_WRONG),
    outcome(REPORTED, "burglary.yml", "x_dm", turn("he is back", {"label": "emergency"}, {"label": "emergency"})),
    *(outcome(THANKED, "thanks.yml", channel, RIGHT) for channel in ("facebook_comment", "x_mention")),
)


def has_run(record, kind: str = jobs.CONVERSATIONS, state: str = jobs.DONE, result=None, **more) -> None:
    result = {"outcomes": [one.as_json() for one in RUN]} if result is None else result
    with record.sessions.begin() as session:
        key = jobs.ask(session, kind, None, record.clock()).key
        jobs.claim(session, key, "worker", record.clock())
        jobs.end(session, key, "worker", record.clock(), state, result=result, model_key="a" * 32, **more)
    record.clock.advance(minutes=5)


def test_tests_are_listed_by_file_before_they_were_run(client) -> None:
    page = shown(client.get("/workbench/conversations"))
    assert "They have not been run yet." in page
    assert page.index("burglary.yml") < page.index(REPORTED) < page.index("thanks.yml") < page.index(THANKED)
    assert "Facebook Messenger, X message" in page
    assert page.count("Not run<") == 2
    assert "Run all now" in page


def test_the_last_run_is_shown_with_what_failed(client, record) -> None:
    has_run(record)
    page = shown(client.get("/workbench/conversations"))
    assert "1 of 4 failed." in page
    assert "Facebook Messenger (failed), X message" in page
    assert "Failed (1)" in page
    only = shown(client.get("/workbench/conversations?show=failed"))
    assert REPORTED in only
    assert THANKED not in only


def test_a_failing_test_is_shown_turn_by_turn_with_expected_beside_got(client, record) -> None:
    has_run(record)
    page = shown(client.get(f"/workbench/conversations/{key_of('burglary.yml', REPORTED)}"))
    assert page.index("Facebook Messenger") < page.index("X message"), "what failed comes first"
    assert "It is taken for a report of a crime, and should be an emergency." in page
    assert (
        'data-label="Expected">Emergency</td><td class="govuk-table__cell" data-label="Got">Report of a crime<' in page
    )
    assert ">utter_emergency_guidance</td>" in page
    assert ">utter_reminder</td>" in page
    assert "Rule: Somebody is reminded in a sentence." in page


def test_a_test_that_was_not_held_shows_what_it_asks_for(client) -> None:
    page = shown(client.get(f"/workbench/conversations/{key_of('thanks.yml', THANKED)}"))
    assert "It was not held yet." in page
    assert "thanks for the lovely day" in page
    assert "Silence" in page


@pytest.mark.parametrize("key", ["nothing", "0" * 12, "record"])
def test_a_test_that_is_not_there_says_so(client, key) -> None:
    assert client.get(f"/workbench/conversations/{key}").status_code == 404


def test_there_is_no_other_list(client) -> None:
    assert client.get("/workbench/conversations?show=x").status_code == 404


def test_a_training_s_run_counts_too_and_is_said_to_be_of_its_model(client, record) -> None:
    has_run(record)
    has_run(record, jobs.TRAIN, result=comparison(fit=False))
    page = shown(client.get("/workbench/conversations"))
    assert "with a newly trained model" in page
    assert "Facebook Messenger (failed)" not in page


def test_runs_that_came_to_nothing_are_passed_over(client, record) -> None:
    has_run(record)
    has_run(record, state=jobs.FAILED, result={}, fault="The assistant did not start.")
    has_run(record, jobs.TRAIN, result={"comparison": {"conversations": None}})
    has_run(record, jobs.CONVERSATIONS, result={"outcomes": [{"title": "of another version"}]})
    assert "1 of 4 failed." in shown(client.get("/workbench/conversations"))


def test_a_run_that_broke_off_says_why(client, record) -> None:
    has_run(record, state=jobs.FAILED, result={}, fault="The assistant did not start.")
    page = shown(client.get("/workbench/conversations"))
    assert "The last run broke off: The assistant did not start." in page


def test_a_run_is_asked_for_once_with_progress_and_audited(client, record) -> None:
    for _ in range(2):
        response = client.post("/workbench/conversations/run")
        assert (response.status_code, response.location) == (303, "/workbench/conversations")
    with record.reads() as session:
        (job,) = jobs.recent(session, jobs.CONVERSATIONS, 5)
    assert job.state == "waiting"
    page = shown(client.get("/workbench/conversations"))
    assert "Waiting to be taken up" in page
    assert "were not begun again" in page
    assert "Run all now" not in page
    asked = [one for one in entries(record) if one.event == "conversation_tests_asked"]
    assert [(one.actor, one.action, one.subject) for one in asked] == [("tina", "administration", job.key)]


def test_how_far_it_is_is_told_to_the_page_s_script(client, record) -> None:
    assert client.get("/workbench/conversations/state").json == {"ended": True}
    client.post("/workbench/conversations/run")
    with record.sessions.begin() as session:
        key = jobs.latest(session, jobs.CONVERSATIONS).key
        jobs.claim(session, key, "worker", record.clock())
        jobs.beat(session, key, "worker", record.clock(), step="Holding the conversation tests", done=7, total=12)
    told = client.get("/workbench/conversations/state").json
    assert (told["ended"], told["step"], told["words"]) == (False, "Holding the conversation tests", "7 of 12")
    assert "7 of 12" in shown(client.get("/workbench/conversations"))


def test_a_run_whose_process_died_is_over(client, record) -> None:
    client.post("/workbench/conversations/run")
    with record.sessions.begin() as session:
        jobs.claim(session, jobs.latest(session, jobs.CONVERSATIONS).key, "worker", record.clock())
    record.clock.now += jobs.DEAD_AFTER + timedelta(seconds=1)
    page = shown(client.get("/workbench/conversations"))
    assert "broke off" in page
    assert "Run all now" in page


def test_a_run_can_be_stopped(client, record) -> None:
    client.post("/workbench/conversations/run")
    client.post("/workbench/conversations/stop")
    with record.reads() as session:
        assert jobs.latest(session, jobs.CONVERSATIONS).state == "stopped"
    assert entries(record)[-1].event == "conversation_tests_stopped"
    client.post("/workbench/conversations/stop")
    assert "It had ended already" in shown(client.get("/workbench/conversations"))


def test_no_run_begins_while_a_training_is_under_way(client, record) -> None:
    with record.sessions.begin() as session:
        jobs.ask(session, jobs.TRAIN, None, record.clock())
    client.post("/workbench/conversations/run")
    assert "A training is under way" in shown(client.get("/workbench/conversations"))
    with record.reads() as session:
        assert jobs.latest(session, jobs.CONVERSATIONS) is None


def test_a_broken_file_is_named_and_nothing_can_be_run(client, console) -> None:
    (console.parts.bench.suite_folder / "broken.yml").write_text("conversations: [")
    page = shown(client.get("/workbench/conversations"))
    assert "broken.yml" in page
    assert "Run all now" not in page
    assert client.get(f"/workbench/conversations/{key_of('thanks.yml', THANKED)}").status_code == 404


def test_an_unknown_channel_is_named(client, console) -> None:
    (console.parts.bench.suite_folder / "fax.yml").write_text(
        THANKS.replace("public", "fax").replace("Somebody", "A man")
    )
    assert "fax" in shown(client.get("/workbench/conversations"))


def test_without_any_test_the_page_says_how_to_make_one(client, console) -> None:
    for file in console.parts.bench.suite_folder.iterdir():
        file.unlink()
    page = shown(client.get("/workbench/conversations"))
    assert "There is no conversation test yet." in page
    assert "Make this a test" in page
