"""Files given to an evaluation: what is wrong in one is told with its line, and nothing of what people wrote is repeated."""

import json
from pathlib import Path

import pytest

from signpost.estimates import Estimate
from signpost.evaluation.gate import hold, read_gate
from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, LABELS, NOT_REPORT, fields_to_part_by, read_gold
from signpost.evaluation.predictions import pair, read_predictions, unexplained
from signpost.evaluation.thresholds import Thresholds, read_thresholds
from signpost.evaluation.wording import FIGURES
from signpost.force.mandate import load_mandate
from signpost.mistakes import Mistake

PROJECT = Path(__file__).parents[2]
REPORT = {"id": 1, "text": "my shed was broken into", "label": "crime_report"}
OTHER = {"id": 2, "text": "lovely day for the parade", "label": "not_report"}
SCORES = {"emergency": 0.1, "crime_report": 0.7, "not_report": 0.2}
JUDGED = {"id": 1, "label": "crime_report", "scores": SCORES}


def written(folder, *items, name="in.jsonl"):
    file = folder / name
    file.write_text("".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items), "utf-8")
    return file


def refused(read, *arguments):
    with pytest.raises(Mistake) as refusal:
        read(*arguments)
    assert refusal.value.exit_status == 2
    return refusal.value.sentence


# Labelled messages


def test_messages_are_read_with_whatever_else_is_said_of_them(tmp_path):
    first = {
        **REPORT,
        "kind": "theft",
        "cut": False,
        "year": 2024,
        "note": None,
        "list": [1],
        "empty": " ",
        "share": 0.5,
    }
    report, other = read_gold(written(tmp_path, first, "", {**OTHER, "near_miss": True}))
    assert (report.id, report.text, report.label, report.is_report) == (1, REPORT["text"], CRIME_REPORT, True)
    assert report.fields == {"kind": "theft", "cut": "no", "year": "2024"}
    assert (report.near_miss, other.near_miss, other.is_report) == (None, True, False)
    assert other.fields == {"near_miss": "yes"}


def test_messages_without_a_right_answer_are_read_as_well(tmp_path):
    unsure = {"id": 3, "text": "hm", "label": "unsure"}
    assert [one.label for one in read_gold(written(tmp_path, REPORT, OTHER, unsure))] == [
        CRIME_REPORT,
        NOT_REPORT,
        "unsure",
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": None}, "text is missing or not a string"),
        ({"text": ["theft"]}, "text is missing or not a string"),
        ({"label": None}, "label is missing, or is none of emergency, crime_report, not_report, unsure"),
        ({"label": "Crime_Report"}, "label is missing, or is none of emergency, crime_report, not_report, unsure"),
        ({"label": ["emergency"]}, "label is missing, or is none of emergency, crime_report, not_report, unsure"),
        ({"near_miss": "yes"}, "near_miss is neither true nor false"),
        ({"near_miss": 1}, "near_miss is neither true nor false"),
        ({"id": 1.5}, "id is missing, or is neither a string nor a whole number"),
        ({"id": 2}, "this id stands on an earlier line as well"),
    ],
)
def test_a_message_that_is_wrong_is_told_with_its_line_and_why(tmp_path, change, why):
    file = written(tmp_path, OTHER, {**REPORT, **change})
    assert refused(read_gold, file) == f"{file}: line 2: {why}. Nothing was done."


def test_a_set_that_lacks_a_kind_says_what_can_not_be_told(tmp_path):
    file = written(tmp_path, OTHER, {**OTHER, "id": 3})
    assert (
        refused(read_gold, file)
        == f"{file} holds no emergency and no crime_report: nothing can be said of what is missed."
    )
    file = written(tmp_path, REPORT)
    assert refused(read_gold, file) == f"{file} holds no not_report: nothing can be said of false alarms."


def test_an_empty_set_is_told(tmp_path):
    assert "holds no line of JSON" in refused(read_gold, written(tmp_path, ""))


# Fields to break down by


def fields(tmp_path, asked, *items):
    file = written(tmp_path, *items)
    return fields_to_part_by(file, read_gold(file), asked)


def test_the_usual_fields_are_taken_when_nobody_names_any(tmp_path):
    items = ({**REPORT, "source": "shop", "mood": "cross", "kind": "theft"}, OTHER)
    assert fields(tmp_path, (), *items) == ("source", "kind")
    assert fields(tmp_path, ("mood", "mood"), *items) == ("mood",)


def test_a_field_that_is_not_there_is_told_with_those_that_are(tmp_path):
    sentence = refused(fields, tmp_path, ("place",), {**REPORT, "mood": "cross", "kind": "theft"}, OTHER)
    assert sentence.endswith("There are: kind, mood.")
    assert "'place'" in sentence
    assert refused(fields, tmp_path, ("place",), REPORT, OTHER).endswith("Its messages have no field for that.")


@pytest.mark.parametrize("name", ["text", "id", "label"])
def test_nothing_is_broken_down_by_what_people_wrote(tmp_path, name):
    assert "lovely" not in refused(fields, tmp_path, (name,), REPORT, OTHER)


