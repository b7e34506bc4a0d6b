"""References are read out over the telephone, so they are short and nothing in them sounds like anything else."""

import re

import pytest

from signpost.log import reference
from signpost.log.reference import ALPHABET, new_reference


def test_a_reference_is_three_characters_a_hyphen_and_three_more():
    for _ in range(200):
        assert re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", new_reference())


@pytest.mark.parametrize("confused", ["BDPTV", "MN", "FS", "IJ", "0O", "1I", "5S", "2Z", "8B"])
def test_of_characters_that_sound_or_look_alike_at_most_one_is_used(confused):
    assert len(set(confused) & set(ALPHABET)) <= 1


def test_no_reference_spells_a_word():
    assert not set("AEIOU") & set(ALPHABET)


def test_no_character_is_listed_twice_so_that_all_are_as_likely():
    assert len(set(ALPHABET)) == len(ALPHABET) == 17


def test_there_are_millions_of_them():
    assert len({new_reference() for _ in range(2000)}) > 1990


def test_references_come_from_the_generator_for_secrets_and_tell_nothing_of_one_another(monkeypatch):
    drawn = iter("CDF346GHK")
    monkeypatch.setattr(reference.secrets, "choice", lambda _letters: next(drawn))
    assert new_reference() == "CDF-346"


def test_no_reference_reads_like_the_number_for_emergencies(monkeypatch):
    for first in ("999CDF", "CDF999", "C999DF"):
        drawn = iter(f"{first}GHK346")
        monkeypatch.setattr(reference.secrets, "choice", lambda _letters, drawn=drawn: next(drawn))
        assert "999" not in new_reference().replace("-", "")
