"""Of a long message each sentence is read by itself as well: a crime told on the way has a say in what the whole is."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.sentences import LEAST, LONG, LONGEST, MOST, sentences_of

FIRST = "We moved into the flat above the bakery in March and we're very happy with it, on the whole, apart from the stairs."
CRIME = "Somebody broke into our cellar last night and both of the bikes are gone."
LAST = "Does anyone know of a good carpenter who would make us a new door that fits an old frame?"
POST = f"{FIRST} {CRIME} {LAST}"


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_of(text)]


def test_a_long_message_is_read_sentence_by_sentence():
    assert sentences(POST) == [FIRST, CRIME, LAST]
    assert sentences(POST.replace(". ", "!\n")) == [FIRST[:-1] + "!", CRIME[:-1] + "!", LAST]


def test_a_short_one_or_one_without_an_end_is_read_as_a_whole():
    assert sentences(f"{CRIME} {LAST}") == []
    assert sentences(re.sub(r"[.?]", "", POST)) == []


def test_a_very_long_one_is_read_window_by_window_only():
    assert sentences(f"{POST} " * (LONGEST // len(POST)))
    assert sentences(f"{POST} " * (LONGEST // len(POST) + 1)) == []


def test_what_is_too_short_to_say_anything_is_left_out():
    assert sentences(f"Oh no. {POST} Thanks! x") == [FIRST, CRIME, LAST]


def test_a_message_of_very_many_sentences_is_read_in_so_many_stretches_at_most():
    many = " ".join(f"This is sentence {number}." for number in range(6 * MOST + 1))
    found = sentences(many)
    assert len(found) <= MOST
    assert " ".join(found) == many


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=3 * LONG))
def test_the_stretches_are_of_the_text_in_order_and_worth_reading(text):
    found = sentences_of(text)
    assert all(end - start >= LEAST for start, end in found)
    assert found == sorted(found)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))
    assert len(found) != 1
    assert not found or len(text) >= LONG


@pytest.mark.rasa
class TestWithTheClassifier:
    """As the assistant's pipeline uses them."""

    @pytest.fixture(scope="class")
    def classifier(self):
        pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
        import numpy as np
        from rasa.engine.storage.resource import Resource

        from bot.nlu.classifier import IntentClassifier

        def made(sentence: float) -> IntentClassifier:
            config = {**IntentClassifier.get_default_config(), "sentence": sentence}
            classifier = IntentClassifier(config, None, Resource("test"))
            teach = [CRIME, "my car was stolen from the drive last night", "burglars have been in our house"]
            talk = [FIRST, LAST, "what a lovely day for the village fair", "is the bakery open on Sundays"]
            vectors = np.stack([classifier._encoder.encode(text)[0].vector for text in (*teach, *talk)])
            toward = vectors[: len(teach)].mean(axis=0) - vectors[len(teach) :].mean(axis=0)
            classifier._intents = ["everyday_talk", "report_crime"]
            classifier._weights = np.stack([-4 * toward, 4 * toward])
            classifier._bias = np.zeros(2, dtype=np.float32)
            return classifier

        return made

    @staticmethod
    def report(classifier, text: str) -> float:
        return float(classifier._find(text).probabilities[1])

    def test_the_likeliest_sentence_has_its_share(self, classifier):
        import math

        whole, some, alone = (classifier(share) for share in (0.0, 0.25, 1.0))
        odds = [math.log(p / (1 - p)) for p in (self.report(one, POST) for one in (whole, some, alone))]
        assert odds[0] < odds[1] < odds[2]
        assert odds[1] == pytest.approx(0.75 * odds[0] + 0.25 * odds[2], abs=1e-4)
        assert self.report(alone, POST) == pytest.approx(self.report(whole, CRIME), abs=1e-5)

    def test_a_short_message_is_judged_as_ever(self, classifier):
        assert self.report(classifier(1.0), CRIME) == self.report(classifier(0.0), CRIME)

    def test_the_reasons_are_words_of_the_sentence_that_decided(self, classifier):
        found = classifier(1.0)._find(POST)
        assert {reason["word"] for reason in found.reasons} <= set(re.findall(r"\w+", CRIME.lower()))
        assert {reason["speaks"] for reason in found.reasons} >= {"for"}
