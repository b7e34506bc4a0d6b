"""Words of other languages that always count as urgent, found the way a message takes."""

import json
from pathlib import Path

import pytest

from bot.nlu.language import read
from bot.nlu.language_list import languages
from bot.nlu.language_urgent import load_urgent_elsewhere, urgent_elsewhere

PROJECT = Path(__file__).parents[2]
LIST = load_urgent_elsewhere()
ENTRIES = [(language, entry) for language, entries in LIST.items() for entry in entries]


def found(text: str):
    return urgent_elsewhere(LIST, text, read(text, languages()).maybe)


@pytest.mark.parametrize(("language", "entry"), ENTRIES)
def test_urgent_words_are_found_with_their_language_and_their_reason(language, entry):
    for text in entry.meets:
        for written in (text, text.upper(), f"please {text} now"):
            one = found(written)
            assert one is not None, written
            assert (one.language, one.reason) == (language, entry.reason)


@pytest.mark.parametrize(("language", "entry"), ENTRIES)
def test_like_words_that_mean_something_else_are_left(language, entry):
    assert [text for text in entry.leaves if found(text)] == []


def test_every_language_that_was_asked_for_has_urgent_words_with_reasons():
    assert set(LIST) == {"pl", "ro", "uk", "pt", "ne", "ar", "cy"}
    assert all(entry.reason and entry.meets and entry.leaves for _, entry in ENTRIES)


def test_accents_may_be_missing_and_the_words_are_kept_as_they_were_written():
    assert found("stoi mężczyzna z nożem").words == "z nożem"
    assert found("stoi mezczyzna z nozem").words == "z nozem"


def test_nothing_english_is_urgent_for_a_word_of_another_language():
    files = [PROJECT / "tests" / "detection" / name for name in ("held_back.jsonl", "languages.jsonl")]
    messages = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    english = [one["text"] for one in messages if one.get("lang", "en") == "en"]
    assert [text for text in english if found(text)] == []
