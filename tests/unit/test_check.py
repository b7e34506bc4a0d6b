"""`signpost check`: every mistake somebody can make in the force's words or the assistant's data is told in a sentence."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from signpost.checking import check, check_start
from signpost.mistakes import Mistake
from signpost.settings import Settings

PROJECT = Path(__file__).parents[2]


@dataclass
class Copy:
    """The project's words and data in a folder of their own, to be spoilt."""

    folder: Path
    settings: Settings

    def check(self) -> list[str]:
        return check(self.settings, self.folder)

    def file(self, name: str) -> Path:
        return self.folder / name

    def replace(self, name: str, old: str, new: str, count: int = 1) -> None:
        text = self.file(name).read_text("utf-8")
        assert old in text, f"{name} no longer holds {old!r}; the test needs another place to spoil"
        self.file(name).write_text(text.replace(old, new, count), "utf-8")

    def change(self, name: str, change: Callable[[Any], None]) -> None:
        contents = yaml.safe_load(self.file(name).read_text("utf-8"))
        change(contents)
        self.file(name).write_text(yaml.safe_dump(contents, allow_unicode=True, sort_keys=False), "utf-8")

    def add(self, name: str, text: str) -> None:
        with self.file(name).open("a", encoding="utf-8") as stream:
            stream.write(text)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    for part in ("domain", "data/rules", "data/stories", "force"):
        shutil.copytree(PROJECT / part, folder / part)
    intents = yaml.safe_load((PROJECT / "domain" / "intents.yml").read_text("utf-8"))["intents"]
    names = [name for intent in intents for name in intent if name != "nlu_fallback"]
    lines = ['version: "3.1"', "nlu:"]
    for name in names:
        lines += [f"- intent: {name}", "  examples: |", *(f"    - {name} said in way {n}" for n in range(30))]
    (folder / "data" / "nlu").mkdir()
    (folder / "data" / "nlu" / "small.yml").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture
def copy(template: Path, tmp_path: Path) -> Copy:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    settings = replace(Settings.from_environment({}), force_folder=tmp_path / "force")
    return Copy(tmp_path, settings)


def only(sentences: list[str]) -> str:
    assert len(sentences) == 1, sentences
    return sentences[0]


def test_the_project_as_it_is_holds_no_mistake():
    settings = replace(Settings.from_environment({}), force_folder=PROJECT / "force")
    assert check(settings, PROJECT) == []


def test_the_copy_that_the_other_tests_spoil_holds_no_mistake(copy):
    assert copy.check() == []


def test_looking_for_mistakes_changes_nothing(copy):
    before = {file: file.read_bytes() for file in copy.folder.rglob("*") if file.is_file()}
    copy.check()
    assert {file: file.read_bytes() for file in copy.folder.rglob("*") if file.is_file()} == before


# The words people are sent


def test_101_misprinted_as_111_in_an_answer_is_found(copy):
    copy.replace("domain/responses/answers.yml", "Please call 101, and have your", "Please call 111, and have your")
    sentences = copy.check()
    assert len(sentences) == 6
    assert sentences[0] == (
        "domain: utter_case_update for messenger: the number 111 is not one the force has approved."
    )


def test_101_misprinted_as_111_in_one_channels_guidance_is_found_for_that_channel(copy):
    def misprint(contents: Any) -> None:
        (variant,) = [v for v in contents["responses"]["utter_guidance"] if v.get("channel") == "instagram_dm"]
        variant["text"] = variant["text"].replace("101", "111")

    copy.change("domain/responses/guidance.yml", misprint)
    sentences = copy.check()
    assert all(sentence.startswith("domain: utter_guidance for instagram_dm: ") for sentence in sentences)
    assert "domain: utter_guidance for instagram_dm: the number 101 is missing." in sentences
    assert "domain: utter_guidance for instagram_dm: the number 111 is not one the force has approved." in sentences


@pytest.mark.parametrize(
    ("response", "channel"),
    [
        ("utter_guidance", "messenger"),
        ("utter_guidance", "facebook_comment"),
        ("utter_guidance", "instagram_comment"),
        ("utter_emergency_guidance", "instagram_dm"),
    ],
)
@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("not_over_social_media", "We can't take reports of crime over social media."),
        ("not_monitored", "Our social media channels are not monitored 24/7."),
        (
            "not_confidential",
            "We have no control over the security and confidentiality of messages sent through Facebook Messenger.",
        ),
    ],
)
def test_a_statement_taken_out_of_one_channels_text_is_found_for_that_channel(copy, response, channel, statement, text):
    def take_out(contents: Any) -> None:
        (variant,) = [v for v in contents["responses"][response] if v.get("channel") == channel]
        assert text in variant["text"]
        variant["text"] = variant["text"].replace(text, "")

    copy.change("domain/responses/guidance.yml", take_out)
    sentence = only(copy.check())
    assert sentence.startswith(f"domain: {response} for {channel}: the statement {statement} is missing (")


