"""docs/replies.md lists every reply as it is, and no reply's own words are above the reading age."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from signpost import replies
from signpost.conversations.domain import Domain, load_domain
from signpost.conversations.rules import Rule, load_rules
from signpost.force.mandate import load_mandate
from signpost.mistakes import Mistake
from signpost.replies import CANONICAL, LIST, OLDEST_READER, own_words, page, texts_of, write

PROJECT = Path(__file__).parents[2]
MANDATE = load_mandate(PROJECT / "force")
DOMAIN = load_domain(PROJECT / "domain")
RULES = load_rules(PROJECT / "data" / "rules")
TEXTS = texts_of(DOMAIN, RULES, MANDATE)
PRIVATE = Rule("Somebody asks", "a.yml", (("visibility", "private"),), ("greet",), ("utter_a",))


def test_the_list_is_up_to_date(tmp_path):
    write(tmp_path / "replies.md")
    assert LIST.read_text("utf-8") == (tmp_path / "replies.md").read_text("utf-8"), "run: python -m signpost.replies"


@pytest.mark.parametrize("text", TEXTS, ids=lambda one: f"{one.response}-{one.channels[0].key}")
def test_people_of_nine_can_read_our_own_words(text):
    assert text.age < OLDEST_READER, text.own


def test_every_response_and_every_channel_is_in_the_list():
    assert {one.response for one in TEXTS} == {*DOMAIN.responses, CANONICAL}
    assert {channel.key for one in TEXTS for channel in one.channels} == set(MANDATE.channels)


@pytest.mark.parametrize("text", TEXTS, ids=lambda one: f"{one.response}-{one.channels[0].key}")
def test_no_reply_asks_anything_or_promises_that_somebody_comes(text):
    said = text.text.lower()
    assert "?" not in said
    assert not any(
        words in said for words in ("we will", "we'll", "officer will", "will come", "on the way", "on their way")
    )


@pytest.mark.parametrize("text", TEXTS, ids=lambda one: f"{one.response}-{one.channels[0].key}")
def test_no_word_stands_twice_in_a_row(text):
    words = text.text.lower().replace(",", "").replace(".", " .").split()
    assert not [word for word, following in pairwise(words) if word == following]


def test_own_words_are_those_between_the_statements():
    text = "Hello. Our social media channels are not monitored 24/7.\n\nIf you need us, call 101, or 999 in an emergency. Bye."
    assert own_words(MANDATE, text) == "Hello.\nIf you need us,. Bye."
    short = MANDATE.canonical_text("guidance", MANDATE.channel("x_dm"))
    assert own_words(MANDATE, short) == ""
    assert own_words(MANDATE, "You and me.") == "You and me."


def test_a_text_is_listed_with_the_channels_on_which_a_rule_says_it():
    domain = Domain((), {"utter_a": {None: "Hello.", "x_dm": "Hi."}, "utter_unsaid": {None: "Never said."}})
    listed = [(one.text, [channel.key for channel in one.channels]) for one in texts_of(domain, [PRIVATE], MANDATE)]
    assert listed[:2] == [("Hello.", ["messenger", "instagram_dm"]), ("Hi.", ["x_dm"])]
    assert "Never said." not in [text for text, _channels in listed]


def test_a_length_is_told_as_the_platform_counts_it_and_with_the_reference_on_x():
    shown = page(Domain((), {"utter_a": {None: "Grüß dich."}}), [PRIVATE], MANDATE)
    assert "Facebook Messenger: 10 of 2,000 characters" in shown
    assert "Instagram message: 12 of 1,000 bytes" in shown
    assert "X message: 22 of 280 weighted characters" in shown
    assert "- Somebody asks\n" in shown


def test_approved_routes_are_listed():
    mandate = replace(MANDATE, routes={"utter_cannot_phone": ("A form is on our website.",)})
    assert "After utter_cannot_phone:\n\n> A form is on our website." in page(DOMAIN, RULES, mandate)
    assert "none of the routes in `force/helplines.yml` is approved" in page(DOMAIN, RULES, replace(MANDATE, routes={}))


def test_the_command_writes_the_list_and_says_where(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(replies, "write", lambda: None)
    assert replies.main() == 0
    assert "docs/replies.md" in capsys.readouterr().out


def test_the_command_says_what_is_wrong(monkeypatch, capsys):
    def fails() -> None:
        raise Mistake("domain/ can't be read.")

    monkeypatch.setattr(replies, "write", fails)
    assert replies.main() == 1
    assert capsys.readouterr().err == "domain/ can't be read.\n"
