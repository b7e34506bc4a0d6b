"""The envelope of Meta's webhooks: whose it is, what is in it, and that one bad part spoils nothing beside it."""

from datetime import datetime

import pytest

from signpost.channels.events import Noted, Said, Unreadable
from signpost.channels.meta import read
from signpost.channels.meta_values import identity, kind, moment, parsed

PAGE, PROFILE = "20011", "17841400000000011"


def message(mid: str = "m_1", text: object = "my shed was broken into", **more) -> dict:
    return {
        "sender": {"id": "70021"},
        "recipient": {"id": PAGE},
        "timestamp": 1790000000500,
        "message": {"mid": mid, "text": text},
        **more,
    }


def entry(identifier: object = PAGE, **parts) -> dict:
    return {"id": identifier, "time": 1790000001000, **parts}


def page(*entries: object) -> dict:
    return {"object": "page", "entry": list(entries)}


def comment(identifier: object = "18000000000000001", **more) -> dict:
    return {"id": identifier, "text": "who do I tell?", "from": {"id": "70021", "username": "passer.by"}, **more}


def texts(events) -> list[str]:
    return [event.text for event in events if isinstance(event, Said)]


# What is no envelope


@pytest.mark.parametrize(
    "body",
    [
        None,
        17,
        "page",
        [],
        {},
        {"object": "page"},
        {"object": "page", "entry": {}},
        {"object": "page", "entry": None},
        {"object": "whatsapp_business_account", "entry": []},
        {"object": 1, "entry": []},
        {"object": ["page"], "entry": []},
        {"object": "", "entry": []},
    ],
)
def test_a_body_that_is_no_envelope_of_metas_is_unreadable(body):
    with pytest.raises(Unreadable) as refusal:
        read(body)
    assert str(refusal.value).endswith(".")


def test_the_sentence_about_an_unreadable_body_quotes_nothing_of_it():
    with pytest.raises(Unreadable) as refusal:
        read({"object": "somebody's words", "entry": []})
    assert "words" not in str(refusal.value)


def test_an_envelope_with_no_entries_holds_nothing():
    assert read(page()) == []


# Whose it is


def test_a_page_brings_messenger_and_a_profile_brings_instagram():
    on_page, on_profile = (
        read({"object": "page", "entry": [entry(messaging=[message()])]}),
        read({"object": "instagram", "entry": [entry(PROFILE, messaging=[message()])]}),
    )
    assert [event.channel for event in on_page + on_profile] == ["messenger", "instagram_dm"]


@pytest.mark.parametrize(("identifier", "channel"), [(PROFILE, "instagram_dm"), (PAGE, "messenger")])
def test_an_old_payload_that_names_no_object_goes_by_the_accounts_id(identifier, channel):
    assert [event.channel for event in read({"entry": [entry(identifier, messaging=[message()])]})] == [channel]


def test_numbers_for_ids_are_kept_as_strings():
    old = message(sender={"id": 70021}, recipient={"id": 20011})
    (said,) = read(page(entry(20011, messaging=[old])))
    assert (said.account, said.person) == ("20011", "70021")


def test_the_account_is_the_entrys_whatever_the_recipient_is():
    (said,) = read(page(entry(messaging=[message(recipient={"id": "another"})])))
    assert said.account == PAGE


@pytest.mark.parametrize("nobody", ["0", 0, "", None, True, {"id": 1}])
def test_where_the_entry_names_no_account_the_recipient_is_it(nobody):
    (said,) = read(page(entry(nobody, messaging=[message()])))
    assert said.account == PAGE


# Batches


def test_every_message_of_every_entry_is_read_in_order():
    batch = page(
        entry(messaging=[message("m_1", "one"), message("m_2", "two")]),
        entry("20012", messaging=[message("m_3", "three")]),
    )
    assert texts(read(batch)) == ["one", "two", "three"]


def test_parts_of_an_entry_are_read_in_the_order_in_which_they_came():
    both = entry(standby=[message("m_1", "one")], messaging=[message("m_2", "two")])
    assert [(event.text, event.standby) for event in read(page(both))] == [("one", True), ("two", False)]


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "text",
        7,
        [],
        {},
        {"message": None},
        {"sender": [], "message": {"mid": 1.5, "text": {}}},
        {"sender": {"id": "1"}, "message": {"mid": "x", "attachments": [None, 3, {"type": []}]}},
        {"sender": {"id": True}, "postback": []},
        {"sender": "70021", "message_edit": {"mid": "x"}},
    ],
)
def test_one_bad_item_never_spoils_its_neighbours(bad):
    events = read(page(entry(messaging=[message("m_1", "before"), bad, message("m_2", "after")])))
    assert [text for text in texts(events) if text] == ["before", "after"]
    assert len(events) == 3