def test_a_text_too_long_for_x_is_found_there_and_nowhere_else(copy):
    copy.replace("domain/responses/answers.yml", "Thank you for your message. Staff may read it later.", "a" * 281)
    assert copy.check() == [
        "domain: utter_thanks for x_dm: it is 281 weighted long, and X message allows 280.",
        "domain: utter_thanks for x_mention: it is 281 weighted long, and X mention allows 280.",
    ]


def test_an_unapproved_number_in_an_answer_is_found(copy):
    copy.replace("domain/responses/answers.yml", "We can't look up a case here.", "Ring 0800 555 111.")
    sentences = copy.check()
    assert "domain: utter_case_update for x_dm: the number 0800 is not one the force has approved." in sentences


def test_an_emergency_text_that_begins_with_something_else_is_found(copy):
    copy.replace("domain/responses/guidance.yml", '"Call 999 now if anyone', '"Hello. Call 999 now if anyone', count=1)
    sentences = copy.check()
    assert all('must begin with "Call 999 now if anyone is in danger"' in sentence for sentence in sentences)
    assert "domain: utter_emergency_guidance for x_dm" in sentences[0]


def test_a_response_without_a_text_for_every_channel_is_found(copy):
    def without_default(contents: Any) -> None:
        variants = contents["responses"]["utter_guidance"]
        contents["responses"]["utter_guidance"] = [v for v in variants if "channel" in v]

    copy.change("domain/responses/guidance.yml", without_default)
    assert only(copy.check()) == (
        "domain: utter_guidance has no text without a channel; without one, Rasa would say nothing elsewhere."
    )


def test_two_texts_for_one_channel_are_found(copy):
    def doubled(contents: Any) -> None:
        contents["responses"]["utter_guidance"].append(dict(contents["responses"]["utter_guidance"][0]))

    copy.change("domain/responses/guidance.yml", doubled)
    assert only(copy.check()) == (
        "domain: utter_guidance has two texts for one channel, and Rasa would pick one at random."
    )


def test_the_same_response_in_two_files_is_found(copy):
    copy.file("domain/responses/more.yml").write_text(
        'version: "3.1"\nresponses:\n  utter_thanks:\n  - text: "Thank you kindly."\n', "utf-8"
    )
    assert any("utter_thanks" in sentence for sentence in copy.check())


def test_a_text_for_a_channel_that_does_not_exist_is_found(copy):
    copy.replace("domain/responses/guidance.yml", "channel: x_mention", "channel: x_reply")
    assert any(
        sentence == "domain: utter_guidance has a text for the channel x_reply, which force/mandate.yml doesn't know."
        for sentence in copy.check()
    )


def test_a_response_of_the_mandate_that_is_missing_is_found(copy):
    def without(contents: Any) -> None:
        del contents["responses"]["utter_reminder"]

    copy.change("domain/responses/guidance.yml", without)
    assert "domain: the response utter_reminder is missing; force/mandate.yml says that it is reminder." in copy.check()


@pytest.mark.parametrize("nothing", [None, [], [None], [{}], "Thank you.", [{"text": None}]])
def test_a_response_with_no_text_at_all_is_found(copy, nothing):
    def emptied(contents: Any) -> None:
        contents["responses"]["utter_thanks"] = nothing

    copy.change("domain/responses/answers.yml", emptied)
    assert any("utter_thanks" in sentence for sentence in copy.check())


# Rasa reads .yaml as it reads .yml.


def test_a_number_in_a_file_that_ends_in_yaml_is_found_as_well(copy):
    copy.file("domain/responses/more.yaml").write_text(
        'version: "3.1"\nresponses:\n  utter_more:\n  - text: "Ring 0800 555 111."\n', "utf-8"
    )
    assert any("utter_more" in sentence for sentence in copy.check())


def test_a_rule_in_a_file_that_ends_in_yaml_is_looked_at_as_well(copy):
    copy.file("data/rules/more.yaml").write_text(
        'version: "3.1"\nrules:\n- rule: A new rule\n  steps:\n  - intent: greet\n  - action: utter_nothing\n', "utf-8"
    )
    assert any("utter_nothing" in sentence for sentence in copy.check())


# Helplines


@pytest.mark.parametrize("approved", ["true", "yes", "1", "''", "'  '", "false", "2026-12-01", "[CCE]"])
def test_an_approval_that_names_nobody_is_no_approval(copy, approved):
    copy.replace("force/helplines.yml", "approved: null", f"approved: {approved}")
    assert only(copy.check()) == (
        f"{copy.file('force/helplines.yml')}: bsl_999: approved must name the approval, "
        'for instance "CCE, 2026-12-01", or be null.'
    )


