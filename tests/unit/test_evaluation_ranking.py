"""How well scores put reports above other messages: held to what can be counted by hand, and to scikit-learn where it is."""

import math
import random
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signpost.estimates import Estimate, share, wilson
from signpost.evaluation.curve import Curve, Step, auc, average_precision, best_within, curve_of
from signpost.evaluation.delong import auc_estimate
from signpost.evaluation.gold import CRIME_REPORT, NOT_REPORT, Message
from signpost.evaluation.predictions import Case, Prediction
from signpost.evaluation.ranking import ranking_of
from signpost.evaluation.resampling import DRAWS, draws, middle_95
from signpost.evaluation.tables import precision_rows, roc_rows

SCORED = [(0.9, True), (0.8, True), (0.8, False), (0.4, True), (0.2, False), (0.2, False)]
SCORES = st.lists(st.tuples(st.integers(0, 10).map(lambda tenth: tenth / 10), st.booleans()), min_size=2, max_size=30)


def both_kinds(scored):
    return len({kind for _, kind in scored}) == 2


def cases_of(scored):
    """A case for each (score, whether it is a report), judged by no particular threshold."""
    return [
        Case(
            Message(number, "", CRIME_REPORT if kind else NOT_REPORT),
            Prediction(CRIME_REPORT if score >= 0.5 else NOT_REPORT, 0.0, score),
        )
        for number, (score, kind) in enumerate(scored)
    ]


# Shares


def test_a_share_has_wilsons_interval():
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe, Statistics in Medicine 17 (1998)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)


@pytest.mark.parametrize("of", [1, 5, 2000])
def test_an_interval_never_leaves_the_range_of_shares_and_never_shrinks_to_a_point(of):
    low, high = wilson(0, of)
    assert (low, 0 < high < 1) == (pytest.approx(0), True)
    assert wilson(of, of) == pytest.approx((1 - high, 1.0))


def test_a_share_of_nothing_is_not_known():
    assert share(0, 0) == Estimate(None, None, None, 0, 0)


# The curve


def test_messages_with_the_same_score_are_flagged_together():
    curve = curve_of(SCORED)
    assert curve == Curve((0.9, 0.8, 0.4, 0.2), (1, 1, 1, 0), (0, 1, 0, 2))
    assert list(curve.steps()) == [Step(0.9, 1, 0), Step(0.8, 2, 1), Step(0.4, 3, 1), Step(0.2, 3, 3)]


@given(SCORES.filter(both_kinds))
def test_the_area_is_how_often_a_report_scores_above_another_message(scored):
    reports, others = ([score for score, kind in scored if kind is wanted] for wanted in (True, False))
    wins = sum((report > other) + (report == other) / 2 for report, other in product(reports, others))
    curve = curve_of(scored)
    assert auc(curve.reports, curve.others) == pytest.approx(wins / len(reports) / len(others))


def test_average_precision_is_the_mean_over_reports_of_how_many_so_far_are_reports():
    curve = curve_of(SCORED)
    assert average_precision(curve.reports, curve.others) == pytest.approx((1 / 1 + 2 / 3 + 3 / 4) / 3)


@pytest.mark.parametrize(
    ("most", "best"), [(0.0, (1, 1, 0)), (0.33, (1, 1, 0)), (1 / 3, (3, 3, 1)), (0.5, (3, 3, 1)), (1.0, (4, 3, 3))]
)
def test_the_lowest_threshold_within_a_limit_takes_in_all_that_costs_nothing_more(most, best):
    curve = curve_of(SCORED)
    assert best_within(curve.reports, curve.others, most) == best


def test_where_every_threshold_raises_too_many_alarms_nothing_is_found():
    curve = curve_of([(0.9, False), (0.9, True), (0.1, False)])
    assert best_within(curve.reports, curve.others, 0.1) == (0, 0, 0)


# Intervals


@given(SCORES.filter(lambda scored: min(sum(k for _, k in scored), sum(not k for _, k in scored)) >= 2))
def test_the_interval_of_the_area_is_delongs(scored):
    reports, others = ([score for score, kind in scored if kind is wanted] for wanted in (True, False))

    def mean_wins(one, against, sign):
        return sum(((one - b) * sign > 0) + (one == b) / 2 for b in against) / len(against)

    def variance_of_mean(values):
        mean = sum(values) / len(values)
        return sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)

    variance = variance_of_mean([mean_wins(one, others, 1) for one in reports])
    variance += variance_of_mean([mean_wins(one, reports, -1) for one in others])
    estimate = auc_estimate(curve_of(scored))
    if variance < 1e-12 or estimate.value in (0, 1):
        assert (estimate.low, estimate.high) == (None, None)
        return
    # On the logit scale the interval is even on both sides, and as wide as the delta method makes it.
    odds = [value / (1 - value) for value in (estimate.low, estimate.value, estimate.high)]
    width = 1.959963984540054 * variance**0.5 / (estimate.value * (1 - estimate.value))
    assert [odds[1] / odds[0], odds[2] / odds[1]] == pytest.approx([math.exp(width)] * 2)


