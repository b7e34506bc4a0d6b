"""The words that always count as urgent."""

import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from bot.nlu.decision import Thresholds, decide
from bot.nlu.urgent import load_urgent, urgent_words

pytestmark = pytest.mark.rasa
LIST = load_urgent()
T = Thresholds(report=0.5, emergency=0.4, unsure_from=0.25, answer=0.3)
JOKE = [{"name": "not_meant_literally", "confidence": 0.99}, {"name": "report_emergency", "confidence": 0.01}]


@pytest.mark.parametrize(("entry", "text"), [(entry, text) for entry in LIST for text in entry.meets])
def test_urgent_words_are_found(entry, text):
    assert entry.found_in(text)
    assert urgent_words(LIST, text.upper())


@pytest.mark.parametrize(("entry", "text"), [(entry, text) for entry in LIST for text in entry.leaves])
def test_like_words_that_mean_something_else_are_left(entry, text):
    assert entry.found_in(text) is None


def test_every_entry_has_its_reason_and_its_examples():
    assert all(entry.reason and entry.meets and entry.leaves for entry in LIST)


def test_curly_apostrophes_and_odd_spaces_hide_nothing():
    assert urgent_words(LIST, "My dad ISN’T   breathing")


def test_urgent_words_raise_a_label_and_keep_the_scores():
    intent, decision = decide(JOKE, T, urgent=True)
    assert (intent, decision["label"]) == ("report_emergency", "emergency")
    assert decision["scores"]["not_report"] == 0.99


def test_without_urgent_words_nothing_is_raised_and_with_them_nothing_lowered():
    assert decide(JOKE, T)[1]["label"] == "not_report"
    emergency = [{"name": "risk_to_life", "confidence": 0.9}, {"name": "greet", "confidence": 0.1}]
    assert decide(emergency, T, urgent=True) == decide(emergency, T)


def test_a_pattern_that_is_none_is_refused(tmp_path):
    file = tmp_path / "urgent.yml"
    file.write_text("urgent:\n- {pattern: '(', reason: r, meets: [a], leaves: [b]}\n")
    with pytest.raises(ValueError, match=r"urgent\.yml"):
        load_urgent(file)
