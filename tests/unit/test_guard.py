"""Nothing reaches a person but what the policy lets a reply say. The oracle here is written apart from the product."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.force.guard import guarded, with_reference
from signpost.force.length import measure
from signpost.force.mandate import KINDS, load_mandate
from signpost.log.reference import new_reference

MANDATE = load_mandate(Path(__file__).parents[2] / "force")
FULL = {"guidance", "emergency_guidance"}
REMINDERS = {"reminder", "emergency_reminder"}

# Numbers and characters, as anybody might mistype, misread or misuse them.
NOT_OUR_NUMBERS = {
    "another number of three figures": "111",
    "the European emergency number": "112",
    "a letter O for the nought": "1O1",
    "a Cyrillic O for the nought": "1\u041e1",
    "letters l for the ones": "l0l",
    "a space in it": "99 9",
    "a no-break space in it": "99\u00a09",
    "a line break in it": "99\n9",
    "a zero-width space in it": "10\u200b1",
    "a zero-width space between two of ours": "101\u200b999",
    "a word joiner between two of ours": "999\u2060999",
    "a soft hyphen between two of ours": "101\u00ad101",
    "a hyphen in it": "1-01",
    "Arabic-Indic digits": "\u0661\u0660\u0661",
    "Persian digits": "\u06f9\u06f9\u06f9",
    "Devanagari digits": "\u096f\u096f\u096f",
    "full-width digits": "\uff11\uff10\uff11",
    "mathematical digits": "\U0001d7d7\U0001d7d7\U0001d7d7",
    "circled digits": "\u2468\u2468\u2468",
    "raised digits": "\u00b9\u2070\u00b9",
    "lowered digits": "\u2089\u2089\u2089",
    "keycap emoji": "9\ufe0f\u20e39\ufe0f\u20e39\ufe0f\u20e3",
    "a plus before it": "+101",
    "a nought before it": "0101",
    "a nought after it": "1010",
    "one nine too many": "9999",
    "one nine too few": "99",
    "a letter O before it": "O101",
    "a letter O after it": "101O",
    "a letter l before it": "l999",
    "both at once": "101999",
    "both joined by a slash": "101/999",
    "a decimal": "101.5",
    "a freephone number": "0800 555 111",
    "a freephone number without spaces": "0800555111",
    "the Samaritans": "116 123",
    "the textphone prefix": "18001",
    "the textphone prefix before ours": "18001 101",
    "a number from abroad": "+44 1380 861212",
    "more hours than there are": "24/70",
    "more than every day": "24/7/365",
    "a date": "22/11",
}
OUR_NUMBERS = ["101.", "101,", "(101)", "101?", "“999”", "999!", "*999*", "999;", "101\n", "\u2018101\u2019", "101 or 999", "24/7."]  # fmt: skip

CHANNELS = st.sampled_from(list(MANDATE.channels.values()))
LABELS = st.sampled_from(["emergency", "crime_report", "not_report", "", "a label nobody knows"])
RESPONSES = st.sampled_from([*MANDATE.kinds, "utter_thanks", "utter_unsure", ""])


def _tampered(text: str, place: float, with_what: str, cut: int) -> str:
    at = int(place * len(text))
    return text[:at] + with_what + text[at + cut :]


def _mandated() -> list[str]:
    statements = [wording for says in MANDATE.statements.values() for wording in (says["full"], says["short"])]
    whole = [MANDATE.canonical_text(kind, channel) for kind in KINDS for channel in MANDATE.channels.values()]
    return [*statements, *whole, f"{MANDATE.emergency_opening}.", "Please call 101, or 999 in an emergency."]


SCRAPS = st.one_of(
    st.sampled_from(list(NOT_OUR_NUMBERS.values())),
    st.sampled_from(OUR_NUMBERS),
    st.text(max_size=8),
    st.text("0123456789+-/., lO\u200b\u2060\u0661\u0669\u00b9", max_size=6),
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(_mandated()),
    st.lists(st.one_of(st.sampled_from(_mandated()), SCRAPS), max_size=6).map(" ".join),
    st.builds(_tampered, st.sampled_from(_mandated()), st.floats(0, 1), SCRAPS, st.integers(0, 3)),
    st.builds(lambda text, times: text * times, st.sampled_from(_mandated()), st.integers(2, 12)),
)
SAID = st.lists(st.tuples(RESPONSES, TEXTS), max_size=3)


def _seen(text: str) -> str:
    """The text as a reader sees it: without characters nobody sees and without marks on others."""
    return "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Mn", "Me"})


def numbers_read(text: str) -> set[str]:
    """Every number a reader may take out of the text, with whatever letters, digits and plus signs touch it."""
    words = re.findall(r"\+?[^\W_]+", re.sub(r"(?<![\w/+])24/7(?![\w/])", " ", _seen(text)))
    return {word for word in words if any(unicodedata.category(c).startswith("N") for c in word)}


def holds(text: str, statement: str) -> bool:
    flat = " ".join(text.replace("’", "'").casefold().split())
    return any(
        " ".join(MANDATE.statements[statement][wording].casefold().split()) in flat for wording in ("full", "short")
    )


@settings(deadline=None, max_examples=150)
@given(channel=CHANNELS, label=LABELS, said=SAID)
def test_guidance_that_is_let_through_holds_the_four_statements_and_exactly_our_two_numbers(channel, label, said):
    for reply in guarded(MANDATE, channel, label, said):
        if reply.kind in FULL:
            assert [name for name in MANDATE.statements if not holds(reply.text, name)] == []
            assert numbers_read(reply.text) == {"101", "999"}
        if reply.kind in REMINDERS:
            assert numbers_read(reply.text) == {"101", "999"}


@settings(deadline=None, max_examples=150)
@given(channel=CHANNELS, label=LABELS, said=SAID)
def test_no_reply_of_any_kind_holds_a_number_that_is_not_ours(channel, label, said):
    for reply in guarded(MANDATE, channel, label, said):
        assert numbers_read(reply.text) <= {"101", "999"}


@settings(deadline=None, max_examples=150)
@given(channel=CHANNELS, label=LABELS, said=SAID)
def test_every_reply_fits_the_channel_and_says_something(channel, label, said):
    for reply in guarded(MANDATE, channel, label, said):
        assert 0 < measure(reply.text, channel.unit) <= channel.limit
        assert reply.text.strip()


@settings(deadline=None, max_examples=150)
@given(channel=CHANNELS, label=st.sampled_from(["emergency", "crime_report"]), said=SAID)
def test_a_report_is_always_answered_with_guidance_or_a_reminder(channel, label, said):
    kinds = {reply.kind for reply in guarded(MANDATE, channel, label, said)}
    assert kinds & (FULL | REMINDERS)


@settings(deadline=None, max_examples=150)
@given(channel=CHANNELS, said=SAID)
def test_an_emergency_is_always_answered_with_a_reply_that_begins_with_999(channel, said):
    replies = guarded(MANDATE, channel, "emergency", said)
    urgent = [reply for reply in replies if reply.kind.startswith("emergency")]
    assert urgent
    assert all(reply.text.lstrip().casefold().startswith("call 999 now") for reply in urgent)


@settings(deadline=None, max_examples=80)
@given(channel=CHANNELS, label=LABELS, said=SAID)
def test_what_was_not_replaced_is_sent_as_it_was_said_and_what_was_says_why(channel, label, said):
    originals = {text for _response, text in said}
    for reply in guarded(MANDATE, channel, label, said):
        if reply.faults:
            assert reply.text == MANDATE.canonical_text(reply.kind, channel)
        else:
            assert reply.text in originals


@pytest.mark.parametrize("label", ["emergency", "crime_report"])
@pytest.mark.parametrize("channel", MANDATE.channels.values(), ids=lambda channel: channel.key)
def test_a_report_is_answered_even_when_the_assistant_says_nothing(channel, label):
    (reply,) = guarded(MANDATE, channel, label, [])
    assert reply.kind == ("emergency_guidance" if label == "emergency" else "guidance")
    assert reply.faults == ("the assistant said nothing to a report",)
    assert reply.text == MANDATE.canonical_text(reply.kind, channel)


def test_a_report_that_was_answered_like_small_talk_gets_the_guidance_instead():
    channel = MANDATE.channel("messenger")
    replies = guarded(MANDATE, channel, "crime_report", [("utter_thanks", "Thank you for your message.")])
    assert [reply.kind for reply in replies] == ["guidance"]
    assert replies[0].faults == ("the assistant gave no guidance for a report",)


@pytest.mark.parametrize("kind", ["guidance", "reminder"])
def test_an_emergency_that_was_answered_like_a_crime_report_gets_the_emergency_guidance(kind):
    channel = MANDATE.channel("x_dm")
    said = [(f"utter_{kind}", MANDATE.canonical_text("guidance", channel))]
    assert [reply.kind for reply in guarded(MANDATE, channel, "emergency", said)] == ["emergency_guidance"]


def test_a_crime_report_may_be_answered_with_the_emergency_guidance():
    channel = MANDATE.channel("messenger")
    said = [("utter_emergency_guidance", MANDATE.canonical_text("emergency_guidance", channel))]
    (reply,) = guarded(MANDATE, channel, "crime_report", said)
    assert (reply.kind, reply.faults) == ("emergency_guidance", ())


def test_two_replies_that_both_had_to_be_replaced_become_one_and_not_the_same_words_twice():
    channel = MANDATE.channel("x_dm")
    said = [("utter_greet", "Hello. Ring 111."), ("utter_case_update", "Ring 0800 555 111.")]
    assert [reply.kind for reply in guarded(MANDATE, channel, "not_report", said)] == ["guidance"]


def test_a_message_that_is_no_report_may_be_left_without_an_answer():
    assert guarded(MANDATE, MANDATE.channel("x_mention"), "not_report", []) == []


def test_a_good_answer_goes_out_byte_for_byte():
    text = "  No, not all the time. Call 101, or 999\tin an emergency. "
    (reply,) = guarded(MANDATE, MANDATE.channel("messenger"), "not_report", [("utter_not_monitored", text)])
    assert (reply.text, reply.kind, reply.faults) == (text, "answer", ())


@pytest.mark.parametrize("number", NOT_OUR_NUMBERS.values(), ids=NOT_OUR_NUMBERS)
def test_an_answer_with_a_number_that_is_not_ours_becomes_the_guidance(number):
    channel = MANDATE.channel("messenger")
    text = f"Call 101, or 999 in an emergency. You can also ring {number} for help."
    (reply,) = guarded(MANDATE, channel, "not_report", [("utter_case_update", text)])
    assert reply.text == MANDATE.canonical_text("guidance", channel)
    assert reply.faults


@pytest.mark.parametrize("number", NOT_OUR_NUMBERS.values(), ids=NOT_OUR_NUMBERS)
def test_guidance_that_ends_in_a_number_that_is_not_ours_is_replaced(number):
    channel = MANDATE.channel("messenger")
    whole = MANDATE.canonical_text("guidance", channel)
    (reply,) = guarded(MANDATE, channel, "crime_report", [("utter_guidance", f"{whole} Or ring {number}.")])
    assert reply.text == whole
    assert reply.faults


@pytest.mark.parametrize("number", NOT_OUR_NUMBERS.values(), ids=NOT_OUR_NUMBERS)
@pytest.mark.parametrize("ours", ["101", "999"])
def test_guidance_in_which_one_of_our_numbers_is_misprinted_is_replaced(ours, number):
    channel = MANDATE.channel("messenger")
    whole = MANDATE.canonical_text("guidance", channel)
    said = [("utter_guidance", whole.replace(ours, number))]
    (reply,) = guarded(MANDATE, channel, "crime_report", said)
    assert reply.text == whole
    assert reply.faults


@pytest.mark.parametrize("number", NOT_OUR_NUMBERS.values(), ids=NOT_OUR_NUMBERS)
def test_a_reminder_with_a_number_that_is_not_ours_becomes_the_whole_guidance(number):
    channel = MANDATE.channel("messenger")
    text = f"Please call 101, or 999 in an emergency. Don't ring {number}."
    (reply,) = guarded(MANDATE, channel, "crime_report", [("utter_reminder", text)])
    assert (reply.kind, reply.text) == ("guidance", MANDATE.canonical_text("guidance", channel))


@pytest.mark.parametrize("number", OUR_NUMBERS)
def test_our_numbers_may_stand_beside_the_marks_of_a_sentence(number):
    text = f"Please call {number}"
    (reply,) = guarded(MANDATE, MANDATE.channel("messenger"), "not_report", [("utter_case_update", text)])
    assert (reply.text, reply.faults) == (text, ())


@pytest.mark.parametrize("channel", MANDATE.channels.values(), ids=lambda channel: channel.key)
def test_half_a_character_in_what_the_assistant_says_stops_nobody_from_being_answered(channel):
    (reply,) = guarded(MANDATE, channel, "emergency", [("utter_emergency_guidance", "Call 999 now \ud83d")])
    assert reply.text == MANDATE.canonical_text("emergency_guidance", channel)


@settings(deadline=None, max_examples=150)
@given(
    channel=CHANNELS,
    text=st.one_of(TEXTS, st.text("a\U0001f600\u6f22 ", min_size=120, max_size=280)),
    reference=st.one_of(st.none(), st.builds(new_reference), st.just("")),
)
def test_a_reference_never_takes_a_reply_over_the_limit(channel, text, reference):
    longer = with_reference(channel, text, reference)
    assert longer == text or measure(longer, channel.unit) <= channel.limit
    assert longer.startswith(text)
    if not (reference and channel.reference):
        assert longer == text


@pytest.mark.parametrize("kind", ["guidance", "emergency_guidance"])
def test_on_x_the_guidance_has_room_for_its_reference(kind):
    channel = MANDATE.channel("x_dm")
    text = MANDATE.canonical_text(kind, channel)
    longer = with_reference(channel, text, "CDF-346")
    assert longer == f"{text} Ref CDF-346"
    assert measure(longer, "weighted") <= 280


def test_a_reference_that_fills_x_to_the_last_character_stays_and_one_character_more_leaves_it_out():
    channel = MANDATE.channel("x_mention")
    room = 280 - len(" Ref CDF-346")
    assert with_reference(channel, "a" * room, "CDF-346").endswith(" Ref CDF-346")
    assert with_reference(channel, "a" * (room + 1), "CDF-346") == "a" * (room + 1)