def test_a_field_with_too_many_values_or_too_long_ones_is_refused_and_no_usual_one(tmp_path):
    many = [{**REPORT, "id": f"r{n}", "kind": f"kind {n}", "source": "s" * 61} for n in range(61)]
    for name in ("kind", "source"):
        assert "at most 60 different values, each of at most 60 characters" in refused(
            fields, tmp_path, (name,), *many, OTHER
        )
    assert fields(tmp_path, (), *many, OTHER) == ()
    assert fields(tmp_path, (), *[{**one, "source": "s" * 60} for one in many[:60]], OTHER) == ("source", "kind")


# Predictions


def test_predictions_are_read_as_classify_writes_them(tmp_path):
    (one,) = read_predictions(
        written(tmp_path, {**JUDGED, "intent": "report_crime", "reasons": [], "unsure": False})
    ).values()
    assert (one.label, one.emergency, one.report) == (CRIME_REPORT, 0.1, 0.8)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": None}, "id is missing, or is neither a string nor a whole number"),
        ({"id": 2}, "this id stands on an earlier line as well"),
        ({"label": "unsure"}, "label is missing, or is none of emergency, crime_report, not_report"),
        ({"label": None}, "label is missing, or is none of emergency, crime_report, not_report"),
        ({"scores": None}, "scores must give emergency, crime_report, not_report a number from 0 to 1 each"),
        ({"scores": {"emergency": 1.0}}, "scores must give emergency, crime_report, not_report a number from 0 to 1 each"),
        *(
            ({"scores": {**SCORES, "emergency": wrong}}, "scores must give emergency, crime_report, not_report a number from 0 to 1 each")
            for wrong in ("0.1", True, None, -0.1, 1.1, float("nan"), float("inf"))
        ),
        ({"scores": {**SCORES, "emergency": 0.2}}, "scores don't add up to 1"),
        ({"scores": dict.fromkeys(LABELS, 0)}, "scores don't add up to 1"),
    ],
)  # fmt: skip
def test_a_prediction_that_is_wrong_is_told_with_its_line_and_why(tmp_path, change, why):
    file = written(tmp_path, {**JUDGED, "id": 2}, {**JUDGED, **change})
    assert refused(read_predictions, file) == f"{file}: line 2: {why}. Nothing was done."


def test_rounded_scores_are_taken_and_sums_are_not_told_apart_by_a_computers_dust(tmp_path):
    close = {"emergency": 0.1, "crime_report": 0.2, "not_report": 0.7}
    exact = {"emergency": 0.0, "crime_report": 0.3, "not_report": 0.6999}
    file = written(tmp_path, {**JUDGED, "scores": close}, {**JUDGED, "id": 2, "scores": exact})
    assert len({one.report for one in read_predictions(file).values()}) == 1


def test_messages_without_a_prediction_are_told_by_id(tmp_path):
    messages = read_gold(written(tmp_path, OTHER, *({**REPORT, "id": f"m-{n}"} for n in range(7))))
    file = written(tmp_path, {**JUDGED, "id": 2}, name="judged.jsonl")
    sentence = refused(pair, messages, read_predictions(file), file)
    assert sentence == f"{file} says nothing of m-0, m-1, m-2, m-3, m-4 and 2 more. Nothing was done."


def test_each_message_gets_its_own_prediction_and_those_of_other_messages_do_no_harm(tmp_path):
    messages = read_gold(written(tmp_path, REPORT, OTHER))
    judged = [{**JUDGED, "id": "1"}, {**JUDGED, "id": 2, "label": "not_report"}, JUDGED]
    file = written(tmp_path, *judged, name="judged.jsonl")
    cases = pair(messages, read_predictions(file), file)
    assert [(case.message.id, case.prediction.label) for case in cases] == [(1, CRIME_REPORT), (2, NOT_REPORT)]


# Thresholds


def channel(name):
    return load_mandate(PROJECT / "force").channel(name)


def thresholds_file(folder, text):
    file = folder / "thresholds.yml"
    file.write_text(text, "utf-8")
    return file


def test_a_channels_own_thresholds_come_before_those_of_its_visibility(tmp_path):
    file = thresholds_file(
        tmp_path,
        "thresholds:\n  private: {report: 0.3, emergency: 0.2}\n  public: {report: 0.6, emergency: 0.4}\n"
        "  x_dm: {report: 0.5, emergency: 0.1}\n",
    )
    read = [read_thresholds(channel(name), file) for name in ("messenger", "x_mention", "x_dm")]
    assert read == [Thresholds(0.3, 0.2), Thresholds(0.6, 0.4), Thresholds(0.5, 0.1)]


def test_the_thresholds_that_are_shipped_can_be_read():
    assert read_thresholds(channel("messenger")).report < read_thresholds(channel("x_mention")).report


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "thresholds: {}",
        "thresholds: 3",
        "thresholds: {private: {report: a}}",
        "{",
        "thresholds:\n  private: 0.3",
    ],
)
def test_thresholds_that_will_not_do_are_told(tmp_path, text):
    file = thresholds_file(tmp_path, text)
    with pytest.raises(Mistake, match="holds no thresholds for messenger or private messages"):
        read_thresholds(channel("messenger"), file)