@pytest.mark.parametrize(
    "scored", [[(0.9, True), (0.1, False)], [(0.9, True), (0.8, True), (0.2, False), (0.1, False)]]
)
def test_a_set_in_which_nothing_scatters_gives_an_area_without_an_interval(scored):
    assert auc_estimate(curve_of(scored)) == Estimate(1.0)


def test_the_same_messages_always_give_the_same_draws_and_as_many_of_each_kind():
    kinds = [True, False, False, True, False]
    first, again = list(draws(kinds, 50)), list(draws(kinds, 50))
    assert first == again
    assert {sum(kinds[place] for place in drawn) for drawn in first} == {2}
    assert {len(drawn) for drawn in first} == {5}
    assert len({tuple(drawn) for drawn in first}) > 25


def test_the_middle_leaves_a_fortieth_of_the_values_on_each_side():
    assert middle_95(list(range(1001))) == (25.0, 975.0)
    assert middle_95([7.0]) == (7.0, 7.0)


def test_a_ranking_has_an_interval_around_each_figure_and_tells_of_every_draw():
    source = random.Random(7)
    scored = [(round(source.betavariate(4, 2), 3), True) for _ in range(80)]
    scored += [(round(source.betavariate(2, 4), 3), False) for _ in range(120)]
    heard: list[int] = []
    ranking = ranking_of(cases_of(scored), heard.append)
    assert heard == list(range(1, DRAWS + 1))
    for estimate in (ranking.auc, ranking.average_precision, *(one.found for one in ranking.recall_at)):
        assert estimate.low < estimate.value < estimate.high
        assert estimate.high - estimate.low < 0.5
    assert [one.limit for one in ranking.recall_at] == [5, 10, 12]
    for one in ranking.recall_at:
        flagged = [kind for score, kind in scored if score >= one.threshold]
        assert (one.found.hits, one.alarms.hits) == (sum(flagged), len(flagged) - sum(flagged))
        assert one.alarms.value <= one.limit / 100


def test_a_limit_that_no_threshold_keeps_to_has_no_threshold():
    ranking = ranking_of(cases_of([(0.9, False), (0.5, True), (0.1, False)]), lambda _done: None)
    assert [(one.threshold, one.found.value) for one in ranking.recall_at] == [(None, 0.0)] * 3


# Tables beside the pictures


def test_the_tables_give_the_curve_in_figures():
    curve = curve_of(SCORED)
    by_alarms = {row.wanted: row for row in roc_rows(curve)}
    assert (by_alarms[0.3].threshold, by_alarms[0.3].found, by_alarms[0.3].precision) == (
        0.9,
        pytest.approx(1 / 3),
        1.0,
    )
    assert (by_alarms[0.5].threshold, by_alarms[0.5].found) == (0.4, 1.0)
    by_found = {row.wanted: row for row in precision_rows(curve)}
    assert (by_found[0.5].threshold, by_found[0.5].precision) == (0.8, pytest.approx(2 / 3))
    assert (by_found[1.0].threshold, by_found[1.0].alarms) == (0.4, pytest.approx(1 / 3))


@given(SCORES.filter(both_kinds))
def test_who_wants_more_pays_more(scored):
    curve = curve_of(scored)
    for rows in (roc_rows(curve), precision_rows(curve)):
        for less, more in pairwise(rows):
            assert more.found >= less.found
            assert more.alarms >= less.alarms


def test_scikit_learn_finds_the_same():
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is in Rasa's environment only")
    source = random.Random(11)
    scored = [(round(source.betavariate(2 + kind, 2), 2), bool(kind)) for kind in source.choices((0, 1), k=300)]
    scores, kinds = zip(*scored, strict=True)
    curve = curve_of(scored)
    assert auc(curve.reports, curve.others) == pytest.approx(metrics.roc_auc_score(kinds, scores))
    assert average_precision(curve.reports, curve.others) == pytest.approx(
        metrics.average_precision_score(kinds, scores)
    )