def test_an_approval_that_names_who_gave_it_is_in_order(copy):
    copy.replace("force/helplines.yml", "approved: null", "approved: CCE, 2026-12-01")
    assert copy.check() == []


# Training messages


def test_one_message_under_two_intents_is_found_with_both(copy):
    copy.file("data/nlu/theft.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: report_crime\n  examples: |\n    - Say HELLO  to us\n'
        "- intent: greet\n  examples: |\n    - say hello to us\n",
        "utf-8",
    )
    assert only(copy.check()) == (
        'theft.yml: "say hello to us" is an example of greet here and of report_crime in theft.yml.'
    )


def test_one_message_under_two_intents_is_found_across_files(copy):
    copy.file("data/nlu/theft.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: report_crime\n  examples: |\n    - greet said in way 7\n', "utf-8"
    )
    sentence = only(copy.check())
    assert sentence == 'theft.yml: "greet said in way 7" is an example of report_crime here and of greet in small.yml.'


def test_a_message_that_is_there_twice_is_found(copy):
    copy.file("data/nlu/twice.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - greet said in way 7\n', "utf-8"
    )
    assert only(copy.check()) == 'twice.yml: "greet said in way 7" is there twice (greet; also in small.yml).'


def test_an_intent_nobody_knows_is_found_with_its_file(copy):
    copy.file("data/nlu/new.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: report_ufo\n  examples: |\n    - a light over Warminster\n', "utf-8"
    )
    assert only(copy.check()) == "new.yml: the intent report_ufo is not in domain/intents.yml."


@pytest.mark.parametrize("text", ["my [bike](thing) went", "it was {red}", "/restart", "]"])
def test_a_message_that_means_something_to_rasa_is_found(copy, text):
    copy.file("data/nlu/new.yml").write_text(
        f'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - {text}\n', "utf-8"
    )
    assert only(copy.check()) == (
        f'new.yml: "{text}" holds a bracket or begins with a slash, which mean something to Rasa.'
    )


def test_an_intent_with_too_little_to_learn_from_is_found(copy):
    copy.replace("data/nlu/small.yml", "- greet said in way 29", "")
    assert only(copy.check()) == "data/nlu: greet has 29 examples; it needs 30 at least."


def test_a_long_message_is_shortened_in_the_sentence_about_it(copy):
    text = "I saw [something] " + "very long " * 30
    copy.file("data/nlu/new.yml").write_text(
        f'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - {text}\n', "utf-8"
    )
    assert len(only(copy.check())) < 160


# Rules and stories


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("  - intent: greet\n  - action: utter_helo\n", "names the response utter_helo, which doesn't exist."),
        ("  - intent: greet\n  - action: action_ring\n", "names the action action_ring, which doesn't exist."),
        ("  - intent: greeet\n  - action: utter_greet\n", "names the intent greeet, which doesn't exist."),
        (
            "  - or:\n    - intent: greet\n    - intent: helo\n  - action: utter_greet\n",
            "names the intent helo, which doesn't exist.",
        ),
        (
            "  - slot_was_set:\n    - visible: private\n  - intent: greet\n  - action: utter_greet\n",
            "names the slot visible, which doesn't exist.",
        ),
    ],
    ids=["response", "action", "intent", "intent among several", "slot"],
)
@pytest.mark.parametrize("what", ["rule", "story"])
def test_a_rule_or_story_that_names_what_does_not_exist_is_found(copy, what, step, says):
    folder, block = ("rules", "rules") if what == "rule" else ("stories", "stories")
    copy.file(f"data/{folder}/new.yml").write_text(
        f'version: "3.1"\n{block}:\n- {what}: A new one\n  steps:\n{step}', "utf-8"
    )
    assert only(copy.check()) == f'new.yml: "A new one" {says}'


@pytest.mark.parametrize("slot", ["- visible: private", "- visible"])
def test_a_condition_on_a_slot_that_does_not_exist_is_found(copy, slot):
    copy.file("data/rules/new.yml").write_text(
        f'version: "3.1"\nrules:\n- rule: A new one\n  condition:\n  - slot_was_set:\n    {slot}\n'
        "  steps:\n  - intent: greet\n  - action: utter_greet\n",
        "utf-8",
    )
    assert only(copy.check()) == 'new.yml: "A new one" names the slot visible, which doesn\'t exist.'


def test_a_response_that_was_renamed_is_missed_by_the_rule_that_names_it(copy):
    copy.replace("domain/responses/answers.yml", "utter_greet:", "utter_hello:")
    sentences = copy.check()
    assert any("turns_of_conversation.yml" in s and "utter_greet, which doesn't exist" in s for s in sentences)


# Files that can't be read


