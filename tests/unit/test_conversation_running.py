"""Conversations are held with the desk as it is; only the assistant behind it is none, and says what it was told to."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import FakePlatform, desk_for, guidance, understood

from signpost import cli
from signpost.conversations import shell as chat
from signpost.conversations.domain import Domain
from signpost.conversations.expanding import Case
from signpost.conversations.holding import Talk
from signpost.conversations.judging import Judge
from signpost.conversations.outcome import Outcome
from signpost.conversations.reading import Conversation, Turn, read_text
from signpost.conversations.rules import load_rules
from signpost.conversations.running import hold_all
from signpost.conversations.shell import Shell

PROJECT = Path(__file__).parents[2]
SLOTS = {"visibility": "private", "guidance": "full", "replies": "on_request"}


class EchoingAssistant:
    """Understands by the first word of a text, and answers about the message it was asked about."""

    def __init__(self, mandate, answers=None):
        self.asked = []
        self.answers = answers or {
            "theft": understood(said=[guidance(mandate)], slots=SLOTS),
            "help": understood(
                "emergency", "report_emergency", [guidance(mandate, kind="emergency_guidance")], slots=SLOTS
            ),
            "hello": understood("not_report", "greet", [("utter_greet", "Hello.")], slots=SLOTS),
            "stop": understood("not_report", "stop", [], slots=SLOTS),
            "pigs": understood("not_report", "abuse", [], slots=SLOTS),
        }

    def ask(self, question):
        self.asked.append(question)
        answer = self.answers[question.text.split()[0]]
        return understood(
            answer.label,
            answer.intent,
            [(reply.response, reply.text) for reply in answer.replies],
            message_id=question.message_id,
            slots=answer.slots,
            held=bool(question.hold) and answer.label == "not_report",
        )


@pytest.fixture
def assistant(mandate):
    return EchoingAssistant(mandate)


@pytest.fixture
def desk(record, mandate, assistant):
    return desk_for(record, mandate, assistant, FakePlatform())


@pytest.fixture
def judge(mandate):
    responses = {
        "utter_greet": {None: "Hello."},
        "utter_guidance": {None: guidance(mandate)[1]},
        "utter_emergency_guidance": {None: guidance(mandate, kind="emergency_guidance")[1]},
    }
    return Judge(Domain(("greet",), responses), tuple(load_rules(PROJECT / "data" / "rules")), mandate)


@pytest.fixture
def talk(desk, mandate):
    return Talk(desk, mandate.channel("messenger"))


def test_a_report_is_answered_recorded_and_delivered(talk):
    heard = talk.say(["theft of a bike"])
    assert (heard.label, heard.cause, heard.escalation == heard.reference) == ("crime_report", "report", True)
    assert [one.response for one in heard.replies] == ["utter_guidance"]
    assert heard.answer.slots == SLOTS


def test_a_burst_is_answered_as_one(talk, assistant):
    heard = talk.say(["hello", "it is", "theft"])
    assert assistant.asked[-1].text == "hello\nit is\ntheft"
    assert [one.response for one in heard.replies] == ["utter_greet"]


def test_time_passes_for_this_conversation_alone(desk, mandate, assistant):
    one, other = Talk(desk, mandate.channel("messenger")), Talk(desk, mandate.channel("messenger"))
    one.say(["theft"])
    other.say(["theft"])
    one.later(2)
    one.say(["theft"])
    other.later(0)
    other.say(["theft"])
    assert [question.guided for question in assistant.asked] == ["nothing", "nothing", "nothing", "guidance"]


def test_a_member_of_staff_has_the_conversation_emergencies_excepted(talk):
    talk.staff_replied()
    assert talk.say(["hello"]).replies == ()
    assert talk.say(["help"]).replies[0].response == "utter_emergency_guidance"


def test_somebody_who_asked_to_stop_is_told_to_the_assistant_as_such(talk, assistant):
    talk.asked_to_stop()
    talk.say(["hello"])
    assert assistant.asked[0].replies == "off_by_request"


def test_a_picture_without_words_never_reaches_the_assistant(talk, assistant):
    heard = talk.attach()
    assert (heard.label, heard.answer, heard.cause, assistant.asked) == (None, None, "unsure", [])
    assert [one.response for one in heard.replies] == ["canonical"]


def test_abuse_is_recorded_for_its_own_cause_and_is_no_escalation(talk):
    heard = talk.say(["pigs"])
    assert (heard.cause, heard.escalation, heard.replies) == ("abuse", None, ())


# The suite


SUITE = read_text(
    """\
