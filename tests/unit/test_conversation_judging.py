"""Which rule answered, what of a turn isn't as expected, and what the tests reach."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from fakes import understood

from signpost.conversations.coverage import PLACES, RULES, measure, occurrences
from signpost.conversations.domain import Domain, load_domain
from signpost.conversations.flow import flow
from signpost.conversations.holding import Heard, Sent
from signpost.conversations.judging import Judge
from signpost.conversations.outcome import Outcome, TurnOutcome
from signpost.conversations.presenting import covered, told
from signpost.conversations.reading import Conversation, Turn
from signpost.conversations.rules import Rule, load_rules, rule_that_answered
from signpost.conversations.stories import stories
from signpost.force.translations import Translations
from signpost.mistakes import Mistake

PROJECT = Path(__file__).parents[2]
PRIVATE, PUBLIC = ("visibility", "private"), ("visibility", "public")
GREET = Rule("Hello", "a.yml", (PRIVATE, ("replies", "on_request")), ("greet",), ("utter_greet",))
REPORT = Rule("A report", "a.yml", (), ("report_crime",), ("utter_guidance", "action_log_escalation"))
SILENCE = Rule("Silence", "a.yml", (PUBLIC,), ("greet", "stop"), ("action_listen",))
RULES_ = (GREET, REPORT, SILENCE)
SLOTS = {"visibility": "private", "replies": "on_request", "guidance": "full"}
DOMAIN = Domain(
    ("greet", "report_crime", "stop"),
    {"utter_greet": {None: "Hello."}, "utter_guidance": {None: "Call 101, or 999.", "x_dm": "Call 101 or 999 (X)."}},
)


@pytest.fixture
def judge(mandate):
    return Judge(DOMAIN, RULES_, mandate)


def heard(intent="greet", *said, label="not_report", slots=SLOTS, **more):
    """What came of a turn; ``said`` are (response, text)."""
    answer = understood(label, intent, list(said), slots=slots)
    fields = {
        "message": "key",
        "label": label,
        "answer": answer,
        "replies": tuple(Sent(*one) for one in said),
        "escalation": None,
        "cause": None,
        "reference": None,
        "end": None,
    }
    return Heard(**{**fields, **more})


# Rules


def test_the_projects_rules_are_read():
    rules = {rule.title: rule for rule in load_rules(PROJECT / "data" / "rules")}
    report = rules["Somebody who reports a crime is told where to report it"]
    assert (report.intents, report.responses, report.logs) == (("report_crime",), ("utter_guidance",), True)
    assert report.condition == (("guidance", "full"),)
    silent = rules["Under a public post Signpost is silent unless a comment is a report"]
    assert (silent.responses, silent.logs, "everyday_talk" in silent.intents) == ((), False, True)
    assert load_domain(PROJECT / "domain").text("utter_guidance", "x_dm").startswith("We can't take crime reports")


@pytest.mark.parametrize(
    ("intent", "slots", "said", "title"),
    [
        ("greet", SLOTS, ["utter_greet"], "Hello"),
        ("greet", SLOTS, [], None),
        ("greet", SLOTS, ["utter_greet", "utter_greet"], None),
        ("stop", SLOTS, ["utter_greet"], None),
        ("greet", {**SLOTS, "replies": "off_by_request"}, ["utter_greet"], None),
        ("greet", {**SLOTS, "visibility": "public"}, [], "Silence"),
        ("greet", {}, [], None),
        ("report_crime", {}, ["utter_guidance"], "A report"),
    ],
)
def test_the_rule_that_answered_is_found_by_intent_state_and_what_was_said(intent, slots, said, title):
    found = rule_that_answered(RULES_, intent, slots, said)
    assert (found.title if found else None) == title


def test_of_two_rules_the_more_particular_one_is_named():
    wide = Rule("Any hello", "a.yml", (), ("greet",), ("utter_greet",))
    assert rule_that_answered((wide, GREET, wide), "greet", SLOTS, ["utter_greet"]) is GREET


def test_no_intent_of_the_domain_answers_to_two_rules_that_say_different_things():
    rules = load_rules(PROJECT / "data" / "rules")
    for intent in load_domain(PROJECT / "domain").intents:
        for visibility in ("private", "public"):
            for guidance in ("full", "reminder"):
                for replies in ("on_request", "off_by_request"):
                    slots = {"visibility": visibility, "guidance": guidance, "replies": replies}
                    said = {rule.responses for rule in rules if rule.applies(intent, slots)}
                    assert len(said) == 1, (intent, slots)


@pytest.mark.parametrize("text", ["rules:\n  a: b\n", "rules: [3]\n", "rules:\n- rule: A\n", "rules: [{"])
def test_rules_that_cannot_be_understood_are_told(tmp_path, text):
    (tmp_path / "a.yml").write_text(text)
    with pytest.raises(Mistake, match=r"a\.yml"):
        load_rules(tmp_path)


# Judging


def judged(judge, mandate, turn, got, channel="messenger"):
    return judge.turn(turn, got, mandate.channel(channel)).faults


def test_a_turn_as_expected_has_no_fault(judge, mandate):
    turn = Turn(
        ("hi",), label="not_report", intent="greet", escalation=False, replies=("utter_greet",), words=("ello",)
    )
    found = judge.turn(turn, heard("greet", ("utter_greet", "Hello.")), mandate.channel("messenger"))
    assert found.faults == ()
    assert found.got["rule"] == "Hello"
    assert found.got["replies"] == [{"response": "utter_greet", "text": "Hello.", "faults": []}]


def test_an_outcome_is_the_same_again_after_it_was_kept_as_json(judge, mandate):
    turn = Turn(("hi", "ho"), gap_hours=2, replies=("utter_greet",), words=("x",))
    found = outcome_of(judge, mandate, turn, heard("greet", ("utter_greet", "Hello."), reference="AAA-BBB"))
    assert not found.passed
    assert Outcome.from_json(json.loads(json.dumps(found.as_json()))) == found


@pytest.mark.parametrize(
    ("turn", "fault"),
    [
        (
            Turn(label="emergency"),
            "The label should be emergency, and was not_report (emergency 0.10, crime_report 0.80, not_report 0.10).",
        ),
        (Turn(intent="stop"), "The intent should be stop, and was greet."),
        (Turn(escalation=True), "A report should be recorded, and none was."),
        (Turn(cause="abuse"), "The message should be recorded for the cause abuse, and it was not recorded."),
        (Turn(replies=()), "The reply should be silence, and was utter_greet."),
        (Turn(replies=("utter_guidance",)), "The reply should be utter_guidance, and was utter_greet."),
        (Turn(words=("999",)), 'The reply should hold "999", and it reads: Hello.'),
        (Turn(words=("lo", "He")), 'The reply should hold "He" after the words before it, and it reads: Hello.'),
    ],
)
def test_each_expectation_that_is_not_met_is_a_sentence(judge, mandate, turn, fault):
    assert judged(judge, mandate, turn, heard("greet", ("utter_greet", "Hello."))) == (fault,)


def test_a_report_that_should_not_be_recorded_and_another_cause_are_told(judge, mandate):
    got = heard(escalation="AAA-BBB", cause="report")
    assert judged(judge, mandate, Turn(escalation=False), got) == ("No report should be recorded, and one was.",)
    assert judged(judge, mandate, Turn(cause="abuse"), got) == (
        "The message should be recorded for the cause abuse, and it was for report.",
    )


def test_words_that_are_not_those_of_the_response_are_told(judge, mandate):
    turn = Turn(replies=("utter_greet",))
    assert judged(judge, mandate, turn, heard("greet", ("utter_greet", "Hullo."))) == (
        'utter_greet should read "Hello." on this channel, and reads "Hullo.".',
    )


def test_each_channel_has_its_own_words_and_x_has_the_reference_behind_them(judge, mandate):
    turn, wide = Turn(replies=("utter_guidance",)), ("utter_guidance", "Call 101, or 999.")
    own = ("utter_guidance", "Call 101 or 999 (X). Ref AAA-BBB")
    assert judged(judge, mandate, turn, heard("report_crime", own, reference="AAA-BBB"), "x_dm") == ()
    assert judged(judge, mandate, turn, heard("report_crime", own, reference="AAA-CCC"), "x_dm")
    assert judged(judge, mandate, turn, heard("report_crime", wide, reference="AAA-BBB"), "x_dm")
    assert judged(judge, mandate, turn, heard("report_crime", wide, reference="AAA-BBB")) == ()


def test_words_that_the_guard_replaced_are_told(judge, mandate):
    got = heard("greet", ("utter_greet", "Hello."), replies=(Sent("utter_greet", "Guidance.", ("it is too long",)),))
    assert judged(judge, mandate, Turn(replies=("utter_greet",)), got) == (
        "The words of utter_greet were replaced before they were sent: it is too long.",
    )


def test_what_holds_no_words_is_answered_by_the_desk_itself(judge, mandate):
    text = mandate.canonical_text("guidance", mandate.channel("messenger"))
    got = heard(answer=None, label=None, replies=(Sent("canonical", text, ("no words",)),), cause="unsure")
    turn = Turn(attachment="image", label="not_report", replies=("canonical",), cause="unsure")
    outcome = judge.turn(turn, got, mandate.channel("messenger"))
    assert (outcome.faults, outcome.got["rule"], outcome.got["intent"]) == ((), None, None)
    assert outcome.about == "They send an attachment (image) without words."


def test_what_the_force_approved_to_follow_a_response_is_expected_with_it(judge, mandate):
    routed = replace(judge, mandate=replace(mandate, routes={"utter_greet": ("Or write to us.",)}))
    followed = routed.mandate.with_routes("utter_greet", "Hello.", mandate.channel("messenger"))
    assert followed != "Hello."
    turn = Turn(replies=("utter_greet",))
    assert judged(routed, mandate, turn, heard("greet", ("utter_greet", followed))) == ()
    assert judged(routed, mandate, turn, heard("greet", ("utter_greet", "Hello.")))


@pytest.mark.parametrize("apart", [False, True])
def test_an_approved_translation_is_expected_after_the_guidance(judge, mandate, apart):
    texts = {"guidance": {"full": "Dzwon 101 albo 999." * (90 if apart else 1)}}
    translating = replace(judge, translations=Translations({"pl": texts}))
    english = "Call 101, or 999." * (20 if apart else 1)
    translating = replace(translating, domain=Domain((), {"utter_guidance": {None: english}}))
    texts_sent = [english, texts["guidance"]["full"]] if apart else [f"{english}\n\n{texts['guidance']['full']}"]
    names = ("utter_guidance", "translation_pl")
    answer = understood("not_report", "other_language", [("utter_guidance", english)], slots=SLOTS, language="pl")
    replies = tuple(Sent(*one) for one in zip(names, texts_sent, strict=False))
    turn = Turn(replies=("utter_guidance",))
    assert judged(translating, mandate, turn, heard(answer=answer, replies=replies)) == ()
    without = (Sent("utter_guidance", english),)
    assert judged(translating, mandate, turn, heard(answer=answer, replies=without))


def test_a_response_that_does_not_exist_is_told(judge, mandate):
    got = heard("greet", ("utter_nothing", "Hello."))
    assert judged(judge, mandate, Turn(replies=("utter_nothing",)), got) == (
        "There is no response utter_nothing in domain/.",
    )


# Coverage


def outcome_of(judge, mandate, turn, got, channel="messenger"):
    turned = judge.turn(turn, got, mandate.channel(channel))
    return outcome(channel, turned, passed=not turned.faults)


def outcome(channel, *turns, passed=True):
    return Outcome("A", "a.yml", channel, passed, turns)


def share(coverage, name):
    return next(one for one in coverage.shares if one.name == name)


def test_a_response_can_occur_where_some_rule_can_say_it(mandate):
    places = list(occurrences(DOMAIN, RULES_, mandate))
    assert [channel for response, channel in places if response == "utter_greet"] == [
        "messenger",
        "instagram_dm",
        "x_dm",
    ]
    assert [channel for response, channel in places if response == "utter_guidance"] == list(mandate.channels)


def test_what_asserted_turns_reached_is_counted_from_what_really_came(judge, mandate):
    hello = heard("greet", ("utter_greet", "Hello."))
    outcomes = [outcome_of(judge, mandate, Turn(replies=("utter_greet",)), hello)]
    found = measure([Conversation("A", "a.yml", ("messenger",))], outcomes, DOMAIN, RULES_, mandate)
    reached = {one.name: one.reached for one in found.shares}
    assert reached == {
        "intents": ("greet",),
        "rules": ("Hello",),
        "responses": ("utter_greet",),
        "responses on their channels": ("utter_greet on messenger",),
        "channels": ("messenger",),
        "tests that passed": ("A",),
    }
    assert share(found, PLACES).share == pytest.approx(1 / 9)
    assert not found.complete
    assert "Silence" in "\n".join(covered(found))
    assert found.as_json()["shares"]["rules"]["missing"] == ["A report", "Silence"]


@pytest.mark.parametrize(
    ("turn", "got"),
    [
        (Turn(intent="greet", words=("Hello",)), heard("greet", ("utter_greet", "Hello."))),
        (Turn(replies=("utter_guidance",)), heard("greet", ("utter_greet", "Hello."))),
        (Turn(replies=("utter_greet",)), heard("greet", ("utter_greet", "Hullo."))),
    ],
)
def test_what_asserts_no_words_or_failed_reaches_nothing(judge, mandate, turn, got):
    found = measure([], [outcome_of(judge, mandate, turn, got)], DOMAIN, RULES_, mandate)
    assert [one.name for one in found.shares if one.reached] == []


def test_a_rule_whose_words_were_kept_back_is_not_reached(judge, mandate):
    kept = heard("greet", ("utter_greet", "Hello."), replies=(), end="a member of staff has this conversation")
    found = measure([], [outcome_of(judge, mandate, Turn(replies=()), kept)], DOMAIN, RULES_, mandate)
    assert share(found, RULES).reached == ()


def test_silence_by_rule_is_reached_when_it_is_asserted(judge, mandate):
    silent = heard("stop", slots={**SLOTS, "visibility": "public"})
    outcomes = [outcome_of(judge, mandate, Turn(replies=()), silent, "x_mention")]
    assert share(measure([], outcomes, DOMAIN, RULES_, mandate), RULES).reached == ("Silence",)


def test_a_test_that_failed_on_one_channel_has_not_passed(judge, mandate):
    hello = heard("greet", ("utter_greet", "Hello."))
    outcomes = [
        outcome_of(judge, mandate, Turn(replies=("utter_greet",)), hello),
        outcome_of(judge, mandate, Turn(replies=()), hello, "x_dm"),
    ]
    tests = [Conversation("A", "a.yml", ("private",))]
    assert share(measure(tests, outcomes, DOMAIN, RULES_, mandate), "tests that passed").missing == ("A",)


def test_without_outcomes_nothing_was_reached(mandate):
    found = measure([Conversation("A", "a.yml", ("private",))], None, DOMAIN, RULES_, mandate)
    assert [one.reached for one in found.shares] == [()] * len(found.shares)


def test_a_share_is_rounded_down_so_that_only_all_is_a_hundred(judge, mandate):
    many = Domain((*(f"intent_{n}" for n in range(999)), "greet"), {})
    got = heard("greet", ("utter_greet", "Hello."))
    turned = TurnOutcome((), {"replies": []}, {**judge.turn(Turn(), got, mandate.channel("x_dm")).got, "replies": []})
    outcomes = [
        outcome("x_dm", TurnOutcome((), turned.expected, {**turned.got, "intent": f"intent_{n}"})) for n in range(999)
    ]
    assert "  99 %   999 of 1000" in next(covered(measure([], outcomes, many, (), mandate)))


# Telling


def test_a_failure_is_told_turn_by_turn_with_expected_beside_got(judge, mandate):
    good = judge.turn(
        Turn(("hi",), replies=("utter_greet",)), heard("greet", ("utter_greet", "Hello.")), mandate.channel("x_dm")
    )
    bad = judge.turn(
        Turn(("a", "b"), gap_hours=2, replies=()), heard("greet", ("utter_greet", "Hello.")), mandate.channel("x_dm")
    )
    lines = "\n".join(told([outcome("x_dm", good, bad, passed=False)]))
    assert "FAILED  A\n        on x_dm, in a.yml\n  ✓ 1.\n       says: hi\n  ✗ 2. 2 hours later.\n" in lines
    assert "says: a\n       says: b\n       replies    expected silence" in lines
    assert "got utter_greet\n       -> The reply should be silence, and was utter_greet." in lines
    assert lines.endswith("1 of 1 cases failed, of 1 tests. (1 tests on their channels, 1 cases.)")


def test_tests_that_pass_are_told_in_a_sentence(judge, mandate):
    good = outcome_of(judge, mandate, Turn(replies=("utter_greet",)), heard("greet", ("utter_greet", "Hello.")))
    assert list(told([good])) == ["All passed: 1 tests on their channels, 1 cases."]


# Stories


def test_a_story_holds_what_was_understood_and_what_the_test_expects(judge, mandate):
    report = heard("report_crime", ("utter_guidance", "Call 101, or 999."), label="crime_report")
    turns = (
        judge.turn(Turn(("x",), replies=("utter_guidance",)), report, mandate.channel("messenger")),
        judge.turn(Turn(("x",), label="crime_report"), report, mandate.channel("messenger")),
        judge.turn(
            Turn(("x",), replies=()),
            heard("greet", ("utter_greet", "Hello."), replies=()),
            mandate.channel("messenger"),
        ),
        judge.turn(Turn(attachment="image", replies=()), heard(answer=None), mandate.channel("messenger")),
    )
    outcomes = [outcome(key, *turns) for key in ("messenger", "x_dm", "x_mention")]
    told_ = yaml.safe_load(stories(outcomes, RULES_, mandate))["stories"]
    assert [one["story"] for one in told_] == ["A (private)", "A (public)"]
    assert told_[0]["steps"] == [
        {"intent": "report_crime"},
        {"slot_was_set": [{"visibility": "private"}, {"replies": "on_request"}, {"guidance": "full"}]},
        {"action": "utter_guidance"},
        {"action": "action_log_escalation"},
    ]


# Drawing


def test_the_drawing_names_every_rule_its_intents_and_its_words_and_says_what_it_is():
    rules, domain = load_rules(PROJECT / "data" / "rules"), load_domain(PROJECT / "domain")
    svg = flow(rules, domain)
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert f'<title id="rules-title">What Signpost does</title>\n<desc id="rules-about">{len(rules)} rules' in svg
    for rule in rules:
        assert rule.title.replace("'", "&#x27;") in svg
        for name in (*rule.intents, *rule.responses):
            assert name in svg
    assert svg.count("and records a report") == sum(rule.logs for rule in rules)
