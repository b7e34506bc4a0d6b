"""What `signpost converse` takes, and what it says of what it doesn't; and how channels may be called."""

import json
from pathlib import Path
from typing import Any

import pytest

from signpost import conversing
from signpost.conversations.holding import Heard, Sent, together
from signpost.conversing import _check, summary
from signpost.force.channels import channel_named
from signpost.mistakes import Mistake
from signpost.settings import Settings


def conversation(**changed: Any) -> dict[str, Any]:
    return {"id": "c1", "channel": "messenger", "turns": [{"texts": ["my bike's gone"]}], **changed}


@pytest.mark.parametrize(
    "item",
    [
        conversation(),
        conversation(id=7),
        conversation(channel="X DM"),
        conversation(turns=[{"texts": ["one", "two"]}, {"texts": ["three"], "gap_hours": 0.5}]),
        conversation(turns=[{"texts": [""]}]),
        conversation(turns=[{"texts": ["a"], "gap_hours": 0}]),
        conversation(turns=[{"texts": ["a"], "gap_hours": None}]),
        conversation(turns=[{"texts": ["a"], "gap_hours": 24 * 366}]),
        conversation(label="a field of somebody's own"),
    ],
)
def test_a_conversation_as_described_is_taken(mandate, item):
    assert _check(item, mandate) is None


@pytest.mark.parametrize("turns", [None, [], {}, "text", 3])
def test_a_conversation_without_turns_is_told(mandate, turns):
    assert _check(conversation(turns=turns), mandate) == "turns is missing, or not a list with something in it"


def test_a_conversation_that_leaves_turns_out_is_told(mandate):
    item = conversation()
    del item["turns"]
    assert _check(item, mandate) == "turns is missing, or not a list with something in it"


@pytest.mark.parametrize(
    "turn", [None, "text", ["text"], {}, {"texts": None}, {"texts": []}, {"texts": "text"}, {"texts": ["a", None]}]
)
def test_a_turn_without_texts_is_told_wherever_it_stands(mandate, turn):
    item = conversation(turns=[{"texts": ["fine"]}, turn])
    assert _check(item, mandate) == "each turn needs texts, a list of strings"


@pytest.mark.parametrize("gap", [-1, -0.1, 24 * 366 + 1, "1", True, False, [1], float("nan"), float("inf")])
def test_a_gap_that_is_no_number_of_hours_within_a_year_is_told(mandate, gap):
    item = conversation(turns=[{"texts": ["a"], "gap_hours": gap}])
    assert _check(item, mandate) == "gap_hours must be a number from 0 to 8784"


@pytest.mark.parametrize("channel", ["", "fax", None, 3, ["messenger"]])
def test_a_channel_that_does_not_exist_is_told_with_those_that_do(mandate, channel):
    sentence = _check(conversation(channel=channel), mandate)
    assert sentence is not None
    assert "There is no channel" in sentence
    assert "messenger, facebook_comment, instagram_dm, instagram_comment, x_dm, x_mention" in sentence


@pytest.mark.parametrize("wrong", [None, 1.5, True, [], {}])
def test_an_id_that_is_neither_a_string_nor_a_whole_number_is_told(mandate, wrong):
    expected = "id is missing, or is neither a string nor a whole number"
    assert _check(conversation(id=wrong), mandate) == expected


@pytest.mark.parametrize(
    ("called", "key"),
    [
        ("messenger", "messenger"),
        ("Messenger", "messenger"),
        (" Facebook Messenger ", "messenger"),
        ("facebook", "facebook_comment"),
        ("Facebook Post", "facebook_comment"),
        ("Instagram", "instagram_dm"),
        ("instagram-comment", "instagram_comment"),
        ("twitter", "x_dm"),
        ("Twitter DM", "x_dm"),
        ("X", "x_dm"),
        ("x-reply", "x_mention"),
        ("x_mention", "x_mention"),
    ],
)
def test_a_channel_may_be_called_as_people_call_it(mandate, called, key):
    assert channel_named(mandate, called).key == key


def test_every_channel_is_found_by_its_own_key(mandate):
    assert [channel_named(mandate, key).key for key in mandate.channels] == list(mandate.channels)


def test_a_channel_nobody_knows_ends_the_command_as_a_wrong_call(mandate):
    with pytest.raises(Mistake, match=r"There is no channel 'fax'\. There are: messenger") as refusal:
        channel_named(mandate, "fax")
    assert refusal.value.exit_status == 2


# What comes out


def heard(label: str | None, *replies: str, escalation: str | None = None) -> Heard:
    sent = tuple(Sent("utter_x", text) for text in replies)
    return Heard("key", label, None, sent, escalation, "report" if escalation else None, None, None)


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        (["not_report", "crime_report", "not_report"], "crime_report"),
        (["crime_report", "emergency"], "emergency"),
        (["not_report"], "not_report"),
        ([None, "crime_report"], "crime_report"),
        ([None, "not_report"], "not_report"),
        ([None], "not_report"),
    ],
)
def test_a_turn_of_several_texts_is_as_urgent_as_its_most_urgent_text(labels, label):
    assert summary(together([heard(one) for one in labels]))["label"] == label


def test_a_turn_holds_the_replies_of_all_its_texts_and_the_escalation_of_the_most_urgent():
    both = together([heard("not_report", "Hello."), heard("crime_report", "Call 101.", escalation="CDF-346")])
    assert summary(both) == {"replies": ["Hello.", "Call 101."], "label": "crime_report", "escalation": "CDF-346"}


@pytest.fixture
def without_product(monkeypatch: pytest.MonkeyPatch) -> None:
    """`converse` as it is, but for the processes it would start."""

    class Product:
        def __init__(self, settings: Settings, _folder: Path) -> None:
            self.settings = settings

        def __enter__(self) -> Settings:
            return self.settings

        def __exit__(self, *_fault: object) -> None:
            pass

    monkeypatch.setattr(conversing, "product", Product)
    monkeypatch.setattr(conversing, "need_model", lambda _settings: None)
    monkeypatch.setattr(
        conversing,
        "_hold_all",
        lambda _settings, _mandate, items: [{"id": item["id"], "turns": []} for item in items],
    )


@pytest.mark.parametrize("given", [7, "seven", "\u2028", "\U0001f600", "\ud83d"])
def test_every_result_bears_its_id_as_it_came(tmp_path, without_product, given):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(conversation(id=given)) + "\n", "utf-8")
    conversing.converse(_project_settings(tmp_path), source, target)
    assert [json.loads(line) for line in target.read_bytes().split(b"\n") if line] == [{"id": given, "turns": []}]


def test_a_file_with_one_wrong_line_starts_nothing_and_writes_nothing(tmp_path, without_product):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(conversation()) + "\n" + json.dumps(conversation(turns=[])) + "\n", "utf-8")
    with pytest.raises(Mistake, match="line 2: turns is missing"):
        conversing.converse(_project_settings(tmp_path), source, target)
    assert not target.exists()


def test_without_a_model_nothing_is_left_behind(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(conversation()) + "\n", "utf-8")
    with pytest.raises(Mistake, match="There is no model in"):
        conversing.converse(_project_settings(tmp_path), source, target)
    assert not target.exists()


def _project_settings(folder: Path) -> Settings:
    force = Path(__file__).parents[2] / "force"
    return Settings.from_environment(
        {"SIGNPOST_DATA": str(folder / "var"), "SIGNPOST_MODELS": str(folder / "models"), "SIGNPOST_FORCE": str(force)}
    )
