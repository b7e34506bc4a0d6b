"""Holds every conversation test through the whole product, once, and says what no test reaches."""

from pathlib import Path

import pytest

from signpost.conversations.coverage import measure
from signpost.conversations.expanding import on_channels
from signpost.conversations.judging import Judge
from signpost.conversations.outcome import Outcome, failed
from signpost.conversations.presenting import covered, told
from signpost.conversations.reading import Conversation, load_suite
from signpost.conversations.running import judge_of, run
from signpost.conversations.stories import hold_to, stories
from signpost.settings import Settings

pytestmark = [pytest.mark.rasa, pytest.mark.timeout(900)]
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.from_environment()


@pytest.fixture(scope="module")
def suite() -> list[Conversation]:
    return load_suite(HERE)


@pytest.fixture(scope="module")
def judge(settings: Settings) -> Judge:
    return judge_of(settings)


@pytest.fixture(scope="module")
def outcomes(settings: Settings, suite: list[Conversation], judge: Judge) -> list[Outcome]:
    return run(settings, on_channels(suite, judge.mandate), lambda _done, _total: None)


def test_every_conversation_goes_as_its_test_says(suite, outcomes):
    assert suite, "tests/conversation holds no test"
    assert not failed(outcomes), "\n" + "\n".join(told(outcomes))


def test_every_intent_rule_and_response_is_reached_by_a_test_that_asserts_its_words(suite, outcomes, judge):
    found = measure(suite, outcomes, judge.domain, judge.rules, judge.mandate)
    assert found.complete, "\n" + "\n".join(covered(found))


def test_the_rules_hold_to_the_same_conversations_as_stories_of_rasas(settings, outcomes, judge, tmp_path):
    held = hold_to(settings, stories(outcomes, judge.rules, judge.mandate), tmp_path)
    assert held.stories
    assert not held.failed, held.details.read_text("utf-8")
