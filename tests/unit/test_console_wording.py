"""The simulator's plain words: one for every code there is, and none that claims more than is known."""

from pathlib import Path

import pytest
import yaml

from signpost.console.simulator.examples import EXAMPLES
from signpost.console.simulator.sending import fault_in
from signpost.console.simulator.understanding import Bar, _number
from signpost.console.simulator.wording import INTENTS, KINDS, spoken, words_for
from signpost.force.mandate import KINDS as ALL_KINDS
from signpost.log.reference import ALPHABET

PROJECT = Path(__file__).parents[2]


def test_every_intent_has_plain_words() -> None:
    listed = yaml.safe_load((PROJECT / "domain" / "intents.yml").read_text("utf-8"))["intents"]
    assert {next(iter(one)) for one in listed} == set(INTENTS)


def test_every_kind_of_reply_has_plain_words() -> None:
    assert set(KINDS) == set(ALL_KINDS)


def test_a_code_nobody_has_words_for_is_still_readable() -> None:
    assert words_for(INTENTS, "brand_new_intent") == "brand new intent"


def test_a_reference_can_be_said_on_the_telephone() -> None:
    assert spoken("CDF-G34") == "Charlie Delta Foxtrot, Golf three four"
    assert all(len(spoken(letter)) > 2 for letter in ALPHABET)


@pytest.mark.parametrize(
    ("value", "says"),
    [(0.0, "0%"), (0.004, "under 1%"), (0.5, "50%"), (0.994, "over 99%"), (1.0, "100%"), (0.99, "99%"), (0.01, "1%")],
)
def test_what_is_nearly_certain_is_not_called_certain(value: float, says: str) -> None:
    assert Bar("", "", value).percent == says


@pytest.mark.parametrize("value", [None, "0.5", float("nan"), -1.0, [], {}])
def test_a_score_that_is_no_score_shows_an_empty_bar(value: object) -> None:
    assert _number(value) == 0.0


def test_all_examples_can_be_sent() -> None:
    texts = [example.text for example in EXAMPLES]
    assert "someone has smashed my shop window on Fisherton Street" in texts
    assert "thanks for the lovely day at the fair" in texts
    assert not any(fault_in(text) for text in texts)