conversations:
- conversation: Somebody reports a theft, adds more later, and is in danger the next day
  channels: [messenger]
  turns:
  - says: theft
    label: crime_report
    escalation: yes
    replies: [utter_guidance]
  - says: help
    gap_hours: 24
    before: staff_replied
    label: emergency
    escalation: yes
    replies: [utter_emergency_guidance]
- conversation: Somebody says hello and is expected to report
  channels: [messenger]
  turns:
  - says: hello
    label: crime_report
    replies: [utter_guidance]
- conversation: A picture
  channels: [messenger]
  turns:
  - attachment: image
    replies: [canonical]
    cause: unsure
""",
    "a.yml",
)


def test_cases_are_held_and_judged_in_order_with_progress(desk, judge, mandate):
    told = []
    cases = [Case(one, mandate.channel("messenger")) for one in SUITE]
    outcomes = hold_all(desk, cases, judge, lambda done, total: told.append((done, total)))
    assert [(one.title, one.passed) for one in outcomes] == [
        (SUITE[0].title, True),
        (SUITE[1].title, False),
        (SUITE[2].title, True),
    ], [turn.faults for one in outcomes for turn in one.turns]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert outcomes[0].turns[1].about == "24 hours later. A member of staff has just written in the conversation."
    assert outcomes[1].turns[0].faults[1] == "The reply should be utter_guidance, and was utter_greet."
    assert Outcome.from_json(json.loads(json.dumps(outcomes[0].as_json()))) == outcomes[0]


def test_a_message_that_comes_to_no_end_fails_its_own_case_only(desk, judge, mandate, monkeypatch):
    monkeypatch.setattr("signpost.conversations.holding.GIVE_UP_SECONDS", -1)
    finish = type(desk).finish_next
    monkeypatch.setattr(type(desk), "finish_next", lambda self, conversation: finish(self, conversation) and False)
    case = Case(
        Conversation("A", "a.yml", ("messenger",), (Turn(("hello",), replies=()),) * 2), mandate.channel("messenger")
    )
    (outcome,) = hold_all(desk, [case], judge, lambda _done, _total: None)
    assert not outcome.passed
    assert len(outcome.turns) == 1
    assert outcome.turns[0].faults[0].startswith("A message had no end after")


# The shell


def chatted(desk, judge, mandate, *lines):
    said = []
    Shell(desk, judge, mandate.channel("messenger"), said.append).read(iter(lines))
    return "\n".join(said)


def test_the_shell_shows_what_was_understood_which_rule_answered_and_the_reply(desk, judge, mandate):
    text = chatted(desk, judge, mandate, "hello there", "", "theft | of a bike")
    assert "label     not_report   emergency 0.10, crime_report 0.80, not_report 0.10" in text
    assert "intent    greet   likeliest: greet 0.80" in text
    assert "rule      Somebody who says hello is greeted and told what this is (turns_of_conversation.yml)" in text
    assert "record    nothing" in text
    assert "\n  Hello.\n" in text
    assert "rule      Somebody who reports a crime is told where to report it (reports.yml)" in text
    assert "record    a report, " in text
    assert "  We can't take reports of crime over social media." in text


def test_the_shells_commands(desk, judge, mandate, assistant):
    lines = [
        "/channel",
        "/channel x dm",
        "hello",
        "/later 90m",
        "/staff",
        "hello",
        "/new",
        "/image",
        "/help",
        "/quit",
        "hello",
    ]
    text = chatted(desk, judge, mandate, *lines)
    assert "messenger          Facebook Messenger, private  (you are here)" in text
    assert "You are a new person, on X message." in text
    assert "90m later." in text
    assert "  (no reply)" in text
    assert "label     none: the assistant was not asked" in text
    assert "/later 2h" in text
    assert [question.channel for question in assistant.asked] == ["x_dm", "x_dm"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/channel fax", "There is no channel 'fax'."),
        ("/later", "Say how much later"),
        ("/later soon", "Say how much later"),
        ("/later 400d", "Say how much later"),
        ("/later 0m", "Say how much later"),
    ],
)
def test_the_shell_says_what_is_wrong_and_goes_on(desk, judge, mandate, line, sentence):
    text = chatted(desk, judge, mandate, line, "hello")
    assert sentence in text
    assert "\n  Hello.\n" in text


def test_what_looks_like_another_command_is_something_the_public_may_write(desk, judge, mandate, assistant):
    assistant.answers["/restart"] = assistant.answers["hello"]
    assert "  Hello." in chatted(desk, judge, mandate, "/restart now")


def test_lines_may_come_from_elsewhere_and_need_not_be_utf_8(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"hello\n\xff\xfe\n"), "utf-8"))
    assert [line.strip() for line in chat._lines()] == ["hello", "\ufffd\ufffd"]
    assert capsys.readouterr().out == "> hello\n> \ufffd\ufffd\n"


# The commands


@pytest.fixture
def signpost(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("SIGNPOST_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("SIGNPOST_FORCE", str(PROJECT / "force"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli.main, [str(one) for one in arguments])


@pytest.fixture
def ran(monkeypatch, desk, judge):
    """The commands as they are, but for the processes they would start and the model they would need."""
    monkeypatch.setattr("signpost.training.need_model", lambda _settings: None)
    monkeypatch.setattr("signpost.conversations.running.judge_of", lambda _settings: judge)
    monkeypatch.setattr(
        "signpost.conversations.running.run", lambda _settings, cases, tell: hold_all(desk, cases, judge, tell)
    )


def suite_file(folder, *, passing):
    suite = "conversations:\n- conversation: A greeting\n  channels: [private]\n  turns:\n  - says: hello\n"
    file = folder / "mine.yml"
    file.write_text(suite + f"    replies: [{'utter_greet' if passing else 'utter_goodbye'}]\n")
    return file


def test_tests_that_pass_end_with_status_0_and_are_kept_as_json(signpost, ran, tmp_path):
    result = signpost("test", "conversations", "--file", suite_file(tmp_path, passing=True), "--json", "out.json")
    assert (result.exit_code, result.output.strip()) == (0, "All passed: 1 tests on their channels, 3 cases.")
    kept = json.loads((tmp_path / "out.json").read_text())
    assert [one["channel"] for one in kept["outcomes"]] == ["messenger", "instagram_dm", "x_dm"]


def test_tests_that_fail_end_with_status_1_and_say_why(signpost, ran, tmp_path):
    result = signpost("test", "conversations", "--file", suite_file(tmp_path, passing=False), "--channel", "X DM")
    assert result.exit_code == 1
    assert "-> The reply should be utter_goodbye, and was utter_greet." in result.output
    assert "on x_dm, in mine.yml" in result.output


def test_coverage_names_what_is_missing_and_ends_with_status_1(signpost, ran, tmp_path):
    signpost("test", "conversations", "--file", suite_file(tmp_path, passing=True), "--json", "out.json")
    result = signpost("coverage", "--from", "out.json", "--json", "coverage.json")
    assert result.exit_code == 1
    assert "intents" in result.output
    assert "100 %   1 of 1" in result.output
    assert "utter_guidance on messenger" in result.output
    assert json.loads((tmp_path / "coverage.json").read_text())["complete"] is False


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("test", "conversations", "--file", "gone.yml"), 1, "gone.yml can't be read: No such file or directory."),
        (("test", "conversations", "--file", "empty.yml"), 1, "There is no conversation test in empty.yml."),
        (("test", "conversations", "--file", "bad.yml"), 1, "bad.yml: it should hold one list, named conversations"),
        (("test", "conversations", "--file", "mine.yml", "--channel", "fax"), 2, "There is no channel 'fax'."),
        (
            ("test", "conversations", "--file", "mine.yml", "--channel", "x_mention"),
            1,
            "None of these tests is held on x_mention.",
        ),
        (
            ("test", "conversations", "--file", "mine.yml", "--json", "no/folder.json"),
            2,
            "The folder no doesn't exist.",
        ),
        (("test", "conversations", "--file", "mine.yml"), 1, "There is no model in"),
        (("coverage", "--from", "gone.json"), 2, "gone.json can't be read"),
        (("coverage", "--from", "bad.yml"), 2, "bad.yml isn't what `signpost test conversations --json` writes."),
        (("shell", "--channel", "fax"), 2, "There is no channel 'fax'."),
        (("shell",), 1, "There is no model in"),
        (("draw", "--out", "no/rules.svg"), 2, "The folder no doesn't exist."),
    ],
)
def test_what_a_command_cannot_take_is_a_sentence(signpost, tmp_path, arguments, status, sentence):
    suite_file(tmp_path, passing=True)
    (tmp_path / "empty.yml").write_text("conversations: []\n")
    (tmp_path / "bad.yml").write_text("rules: []\n")
    result = signpost(*arguments)
    assert "Traceback" not in result.output
    assert (result.exit_code, sentence in result.output) == (status, True), result.output


def test_the_rules_are_drawn_where_one_asks(signpost, tmp_path):
    assert signpost("draw").output.strip() == "Drawn: reports/rules.svg"
    assert "utter_guidance" in (tmp_path / "reports" / "rules.svg").read_text()
