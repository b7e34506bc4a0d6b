"""Pictures: sound SVG that says in words what it shows, with everything drawn where the figures say."""

import xml.etree.ElementTree as ET  # it reads our own drawings

import pytest
from test_evaluation_ranking import SCORED, cases_of

from signpost.drawing import Frame, Sheet
from signpost.evaluation.calibration import calibration_of
from signpost.evaluation.curve import Curve, curve_of
from signpost.evaluation.picture_confusion import confusion_picture
from signpost.evaluation.picture_curves import precision_points, roc_points
from signpost.evaluation.picture_scores import histogram, reliability_picture, scores_picture

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def shapes(svg, tag):
    return parsed(svg).findall(f"{SVG}{tag}")


def words(svg):
    return [one.text for one in shapes(svg, "text")]


def sheet(**more):
    return Sheet("one", "A title", "What it shows", 100, 50, **more)


# Drawing


def test_a_drawing_has_a_title_and_a_description_for_those_who_can_not_see_it():
    root = parsed(sheet().svg())
    assert (root.get("role"), root.get("viewBox")) == ("img", "0 0 100 50")
    named = {one.get("id"): one.text for one in root if one.get("id")}
    assert [named[name] for name in root.get("aria-labelledby").split()] == ["A title", "What it shows"]


def test_two_drawings_on_a_page_share_no_id():
    ids = [one.get("id") for name in ("one", "two") for one in parsed(Sheet(name, "", "", 1, 1).svg()) if one.get("id")]
    assert len(ids) == len(set(ids)) == 4


def test_words_may_hold_anything():
    drawn = sheet()
    drawn.words((1, 2), "<script>&\"'")
    assert words(drawn.svg()) == ["<script>&\"'"]
    assert "<script>" not in drawn.svg()
    assert words(Sheet("one", "<b>", "&", 1, 1).svg()) == []


def test_shapes_stand_where_they_were_put():
    drawn = sheet()
    drawn.line((0, 1), (2.5, 3.333333), dashes="2 4")
    drawn.box((1, 2), (3, 4), fill="#123456")
    drawn.dot((5, 6), 2, fill="#654321")
    drawn.words((7, 8), "up", upwards=True, bold=True)
    svg = drawn.svg()
    (line,) = shapes(svg, "polyline")
    assert (line.get("points"), line.get("stroke-dasharray")) == ("0,1 2.5,3.33", "2 4")
    box = shapes(svg, "rect")[1]
    assert [box.get(name) for name in ("x", "y", "width", "height", "fill")] == ["1", "2", "3", "4", "#123456"]
    (dot,) = shapes(svg, "circle")
    assert [dot.get(name) for name in ("cx", "cy", "r")] == ["5", "6", "2"]
    (text,) = shapes(svg, "text")
    assert (text.get("transform"), text.get("font-weight")) == ("rotate(-90 7 8)", "600")


def test_a_frame_turns_figures_into_places_and_up_is_more():
    frame = Frame(sheet(), 10, 5, 80, 40, most_y=4)
    assert [frame.at(0, 0), frame.at(1, 4), frame.at(0.5, 1)] == [(10, 45), (90, 5), (50, 35)]
    frame.grid([(0.5, "half")], [(2, "two")])
    frame.names("across", "upwards")
    assert words(frame.sheet.svg()) == ["half", "two", "across", "upwards"]


# What is drawn


def test_the_curve_begins_with_nothing_flagged_and_ends_with_everything():
    points = roc_points(curve_of(SCORED))
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert points[1:4] == [
        (0, pytest.approx(1 / 3)),
        (pytest.approx(1 / 3), pytest.approx(2 / 3)),
        (pytest.approx(1 / 3), 1),
    ]


def test_precision_ends_with_the_share_of_reports():
    points = precision_points(curve_of(SCORED))
    assert (points[0], points[-1]) == ((pytest.approx(1 / 3), 1.0), (1.0, 0.5))


def test_each_message_is_in_one_column_and_a_score_of_one_in_the_last():
    bins = histogram(Curve((1.0, 0.95, 0.31, 0.05, 0.0499), (1, 2, 0, 0, 0), (0, 0, 4, 5, 6)))
    assert len(bins) == 20
    assert [(low, reports, others) for low, reports, others in bins if reports or others] == [
        (0.0, 0, 6), (0.05, 0, 5), (0.3, 0, 4), (0.95, 3, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("threshold", [0.02, 0.34, 0.98])
def test_the_threshold_is_marked_in_both_parts_and_its_name_stays_on_the_sheet(threshold):
    svg = scores_picture(curve_of(SCORED), threshold)
    marks = [one for one in shapes(svg, "polyline") if one.get("stroke-dasharray")]
    assert len(marks) == 2
    assert len({point.split(",")[0] for one in marks for point in one.get("points").split()}) == 1
    (name,) = (one for one in shapes(svg, "text") if one.text == f"threshold {threshold:g}")
    before = name.get("text-anchor") == "end"
    assert (float(name.get("x")) > 130) if before else (float(name.get("x")) < 290)


@pytest.mark.parametrize(
    ("most", "top"), [(1, "2"), (2, "2"), (3, "4"), (5, "10"), (11, "20"), (234, "400"), (401, "1000")]
)
def test_columns_reach_no_higher_than_a_round_number(most, top):
    svg = scores_picture(Curve((0.9, 0.1), (most, 0), (0, 1)), 0.5)
    assert top in words(svg)
    highest = min(float(one.get("y")) for one in shapes(svg, "rect")[1:])
    assert highest >= 30


def test_a_dot_stands_for_each_score_that_some_messages_have():
    svg = reliability_picture(calibration_of(cases_of(SCORED)))
    assert len(shapes(svg, "circle")) == 4
    first = shapes(svg, "circle")[0]
    assert (first.get("cx"), first.get("cy")) == ("131.6", "302")  # score 0.2, none of two a report


def test_the_confusion_shows_each_count_and_its_share_of_the_row():
    row = {"emergency": 3, "crime_report": 1, "not_report": 0}
    nothing = dict.fromkeys(row, 0)
    svg = confusion_picture({"emergency": row, "crime_report": nothing, "not_report": {**nothing, "not_report": 7}})
    said = words(svg)
    assert said[said.index("3") : said.index("3") + 6] == ["3", "75 %", "1", "25 %", "0", "0 %"]
    fills = [one.get("fill") for one in shapes(svg, "rect")[1:]]
    assert (fills[2], fills[8]) == ("#ffffff", "#16365f")
    assert len(fills) == 9
