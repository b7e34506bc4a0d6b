"""The reading age is the Flesch-Kincaid grade and five years, and the words of our replies are counted as they are said."""

import pytest

from signpost.readability import readability, syllables

# Counted by ear.
SAID = {
    1: "call aren't can't crime here please phone staff take wait you're free trust sounds called asked missed the 101 24/7",
    2: "answer channels danger details later message number over police reply someone isn't people table wanted reading",
    3: "another anyone anything happening messages messenger monitored nobody media policing",
    4: "automatic emergency information security somebody",
    7: "confidentiality",
}


@pytest.mark.parametrize(("word", "count"), [(word, count) for count, words in SAID.items() for word in words.split()])
def test_syllables_are_counted_as_they_are_said(word, count):
    assert syllables(word) == count
    assert syllables(word.upper()) == count


def test_the_age_is_that_of_the_formula():
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59, and five years.
    found = readability("The cat sat on the mat.")
    assert (found.words, found.sentences, found.syllables) == (6, 1, 6)
    assert found.age == pytest.approx(3.55)


def test_long_sentences_of_long_words_are_harder():
    easy = readability("Call 101. Do not wait.")
    hard = readability(
        "Communications concerning non-emergency occurrences necessitate telephonic notification of operators."
    )
    assert easy.age < 9
    assert hard.age > 18


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("One.\n\nTwo", 2, 2),
        ("Is it? Yes! It's 24/7.", 5, 3),
        ("It isn’t open: call 101, or 999.", 7, 1),
        ("  ...  ", 0, 0),
        ("", 0, 0),
    ],
)
def test_words_and_sentences_are_counted(text, words, sentences):
    found = readability(text)
    assert (found.words, found.sentences) == (words, sentences)


def test_what_holds_no_words_is_for_every_age():
    assert readability("").age == 0
