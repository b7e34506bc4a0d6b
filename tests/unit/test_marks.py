"""How a text is read as words, stems and pairs, for whatever judges by words alone."""

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.marks import marks_of, words_of


def test_a_text_is_read_by_words_and_stems_and_by_pairs_of_each():
    read = {"<s>", "kicking", "doors", "</s>", "<s> kicking", "kicking doors", "doors </s>"}
    read |= {"~<s>", "~kick", "~door", "~</s>", "~<s> kick", "~kick door", "~door </s>"}
    assert set(marks_of("Kicking DOORS")) == set(marks_of("kicking doors.")) == read
    assert {"~kick", "~kick door"} <= set(marks_of("he kicks the doooors, kicked door"))


def test_a_mark_knows_the_words_it_was_read_from():
    marks = marks_of("Kicking doors")
    assert marks["~kick"] == ("kicking",)
    assert marks["~kick door"] == marks["kicking doors"] == ("kicking", "doors")


def test_apostrophes_figures_and_drawn_out_letters_make_no_other_word():
    assert words_of("Don’t heeeelp at 3:45") == words_of("dont heelp at 0 0")


@given(st.text(max_size=300))
def test_any_text_has_marks_each_from_one_or_two_of_its_words(text):
    words = {"<s>", "</s>", *words_of(text)}
    for mark, read_from in marks_of(text).items():
        assert mark
        assert 1 <= len(read_from) <= 2
        assert words.issuperset(read_from)
