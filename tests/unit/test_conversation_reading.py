"""Reading conversation tests: the form is taken as described, and what isn't is told with file, title and turn."""

import pytest
import yaml

from signpost.conversations.expanding import on_channels
from signpost.conversations.reading import Conversation, Turn, load_file, load_suite, read_text
from signpost.conversations.writing import added
from signpost.mistakes import Mistake

TEXT = """\
# What this topic is about.
conversations:
- conversation: Somebody reports a burglary,
    and then he is back
  channels: [private, x_mention]
  turns:
  - says: someone broke into our shed
    label: crime_report
    intent: report_crime
    escalation: yes
    replies: [utter_guidance]
    words: ["101", "999"]
  - says: [he is, back now]
    gap_hours: 0.5
    before: staff_replied
    replies: []
  - attachment: image
    cause: unsure
"""


def turn(**changed):
    return {"says": "hello", "replies": ["utter_greet"], **changed}


def suite(*turns, **changed):
    entry = {"conversation": "A greeting", "channels": ["private"], "turns": list(turns) or [turn()], **changed}
    return yaml.safe_dump({"conversations": [entry]})


def test_a_file_is_read_as_described():
    (one,) = read_text(TEXT, "reports.yml")
    assert one.title == "Somebody reports a burglary, and then he is back"
    assert (one.file, one.channels) == ("reports.yml", ("private", "x_mention"))
    first, second, third = one.turns
    assert first == Turn(
        says=("someone broke into our shed",),
        label="crime_report",
        intent="report_crime",
        escalation=True,
        replies=("utter_guidance",),
        words=("101", "999"),
    )
    assert second == Turn(says=("he is", "back now"), gap_hours=0.5, before="staff_replied", replies=())
    assert third == Turn(attachment="image", cause="unsure")


def test_only_what_is_asserted_is_expected_and_silence_is():
    first, second, third = read_text(TEXT, "reports.yml")[0].turns
    assert first.expected() == {
        "label": "crime_report",
        "intent": "report_crime",
        "escalation": True,
        "replies": ["utter_guidance"],
        "words": ["101", "999"],
    }
    assert second.expected() == {"replies": []}
    assert third.expected() == {"cause": "unsure"}
    assert Turn(says=("a",), escalation=False).expected() == {"escalation": False}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"says": 101}, 'in "quotes"'),
        ({"says": True}, 'in "quotes"'),
        ({"says": []}, "says must be a text or a list of texts"),
        ({"says": ["a", 2]}, "says must be a text or a list of texts"),
        ({"says": ""}, None),
        ({"says": None}, "it needs says, or an attachment"),
        ({"attachment": "image"}, "it needs says, or an attachment"),
        ({"says": None, "attachment": "smell"}, "attachment must be one of image, video"),
        ({"gap_hours": -1}, "gap_hours must be a number from 0 to 8784"),
        ({"gap_hours": True}, "gap_hours must be a number"),
        ({"gap_hours": float("nan")}, "gap_hours must be a number"),
        ({"before": "lunch"}, "before must be one of staff_replied, asked_to_stop"),
        ({"label": "report"}, "label must be one of emergency, crime_report, not_report"),
        ({"intent": 3}, "intent must be the name of an intent"),
        ({"escalation": "yes"}, "escalation must be yes or no, without quotes"),
        ({"cause": "report"}, "cause must be one of unsure, failed, unreadable, abuse"),
        ({"cause": "abuse", "escalation": True}, "it can't be a report"),
        ({"replies": "utter_greet"}, "replies must be a list"),
        ({"replies": None}, "replies must be a list"),
        ({"words": [101]}, "words must be a list of texts; put numbers in"),
        ({"words": ["a"], "replies": []}, "words can't stand in a reply where silence is expected"),
        ({"expects": "much"}, "expects is no part of a turn"),
    ],
)
def test_a_turn_that_will_not_do_is_told_with_file_title_and_place(changed, fault):
    text = suite(turn(), turn(**changed))
    if fault is None:
        assert read_text(text, "a.yml")
        return
    with pytest.raises(Mistake) as refusal:
        read_text(text, "a.yml")
    assert refusal.value.sentence.startswith('a.yml: "A greeting": turn 2: ')
    assert fault in refusal.value.sentence


