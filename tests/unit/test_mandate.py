"""What the policy demands of a text, what the checks say when it doesn't, and a mandate file that can't be used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.force.length import measure
from signpost.force.mandate import KINDS, STATEMENTS, load_mandate
from signpost.mistakes import Mistake

FORCE = Path(__file__).parents[2] / "force"
MANDATE = load_mandate(FORCE)
CHANNELS = list(MANDATE.channels.values())
FULL = ("guidance", "emergency_guidance")

every_channel = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.key)


@every_channel
@pytest.mark.parametrize("kind", KINDS)
def test_the_canonical_text_has_no_fault_on_any_channel_and_of_any_kind(channel, kind):
    assert MANDATE.faults(MANDATE.canonical_text(kind, channel), kind, channel) == []


@every_channel
@pytest.mark.parametrize("kind", KINDS)
def test_the_canonical_text_always_holds_the_four_statements_and_both_numbers(channel, kind):
    text = MANDATE.canonical_text(kind, channel).casefold()
    for statement in STATEMENTS:
        assert MANDATE.statements[statement][channel.wording].casefold() in text
    assert "101" in text
    assert "999" in text
    assert text.startswith("call 999 now") == kind.startswith("emergency")


def test_on_x_the_canonical_text_leaves_room_for_a_reference():
    for kind in FULL:
        assert measure(MANDATE.canonical_text(kind, MANDATE.channel("x_dm")) + " Ref CDF-346", "weighted") <= 280


@every_channel
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("kind", FULL)
def test_a_statement_that_is_left_out_is_named_with_what_the_policy_demands(channel, statement, kind):
    text = MANDATE.canonical_text(kind, channel).replace(MANDATE.statements[statement][channel.wording], "")
    faults = MANDATE.faults(text, kind, channel)
    missing = f"the statement {statement} is missing ({MANDATE.statements[statement]['policy']})"
    assert missing in faults
    assert [fault for fault in faults if fault.startswith("the statement")] == [missing]


@settings(deadline=None, max_examples=200)
@given(
    statement=st.sampled_from(STATEMENTS),
    wording=st.sampled_from(["full", "short"]),
    place=st.integers(0, 200),
    letter=st.sampled_from("abcxyz019"),
)
def test_a_statement_with_one_letter_or_digit_changed_is_no_longer_that_statement(statement, wording, place, letter):
    whole = MANDATE.statements[statement][wording]
    at = place % len(whole)
    changed = whole[:at] + letter + whole[at + 1 :]
    others = " ".join(says["full"] for name, says in MANDATE.statements.items() if name != statement)
    faults = MANDATE.faults(f"{others} {changed}", "guidance", MANDATE.channel("messenger"))
    named = any(f"the statement {statement} is missing" in fault for fault in faults)
    assert named == (changed.casefold() != whole.casefold())


@settings(deadline=None, max_examples=100)
@given(
    spaces=st.lists(st.sampled_from([" ", "  ", "\n", "\n\n", "\t", "\u00a0"]), min_size=120, max_size=120),
    capitals=st.lists(st.booleans(), min_size=120, max_size=120),
)
def test_capitals_spacing_and_curly_apostrophes_change_nothing_of_what_is_said(spaces, capitals):
    words = MANDATE.canonical_text("emergency_guidance", MANDATE.channel("messenger")).split()
    words = [word.upper() if capital else word for word, capital in zip(words, capitals, strict=False)]
    text = "".join(word + space for word, space in zip(words, spaces, strict=False)).replace("'", "\u2019")
    assert MANDATE.faults(text, "emergency_guidance", MANDATE.channel("messenger")) == []


def test_the_short_wording_will_do_where_there_is_room_for_the_full_one():
    short = MANDATE.canonical_text("guidance", MANDATE.channel("x_dm"))
    assert MANDATE.faults(short, "guidance", MANDATE.channel("messenger")) == []


@pytest.mark.parametrize("number", ["101", "999"])
@pytest.mark.parametrize("kind", ["guidance", "emergency_guidance", "reminder", "emergency_reminder"])
def test_a_number_that_is_left_out_is_named(number, kind):
    channel = MANDATE.channel("messenger")
    text = MANDATE.canonical_text("emergency_guidance", channel).replace(number, "us")
    assert f"the number {number} is missing" in MANDATE.faults(text, kind, channel)


def test_an_answer_need_not_hold_our_numbers():
    assert MANDATE.faults("Thank you for your message.", "answer", MANDATE.channel("messenger")) == []


@pytest.mark.parametrize("number", ["111", "112", "9999", "0800 555 111", "116 123", "18001"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_nobody_approved_is_named(number, kind):
    channel = MANDATE.channel("messenger")
    faults = MANDATE.faults(f"{MANDATE.canonical_text(kind, channel)} {number}", kind, channel)
    assert faults == [f"the number {part} is not one the force has approved" for part in number.split()]


def test_a_number_written_with_the_hyphens_of_a_date_is_named_whole():
    faults = MANDATE.faults("See you on 22-11-2026.", "answer", MANDATE.channel("messenger"))
    assert faults == ["the number 22-11-2026 is not one the force has approved"]


@pytest.mark.parametrize("kind", ["emergency_guidance", "emergency_reminder"])
def test_an_emergency_reply_must_begin_with_the_words_that_were_approved(kind):
    channel = MANDATE.channel("messenger")
    late = f"Hello. {MANDATE.canonical_text(kind, channel)}"
    assert MANDATE.faults(late, kind, channel) == [
        'an emergency reply must begin with "Call 999 now if anyone is in danger"'
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_an_empty_text_is_a_fault_of_any_kind(text):
    for kind in KINDS:
        assert "the text is empty" in MANDATE.faults(text, kind, MANDATE.channel("messenger"))


@pytest.mark.parametrize(
    ("key", "filling", "count"),
    [
        ("messenger", "a", 2000),
        ("messenger", "\U0001f600", 1000),
        ("facebook_comment", "é", 2000),
        ("instagram_dm", "a", 1000),
        ("instagram_comment", "é", 500),
        ("x_dm", "a", 280),
        ("x_mention", "\u6f22", 140),
    ],
)
def test_a_text_may_be_as_long_as_its_channel_allows_and_not_one_character_longer(key, filling, count):
    channel = MANDATE.channel(key)
    assert MANDATE.faults(filling * count, "answer", channel) == []
    (fault,) = MANDATE.faults(filling * count + "a", "answer", channel)
    assert fault == (f"it is {channel.limit + 1} {channel.unit} long, and {channel.name} allows {channel.limit}")


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=300), kind=st.sampled_from(KINDS), channel=st.sampled_from(CHANNELS))
def test_any_text_can_be_checked_and_each_fault_is_a_sentence_of_its_own(text, kind, channel):
    faults = MANDATE.faults(text, kind, channel)
    assert all(isinstance(fault, str) and fault for fault in faults)
    assert (measure(text, channel.unit) > channel.limit) == any("allows" in fault for fault in faults)
    if kind in FULL:
        assert faults


def test_a_response_that_is_not_listed_is_an_answer():
    assert MANDATE.kind_of("utter_guidance") == "guidance"
    assert MANDATE.kind_of("utter_emergency_reminder") == "emergency_reminder"
    assert MANDATE.kind_of("utter_thanks") == MANDATE.kind_of("") == "answer"


def test_a_channel_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(Mistake, match=r"There is no channel 'fax'\. There are: messenger, facebook_comment"):
        MANDATE.channel("fax")


def test_the_four_statements_are_those_of_the_policy():
    policy = {name: says["policy"] for name, says in MANDATE.statements.items()}
    assert policy == {
        "not_over_social_media": "reports of crime cannot be taken over social media",
        "whom_to_call": "to call 101 in a non-emergency or 999 in an emergency",
        "not_monitored": "that the force's social media channels are not monitored 24/7",
        "not_confidential": "that the force has no control over the security and confidentiality of messages sent "
        "through Facebook Messenger",
    }


# A mandate file that can't be used


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[Any], Any]], Path]:
    """Writes mandate.yml with one change into a folder of its own."""

    def write(change: Callable[[Any], Any]) -> Path:
        contents = yaml.safe_load((FORCE / "mandate.yml").read_text("utf-8"))
        replacement = change(contents)
        contents = contents if replacement is None else replacement
        (tmp_path / "mandate.yml").write_text(yaml.safe_dump(contents, allow_unicode=True, sort_keys=False), "utf-8")
        return tmp_path

    return write


def test_a_mandate_written_out_again_loads_as_the_same_mandate(changed):
    assert load_mandate(changed(lambda _contents: None)) == MANDATE


def _refused(folder: Path) -> str:
    with pytest.raises(Mistake) as refusal:
        load_mandate(folder)
    assert str(folder / "mandate.yml") in refusal.value.sentence
    return refusal.value.sentence


def test_a_mandate_that_is_not_there_is_said_to_be_missing(tmp_path):
    assert "can't be read: No such file or directory" in _refused(tmp_path)


def test_a_folder_in_the_place_of_the_mandate_is_said_to_be_one(tmp_path):
    (tmp_path / "mandate.yml").mkdir()
    assert "can't be read: Is a directory" in _refused(tmp_path)


def test_a_mandate_that_is_not_yaml_is_refused_with_the_line(tmp_path):
    (tmp_path / "mandate.yml").write_text("force: Wiltshire Police\nnumbers: {emergency: '999'\npolicy: [\n", "utf-8")
    assert "line 3: this isn't valid YAML." in _refused(tmp_path)


def test_a_mandate_saved_in_another_encoding_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "mandate.yml").write_bytes("force: Heddlu Dyfed–Powys".encode("utf-16"))
    _refused(tmp_path)


@pytest.mark.parametrize(
    ("emergency", "non_emergency"), [("999", "111"), ("101", "999"), ("9999", "101"), ("999", "١٠١"), ("", "101")]
)
def test_a_mandate_with_another_number_is_refused(changed, emergency, non_emergency):
    def numbers(contents: Any) -> None:
        contents["numbers"] = {"emergency": emergency, "non_emergency": non_emergency}

    assert "the numbers must be 999 (emergency) and 101 (non-emergency)" in _refused(changed(numbers))


@pytest.mark.parametrize(
    "part", ["force", "numbers", "figures", "statements", "emergency_opening", "canonical", "kinds", "channels"]
)
def test_a_mandate_without_one_of_its_parts_is_refused_and_the_part_is_named(changed, part):
    assert part in _refused(changed(lambda contents: contents.pop(part) and None))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_mandate_without_one_of_the_statements_is_refused_and_the_statement_is_named(changed, statement):
    def without(contents: Any) -> None:
        del contents["statements"][statement]

    assert statement in _refused(changed(without))


@pytest.mark.parametrize("wording", ["full", "short"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_canonical_text_that_leaves_a_statement_out_is_refused(changed, statement, wording):
    def without(contents: Any) -> None:
        contents["canonical"][wording] = contents["canonical"][wording].replace(f"{{{statement}}}", "")

    assert f"the statement {statement} is missing" in _refused(changed(without))


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("empty", ["", "  ", None])
def test_a_statement_that_was_emptied_is_refused_because_any_text_would_hold_it(changed, statement, empty):
    def emptied(contents: Any) -> None:
        contents["statements"][statement]["full"] = empty

    _refused(changed(emptied))


@pytest.mark.parametrize("empty", ["", " ", None])
def test_an_emergency_opening_that_was_emptied_is_refused_because_any_text_would_begin_with_it(changed, empty):
    def emptied(contents: Any) -> None:
        contents["emergency_opening"] = empty

    _refused(changed(emptied))


def test_an_unapproved_number_in_a_statement_is_refused(changed):
    def misprinted(contents: Any) -> None:
        contents["statements"]["whom_to_call"]["full"] = "Call 111 in a non-emergency, or 999 in an emergency."

    assert "the canonical text for messenger: the number 101 is missing" in _refused(changed(misprinted))


def test_a_canonical_text_too_long_for_a_channel_is_refused_with_the_channel(changed):
    def long(contents: Any) -> None:
        contents["canonical"]["short"] += " Thank you for your patience." * 3

    assert "the canonical text for x_dm: it is" in _refused(changed(long))


def _set(*path: str, to: Any) -> Callable[[Any], None]:
    def change(contents: Any) -> None:
        for step in path[:-1]:
            contents = contents[step]
        contents[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            _set("kinds", "utter_guidance", to="guidence"),
            "utter_guidance is of kind 'guidence'; the kinds are guidance",
            id="a kind that doesn't exist",
        ),
        pytest.param(_set("channels", "x_dm", "unit", to="letters"), "channel x_dm has a", id="an unknown unit"),
        pytest.param(_set("channels", "x_dm", "wording", to="long"), "channel x_dm has a", id="an unknown wording"),
        pytest.param(
            _set("channels", "x_dm", "visibility", to="secret"), "channel x_dm has a", id="an unknown visibility"
        ),
        pytest.param(_set("channels", "x_dm", "limits", to=3), "limits", id="a setting no channel has"),
        pytest.param(_set("channels", "x_dm", "limit", to="280"), "x_dm", id="a limit in quotes"),
        pytest.param(_set("channels", "x_dm", "limit", to=None), "x_dm", id="no limit"),
        pytest.param(_set("channels", "x_dm", to=None), "mandate.yml", id="a channel with nothing in it"),
        pytest.param(_set("channels", to=["messenger"]), "mandate.yml", id="channels as a list"),
        pytest.param(_set("kinds", to=["utter_guidance"]), "mandate.yml", id="kinds as a list"),
        pytest.param(_set("canonical", "full", to="Call {whom}"), "whom", id="a name that stands for no statement"),
        pytest.param(_set("canonical", "full", to="Call {"), "mandate.yml", id="a brace that nobody closed"),
        pytest.param(_set("canonical", "full", to="Call {}"), "mandate.yml", id="braces around nothing"),
        pytest.param(lambda _contents: ["force"], "mandate.yml", id="a list"),
        pytest.param(lambda _contents: "Wiltshire Police", "mandate.yml", id="a word"),
    ],
)
def test_a_mandate_that_is_malformed_is_refused_in_a_sentence_that_names_the_file(changed, change, says):
    assert says in _refused(changed(change))


def test_an_empty_mandate_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "mandate.yml").write_text("", "utf-8")
    _refused(tmp_path)
