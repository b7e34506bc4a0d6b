"""What Signpost makes of messages that were written for this test and never trained on (held_back.jsonl)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.rasa
HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    target = tmp_path_factory.mktemp("judged") / "out.jsonl"
    command = [sys.executable, "-m", "signpost.cli", "classify", str(HERE / "held_back.jsonl"), str(target)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, timeout=280)
    labels = {one["id"]: one["label"] for one in map(json.loads, target.read_text().splitlines())}
    return [(one, labels[one["id"]]) for one in map(json.loads, (HERE / "held_back.jsonl").read_text().splitlines())]


def share(judged, gold, found):
    of_these = [label for one, label in judged if one["label"] in gold]
    return sum(label in found for label in of_these) / len(of_these)


# Each floor is the figure of the model that was shipped last, less two standard errors of this set's size.
def test_reports_and_emergencies_are_found(judged):
    assert share(judged, {"emergency", "crime_report"}, {"emergency", "crime_report"}) >= 0.95


def test_emergencies_are_not_missed(judged):
    assert share(judged, {"emergency"}, {"emergency", "crime_report"}) >= 0.96


def test_emergencies_are_called_emergencies(judged):
    assert share(judged, {"emergency"}, {"emergency"}) >= 0.94


def test_talk_of_crime_gets_no_guidance(judged):
    assert share(judged, {"not_report"}, {"emergency", "crime_report"}) <= 0.09


def test_what_is_no_report_is_not_called_an_emergency(judged):
    assert share(judged, {"not_report"}, {"emergency"}) <= 0.05


def test_no_message_is_also_in_the_training_data():
    trained = {
        line.strip().removeprefix("- ").casefold()
        for file in (PROJECT / "data" / "nlu").glob("*.yml")
        for line in file.read_text("utf-8").splitlines()
    }
    held_back = [json.loads(line)["text"].casefold() for line in (HERE / "held_back.jsonl").read_text().splitlines()]
    assert [text for text in held_back if text in trained] == []