@pytest.mark.parametrize("bad", [None, "text", 7, [], {}, {"messaging": {}}, {"changes": "feed"}, {"changes": [None]}])
def test_one_bad_entry_never_spoils_its_neighbours(bad):
    events = read(page(entry(messaging=[message("m_1", "before")]), bad, entry(messaging=[message("m_2", "after")])))
    assert texts(events) == ["before", "after"]
    assert len(events) == 3


@pytest.mark.parametrize("name", ["messaging", "standby", "changes"])
def test_a_part_that_is_no_list_is_counted_as_incomplete(name):
    assert read(page(entry(**{name: {"0": 1}}))) == [Noted("incomplete", PAGE)]


def test_an_entry_with_nothing_in_it_is_counted():
    assert read(page(entry())) == [Noted("empty", PAGE)]


# Changes


@pytest.mark.parametrize("object_", ["page", "instagram"])
@pytest.mark.parametrize("field", ["messages", "message_echoes", "messaging_postbacks"])
def test_a_message_that_a_dashboards_button_sends_as_a_change_is_read_as_a_message(object_, field):
    change = {"field": field, "value": message(timestamp="1790000000")}
    (said,) = read({"object": object_, "entry": [entry("0", changes=[change])]})
    assert (said.text, said.account, said.person) == ("my shed was broken into", PAGE, "70021")
    assert said.standby is False


def test_a_change_of_the_standby_field_is_somebody_elses_conversation():
    (said,) = read(page(entry(changes=[{"field": "standby", "value": message()}])))
    assert said.standby is True


def test_instagrams_comments_are_read_in_either_shape():
    as_change = {"object": "instagram", "entry": [entry(PROFILE, changes=[{"field": "comments", "value": comment()}])]}
    on_entry = {"object": "instagram", "entry": [entry(PROFILE, field="comments", value=comment())]}
    assert read(as_change) == read(on_entry)
    assert texts(read(on_entry)) == ["who do I tell?"]


@pytest.mark.parametrize("object_", ["page", "instagram"])
@pytest.mark.parametrize(
    ("field", "counted"),
    [("parking", "parking"), ("story_insights", "story_insights"), ("not-known", "not_known"), ("Ünknown!", "unknown")],
)
def test_an_unknown_field_is_counted_under_its_plain_name(object_, field, counted):
    assert read({"object": object_, "entry": [entry(changes=[{"field": field}])]}) == [Noted(counted, PAGE)]


@pytest.mark.parametrize("object_", ["page", "instagram"])
def test_a_comment_to_nobody_knows_which_account_is_incomplete(object_):
    change = {"field": "comments", "value": comment()}
    assert read({"object": object_, "entry": [{"time": 1, "changes": [change]}]}) == [Noted("incomplete")]


@pytest.mark.parametrize("field", [None, 3, ["feed"], {}])
def test_a_change_that_names_no_field_is_incomplete(field):
    assert read(page(entry(changes=[{"field": field, "value": {}}]))) == [Noted("incomplete", PAGE)]


# Values


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("m_abc=", "m_abc="),
        (17841400000000011, "17841400000000011"),
        (0, "0"),
        ("x" * 224, "x" * 224),
        ("x" * 225, ""),
        (10**32, ""),
        (-1, ""),
        (True, ""),
        (1.0, ""),
        (None, ""),
        ([1], ""),
        ("  ", ""),
        ("a\x00b", ""),
        ("a\ud800", ""),
    ],
)
def test_an_id_is_a_string_that_can_be_stored_as_it_is(value, read_as):
    assert identity(value) == read_as


@pytest.mark.parametrize(
    "value",
    [
        1790000000,
        1790000000.0,
        1790000000000,
        "1790000000",
        "1790000000000",
        "2026-09-21T14:13:20+0000",
        "2026-09-21T14:13:20Z",
        "2026-09-21T15:13:20+01:00",
        "2026-09-21T14:13:20",
    ],
)
def test_a_time_is_read_from_seconds_milliseconds_and_iso_texts(value):
    assert moment(value) == datetime(2026, 9, 21, 14, 13, 20)  # noqa: DTZ001  # the record keeps UTC without a zone


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -5,
        2222222,
        10**400,
        float("nan"),
        float("inf"),
        9_999_999_999_999,
        "9" * 5000,
        "²",
        "٣",
        "yesterday",
        "",
        "0001-01-01T00:00:00+2300",
        "9999-12-31T23:59:59-2300",
        "2026-09-21T14:13:20\ud800",
        {"time": 1},
    ],
)
def test_a_time_at_which_nobody_can_have_written_is_none(value):
    assert moment(value) is None


@pytest.mark.parametrize("name", ["", "x" * 41, "Robert'); DROP", None, 4, "ab cd", "feed\n"])
def test_a_name_that_is_not_plain_is_counted_as_unknown(name):
    assert kind(name) == "unknown"


@pytest.mark.parametrize("raw", [b"", b"<html>", b"\xff\xfe", b"[1]", b"null", b"[" * 100_000, b"1" * 5000])
def test_an_answer_that_is_no_json_object_is_an_empty_one(raw):
    assert parsed(raw) == {}
