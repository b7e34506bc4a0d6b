"""In which language a message is: known where it is another, and English never taken for one."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.language import LONGEST, read
from bot.nlu.language_list import ENGLISH, OTHER, folded, languages, load_languages

PROJECT = Path(__file__).parents[2]
ALL = [json.loads(line) for line in (PROJECT / "tests" / "detection" / "languages.jsonl").read_text().splitlines()]
ASKED_FOR = ("pl", "ro", "uk", "pt", "ne", "ar", "cy")
# French that English people quote; nobody is harmed by an answer to it.
QUOTED = {"que sera sera", "voulez vous coucher avec moi lol", "c'est la vie"}


def language(text: str) -> str:
    return read(text, languages()).language


def texts(lang: str) -> list[str]:
    return [one["text"] for one in ALL if one["lang"] == lang]


@pytest.mark.parametrize("lang", ASKED_FOR)
def test_each_language_that_was_asked_for_is_known_by_its_name(lang):
    found = Counter(language(text) for text in texts(lang))
    assert found.total() >= 40
    assert found[lang] / found.total() >= 0.94, found


def test_another_language_is_known_to_be_no_english():
    found = Counter(language(text) for text in texts(OTHER))
    assert found.total() >= 40
    assert found[ENGLISH] / found.total() <= 0.02, found
    assert not set(found) & {"pl", "ro", "uk", "pt", "ne", "ar", "cy"}


def test_english_of_every_sort_stays_english():
    assert [text for text in texts(ENGLISH) if language(text) != ENGLISH and text not in QUOTED] == []


def test_what_trainers_wrote_and_what_was_held_back_stays_english():
    """More than thirteen thousand messages; the two Welsh ones among them are found, and one song."""
    held_back = [
        json.loads(line)["text"] for line in (PROJECT / "tests/detection/held_back.jsonl").read_text().splitlines()
    ]
    trained = [
        line.strip().removeprefix("- ")
        for file in (PROJECT / "data" / "nlu").glob("*.yml")
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("    - ")
    ]
    assert len(trained) > 10_000
    assert [text for text in held_back if language(text) != ENGLISH] == []
    assert len([text for text in trained if language(text) != ENGLISH]) <= len(trained) / 2_000


@pytest.mark.parametrize(
    "text", ["Dzień dobry, ktoś ukradł mi rower", "Dzien dobry, ktos ukradl mi rower", "DZIEN DOBRY KTOS UKRADL"]
)
def test_accents_and_capitals_make_no_difference(text):
    assert language(text) == "pl"


@pytest.mark.parametrize(
    "text",
    [
        "Hello, I'm sorry, nie mówię po angielsku, ktoś ukradł mi rower",
        "ktoś ukradł mi rower z Fisherton Street przy Tesco",
        "ktoś ukradł mi rower 😡😡 https://example.org/the/and/of/is @someone #help",
    ],
)
def test_a_few_english_words_names_and_links_hide_no_other_language(text):
    assert language(text) == "pl"


@pytest.mark.parametrize(
    "text",
    [
        "someone has stolen my bike, the man said dziękuję and ran off",
        "a man called Łukasz Wiśniewski kicked our door in, he is at the house now",
        "he wrote Привет on my car and smashed the window",
        "https://example.org/czy/jest/nie/mam @jestem #dziękuję call me about this",
        "𝓗𝓮𝓵𝓵𝓸 𝓽𝓱𝓮𝓻𝓮",
        "",
        "   ",
        "999",
        "😂😂😂",
    ],
)
def test_a_few_words_of_another_language_make_no_english_message_one(text):
    assert language(text) == ENGLISH


@pytest.mark.parametrize(
    ("text", "lang"),
    [("ایرانی هستم کمک لطفا", "fa"), ("میرا فون چوری ہو گیا ہے", "ur"), ("السلام عليكم", "ar"), ("Ѳѳ ѳѳѳ", OTHER)],
)
def test_languages_that_share_letters_are_told_apart_or_named_as_unknown(text, lang):
    assert language(text) == lang


def test_a_very_long_message_is_judged_by_its_beginning():
    assert language("ktoś ukradł mi rower i nie wiem co robić " * 2_000) == "pl"
    assert (
        language("somebody stole my bike and I don't know what to do " * (LONGEST // 50 + 1) + "ktoś ukradł mi") == "en"
    )


@given(st.text(max_size=300))
def test_whatever_is_written_has_a_language_and_what_speaks_for_it_is_among_what_may_be(text):
    reading = read(text, languages())
    assert reading.language in {ENGLISH, OTHER, *languages().names}
    assert reading.language in {ENGLISH, OTHER} or reading.language in reading.maybe


@pytest.mark.parametrize("text", ["jestem tu", "я тут", "म यहाँ छु", "هنا", "dw i yma"])
def test_a_language_is_named_in_words_for_staff(text):
    assert languages().name_of(language(text))[0].isupper()
    assert languages().name_of(OTHER) == "a language other than English"
    assert languages().name_of("xx") == "a language other than English"


def test_no_word_stands_for_english_and_for_another_language():
    assert [word for word, codes in languages().words.items() if ENGLISH in codes and len(codes) > 1] == []


def test_every_word_in_the_list_is_found_as_people_may_write_it():
    assert folded("ŁÓDŹ") == folded("lodz") == "lodz"
    assert folded("mulțumesc") == "multumesc"
    assert folded("ВУЛИЦЯ") == "вулиця"
    assert folded("छन्") == "छन्"


def test_a_language_of_a_script_nobody_knows_is_refused(tmp_path):
    contents = yaml.safe_load((PROJECT / "bot" / "languages.yml").read_text("utf-8"))
    contents["languages"]["pl"]["script"] = "Runes"
    file = tmp_path / "languages.yml"
    file.write_text(yaml.safe_dump(contents), "utf-8")
    with pytest.raises(ValueError, match="pl: there is no script 'Runes'"):
        load_languages(file)
