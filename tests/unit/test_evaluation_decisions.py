"""What is said of the decisions: rates, calibration, a day's flags, the parts of a set, and two models side by side."""

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signpost.estimates import share
from signpost.evaluation.base_rates import days
from signpost.evaluation.calibration import calibration_of
from signpost.evaluation.comparison import compare, mcnemar
from signpost.evaluation.decisions import confusion, decision_figures
from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, NOT_REPORT, UNSURE, Message
from signpost.evaluation.mistaken import SHOWN, false_alarms, misses
from signpost.evaluation.predictions import Case, Prediction
from signpost.evaluation.slices import breakdowns, length, styles


def case(right, given_label, score=0.5, *, id=1, text="", near_miss=None, **fields):  # noqa: A002, PLR0913  # what a message and an answer are made of
    return Case(Message(id, text, right, near_miss, fields), Prediction(given_label, 0.0, score))


def times(number, *arguments, **more):
    return [case(*arguments, **more) for _ in range(number)]


CASES = [
    *times(6, EMERGENCY, EMERGENCY),
    *times(3, EMERGENCY, CRIME_REPORT),
    *times(1, EMERGENCY, NOT_REPORT),
    *times(2, CRIME_REPORT, EMERGENCY),
    *times(11, CRIME_REPORT, CRIME_REPORT),
    *times(7, CRIME_REPORT, NOT_REPORT),
    *times(1, NOT_REPORT, EMERGENCY, near_miss=True),
    *times(4, NOT_REPORT, CRIME_REPORT, near_miss=True),
    *times(15, NOT_REPORT, NOT_REPORT, near_miss=True),
    *times(3, NOT_REPORT, CRIME_REPORT, near_miss=False),
    *times(7, NOT_REPORT, NOT_REPORT, near_miss=False),
    *times(2, UNSURE, CRIME_REPORT),
    *times(3, UNSURE, NOT_REPORT),
]


def test_each_rate_counts_what_its_name_says():
    figures = decision_figures(CASES)
    assert {name: (figure.hits, figure.of) for name, figure in figures.items()} == {
        "recall": (22, 30),
        "false_positives": (8, 30),
        "emergencies_flagged": (9, 10),
        "emergencies_called": (6, 10),
        "crime_reports_flagged": (13, 20),
        "near_misses_flagged": (5, 20),
        "everyday_flagged": (3, 10),
        "others_called_emergencies": (1, 30),
        "crime_reports_called_emergencies": (2, 20),
        "unsure_flagged": (2, 5),
    }
    assert figures["recall"] == share(22, 30)


def test_a_message_nobody_called_a_near_miss_or_none_counts_in_neither_rate():
    figures = decision_figures(times(2, NOT_REPORT, CRIME_REPORT))
    assert (figures["near_misses_flagged"].of, figures["everyday_flagged"].of) == (0, 0)


def test_the_confusion_has_a_row_for_each_right_answer_and_none_for_messages_without_one():
    assert confusion(CASES) == {
        EMERGENCY: {EMERGENCY: 6, CRIME_REPORT: 3, NOT_REPORT: 1},
        CRIME_REPORT: {EMERGENCY: 2, CRIME_REPORT: 11, NOT_REPORT: 7},
        NOT_REPORT: {EMERGENCY: 1, CRIME_REPORT: 7, NOT_REPORT: 22},
    }


# Calibration


def test_messages_are_binned_by_score_and_the_last_bin_holds_one():
    scores = [0.0, 0.0999, 0.1, 0.95, 1.0]
    bins = calibration_of([case(CRIME_REPORT, CRIME_REPORT, score) for score in scores]).bins
    assert [one.reports.of for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].low, bins[0].high, bins[9].mean_score) == (0.0, 0.1, pytest.approx(0.975))
    assert (bins[4].mean_score, bins[4].reports.value) == (None, None)


def test_the_calibration_error_weighs_each_bins_distance_by_its_messages():
    cases = [
        *times(1, CRIME_REPORT, CRIME_REPORT, 0.8),
        *times(3, NOT_REPORT, NOT_REPORT, 0.8),
        *times(4, NOT_REPORT, NOT_REPORT, 0.1),
    ]
    calibration = calibration_of(cases)
    assert calibration.error == pytest.approx((4 * abs(0.8 - 0.25) + 4 * 0.1) / 8)
    assert calibration.brier == pytest.approx(fmean([0.2**2, *[0.8**2] * 3, *[0.1**2] * 4]))
    assert calibration.brier_of_the_mean == pytest.approx(1 / 8 * 7 / 8)


