"""The figures on the training messages: each says what it is meant to, and would say otherwise of other messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signpost.corpus.folding import folded, words_of
from signpost.corpus.length import length_by_intent, told_by_length
from signpost.corpus.openings import repeated_openings
from signpost.corpus.personal import personal_data
from signpost.corpus.reading import Example
from signpost.corpus.repeats import NEAR, PIECE, exact_repeats, near_repeats
from signpost.corpus.style import STYLES, style_by_label, told_by_style
from signpost.corpus.telling import area_under_curve, in_words
from signpost.corpus.vocabulary import marks_by_intent

REPORT, TALK = "report_crime", "everyday_talk"


def said(*texts: str, intent: str = TALK) -> list[Example]:
    return [Example(text, intent, "a.yml", line) for line, text in enumerate(texts, 1)]


# What counts as the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("There's SOMEBODY here!!", "theres somebody here"),
        ("there’s somebody here", "there's   somebody\there"),
        ("wait - what?", "wait what"),
        ("ｆｕｌｌ width", "full width"),
    ],
)
def test_case_spaces_and_punctuation_make_no_difference(one, other):
    assert folded(one) == folded(other)
    assert len(exact_repeats(said(one, other))) == 1


@pytest.mark.parametrize(("one", "other"), [("thanks 👍", "thanks"), ("?", "??"), ("👍", "🙏"), ("im in", "im out")])
def test_emoji_words_and_messages_of_punctuation_alone_make_a_difference(one, other):
    assert exact_repeats(said(one, other)) == []


def test_a_message_that_is_there_three_times_is_told_once_with_all_places():
    (group,) = exact_repeats(said("my bike", "something else", "My bike!", "MY BIKE"))
    assert [one.line for one in group] == [1, 3, 4]


def test_what_is_the_same_is_not_told_again_as_nearly_the_same():
    assert near_repeats(said("somebody stole my bike", "Somebody stole my bike.")) == []


def test_conflicts_of_labels_come_first_then_of_intents():
    text = "somebody took the lead from the roof of the village hall"
    pairs = near_repeats(
        [
            *said(f"{text}s", intent=TALK),
            *said(f"{text}ss", intent="opinion_or_news"),
            *said(f"{text}sss", intent="opinion_or_news"),
            *said(f"{text}ssss", intent=REPORT),
        ]
    )
    order = [pair.across for pair in pairs]
    assert order == sorted(order, key=["labels", "intents", "same intent"].index)
    assert [order.count(what) for what in ("labels", "intents", "same intent")] == [3, 2, 1]


def likeness(one: str, other: str) -> float:
    first, second = (
        {text[place : place + PIECE] for place in range(max(1, len(text) - PIECE + 1))} for text in (one, other)
    )
    return len(first & second) / len(first | second)


LONG = "somebody took the lead from our village hall on monday night"
"""Any two stretches of it share what they have in common and nothing else, so many are just alike enough, or just not."""


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(10, len(LONG))), max_size=12),
    st.sampled_from([0.5, 0.6, 0.75, NEAR, 1.0]),
)
def test_no_pair_that_is_alike_enough_is_missed_and_none_is_made_up(stretches, least):
    texts = [LONG[start:end] for start, end in stretches]
    texts = list(dict.fromkeys(folded(text) for text in texts))
    wanted = {
        (one, other)
        for place, one in enumerate(texts)
        for other in texts[place + 1 :]
        if likeness(one, other) >= least - 1e-9
    }
    pairs = near_repeats(said(*texts), least)
    assert {tuple(sorted((pair.one.text, pair.other.text), key=texts.index)) for pair in pairs} == wanted
    assert all(pair.likeness == pytest.approx(likeness(pair.one.text, pair.other.text)) for pair in pairs)


# What a figure tells


@pytest.mark.parametrize(
    ("reports", "others", "area"),
    [
        ([3, 4], [1, 2], 1.0),
        ([1, 2], [3, 4], 0.0),
        ([1, 1], [1, 1], 0.5),
        ([2], [1, 2, 3, 3], 0.375),
        ([], [1], 0.5),
        ([1], [], 0.5),
    ],
)
def test_the_area_is_how_often_the_report_has_the_higher_figure(reports, others, area):
    assert area_under_curve(reports, others) == area


@given(st.lists(st.integers(0, 4), min_size=1), st.lists(st.integers(0, 4), min_size=1))
def test_the_area_is_what_counting_all_pairs_gives(reports, others):
    won = sum((one > other) + 0.5 * (one == other) for one in reports for other in others)
    assert area_under_curve(reports, others) == pytest.approx(won / (len(reports) * len(others)))


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (0.5, "right 50 times in 100, where guessing is right 50 times: it tells next to nothing"),
        (0.43, "right 57 times in 100, where guessing is right 50 times: it tells a little"),
        (0.62, "right 62 times in 100, where guessing is right 50 times: it tells something"),
        (0.95, "right 95 times in 100, where guessing is right 50 times: it tells much, which a model will learn"),
    ],
)
def test_an_area_is_told_in_words(area, words):
    assert in_words(area) == words


# Openings


def test_an_opening_that_one_intent_repeats_is_told():
    reports = said(*(f"I saw a man with bag {n}" for n in range(7)), intent=REPORT)
    (opening,) = repeated_openings([*reports, *said("lovely day today", "I saw nothing")])
    assert (opening.words, opening.intent, opening.count, opening.expected) == ("i saw a", REPORT, 7, 0.0)


def test_an_opening_that_all_intents_share_is_not_told():
    reports = said(*(f"Hi all just wondering {n}" for n in range(40)), intent=REPORT)
    others = said(*(f"hi all, just asking {n}" for n in range(40)))
    assert repeated_openings([*reports, *others]) == []


def test_an_opening_may_be_repeated_a_few_times():
    assert repeated_openings(said(*(f"I saw a man {n}" for n in range(5)), "else altogether here"), most=5) == []
    assert len(repeated_openings(said(*(f"I saw a man {n}" for n in range(6)), "else altogether here"), most=5)) == 1


def test_messages_of_two_words_have_no_opening():
    assert repeated_openings(said(*["thank you"] * 20)) == []


# Length


def test_the_quartiles_are_those_of_the_words():
    length = length_by_intent(said("a", "a b", "a b c", "a b c d", "a b c d e"))[TALK]
    assert (length.shortest, length.lower, length.middle, length.upper, length.longest) == (1, 2, 3, 4, 5)


def test_one_message_is_all_its_quartiles():
    assert length_by_intent(said("one two three"))[TALK].upper == 3


def test_length_that_gives_the_label_away_is_seen():
    reports = said("a b c d", "a b c d e", intent=REPORT)
    assert told_by_length([*reports, *said("a", "a b")]) == 1.0
    assert told_by_length([*reports, *said("b c d e", "e d c b a")]) == 0.5


# Words


def test_the_words_that_mark_an_intent_come_first_with_their_counts():
    reports = said(*(f"the bike {n} is stolen" for n in range(9)), intent=REPORT)
    marks = marks_by_intent([*reports, *said(*(f"the bike {n} is lovely" for n in range(9)), "stolen")])
    assert [(mark.word, mark.here, mark.elsewhere) for mark in marks[REPORT]][:1] == [("stolen", 9, 1)]
    assert marks[TALK][0].word == "lovely"
    assert "the" not in [mark.word for mark in marks[REPORT]]


def test_a_word_said_often_in_one_message_counts_once():
    marks = marks_by_intent([*said("help help help", intent=REPORT), *said("a", "b")])
    assert marks[REPORT] == []


# Style


@pytest.mark.parametrize(
    ("style", "so", "not_so"),
    [
        ("in small letters", "no capitals here", "One capital"),
        ("in small letters", "a1", "11"),
        ("in capitals", "HELP ME", "HELP me"),
        ("in capitals", "HELP", "OK"),
        ("without punctuation", "there's nothing here - is there", "there is, now"),
        ("with emoji", "so sad 😢", "so sad © :("),
        ("with a question mark", "what?", "what"),
        ("with figures", "at 5pm", "at five"),
    ],
)
def test_a_way_of_writing_is_recognised(style, so, not_so):
    assert STYLES[style](so)
    assert not STYLES[style](not_so)


def test_the_shares_are_those_of_each_label():
    examples = [*said("one?", "two", intent=REPORT), *said("HELP?", intent="risk_to_life"), *said("a", "b", "c", "d?")]
    style = style_by_label(examples)["with a question mark"]
    assert style.shares == {"emergency": 1.0, "crime_report": 0.5, "not_report": 0.25}
    assert style.area == pytest.approx(0.5 + (2 / 3 - 1 / 4) / 2)


def test_style_that_gives_the_label_away_is_seen_and_chance_is_not_taken_for_it():
    loud = said(*(f"HELP NUMBER {n}!" for n in range(20)), intent=REPORT)
    quiet = said(*(f"nothing much {n}" for n in range(20)))
    assert told_by_style([*loud, *quiet], length=False) == 1.0
    alike = said(*(f"nothing more {n}" for n in range(20)), intent=REPORT)
    assert told_by_style([*alike, *quiet], length=False) == pytest.approx(0.5, abs=0.1)


def test_a_message_is_never_judged_by_what_was_learnt_from_itself():
    """Each fifth holds one report and one other message, and in every other fifth it is the other that asks."""
    asks = [place % 2 == 0 for place in range(5)]
    reports = said(*(f"where now {'?' if so else ''}" for so in asks), intent=REPORT)
    others = said(*(f"where now {'' if so else '?'}" for so in asks))
    assert told_by_style([*reports, *others], length=False) < 0.6


def test_length_counts_only_where_it_is_asked_for():
    reports = said(*["some words that go on and on for quite a while"] * 20, intent=REPORT)
    examples = [*reports, *said(*["only a few"] * 20)]
    assert told_by_style(examples, length=True) == 1.0
    assert told_by_style(examples, length=False) < 0.7


# Personal data


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ring me on 07700 900123", "phone number"),
        ("his number is +44 7700 900 123", "phone number"),
        ("07700–900–123 is what she gave", "phone number"),
        ("write to first.last@example.org", "e-mail address"),
        ("white van AB12 CDE", "registration mark"),
        ("we live at ZZ9 9ZZ", "postcode"),
    ],
)
def test_what_could_be_somebodys_own_is_found(text, kind):
    (find,) = personal_data(said("nothing here", text))
    assert (find.kind, find.example.line) == (kind, 2)


@pytest.mark.parametrize(
    "text",
    [
        "i rang 999 and 101, not 111, 112, 105, 116 or 119",
        "on the A303 by junction 12 at 10.30 on 12/03/2024",
        "they say to call 0800 000 000 and leave no name",
        "lost £200 and 3 bikes",
    ],
)
def test_short_codes_helplines_roads_and_times_are_nobodys_own(text):
    assert personal_data(said(text)) == []


def test_words_are_folded():
    assert words_of("It's HERE, now!") == ["its", "here", "now"]
