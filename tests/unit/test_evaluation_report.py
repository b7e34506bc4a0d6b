"""The report as people get it: one page that needs nothing else, the same numbers for programs, and no text unasked."""

import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from signpost.evaluation import evaluating
from signpost.evaluation.evaluating import Request, evaluate
from signpost.evaluation.shown import amount, chance, one_in
from signpost.evaluation.summary import summary
from signpost.evaluation.wording import FIGURES
from signpost.mistakes import Mistake
from signpost.settings import Settings

PROJECT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 3, 5)  # noqa: DTZ001  # the record keeps UTC without a zone
PICTURES = ["confusion.svg", "precision-recall.svg", "reliability.svg", "roc.svg", "scores.svg"]
SECRET = "Zebedee's purple tandem"
VOID = {"meta", "link", "br", "img", "hr"}


def spread(emergency, report):
    crime = round(report - emergency, 4)
    return {"emergency": emergency, "crime_report": crime, "not_report": round(1 - report, 4)}


def labelled(emergency, report):
    label = "emergency" if emergency >= 0.25 else "crime_report" if report >= 0.34 else "not_report"
    return {"label": label, "scores": spread(emergency, report)}


def messages():
    """Sixty messages, judged well but not perfectly: two reports are missed, three others flagged."""
    for number in range(10):
        yield "emergency", labelled(0.6, 0.9 + number / 200), {"kind": "fire"}
    for number in range(20):
        yield "crime_report", labelled(0.1, 0.2 if number < 2 else 0.5 + number / 50), {"kind": "theft"}
    for number in range(28):
        yield "not_report", labelled(0.01, 0.7 if number < 3 else number / 100), {"near_miss": number < 14}
    for _ in range(2):
        yield "unsure", labelled(0.0, 0.5), {}


@pytest.fixture
def files(tmp_path):
    gold, judged = tmp_path / "gold.jsonl", tmp_path / "judged.jsonl"
    lines = [({"id": f"m-{n}", "text": f"{SECRET} {n}", "label": right, **more}, {"id": f"m-{n}", **found})
             for n, (right, found, more) in enumerate(messages())]  # fmt: skip
    gold.write_text("".join(json.dumps(one) + "\n" for one, _ in lines), "utf-8")
    judged.write_text("".join(json.dumps(one) + "\n" for _, one in lines), "utf-8")
    return gold, judged


@pytest.fixture
def run(files, tmp_path):
    """Evaluates the sixty messages; what is asked for otherwise is named."""
    settings = Settings.from_environment(
        {"SIGNPOST_FORCE": str(PROJECT / "force"), "SIGNPOST_MODELS": str(tmp_path / "models")}
    )

    def run_(**asked):
        given = {"gold": files[0], "out": tmp_path / "reports", "channel": "messenger", "predictions": files[1]}
        return evaluate(settings, Request(**{**given, **asked}), NOW)

    return run_


def page_of(outcome):
    return outcome.report.read_text("utf-8")


def refused(run, **asked):
    with pytest.raises(Mistake) as refusal:
        run(**asked)
    return refusal.value


# What is written


def test_a_page_the_pictures_and_the_figures_are_written_and_nothing_else(run, tmp_path):
    outcome = run(out=tmp_path / "new" / "folder")
    assert outcome.report == tmp_path / "new" / "folder" / "report.html"
    assert sorted(file.name for file in outcome.report.parent.iterdir()) == sorted(
        [*PICTURES, "figures.json", "report.html"]
    )


def test_a_later_report_takes_the_place_of_an_earlier_one(run):
    first = page_of(run())
    assert "Two models" not in first
    assert "Zebedee" in page_of(run(with_texts=True))
    assert "Zebedee" not in page_of(run())


def test_the_figures_are_those_that_can_be_counted(run):
    figures = json.loads((run().report.parent / "figures.json").read_text("utf-8"))
    found = {name: (one["hits"], one["of"]) for name, one in figures["figures"].items() if one["of"]}
    assert list(figures["figures"]) == list(FIGURES)
    assert found["recall"] == (28, 30)
    assert found["emergencies_called"] == (10, 10)
    assert found["false_positives"] == (3, 28)
    assert found["near_misses_flagged"] == (3, 14)
    assert found["unsure_flagged"] == (2, 2)
    assert figures["about"]["counts"] == {
        "messages": 60, "emergency": 10, "crime_report": 20, "not_report": 28, "unsure": 2, "near_miss": 14,
    }  # fmt: skip
    assert sum(figures["curve"]["reports"]) == 30
    assert [one["id"] for one in figures["misses"]] == ["m-10", "m-11"]
    assert {"kind", "length_in_words", "way_of_writing"} == figures["breakdowns"].keys()