def test_scores_that_mean_what_they_say_have_no_calibration_error():
    cases = [*times(3, CRIME_REPORT, CRIME_REPORT, 0.75), *times(1, NOT_REPORT, CRIME_REPORT, 0.75)]
    assert calibration_of(cases).error == pytest.approx(0)


# A day


def test_rare_reports_make_most_flags_false_alarms():
    rare, middling, common = days(share(90, 100), share(10, 100))
    assert (rare.reports, rare.found, rare.alarms) == pytest.approx((2, 1.8, 99.8))
    assert [day.base_rate for day in (rare, middling, common)] == [0.002, 0.01, 0.05]
    assert rare.precision.value == pytest.approx(1.8 / 101.6)
    assert common.precision.value == pytest.approx(45 / (45 + 95))


def test_a_days_range_joins_the_worst_of_both_rates_and_the_best():
    recall, alarms = share(90, 100), share(10, 100)
    day = days(recall, alarms)[1]
    assert day.precision.low == pytest.approx(0.01 * recall.low / (0.01 * recall.low + 0.99 * alarms.high))
    assert day.precision.high == pytest.approx(0.01 * recall.high / (0.01 * recall.high + 0.99 * alarms.low))


def test_a_model_that_flags_nothing_has_no_share_of_right_flags():
    assert days(share(0, 10), share(0, 10))[0].precision.value is None


def test_without_messages_to_count_no_day_is_told():
    assert days(share(0, 0), share(1, 10)) == days(share(1, 10), share(0, 0)) == ()


# Parts


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (0, "no words"),
        *((number, "1 to 3 words") for number in (1, 3)),
        *((number, "4 to 10") for number in (4, 10)),
        *((number, "11 to 30") for number in (11, 30)),
        *((number, "31 to 80") for number in (31, 80)),
        *((number, "81 or more") for number in (81, 900)),
    ],
)
def test_a_length_has_its_part(words, name):
    assert length("word " * words) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SOMEONE IS AT THE DOOR!", ["mostly capitals"]),
        ("OK CCTV", ["none of these"]),  # too short to shout
        ("The CCTV was off, sadly.", ["none of these"]),
        ("my bike has gone", ["no punctuation"]),
        ("my bike's gone - again", ["no punctuation"]),
        ("bike gone", ["none of these"]),
        ("My bike has gone… 😢", ["with emoji"]),
        ("HELP HIM PLEASE QUICK 🔥", ["mostly capitals", "with emoji", "no punctuation"]),
        ("", ["none of these"]),
    ],
)
def test_a_text_has_its_ways_of_writing(text, found):
    assert styles(text) == found


def test_parts_come_by_field_by_length_and_by_way_of_writing_and_the_largest_first():
    cases = [
        *times(2, CRIME_REPORT, CRIME_REPORT, kind="theft"),
        case(NOT_REPORT, CRIME_REPORT, text="hi there", kind="chat"),
    ]
    cases.append(case(NOT_REPORT, NOT_REPORT, text="one two three four five."))
    parts = breakdowns(cases, ["kind"])
    assert {name: [(one.name, one.messages) for one in slices] for name, slices in parts.items()} == {
        "kind": [("theft", 2), ("(not said)", 1), ("chat", 1)],
        "length_in_words": [("no words", 2), ("1 to 3 words", 1), ("4 to 10", 1)],
        "way_of_writing": [("none of these", 4)],
    }
    theft = parts["kind"][0]
    assert (theft.figures["recall"].hits, theft.figures["false_positives"].value) == (2, None)


@pytest.mark.parametrize(("reports", "others", "told"), [(10, 10, True), (9, 30, False), (30, 9, False)])
def test_a_part_is_ranked_only_with_ten_messages_of_each_kind(reports, others, told):
    cases = times(reports, CRIME_REPORT, CRIME_REPORT, 0.9) + times(others, NOT_REPORT, NOT_REPORT, 0.1)
    assert (breakdowns(cases, [])["way_of_writing"][0].auc.value == 1.0) is told


# Furthest from right