def test_a_turn_that_expects_nothing_is_told():
    with pytest.raises(Mistake, match="turn 1: it expects nothing"):
        read_text(suite({"says": "hello"}), "a.yml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a.yml: it should hold one list, named conversations, and nothing else."),
        ("- a", "a.yml: it should hold one list, named conversations, and nothing else."),
        ("conversations: {}", "a.yml: it should hold one list, named conversations, and nothing else."),
        ("conversations: []\nrules: []", "a.yml: it should hold one list, named conversations, and nothing else."),
        ("conversations:\n- [", "a.yml, line "),
        ("conversations:\n- turns: []", "a.yml: test 1 has no title; begin it with conversation: and a sentence."),
        ("conversations:\n- null", "a.yml: test 1 has no title; begin it with conversation: and a sentence."),
        (suite(channels="private"), 'a.yml: "A greeting": channels must be a list, such as [private]'),
        (suite(turns=[]), 'a.yml: "A greeting": turns must be a list with something in it.'),
        (suite("hello"), 'a.yml: "A greeting": turn 1: begin it with says: and what the person writes.'),
        (suite(note="x"), 'a.yml: "A greeting": note is no part of a test; there are channels, conversation, turns.'),
    ],
)
def test_a_file_that_will_not_do_is_told(text, sentence):
    with pytest.raises(Mistake) as refusal:
        read_text(text, "a.yml")
    assert refusal.value.sentence.startswith(sentence)


def test_files_are_read_in_order_and_a_title_stands_once(tmp_path):
    assert load_suite(tmp_path) == []
    (tmp_path / "b.yml").write_text(suite(conversation="Second"))
    (tmp_path / "a.yml").write_text(suite(conversation="First"))
    assert [(one.file, one.title) for one in load_suite(tmp_path)] == [("a.yml", "First"), ("b.yml", "Second")]
    (tmp_path / "c.yml").write_text(suite(conversation="First"))
    with pytest.raises(Mistake, match=r'c.yml: the title "First" is already used in a.yml; give each its own\.'):
        load_suite(tmp_path)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(Mistake, match="can't be read: No such file"):
        load_file(tmp_path / "gone.yml")
    (tmp_path / "b.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Mistake, match="it isn't UTF-8"):
        load_file(tmp_path / "b.yml")


@pytest.mark.parametrize(
    ("channels", "keys"),
    [
        (("private",), ["messenger", "instagram_dm", "x_dm"]),
        (("public",), ["facebook_comment", "instagram_comment", "x_mention"]),
        (("x_dm",), ["x_dm"]),
        (("x_dm", "private"), ["x_dm", "messenger", "instagram_dm"]),
        (("all",), None),
    ],
)
def test_a_test_is_held_on_each_of_its_channels_once(mandate, channels, keys):
    cases = on_channels([Conversation("A", "a.yml", channels, ())], mandate)
    assert [case.channel.key for case in cases] == (keys or list(mandate.channels))


def test_a_channel_nobody_knows_is_told_with_file_and_title(mandate):
    with pytest.raises(
        Mistake, match=r'a.yml: "A": there is no channel \'fax\'\. There are: private, public, all, mess'
    ):
        on_channels([Conversation("A", "a.yml", ("fax",), ())], mandate)


# Writing


NEW = Conversation(
    "Somebody asks: what's 101?",
    "recorded.yml",
    ("messenger",),
    (
        Turn(
            says=("what's 101? 😀 # not a comment",), escalation=False, replies=("utter_what_101_is",), words=("101",)
        ),
        Turn(says=("a\nb", "yes"), gap_hours=1.5, replies=()),
        Turn(attachment="image", before="staff_replied", cause="unsure"),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Recorded.\nconversations: []\n",
        "conversations:\n",
        TEXT,
        TEXT.rstrip("\n"),
        suite(),
        "conversations:\n" + "".join(f"  {line}\n" for line in suite().splitlines()[1:]),
    ],
)
def test_a_test_is_added_at_the_end_and_all_else_stays_as_it_was(text):
    whole = added(text, NEW)
    before = text.replace("conversations: []", "conversations:").rstrip("\n")
    assert whole.startswith(before)
    *known, last = read_text(whole, "recorded.yml")
    assert last == NEW
    assert len(known) == text.count("conversation: ")
    assert added(whole, Conversation("Another", "recorded.yml", ("all",), NEW.turns)).startswith(whole)


def test_a_title_that_is_taken_is_told():
    with pytest.raises(Mistake, match="there is already a test called"):
        added(added("", NEW), NEW)


def test_a_file_of_something_else_is_left_alone():
    with pytest.raises(Mistake, match="one list, named conversations"):
        added("rules: []\n", NEW)
