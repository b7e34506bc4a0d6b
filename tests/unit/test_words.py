"""What the words themselves say beside the encoder: learnt from labelled texts, kept with the model, told word by word."""

import json
import math

import numpy as np
import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.labels import CRIME_REPORT, EMERGENCY, LABELS, NOT_REPORT
from bot.nlu.classifier import IntentClassifier
from bot.nlu.decision import REASONS
from bot.nlu.marks import marks_of
from bot.nlu.word_scores import WordScores
from bot.nlu.word_teaching import LEAST_MESSAGES, learn

pytestmark = pytest.mark.rasa

TAUGHT = [
    *(("he has a knife and is at the door now", EMERGENCY), ("she has a knife and is outside now", EMERGENCY)),
    *(("they are at the door with a knife", EMERGENCY), ("help he is at the window with a knife", EMERGENCY)),
    *(("my bike was stolen last night", CRIME_REPORT), ("our van was stolen from the drive", CRIME_REPORT)),
    *(("her phone was stolen on the bus", CRIME_REPORT), ("the till was stolen from our shop", CRIME_REPORT)),
    *(("thanks for the lovely day at the fair", NOT_REPORT), ("what a lovely evening at the fair", NOT_REPORT)),
    *(("see you all at the fair", NOT_REPORT), ("is the fair on this year", NOT_REPORT)),
]
TEXTS, LABELLED = [text for text, _ in TAUGHT], [label for _, label in TAUGHT]


@pytest.fixture(scope="module")
def words():
    return learn(TEXTS, LABELLED)


def test_words_speak_for_the_label_whose_texts_have_them(words):
    for text, label in [("a knife", EMERGENCY), ("it was stolen", CRIME_REPORT), ("the fair", NOT_REPORT)]:
        assert LABELS[int(words.judge(text).scores.argmax())] == label


def test_a_word_that_is_seldom_seen_is_no_mark(words):
    assert "knife" in words.marks
    assert "till" not in words.marks
    assert all(sum(mark in marks_of(text) for text in TEXTS) >= LEAST_MESSAGES for mark in words.marks)


def test_a_text_without_a_known_word_has_a_score_too(words):
    assert np.isfinite(words.judge("").scores).all()
    assert words.judge("zzz").scores.shape == (len(LABELS),)


def test_the_words_parts_and_what_is_added_to_all_make_the_score(words):
    judged = words.judge("he is at the fair with a knife")
    for place in range(len(LABELS)):
        direction = np.eye(len(LABELS), dtype=np.float32)[place]
        total = words.start[place] + sum(judged.parts(direction).values())
        assert math.isclose(total, judged.scores[place], abs_tol=1e-4)


def test_how_often_a_label_is_taught_is_not_counted_twice():
    texts = ["one two three"] * 9
    learnt = learn(texts, [NOT_REPORT] * 6 + [CRIME_REPORT] * 3)
    assert learnt.judge("one two three").scores == pytest.approx([0, 0, 0], abs=0.05)


def test_a_label_that_all_or_none_have_gets_no_weights():
    learnt = learn(["one two"] * 4, [NOT_REPORT] * 4)
    assert not learnt.weights.any()
    assert not learnt.start.any()


def test_too_few_texts_teach_nothing():
    assert not learn(["one", "two"], [NOT_REPORT, EMERGENCY]).judge("one").scores.any()


def test_what_was_learnt_is_kept(words, tmp_path):
    words.save(tmp_path)
    kept = WordScores.load(tmp_path)
    assert kept.marks == words.marks
    assert kept.judge(TEXTS[0]).scores == pytest.approx(words.judge(TEXTS[0]).scores)


# Beside the encoder


def judged_by(words, text, share):
    """What a classifier makes of a text whose encoder's side knows nothing, so that the words alone decide."""
    classifier = IntentClassifier({"words": share}, None, Resource("test"))
    classifier._intents = ["report_emergency", "risk_to_life", "report_crime", "everyday_talk", "greet"]
    classifier._weights = np.zeros((5, 384), dtype=np.float32)
    classifier._bias = np.zeros(5, dtype=np.float32)
    classifier._words = words
    message = Message({"text": text})
    classifier.process([message])
    return message


def probabilities(message):
    return {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking")}


def test_the_words_raise_every_intent_of_their_label_alike(words):
    found = probabilities(judged_by(words, "he is at the door with a knife", 0.5))
    assert found["report_emergency"] == pytest.approx(found["risk_to_life"])
    assert found["report_emergency"] > found["report_crime"]
    assert found["everyday_talk"] == pytest.approx(found["greet"])
    assert sum(found.values()) == pytest.approx(1)


def test_without_a_share_the_words_count_for_nothing(words):
    assert list(probabilities(judged_by(words, "knife", 0.0)).values()) == pytest.approx([0.2] * 5)


def test_the_reasons_tell_the_words_that_weighed(words):
    reasons = judged_by(words, "Lovely, but he had a KNIFE", 0.5).get(REASONS)
    assert {"word": "knife", "speaks": "for"} in reasons
    assert {"word": "lovely", "speaks": "against"} in reasons
    json.dumps(reasons)
