"""From probabilities to a label, and from a label to what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.shared.nlu.training_data.message import Message

from bot.labels import LABELS
from bot.nlu.context import MessageContext, guidance_due
from bot.nlu.decision import Decision, Thresholds, decide, load_thresholds

pytestmark = pytest.mark.rasa
T = Thresholds(report=0.5, emergency=0.4, unsure_from=0.25, answer=0.3)


def ranking(**probabilities):
    entries = [{"name": name, "confidence": p} for name, p in probabilities.items()]
    return sorted(entries, key=lambda entry: -entry["confidence"])


@pytest.mark.parametrize(
    ("probabilities", "intent", "label", "unsure"),
    [
        ({"report_crime": 0.9, "greet": 0.1}, "report_crime", "crime_report", False),
        ({"report_emergency": 0.45, "report_crime": 0.55}, "report_emergency", "emergency", False),
        ({"risk_to_life": 0.3, "report_emergency": 0.2, "greet": 0.5}, "risk_to_life", "emergency", False),
        ({"report_crime": 0.3, "report_emergency": 0.25, "greet": 0.45}, "report_crime", "crime_report", False),
        ({"report_crime": 0.3, "opinion_or_news": 0.7}, "nlu_fallback", "not_report", True),
        ({"greet": 0.9, "report_crime": 0.1}, "greet", "not_report", False),
        ({"greet": 0.2, "spam": 0.2, "abuse": 0.2, "deny": 0.2, "stop": 0.2}, "nlu_fallback", "not_report", False),
    ],
)
def test_what_is_decided(probabilities, intent, label, unsure):
    found, decision = decide(ranking(**probabilities), T)
    assert (found, decision["label"], decision["unsure"]) == (intent, label, unsure)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5).filter(lambda values: sum(values) > 0.1))
def test_scores_are_probabilities_and_the_intent_fits_the_label(values):
    names = ["report_emergency", "risk_to_life", "report_crime", "greet", "spam"]
    total = sum(values)
    intent, decision = decide(ranking(**{n: v / total for n, v in zip(names, values, strict=True)}), T)
    assert set(decision["scores"]) == set(LABELS)
    assert sum(decision["scores"].values()) == pytest.approx(1, abs=0.001)
    fits = {"emergency": {"report_emergency", "risk_to_life"}, "crime_report": {"report_crime"}}
    assert intent in fits.get(decision["label"], {"greet", "spam", "nlu_fallback"})


def test_a_public_comment_needs_more_to_count_as_a_report():
    thresholds = load_thresholds()
    assert thresholds["public"].report > thresholds["private"].report


def test_a_threshold_that_is_no_probability_is_refused(tmp_path):
    file = tmp_path / "thresholds.yml"
    file.write_text("thresholds:\n  private: {report: 1.5, emergency: 0.4, unsure_from: 0.2, answer: 0.3}\n")
    with pytest.raises(ValueError, match=r"private: report is 1\.5"):
        load_thresholds(file)


def understood(label_entries, metadata):
    message = Message({"text": "x", "metadata": metadata, "intent_ranking": label_entries})
    Decision({"ranking_length": 8}).process([message])
    MessageContext().process([message])
    return {entity["entity"]: entity["value"] for entity in message.get("entities")}


@pytest.mark.parametrize(
    ("label", "guided", "due"),
    [
        ("crime_report", "nothing", "full"),
        ("crime_report", "guidance", "reminder"),
        ("crime_report", "emergency_guidance", "reminder"),
        ("emergency", "nothing", "full"),
        ("emergency", "guidance", "full"),
        ("emergency", "emergency_guidance", "reminder"),
    ],
)
def test_all_four_statements_are_due_again_when_the_matter_turns_urgent(label, guided, due):
    assert guidance_due(label, guided) == due


def test_the_channels_knowledge_becomes_what_rules_can_ask():
    urgent = ranking(report_emergency=0.9, greet=0.1)
    metadata = {"visibility": "public", "guided": "guidance", "replies": "off_by_request"}
    assert understood(urgent, metadata) == {"visibility": "public", "guidance": "full", "replies": "off_by_request"}


@pytest.mark.parametrize("metadata", [None, {}, {"visibility": "nonsense", "guided": 3}])
def test_without_knowledge_a_message_is_private_and_nothing_was_said(metadata):
    found = understood(ranking(greet=1.0), metadata)
    assert found == {"visibility": "private", "guidance": "full", "replies": "on_request"}