def test_the_same_messages_give_the_same_report(run):
    outcome = run()
    first = {file.name: file.read_bytes() for file in outcome.report.parent.iterdir()}
    run()
    assert {file.name: file.read_bytes() for file in outcome.report.parent.iterdir()} == first


def test_messages_without_a_right_answer_change_no_figure_but_their_own(run, files):
    whole = run(compare=files[1]).figures
    lines = [line for line in files[0].read_text("utf-8").splitlines() if '"unsure"' not in line]
    files[0].write_text("\n".join(lines), "utf-8")
    without = run(compare=files[1]).figures
    changed = {name for name, estimate in whole.by_name().items() if estimate != without.by_name()[name]}
    assert changed == {"unsure_flagged"}
    for part in ("ranking", "days", "calibration", "confusion", "breakdowns", "misses", "false_alarms", "comparison"):
        assert getattr(whole, part) == getattr(without, part), part


# What people wrote


def test_no_text_is_in_any_file_unless_somebody_asks(run):
    outcome = run(by=("kind",))
    for file in outcome.report.parent.iterdir():
        assert "Zebedee" not in file.read_text("utf-8"), file.name


def test_texts_are_shown_when_asked_for_to_the_owner_alone_and_in_the_page_alone(run):
    outcome = run(with_texts=True)
    assert "Zebedee&#39;s purple tandem 10" in page_of(outcome)
    assert "This page holds what people wrote" in page_of(outcome)
    assert outcome.report.stat().st_mode & 0o077 == 0
    for name in ("figures.json", *PICTURES):
        assert "Zebedee" not in (outcome.report.parent / name).read_text("utf-8")


def test_what_people_wrote_is_never_taken_for_markup(run, files):
    gold = files[0]
    wild = "<script>alert(1)</script> \\ud83d {{ 7 * 7 }} </style>"
    gold.write_text(gold.read_text("utf-8").replace(SECRET, wild).replace('"fire"', '"<b>fire"'), "utf-8")
    page = page_of(run(with_texts=True))
    assert "<script" not in page
    assert "<b>" not in page
    assert page.count("</style>") == 1
    assert "{{ 7 * 7 }}" in page


# The page