@pytest.mark.parametrize(
    "name", ["domain/responses/answers.yml", "data/nlu/small.yml", "data/rules/reports.yml", "force/mandate.yml"]
)
def test_invalid_yaml_is_told_with_its_file_and_line(copy, name):
    first = len(copy.file(name).read_text("utf-8").splitlines()) + 1
    copy.add(name, "spoilt: [\n  never: closed\n")
    sentence = only(copy.check())
    assert "this isn't valid YAML" in sentence
    assert str(copy.file(name)) in sentence
    assert any(f", line {line}:" in sentence for line in range(first, first + 4))


def test_invalid_yaml_in_the_helplines_is_told_with_its_file_and_line(copy):
    copy.file("force/helplines.yml").write_text("helplines:\n  relay: [\n", "utf-8")
    sentence = only(copy.check())
    assert str(copy.file("force/helplines.yml")) in sentence
    assert ", line " in sentence


def test_a_mistake_in_the_contacts_is_told_with_their_file(copy):
    copy.add("force/contacts.yml", "telephone: 101\n")
    assert only(copy.check()).startswith(f"{copy.file('force/contacts.yml')}: 'telephone' isn't known; there are help,")


def test_helplines_that_are_not_there_are_told(copy):
    copy.file("force/helplines.yml").unlink()
    assert "helplines.yml can't be read: No such file or directory." in only(copy.check())


@pytest.mark.parametrize(
    "name", ["domain/responses/answers.yml", "data/nlu/small.yml", "data/rules/reports.yml", "force/mandate.yml"]
)
def test_a_file_saved_in_another_encoding_is_told_in_a_sentence(copy, name):
    copy.file(name).write_bytes("responses: {}".encode("utf-16"))
    assert str(copy.file(name)) in only(copy.check())


@pytest.mark.parametrize("name", ["domain/responses/answers.yml", "data/nlu/small.yml", "data/rules/reports.yml"])
def test_a_folder_with_the_name_of_a_file_is_told_in_a_sentence(copy, name):
    copy.file(name).unlink()
    copy.file(name).mkdir()
    assert "can't be read: Is a directory." in only(copy.check())


@pytest.mark.parametrize("name", ["domain/responses/answers.yml", "data/nlu/small.yml", "data/rules/reports.yml"])
def test_a_file_that_holds_a_list_is_told_in_a_sentence(copy, name):
    copy.file(name).write_text("- one\n- two\n", "utf-8")
    assert only(copy.check()) == f"{copy.file(name)}: this file should hold a mapping."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("domain/responses/answers.yml", "responses:\n- utter_thanks\n"),
        ("domain/intents.yml", "intents: report_crime\n"),
        ("domain/slots.yml", "slots:\n- visibility\n"),
        ("data/nlu/small.yml", "nlu: report_crime\n"),
        ("data/nlu/small.yml", "nlu:\n- report_crime\n"),
        ("data/rules/reports.yml", "rules:\n- a rule\n"),
        ("data/rules/reports.yml", "rules:\n- rule: one\n  steps: utter_thanks\n"),
        ("data/rules/reports.yml", "rules:\n- rule: one\n  steps:\n  - utter_thanks\n"),
        ("data/rules/reports.yml", "rules:\n- rule: one\n  steps:\n  - or: utter_thanks\n"),
        ("data/rules/reports.yml", "rules:\n- rule: one\n  condition: private\n  steps: []\n"),
        ("force/helplines.yml", "helplines:\n- relay\n"),
        ("force/helplines.yml", "helplines:\n  relay: null\n"),
    ],
)
def test_a_file_of_another_shape_is_told_in_sentences_and_never_breaks_the_check(copy, name, text):
    copy.file(name).write_text(text, "utf-8")
    sentences = copy.check()
    assert sentences
    assert all(isinstance(sentence, str) for sentence in sentences)


# Before a start


def test_nothing_starts_with_a_misprinted_number(copy):
    copy.replace("domain/responses/answers.yml", "Please call 101, and have your", "Please call 111, and have your")
    with pytest.raises(Mistake) as refusal:
        check_start(copy.settings, copy.folder)
    assert refusal.value.sentence == (
        "domain: utter_case_update for messenger: the number 111 is not one the force has approved. "
        "There are 5 more mistakes. Nothing was started. See: signpost check"
    )


def test_a_single_mistake_before_a_start_is_told_without_a_count(copy):
    copy.replace("force/helplines.yml", "approved: null", "approved: true")
    with pytest.raises(Mistake) as refusal:
        check_start(copy.settings, copy.folder)
    assert "more mistakes" not in refusal.value.sentence
    assert "bsl_999" in refusal.value.sentence


def test_a_start_does_not_wait_for_training_data(copy):
    shutil.rmtree(copy.file("data"))
    check_start(copy.settings, copy.folder)