@pytest.mark.parametrize(
    ("label", "report", "emergency", "explained"),
    [
        (CRIME_REPORT, 0.5, 0.1, True),
        (CRIME_REPORT, 0.4999, 0.1, True),  # rounded down
        (CRIME_REPORT, 0.49, 0.1, False),
        (CRIME_REPORT, 0.9, 0.5, False),
        (NOT_REPORT, 0.49, 0.1, True),
        (NOT_REPORT, 0.5, 0.1, True),  # rounded up
        (NOT_REPORT, 0.51, 0.1, False),
        (NOT_REPORT, 0.45, 0.45, False),
        (EMERGENCY, 0.9, 0.5, True),
        (EMERGENCY, 0.0, 0.0, True),  # an urgent word
    ],
)
def test_a_label_is_explained_by_the_thresholds_that_can_have_made_it(label, report, emergency, explained):
    assert Thresholds(0.5, 0.4).explain(label, report, emergency) is explained


def test_labels_made_by_other_thresholds_are_counted(tmp_path):
    messages = read_gold(written(tmp_path, REPORT, OTHER))
    file = written(tmp_path, JUDGED, {**JUDGED, "id": 2}, name="judged.jsonl")
    cases = pair(messages, read_predictions(file), file)
    assert (unexplained(cases, Thresholds(0.5, 0.4)), unexplained(cases, Thresholds(0.9, 0.4))) == (0, 2)


@pytest.mark.rasa
def test_what_the_assistant_decides_is_explained():
    decision = pytest.importorskip("bot.nlu.decision", reason="needs Rasa, and so Python 3.10")
    theirs = decision.Thresholds(report=0.34, emergency=0.25, unsure_from=0.15, answer=0.3)
    for emergency in range(0, 1001, 7):
        for crime in range(0, 1001 - emergency, 7):
            shares = {"report_emergency": emergency, "report_crime": crime, "greet": 1000 - emergency - crime}
            ranking = [{"name": name, "confidence": share / 1000} for name, share in shares.items()]
            found = decision.decide(ranking, theirs)[1]
            assert Thresholds(0.34, 0.25).explain(found["label"], (emergency + crime) / 1000, emergency / 1000)


# The gate


def gate_file(folder, text):
    file = folder / "gate.yml"
    file.write_text(text, "utf-8")
    return file


def test_a_gate_is_a_bound_for_each_figure(tmp_path):
    assert read_gate(gate_file(tmp_path, "auc: 0.9\nfalse_positives: 0\n")) == {"auc": 0.9, "false_positives": 0.0}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "should hold a figure and its bound in each line, as in: auc: 0.9"),
        ("- auc", "should hold a figure and its bound in each line, as in: auc: 0.9"),
        ("auc: 0.9\n  b: [", "line 2: this isn't valid YAML."),
        ("recal: 0.9", "recal is no figure a gate can ask for. There are: recall, "),
        ("unsure_flagged: 0.9", "unsure_flagged is no figure a gate can ask for."),
        ("1: 0.9", "1 is no figure a gate can ask for."),
        ("auc: 90", "auc must be a number from 0 to 1."),
        ("auc: true", "auc must be a number from 0 to 1."),
        ("auc: high", "auc must be a number from 0 to 1."),
        ("auc: .nan", "auc must be a number from 0 to 1."),
    ],
)
def test_a_gate_that_is_wrong_is_told(tmp_path, text, why):
    assert why in refused(read_gate, gate_file(tmp_path, text))


def test_a_gate_that_is_not_there_is_told(tmp_path):
    assert refused(read_gate, tmp_path / "none.yml") == f"{tmp_path}/none.yml can't be read: No such file or directory."


def test_more_is_asked_of_what_is_good_and_less_of_what_is_not():
    bounds = {"auc": 0.9, "recall": 0.8, "false_positives": 0.1, "brier": 0.2, "emergencies_called": 0.5}
    values = {"auc": 0.9, "recall": 0.79, "false_positives": 0.11, "brier": 0.2, "emergencies_called": None}
    held = hold(bounds, {name: Estimate(value) for name, value in values.items()})
    assert [one.passed for one in held] == [True, False, False, True, False]
    assert [one.sentence for one in held if not one.passed] == [
        "recall is 0.7900; the gate asks for at least 0.8.",
        "false_positives is 0.1100; the gate asks for at most 0.1.",
        "emergencies_called can't be worked out from these messages; the gate asks for at least 0.5.",
    ]


def test_the_gate_of_the_held_back_set_can_be_read_and_guards_emergencies():
    bounds = read_gate(PROJECT / "tests" / "detection" / "gate.yml")
    assert {"recall", "emergencies_flagged", "emergencies_called", "false_positives"} <= bounds.keys()


def test_every_figure_is_told_of_in_the_documentation():
    told = (PROJECT / "docs" / "evaluating.md").read_text("utf-8")
    assert [name for name in FIGURES if f"`{name}`" not in told] == []
