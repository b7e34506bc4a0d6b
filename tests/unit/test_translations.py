"""The guidance in other languages: only what is approved, after the English, and never a wrong number.

The texts here stand for a translation. They are none: nobody has approved one.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from signpost.checking import check, check_start
from signpost.force.guard import Reply
from signpost.force.length import measure
from signpost.force.mandate import load_mandate
from signpost.force.translations import NO_TRANSLATIONS, TRANSLATED, load_translations, read_translations
from signpost.mistakes import Mistake
from signpost.settings import Settings

PROJECT = Path(__file__).parents[2]
FORCE = PROJECT / "force"
MANDATE = load_mandate(FORCE)
FULL = "Xx xxxxxx xx xxxx 999 xx 101."
ARABIC_LENGTH = "ب" * 380 + " 999 101."


def texts(full=FULL, **more):
    return {kind: {"full": full, **more} for kind in TRANSLATED}


def written(folder, pl):
    (folder / "translations.yml").write_text(yaml.safe_dump({"translations": {"pl": pl}}, allow_unicode=True), "utf-8")
    return folder


def loaded(folder, **pl):
    return load_translations(written(folder, {"approved": "CCE, 2026-12-01", "texts": texts(), **pl}), MANDATE)


def english(channel, kind="guidance"):
    return Reply(MANDATE.canonical_text(kind, MANDATE.channel(channel)), kind, f"utter_{kind}")


def added(translations, channel, kind="guidance", language="pl"):
    return translations.added_to([english(channel, kind)], language, MANDATE.channel(channel))


def test_the_file_that_is_shipped_is_in_order_and_holds_no_text_that_nobody_approved():
    assert load_translations(FORCE, MANDATE) == NO_TRANSLATIONS
    told = read_translations(FORCE)
    assert set(told) == {"pl", "ro", "uk", "pt", "ne", "ar", "cy"}
    assert all(one == {"approved": None, "texts": {}} for one in told.values())


@pytest.mark.parametrize("kind", TRANSLATED)
@pytest.mark.parametrize("channel", ["messenger", "facebook_comment", "instagram_dm", "instagram_comment"])
def test_an_approved_translation_follows_the_english_in_the_same_message(tmp_path, channel, kind):
    (reply,) = added(loaded(tmp_path), channel, kind)
    assert reply.text == f"{english(channel, kind).text}\n\n{FULL}"
    assert (reply.kind, reply.response) == (kind, f"utter_{kind}")
    assert MANDATE.faults(reply.text, kind, MANDATE.channel(channel)) == []


@pytest.mark.parametrize("approved", [None, False])
def test_what_nobody_approved_is_never_sent(tmp_path, approved):
    translations = loaded(tmp_path, approved=approved)
    assert translations == NO_TRANSLATIONS
    assert added(translations, "messenger") == [english("messenger")]


@pytest.mark.parametrize("language", ["uk", "other", "en", "", None])
def test_another_language_than_the_approved_one_gets_english_alone(tmp_path, language):
    assert added(loaded(tmp_path), "messenger", language=language) == [english("messenger")]


def test_answers_are_not_translated(tmp_path):
    answer = Reply("Goodbye. Call 101, or 999 in an emergency.", "answer", "utter_goodbye")
    channel = MANDATE.channel("messenger")
    assert loaded(tmp_path).added_to([answer], "pl", channel) == [answer]


def test_where_both_do_not_fit_the_short_wording_is_taken(tmp_path):
    translations = loaded(tmp_path, texts=texts(ARABIC_LENGTH, short=FULL))
    assert added(translations, "messenger")[0].text.endswith(ARABIC_LENGTH)
    (reply,) = added(translations, "instagram_comment")
    assert reply.text.endswith(FULL)


def test_where_the_short_one_does_not_fit_either_it_is_a_message_of_its_own_in_private(tmp_path):
    translations = loaded(tmp_path, texts=texts(ARABIC_LENGTH, short="ب" * 100 + " 999 101."))
    first, second = added(translations, "x_dm")
    assert first == english("x_dm")
    assert (second.text, second.kind, second.response) == ("ب" * 100 + " 999 101.", "answer", "translation_pl")
    assert measure(second.text, "weighted") <= 280


def test_under_a_post_there_is_one_reply_and_english_alone_where_both_do_not_fit(tmp_path):
    translations = loaded(tmp_path, texts=texts(ARABIC_LENGTH, short="ب" * 100 + " 999 101."))
    assert added(translations, "x_mention") == [english("x_mention")]


def test_on_x_the_reference_has_its_room_as_well(tmp_path):
    english_length = measure(english("x_dm").text, "weighted")
    just = "x" * (280 - english_length - 2 - len(" 999 101.")) + " 999 101."
    assert measure(f"{english('x_dm').text}\n\n{just}", "weighted") == 280
    assert len(added(loaded(tmp_path, texts=texts(just)), "x_dm")) == 2


def test_what_was_approved_to_follow_the_english_stays_between_the_two(tmp_path):
    """A route to the police that holds another number (force/helplines.yml)."""
    english_reply = replace(english("messenger"), text=f"{english('messenger').text}\n\nTextphone: 18000.")
    (reply,) = loaded(tmp_path).added_to([english_reply], "pl", MANDATE.channel("messenger"))
    assert reply.text == f"{english_reply.text}\n\n{FULL}"


def test_a_reply_that_was_replaced_keeps_its_faults(tmp_path):
    replaced = replace(english("messenger"), faults=("the number 111 is not one the force has approved",))
    (reply,) = loaded(tmp_path).added_to([replaced], "pl", MANDATE.channel("messenger"))
    assert reply.faults == replaced.faults


def with_text(text, kind="guidance"):
    return {"approved": "CCE, 2026-12-01", "texts": {**texts(), kind: {"full": text}}}


@pytest.mark.parametrize(
    ("pl", "says"),
    [
        (with_text("Xx xx 101 xx."), "pl: guidance: full: the number 999 is missing"),
        (with_text("Xx xx 999 xx."), "pl: guidance: full: the number 101 is missing"),
        (with_text("Xx 999, 111 xx 101."), "the number 111 is not one the force has approved"),
        (with_text("Xx 999 xx 1O1 xx 101."), "the number 1O1 is not one"),
        (with_text("Xx 999 xx 101 xx ٩٩٩."), "the number ٩٩٩ is not one"),
        (
            with_text("Xx 101 xx 999.", "emergency_guidance"),
            "emergency_guidance: full: an emergency's text must name 999 first",
        ),
        (with_text("Xx 101 xx 999.", "emergency_reminder"), "must name 999 first"),
        (with_text("  "), "pl: guidance: full: the text is empty"),
        (with_text(7), "pl: guidance: full: it must be a text"),
        (
            with_text("x" * 300 + " 999 101."),
            "it is too long for X message, which allows 280 weighted; give it a short",
        ),
        (
            {"approved": "CCE, 2026-12-01", "texts": {}},
            "it is approved, but has no text for guidance, emergency_guidance",
        ),
        ({"approved": True, "texts": texts()}, "approved must name the approval"),
        ({"approved": " ", "texts": texts()}, "approved must name the approval"),
        ({"approved": None, "texts": {"answer": {"full": FULL}}}, "answer: only these are translated: guidance"),
        ({"approved": None, "texts": {"guidance": FULL}}, "it must hold `full:` and may hold `short:`"),
        ({"approved": None, "texts": {"guidance": {"short": FULL}}}, "it must hold `full:`"),
        ({"approved": None, "texts": {"guidance": {"full": FULL, "long": FULL}}}, "it must hold `full:`"),
        ({"approved": None, "texts": [FULL]}, "it must hold `approved:` and `texts:`"),
        ("Polish", "it must hold `approved:` and `texts:`"),
    ],
)
def test_a_mistake_is_told_with_its_language_before_anything_is_sent(tmp_path, pl, says):
    with pytest.raises(Mistake) as caught:
        load_translations(written(tmp_path, pl), MANDATE)
    assert says in caught.value.sentence
    assert "translations.yml" in caught.value.sentence


def test_a_text_is_checked_before_it_is_approved(tmp_path):
    with pytest.raises(Mistake, match="999 is missing"):
        load_translations(written(tmp_path, {**with_text("Xx 101."), "approved": None}), MANDATE)


def test_a_language_nobody_can_recognise_is_told(tmp_path):
    (tmp_path / "translations.yml").write_text("translations:\n  xx: {approved: null, texts: {}}\n")
    with pytest.raises(Mistake, match="there is no language 'xx'"):
        load_translations(tmp_path, MANDATE)


@pytest.mark.parametrize("contents", ["translations: [", "translations: []", "- a", "a: b", "translations:\n"])
def test_a_file_of_another_shape_is_told_in_a_sentence(tmp_path, contents):
    (tmp_path / "translations.yml").write_text(contents)
    with pytest.raises(Mistake, match=r"translations\.yml"):
        load_translations(tmp_path, MANDATE)


def test_a_force_without_the_file_has_no_translations(tmp_path):
    assert load_translations(tmp_path, MANDATE) == NO_TRANSLATIONS


def test_signpost_check_and_the_start_say_what_is_wrong(tmp_path):
    shutil.copytree(FORCE, tmp_path, dirs_exist_ok=True)
    settings = replace(Settings.from_environment({}), force_folder=tmp_path)
    written(tmp_path, with_text("Xx 999 xx 111."))
    assert [sentence for sentence in check(settings, PROJECT) if "number 111" in sentence]
    with pytest.raises(Mistake, match=r"translations\.yml: pl: guidance"):
        check_start(settings, PROJECT)
    loaded(tmp_path)
    check_start(settings, PROJECT)
