"""Each platform counts in its own way."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.force.length import UNITS, measure

LONG_ADDRESS = "https://www.wiltshire.police.uk/" + "a" * 200


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("Call 101, or 999 in an emergency.", 33, id="plain English"),
        pytest.param("We can't", 8, id="a straight apostrophe"),
        pytest.param("We can\u2019t", 8, id="a curly apostrophe"),
        pytest.param("café", 4, id="an accented letter"),
        pytest.param("cafe\u0301", 4, id="an accent of its own"),
        pytest.param("one\n\ntwo", 8, id="line breaks"),
        pytest.param("–—", 2, id="dashes"),
        pytest.param("\u6f22\u5b57", 4, id="two Chinese characters"),
        pytest.param("\u30d2\uff71", 4, id="two Japanese characters"),
        pytest.param("\ud55c\uad6d", 4, id="two Korean characters"),
        pytest.param("\U0001f600", 2, id="an emoji"),
        pytest.param("\U0001f44d\U0001f3fd", 2, id="an emoji with a skin tone"),
        pytest.param("\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", 2, id="a family of four"),
        pytest.param("\U0001f1ec\U0001f1e7", 2, id="a flag"),
        pytest.param("1\ufe0f\u20e3", 2, id="a keycap"),
        pytest.param("https://t.co/a", 23, id="a short address"),
        pytest.param(LONG_ADDRESS, 23, id="a long address"),
        pytest.param(f"See {LONG_ADDRESS} now", 31, id="an address in a sentence"),
        pytest.param(f"{LONG_ADDRESS} {LONG_ADDRESS}", 47, id="two addresses"),
        pytest.param("wiltshire.police.uk", 23, id="an address without https"),
        pytest.param("24/7", 4, id="figures with a slash"),
    ],
)
def test_x_counts_weighted_characters(text, weight):
    assert measure(text, "weighted") == weight


def test_a_tweet_of_280_letters_is_280_long_and_one_of_140_chinese_characters_too():
    assert measure("a" * 280, "weighted") == measure("\u6f22" * 140, "weighted") == 280


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("abc", 3), ("é", 2), ("\u2019", 3), ("\u6f22", 3), ("\U0001f600", 4), ("a\nb", 3)]
)
def test_instagram_counts_bytes(text, size):
    assert measure(text, "bytes") == size


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 2), ("\u6f22", 1), ("\U0001f600", 2), ("a\nb", 3)]
)
def test_messenger_counts_an_emoji_as_the_two_utf_16_units_it_takes(text, size):
    assert measure(text, "characters") == size


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("text", ["\ud83d", "half \ude00 an emoji", "\udfff\ud800"])
def test_half_an_emoji_has_a_length_like_anything_else(text, unit):
    assert measure(text, unit) > 0


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=100), unit=st.sampled_from(UNITS))
def test_any_text_has_a_length_that_is_never_negative_and_only_nothing_is_nothing_long(text, unit):
    assert (measure(text, unit) > 0) == bool(text)


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=200))
def test_bytes_and_characters_are_counted_as_they_are_sent(text):
    assert measure(text, "bytes") == len(text.encode("utf-8"))
    assert measure(text, "characters") == sum(2 if ord(character) > 0xFFFF else 1 for character in text)


@settings(deadline=None, max_examples=100)
@given(text=st.text("abcdefghij KLMNOP\u2019é", max_size=280))
def test_on_x_every_letter_of_western_europe_counts_as_one(text):
    assert measure(text, "weighted") == len(unicodedata.normalize("NFC", text))