def test_the_least_likely_missed_report_and_the_likeliest_false_alarm_come_first():
    cases = [
        case(CRIME_REPORT, NOT_REPORT, 0.3, id="b"),
        case(EMERGENCY, NOT_REPORT, 0.1, id="a"),
        case(CRIME_REPORT, CRIME_REPORT, 0.9, id="found"),
        case(NOT_REPORT, CRIME_REPORT, 0.6, id="c"),
        case(NOT_REPORT, EMERGENCY, 0.8, id="d"),
        case(NOT_REPORT, NOT_REPORT, 0.01, id="left alone"),
    ]
    assert [one.id for one in misses(cases, with_texts=False)] == ["a", "b"]
    assert [(one.id, one.given) for one in false_alarms(cases, with_texts=False)] == [
        ("d", EMERGENCY),
        ("c", CRIME_REPORT),
    ]


def test_texts_are_kept_only_when_asked_for():
    missed = [case(CRIME_REPORT, NOT_REPORT, text="my bike has gone")]
    assert [one.text for one in misses(missed, with_texts=False)] == [None]
    assert [one.text for one in misses(missed, with_texts=True)] == ["my bike has gone"]


def test_only_the_first_mistakes_are_shown():
    assert len(misses(times(SHOWN + 5, CRIME_REPORT, NOT_REPORT), with_texts=False)) == SHOWN


# Two models


@pytest.mark.parametrize(
    ("only_this", "only_other", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (1, 0, 1.0), (0, 5, 0.0625), (2, 9, 0.065430), (9, 2, 0.065430), (10, 30, 0.002221)],
)
def test_mcnemars_exact_test_is_the_binomial_one(only_this, only_other, p):
    pairs = [(True, False)] * only_this + [(False, True)] * only_other + [(True, True)] * 7 + [(False, False)] * 3
    test = mcnemar(pairs)
    assert (test.of, test.only_this, test.only_other) == (len(pairs), only_this, only_other)
    assert test.p == pytest.approx(p, abs=1e-6)


def test_thousands_of_messages_are_no_trouble_for_an_exact_test():
    assert mcnemar([(True, False)] * 3000 + [(False, True)] * 2000).p < 1e-40


def pair_of_models():
    right = [EMERGENCY] * 10 + [CRIME_REPORT] * 20 + [NOT_REPORT] * 30
    this, other = [], []
    for number, label in enumerate(right):
        good = 0.5 + 0.4 * (number % 7) / 7 if label != NOT_REPORT else 0.5 * (number % 5) / 5
        poor = (number * 37 % 60) / 60
        this.append(case(label, CRIME_REPORT if good >= 0.5 else NOT_REPORT, good, id=number))
        other.append(case(label, CRIME_REPORT if poor >= 0.5 else NOT_REPORT, poor, id=number))
    return this, other


def test_a_better_model_is_told_from_a_poor_one():
    this, other = pair_of_models()
    heard: list[int] = []
    found = compare(this, other, heard.append)
    assert heard[-1] == len(heard) == 2000
    assert found.auc_difference.value == pytest.approx(1 - found.other_auc.value)
    assert 0 < found.auc_difference.low < found.auc_difference.value < found.auc_difference.high
    assert (found.reports.of, found.others.of) == (30, 30)
    assert (found.reports.only_other, found.others.only_other) == (0, 0)
    poor = {one.message.id: one.flagged for one in other}
    assert found.reports.only_this == sum(not poor[number] for number in range(30))
    assert {one.id for one in found.changed} == {
        a.message.id for a, b in zip(this, other, strict=True) if a.flagged != b.flagged
    }


def test_turned_round_the_comparison_says_the_opposite():
    this, other = pair_of_models()
    one, turned = compare(this, other, lambda _: None), compare(other, this, lambda _: None)
    assert turned.auc_difference.value == pytest.approx(-one.auc_difference.value)
    assert turned.auc_difference.high == pytest.approx(-one.auc_difference.low)
    assert (turned.reports.only_this, turned.reports.only_other) == (one.reports.only_other, one.reports.only_this)


def test_a_model_beside_itself_differs_in_nothing():
    this, _ = pair_of_models()
    found = compare(this, this, lambda _: None)
    assert (found.auc_difference.value, found.auc_difference.low, found.auc_difference.high) == (0, 0, 0)
    assert (found.changed, found.reports.p, found.others.p) == ((), 1.0, 1.0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_a_probability_is_a_probability(pairs):
    assert 0 <= mcnemar(pairs).p <= 1