class Tags(HTMLParser):
    """Collects tags and ids, and what wasn't closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.unbalanced = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.unbalanced.append(tag)


@pytest.fixture
def page(run, files, tmp_path):
    gate = tmp_path / "gate.yml"
    gate.write_text("auc: 0.5\nrecall: 1\n", "utf-8")
    return page_of(run(compare=files[1], gate=gate, with_texts=True))


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(page):
    tags = Tags(page).tags
    assert {name for name, _ in tags} & {"script", "link", "img", "iframe", "object"} == set()
    assert [
        attributes for _, attributes in tags if any(name.startswith("on") or name == "src" for name in attributes)
    ] == []
    assert all(attributes["href"].startswith("#") for name, attributes in tags if name == "a")
    assert re.findall(r"url\(|@import", page) == []


def test_the_page_is_sound(page):
    tags = Tags(page)
    assert (tags.unbalanced, tags.open) == ([], [])
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))
    for _, attributes in tags.tags:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids
        if (attributes.get("href") or "").startswith("#"):
            assert attributes["href"][1:] in ids


def test_every_picture_is_on_the_page_with_a_table_and_as_a_file(page, tmp_path):
    tags = [name for name, _ in Tags(page).tags]
    assert tags.count("svg") == len(PICTURES)
    beside = page.split('<div class="beside">')[1:]
    assert len(beside) == len(PICTURES)
    assert all("<svg" in part and "<table>" in part for part in beside)
    for name in PICTURES:
        svg = (tmp_path / "reports" / name).read_text("utf-8")
        ET.fromstring(svg)  # noqa: S314  # our own drawing
        assert svg in page


def test_every_table_has_headings_and_every_one_that_may_be_wide_can_be_scrolled_by_keyboard(page):
    for table in page.split("<table")[1:]:
        table = table.split("</table>")[0]  # noqa: PLW2901  # what follows isn't looked at
        assert 'scope="col"' in table
        assert "<td>" in table or "<td " in table
    regions = [attributes for _, attributes in Tags(page).tags if attributes.get("role") == "region"]
    assert all(one.get("tabindex") == "0" and (one.get("aria-label") or one.get("aria-labelledby")) for one in regions)


def test_every_figure_is_on_the_page_with_what_it_means(page):
    for wording in FIGURES.values():
        assert wording.name in page
        assert wording.meaning.replace("'", "&#39;") in page


def test_figures_that_could_not_be_worked_out_are_left_out(run, files):
    lines = [one for one in files[0].read_text("utf-8").splitlines() if '"emergency"' not in one]
    files[0].write_text("\n".join(lines), "utf-8")
    outcome = run()
    assert FIGURES["emergencies_called"].name not in page_of(outcome)
    assert FIGURES["recall"].name in page_of(outcome)


def test_fewer_false_alarms_on_a_day_are_promised_only_where_near_misses_are_flagged_more_often(run, files):
    promise = "so on a day with fewer of them expect fewer false alarms than here"
    assert promise in page_of(run())
    text = files[0].read_text("utf-8").replace('"near_miss": true', '"near_miss": 0')
    text = text.replace('"near_miss": false', '"near_miss": true').replace('"near_miss": 0', '"near_miss": false')
    files[0].write_text(text, "utf-8")
    assert promise not in page_of(run())


def test_a_set_of_one_report_and_one_other_message_is_enough_for_a_page(run, files):
    lines = files[0].read_text("utf-8").splitlines()
    files[0].write_text(f"{lines[0]}\n{lines[50]}\n", "utf-8")
    outcome = run(compare=files[1])
    assert outcome.figures.ranking.auc.value == 1.0
    assert "No report was missed." in page_of(outcome)
    assert "There was no false alarm." in page_of(outcome)


# Notes


def test_labels_that_other_thresholds_made_are_told(run):
    assert run().figures.about.notes == ()
    (note,) = run(channel="x_mention").figures.about.notes
    assert re.match(
        r"\d+ of the 60 labels in judged\.jsonl don't follow from their scores by the thresholds of X ", note
    )
    assert note.replace("'", "&#39;") in page_of(run(channel="x_mention"))


# Two models


def test_what_another_model_said_otherwise_is_shown(run, files, tmp_path):
    other = tmp_path / "other.jsonl"
    lines = [json.loads(line) for line in files[1].read_text("utf-8").splitlines()]
    lines[10].update(labelled(0.1, 0.95))
    lines[0].update(labelled(0.1, 0.2))
    lines[59].update(labelled(0.0, 0.1))  # has no right answer, and so no part in it
    other.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    outcome = run(compare=other)
    comparison = outcome.figures.comparison
    assert [one.id for one in comparison.changed] == ["m-10", "m-0"]
    assert (comparison.reports.only_this, comparison.reports.only_other, comparison.others.of) == (1, 1, 28)
    assert "The other model’s answers are those in other.jsonl." in page_of(outcome)
    assert "the other model" in (outcome.report.parent / "roc.svg").read_text("utf-8")
    assert (
        json.loads((outcome.report.parent / "figures.json").read_text("utf-8"))["comparison"]["changed"][1]["id"]
        == "m-0"
    )


def test_without_another_model_there_is_none_in_the_pictures(run):
    assert "the other model" not in (run().report.parent / "roc.svg").read_text("utf-8")


# The gate


def test_the_gate_is_held_to_the_figures_and_shown(run, tmp_path):
    gate = tmp_path / "gate.yml"
    gate.write_text("recall: 0.99\nfalse_positives: 0.2\n", "utf-8")
    outcome = run(gate=gate)
    assert [(one.name, one.passed) for one in outcome.held] == [("recall", False), ("false_positives", True)]
    assert "Not passed." in page_of(outcome)
    gate.write_text("recall: 0.9\n", "utf-8")
    assert "Passed." in page_of(run(gate=gate))


def test_without_a_gate_none_is_shown(run):
    outcome = run()
    assert outcome.held == ()
    assert 'id="gate"' not in page_of(outcome)


# The trained model


@pytest.fixture
def model(monkeypatch, files):
    """Stands in for `signpost classify`: copies the judgements and adds words of the messages, as that does."""
    asked = []

    def classify(_settings, source, target, channel):
        asked.append((source, channel))
        lines = (json.loads(line) for line in files[1].read_text("utf-8").splitlines())
        target.write_text("".join(json.dumps({**one, "reasons": [{"word": SECRET}]}) + "\n" for one in lines), "utf-8")
        return "The model is older than its data. Run: signpost train"

    monkeypatch.setattr(evaluating, "classify", classify)
    return asked


def test_without_predictions_the_trained_model_judges(run, model, files, tmp_path):
    outcome = run(predictions=None, channel="instagram_dm")
    assert model == [(files[0], "instagram_dm")]
    assert outcome.figures.about.notes == ("The model is older than its data. Run: signpost train",)
    assert outcome.figures.decisions["recall"].hits == 28
    assert sorted(file.name for file in (tmp_path / "reports").iterdir()) == sorted(
        [*PICTURES, "figures.json", "predictions.jsonl", "report.html"]
    )


def test_what_the_model_said_is_kept_for_a_later_comparison_without_words_of_the_messages(run, model, tmp_path):
    before = run(predictions=None)
    kept = tmp_path / "reports" / "predictions.jsonl"
    assert "Zebedee" not in kept.read_text("utf-8")
    again = run(predictions=None, compare=kept)
    assert again.figures.comparison.changed == ()
    assert run(predictions=kept).figures.decisions == before.figures.decisions


# What is told before the work begins


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"channel": "carrier_pigeon"}, "There is no channel 'carrier_pigeon'"),
        ({"by": ("mood",)}, "can't be broken down by 'mood'"),
        ({"gate": Path("no-gate.yml")}, "no-gate.yml can't be read"),
        ({"compare": Path("no-model.jsonl")}, "no-model.jsonl can't be read"),
        ({"gold": Path("no-gold.jsonl")}, "no-gold.jsonl can't be read"),
    ],
)
def test_what_is_wrong_is_told_before_the_model_judges_or_a_file_is_written(run, model, tmp_path, asked, why):
    mistake = refused(run, predictions=None, **asked)
    assert why in mistake.sentence
    assert mistake.exit_status == 2
    assert model == []
    assert not (tmp_path / "reports").exists()


def test_a_folder_that_can_not_be_written_is_told_before_the_model_judges(run, model, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    mistake = refused(run, predictions=None, out=tmp_path / "file")
    assert mistake.sentence == f"{tmp_path / 'file'} can't be written: File exists. Give another folder with --out."
    assert model == []


def test_predictions_of_other_messages_are_told(run, files):
    files[1].write_text(files[1].read_text("utf-8").replace("m-7", "n-7"), "utf-8")
    assert refused(run).sentence == f"{files[1]} says nothing of m-7. Nothing was done."


# In the terminal


def test_the_table_fits_a_narrow_terminal_and_has_each_figure_and_a_day(run, files):
    figures = run(compare=files[1]).figures
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(summary(figures))
    lines = console.export_text().splitlines()
    assert len(lines) == 1 + len(figures.by_name()) + len(figures.days) + 1
    assert "93.3\u00a0%" in next(line for line in lines if line.startswith("Reports flagged "))
    assert "28 of 30" in next(line for line in lines if line.startswith("Reports flagged "))


@pytest.mark.parametrize(
    ("number", "shown"), [(0.04, "0"), (1.86, "1.9"), (2.0, "2"), (9.94, "9.9"), (97.8, "98"), (1234, "1,234")]
)
def test_few_messages_are_told_to_a_tenth(number, shown):
    assert amount(number) == shown


@pytest.mark.parametrize(
    ("p", "shown"), [(1.0, "1.00"), (0.38, "0.38"), (0.0312, "0.031"), (0.00123, "0.0012"), (1e-9, "less than 0.0001")]
)
def test_how_unlikely_is_told_with_two_digits(p, shown):
    assert chance(p) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.019, "1 in 53"), (0.5, "1 in 2"), (0.6, ""), (None, ""), (0.0, "")])
def test_one_in_so_many_is_told_where_it_says_more(value, shown):
    assert one_in(value) == shown
