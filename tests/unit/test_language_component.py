"""A message in another language on its way through the understanding: noted, never lowered."""

import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.shared.nlu.training_data.message import Message

from bot.nlu.decision import Decision
from bot.nlu.language_component import OtherLanguage

pytestmark = pytest.mark.rasa
POLISH = "dzień dobry, ktoś ukradł mi rower spod domu"
POLISH_URGENT = "na ulicy stoi mężczyzna z nożem"
UNCERTAIN = {"everyday_talk": 0.9, "report_crime": 0.06, "report_emergency": 0.04}
REPORT = {"report_crime": 0.8, "everyday_talk": 0.2}
EMERGENCY = {"risk_to_life": 0.8, "everyday_talk": 0.2}


def understood(text, probabilities, visibility="private"):
    ranking = [{"name": name, "confidence": p} for name, p in probabilities.items()]
    message = Message({"text": text, "metadata": {"visibility": visibility}, "intent_ranking": ranking, "reasons": []})
    Decision({"ranking_length": 8}).process([message])
    OtherLanguage().process([message])
    return message


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_a_message_in_another_language_is_somebodys_to_look_at(visibility):
    message = understood(POLISH, UNCERTAIN, visibility)
    decision = message.get("decision")
    assert message.get("intent")["name"] == "other_language"
    assert (decision["label"], decision["unsure"], decision["language"]) == ("not_report", True, "pl")
    assert decision["scores"]["crime_report"] == 0.06


@pytest.mark.parametrize("visibility", ["private", "public"])
@pytest.mark.parametrize(("probabilities", "label"), [(UNCERTAIN, "not_report"), (REPORT, "crime_report")])
def test_urgent_words_make_an_emergency_of_it(probabilities, label, visibility):
    before = understood(POLISH, probabilities, visibility).get("decision")
    message = understood(POLISH_URGENT, probabilities, visibility)
    decision = message.get("decision")
    assert before["label"] == label
    assert (decision["label"], decision["unsure"], decision["language"]) == ("emergency", False, "pl")
    assert message.get("intent")["name"] == "report_emergency"
    assert message.get("reasons")[0] == {"word": "z nożem", "speaks": "for"}
    assert "weapon" in decision["urgent"]


@pytest.mark.parametrize(
    ("probabilities", "label", "intent"),
    [(REPORT, "crime_report", "report_crime"), (EMERGENCY, "emergency", "risk_to_life")],
)
def test_what_the_model_took_for_a_report_stays_one(probabilities, label, intent):
    message = understood(POLISH, probabilities)
    assert (message.get("decision")["label"], message.get("intent")["name"]) == (label, intent)
    assert message.get("decision")["language"] == "pl"
    assert message.get("decision")["unsure"] is False


@pytest.mark.parametrize("probabilities", [UNCERTAIN, REPORT, EMERGENCY])
@pytest.mark.parametrize(
    "text", ["sum1 jus nikd me fone m8", "hes got a knife", "😂😂", "Ogbourne St Andrew", "HELP ME"]
)
def test_nothing_changes_for_english(text, probabilities):
    alone = Message(
        {
            "text": text,
            "metadata": {"visibility": "private"},
            "intent_ranking": [{"name": name, "confidence": p} for name, p in probabilities.items()],
        }
    )
    Decision({"ranking_length": 8}).process([alone])
    message = understood(text, probabilities)
    assert message.get("decision") == alone.get("decision")
    assert "language" not in message.get("decision")
    assert message.get("intent") == alone.get("intent")


def test_an_urgent_word_alone_in_an_english_sentence_names_its_language():
    decision = understood("please please ratunku", UNCERTAIN).get("decision")
    assert (decision["label"], decision["language"]) == ("emergency", "pl")


def test_a_message_that_was_not_judged_is_left():
    message = Message({"text": POLISH})
    OtherLanguage().process([message])
    assert message.get("decision") is None
    assert message.get("intent") is None
