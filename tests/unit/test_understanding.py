"""What the assistant would make of a message: foreseen step by step, and nothing kept or done."""

import asyncio
import os
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet

from bot.incoming import read_incoming
from bot.likest import Likest
from bot.nlu.classifier import VECTOR
from bot.nlu.encoder import version as encoder_version
from bot.nlu.vectors import VARIABLE
from bot.understanding import MOST_STEPS, Understanding

pytestmark = [pytest.mark.rasa, pytest.mark.filterwarnings("ignore:Slot auto-fill")]
DOMAIN = """\
version: "3.1"
intents: [report_crime]
entities: [visibility]
slots:
  visibility:
    type: text
    mappings: [{type: from_entity, entity: visibility}]
responses:
  utter_guidance:
  - channel: x_dm
    text: Short words.
  - text: Long words.
actions: [action_log_escalation]
"""
GOOD = {
    "message_id": "m",
    "conversation_id": "c",
    "channel": "messenger",
    "visibility": "private",
    "text": "someone smashed my window",
}
PARSED = {
    "text": "someone smashed my window",
    "intent": {"name": "report_crime", "confidence": 0.9},
    "intent_ranking": [{"name": "report_crime", "confidence": 0.9}],
    "entities": [{"entity": "visibility", "value": "private"}],
    "decision": {"label": "crime_report", "scores": {"crime_report": 0.9}, "unsure": False},
    "reasons": [{"word": "smashed", "speaks": "for"}],
    "kind": "not given",
    VECTOR: np.array([1.0, 0.0], dtype=np.float32),
}
STEPS = ("utter_guidance", "action_log_escalation", "action_listen")


class Action:
    """Has a name; running it would be a fault."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, *_: object) -> None:
        raise AssertionError(f"{self._name} was run")


class Processor:
    """Stands where Rasa's processor would; it has no store to keep anything in."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        self.domain = Domain.from_yaml(DOMAIN)
        self.nlg = TemplatedNaturalLanguageGenerator(self.domain.responses)
        self.steps = list(steps)
        self.seen: list[str] = []

    async def parse_message(self, message: object, *, only_output_properties: bool) -> dict:
        assert not only_output_properties
        self.metadata = message.metadata
        return dict(PARSED)

    async def run_action_extract_slots(self, _channel: object, tracker: object) -> object:
        tracker.update(SlotSet("visibility", "private"), self.domain)
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: object) -> tuple:
        self.seen.append(tracker.latest_message.text)
        assert tracker.get_slot("visibility") == "private"
        return Action(self.steps.pop(0) if self.steps else "utter_guidance"), SimpleNamespace(events=[])


def understood(steps: tuple[str, ...] = STEPS, **changes: str) -> tuple[dict, Processor]:
    processor = Processor(steps)
    agent = SimpleNamespace(processor=processor, model_id="model-1")
    return asyncio.run(Understanding().of(agent, read_incoming({**GOOD, **changes}))), processor


@pytest.fixture
def vectors(tmp_path, monkeypatch):
    file = tmp_path / "vectors.npz"
    monkeypatch.setenv(VARIABLE, str(file))

    def write(rows: dict[str, list[float]], version: str | None = None) -> None:
        stacked = np.array(list(rows.values()), dtype=np.float32)
        np.savez(file, version=version or encoder_version(), keys=np.array(list(rows)), vectors=stacked)

    return write


def test_the_steps_are_foreseen_and_none_is_taken(vectors) -> None:
    vectors({"far": [0.0, 1.0], "near": [0.6, 0.8], "nearest": [1.0, 0.0]})
    found, processor = understood()
    assert found["replies"] == [{"response": "utter_guidance", "text": "Long words."}]
    assert found["actions"] == ["action_log_escalation"]
    assert (found["label"], found["intent"], found["kind"]) == ("crime_report", "report_crime", None)
    assert found["slots"] == {"visibility": "private"}
    assert [one["key"] for one in found["nearest"]] == ["nearest", "near", "far"]
    assert [one["likeness"] for one in found["nearest"]] == pytest.approx([1.0, 0.6, 0.0])
    assert set(processor.seen) == {"message m"}, "the conversation holds an id in place of the text"
    assert VECTOR not in found


def test_the_channel_s_own_words_are_given_and_what_went_before_is_passed_on() -> None:
    found, processor = understood(channel="x_dm", guided="guidance", replies="off_by_request")
    assert found["replies"][0]["text"] == "Short words."
    assert processor.metadata == {
        "channel": "x_dm",
        "visibility": "private",
        "guided": "guidance",
        "replies": "off_by_request",
    }


def test_silence_is_foreseen() -> None:
    found, _ = understood(("action_listen",))
    assert (found["replies"], found["actions"]) == ([], [])


def test_rules_that_never_listen_come_to_an_end() -> None:
    assert len(understood(())[0]["replies"]) == MOST_STEPS


def test_without_vectors_nothing_is_said_of_likeness(monkeypatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert understood()[0]["nearest"] is None


@pytest.mark.parametrize("spoilt", ["other encoder", "not a file of vectors"])
def test_vectors_that_are_another_encoder_s_or_damaged_count_as_none(vectors, spoilt) -> None:
    vectors({"a": [1.0, 0.0]}, version="another")
    if spoilt != "other encoder":
        with open(os.environ[VARIABLE], "wb") as file:  # noqa: PTH123
            file.write(b"junk")
    assert Likest().to(np.array([1.0, 0.0], dtype=np.float32), 3) is None


def test_a_new_training_s_vectors_are_read(vectors) -> None:
    likest, here = Likest(), np.array([1.0, 0.0], dtype=np.float32)
    vectors({"before": [1.0, 0.0]})
    assert [one.key for one in likest.to(here, 3)] == ["before"]
    vectors({"after": [1.0, 0.0], "second": [0.0, 1.0]})
    assert [one.key for one in likest.to(here, 3)] == ["after", "second"]
    assert [one.key for one in likest.to(here, 1)] == ["after"]
