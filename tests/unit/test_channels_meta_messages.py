"""Messages of Messenger and Instagram: what people say, what accounts say, and what is only counted."""

from datetime import datetime

import pytest

from signpost.channels.events import Deleted, Echoed, Edited, HandedOver, Noted, Said
from signpost.channels.meta import read

PAGE, PERSON = "20011", "70021"
SENT_AT = datetime(2026, 9, 21, 14, 13, 20, 500_000)  # noqa: DTZ001  # the record keeps UTC without a zone


def one(item: dict, *, object_: str = "page", part: str = "messaging") -> object:
    """The one event that an item makes."""
    envelope = {
        "sender": {"id": PERSON},
        "recipient": {"id": PAGE},
        "timestamp": 1790000000500,
        **item,
    }
    body = {"object": object_, "entry": [{"id": PAGE, "time": 1790000001000, part: [envelope]}]}
    (event,) = read(body)
    return event


def message(**fields) -> dict:
    return {"message": {"mid": "m_1", **fields}}


def attached(*types: str, **fields) -> dict:
    return message(
        attachments=[{"type": name, "payload": {"url": "https://cdn.example/1"}} for name in types], **fields
    )


# What people say


def test_a_message_is_what_the_person_wrote():
    assert one(message(text="my car was keyed\nlast night 😡", seq=73)) == Said(
        "messenger", PAGE, PERSON, "m_1", "my car was keyed\nlast night 😡", "text", SENT_AT
    )


def test_a_text_keeps_its_spaces_and_loses_only_what_cannot_be_stored():
    assert one(message(text="  two  \x00 \ud83d ")).text == "  two    \ufffd "


def test_a_message_of_nothing_but_spaces_is_a_message():
    said = one(message(text="   "))
    assert (said.kind, said.text) == ("text", "   ")


def test_a_message_that_comes_twice_has_the_same_id_twice():
    assert one(message(text="hello")).platform_id == one(message(text="hello")).platform_id


def test_tapping_a_quick_reply_is_saying_it():
    said = one(message(text="Yes, please", quick_reply={"payload": "YES"}))
    assert (said.kind, said.text) == ("text", "Yes, please")


def test_tapping_a_quick_reply_without_words_is_a_tap():
    said = one(message(quick_reply={"payload": "YES"}))
    assert (said.kind, said.text) == ("postback", "")


def test_an_answer_to_one_of_our_messages_is_a_message():
    assert one(message(text="what about now?", reply_to={"mid": "m_0"})).kind == "text"


@pytest.mark.parametrize("object_", ["page", "instagram"])
def test_an_answer_to_a_story_is_not_lost(object_):
    said = one(message(text="that's my bike!", reply_to={"story": {"id": "s1", "url": "u"}}), object_=object_)
    assert (said.kind, said.text) == ("story_reply", "that's my bike!")


@pytest.mark.parametrize(
    ("postback", "platform_id", "text"),
    [
        ({"mid": "m_7", "title": "Get started", "payload": "GO"}, "m_7", "Get started"),
        ({"title": "Get started", "payload": "GO"}, "postback:70021:1790000000500", "Get started"),
        ({"payload": "GO"}, "postback:70021:1790000000500", ""),
    ],
)
def test_a_tap_on_a_button_says_what_the_button_says(postback, platform_id, text):
    assert one({"postback": postback}) == Said("messenger", PAGE, PERSON, platform_id, text, "postback", SENT_AT)


def test_a_tap_with_neither_id_nor_time_is_incomplete():
    assert one({"postback": {"title": "Go"}, "timestamp": None}) == Noted("incomplete", PAGE)


@pytest.mark.parametrize(
    "name",
    [
        "image",
        "audio",
        "video",
        "file",
        "location",
        "fallback",
        "share",
        "reel",
        "ig_reel",
        "post",
        "ig_post",
        "ephemeral",
    ],
)
def test_something_sent_without_words_is_an_attachment(name):
    said = one(attached(name))
    assert (said.kind, said.text) == ("attachment", "")


@pytest.mark.parametrize("name", ["fallback", "share", "reel"])
def test_the_title_of_what_is_shared_is_nobodys_words(name):
    shared = message(attachments=[{"type": name, "title": "Ten tips", "payload": {"title": "Ten tips"}}])
    assert (one(shared).kind, one(shared).text) == ("attachment", "")


def test_words_beside_an_attachment_are_the_message():
    said = one(attached("image", text="this was through my window"))
    assert (said.kind, said.text) == ("text", "this was through my window")


@pytest.mark.parametrize("blank", ["", "  "])
def test_blanks_beside_an_attachment_are_an_attachment(blank):
    assert one(attached("image", text=blank)).kind == "attachment"


def test_a_photo_beside_a_sticker_is_an_attachment():
    assert one(attached("sticker", "image")).kind == "attachment"


def test_what_the_platform_cannot_show_is_unreadable():
    said = one(message(is_unsupported=True))
    assert (said.kind, said.text) == ("unreadable", "")


@pytest.mark.parametrize("fields", [{}, {"text": ""}, {"text": 7}, {"attachments": "image"}, {"attachments": [None]}])
def test_a_message_that_cannot_be_read_is_still_a_message(fields):
    said = one(message(**fields))
    assert (said.kind, said.text) == ("unreadable", "")


def test_a_kind_of_attachment_that_nobody_knows_is_unreadable():
    assert one(attached("hologram")).kind == "unreadable"


@pytest.mark.parametrize("object_", ["page", "instagram"])
def test_what_comes_while_somebody_else_has_the_conversation_says_so(object_):
    assert one(message(text="hello?"), object_=object_, part="standby").standby is True
    assert one({"postback": {"title": "Help", "mid": "m_2"}}, object_=object_, part="standby").standby is True
    assert one(message(text="hello?"), object_=object_).standby is False


# What asks for no answer


@pytest.mark.parametrize(
    "sticker",
    [
        attached("sticker"),
        message(sticker_id=369239, attachments=[{"type": "image", "payload": {"sticker_id": 369239, "url": "u"}}]),
        message(attachments=[{"type": "image", "payload": {"sticker_id": 369239, "url": "u"}}]),
        message(sticker_id=369239),
        attached("image", sticker_id=369239),
        message(
            attachments=[
                {"type": "image", "payload": {"sticker_id": 369239}},
                {"type": "sticker", "payload": {"sticker_id": 369239}},
            ]
        ),
        attached("like_heart"),
    ],
    ids=["new form", "old form", "image only", "no attachment", "id beside an image", "both forms", "heart"],
)
def test_a_sticker_alone_is_counted_and_not_answered(sticker):
    assert one(sticker) == Noted("sticker", PAGE)


def test_a_story_that_mentions_the_account_is_counted_and_not_answered():
    assert one(attached("story_mention"), object_="instagram") == Noted("story_mention", PAGE)


def test_a_product_card_alone_is_counted_and_one_with_words_is_a_message():
    assert one(attached("template")) == Noted("template", PAGE)
    assert one(attached("template", text="is this stolen?")).text == "is this stolen?"


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("reaction", "reaction"),
        ("read", "read"),
        ("delivery", "delivery"),
        ("optin", "optin"),
        ("referral", "referral"),
        ("account_linking", "account_linking"),
        ("policy-enforcement", "policy_enforcement"),
        ("checkout_update", "checkout_update"),
        ("payment", "payment"),
        ("app_roles", "app_roles"),
        ("request_thread_control", "request_thread_control"),
        ("Something New", "unknown"),
    ],
)
@pytest.mark.parametrize("object_", ["page", "instagram"])
def test_everything_else_is_counted_under_the_protocols_name(name, counted, object_):
    assert one({name: {"watermark": 1}}, object_=object_) == Noted(counted, PAGE)


def test_an_item_with_nothing_in_it_is_counted():
    assert one({}, part="standby") == Noted("empty", PAGE)


@pytest.mark.parametrize(
    "item",
    [
        message(mid=None, text="x"),
        message(mid="", text="x"),
        {"sender": None, **message(text="x")},
        {"sender": {}, **message(text="x")},
        {"sender": {"id": ""}, **message(text="x")},
        {"message": "text"},
        {"postback": []},
        {"sender": {}, "postback": {"mid": "m_2", "title": "Go"}},
        {"message_edit": {"text": "x", "num_edit": 1}},
        {"message_edit": {"mid": "m_1", "num_edit": 0}},
        {"sender": {}, "message_edit": {"mid": "m_1", "text": "x"}},
        {"sender": {}, "recipient": {}, "pass_thread_control": {"new_owner_app_id": 1}},
        {"sender": {}, "recipient": {}, **message(is_echo=True)},
    ],
)
def test_what_lacks_its_id_or_its_writer_is_incomplete(item):
    assert one(item) == Noted("incomplete", PAGE)


# What the account says


def test_our_own_reply_comes_back_as_an_echo_with_its_mark():
    echo = message(text="Call 101", is_echo=True, app_id=1517776481860111, metadata="signpost:k-1")
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert one({**ends, **echo}) == Echoed(
        "messenger", PAGE, PERSON, "m_1", "Call 101", "signpost:k-1", "1517776481860111"
    )


def test_what_staff_write_on_instagram_is_an_echo_among_the_messages():
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert one({**ends, **message(text="Hi, Sam here", is_echo=True)}, object_="instagram") == Echoed(
        "instagram_dm", PAGE, PERSON, "m_1", "Hi, Sam here"
    )


def test_an_echo_without_words_is_an_echo():
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert one({**ends, **attached("image", is_echo=True)}).text == ""


def test_an_echo_is_no_message_even_while_somebody_else_has_the_conversation():
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert isinstance(one({**ends, **message(text="Hi", is_echo=True)}, part="standby"), Echoed)


def test_an_old_echo_that_names_its_ends_the_other_way_round_is_about_the_same_person():
    assert one(message(text="Hi", is_echo="true")).person == PERSON


@pytest.mark.parametrize(
    ("what", "person"), [(message(is_echo=True), "recipient"), ({"take_thread_control": {}}, "sender")]
)
def test_where_neither_end_is_the_entrys_account_the_person_is_where_people_stand(what, person):
    ends = {"sender": {"id": "sender"}, "recipient": {"id": "recipient"}}
    assert one({**ends, **what}).person == person


def test_an_echo_of_an_entry_that_names_no_account_is_the_senders():
    item = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}, **message(text="Hi", is_echo=True)}
    (echo,) = read({"object": "page", "entry": [{"id": "0", "messaging": [item]}]})
    assert (echo.account, echo.person) == (PAGE, PERSON)


@pytest.mark.parametrize(
    "item",
    [
        message(text="Hi"),
        attached("image"),
        {"postback": {"mid": "m_3", "title": "Go"}},
        {"message_edit": {"mid": "m_1", "text": "Hi there", "num_edit": 1}},
    ],
)
def test_what_the_account_itself_sends_is_never_answered(item):
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert one({**ends, **item}) == Noted("own", PAGE)


@pytest.mark.parametrize(
    "item",
    [message(text="note", is_self=True), {"is_self": True, "postback": {"mid": "m_3", "title": "Go"}}],
)
def test_what_an_account_sends_to_itself_is_never_answered(item):
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PAGE}}
    assert one({**ends, **item}, object_="instagram") == Noted("own", PAGE)


def test_a_test_message_with_both_ends_alike_is_read():
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PAGE}}
    assert one({**ends, **message(text="test")}).text == "test"


# Edits, unsends, hand-overs


@pytest.mark.parametrize(("num_edit", "revision"), [(3, "3"), ("37", "37")])
def test_an_edit_is_told_from_others_by_its_number(num_edit, revision):
    edit = {"message_edit": {"mid": "m_1", "text": "he has a knife", "num_edit": num_edit}}
    assert one(edit) == Edited("messenger", PAGE, PERSON, "m_1", revision, "he has a knife", SENT_AT)


@pytest.mark.parametrize("num_edit", [None, True, {}, "x" * 40])
def test_an_edit_without_a_number_is_told_from_others_by_its_words(num_edit):
    first, again, second = (
        one({"message_edit": {"mid": "m_1", "text": text, "num_edit": num_edit}}).revision
        for text in ("he has a knife", "he has a knife", "he has gone")
    )
    assert first == again != second
    assert len(first) == 12


@pytest.mark.parametrize(("object_", "channel"), [("page", "messenger"), ("instagram", "instagram_dm")])
@pytest.mark.parametrize("flag", [True, "true"])
def test_a_message_taken_back_is_deleted(object_, channel, flag):
    assert one(message(is_deleted=flag), object_=object_) == Deleted(channel, PAGE, "m_1")


def test_a_message_taken_back_is_deleted_whoever_sent_it():
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert one({**ends, **message(is_deleted=True, is_echo=True)}) == Deleted("messenger", PAGE, "m_1")


def test_a_flag_that_is_not_set_takes_nothing_back():
    assert one(message(text="hello", is_deleted=False, is_echo=0, is_unsupported=None)).text == "hello"


@pytest.mark.parametrize(
    ("control", "to_app"),
    [
        ({"pass_thread_control": {"new_owner_app_id": 263902037430900, "metadata": "x"}}, "263902037430900"),
        ({"pass_thread_control": {"new_owner_app_id": "1217981644879628"}}, "1217981644879628"),
        ({"pass_thread_control": {}}, ""),
        ({"take_thread_control": {"previous_owner_app_id": "1517776481860111"}}, ""),
        ({"take_thread_control": {"previous_owner_app_id": "1", "new_owner_app_id": "2"}}, "2"),
    ],
)
def test_a_conversation_that_changes_hands_says_to_whom(control, to_app):
    assert one(control) == HandedOver("messenger", PAGE, PERSON, to_app)


def test_a_hand_over_is_about_the_person_whichever_end_they_are():
    ends = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}}
    assert one({**ends, "take_thread_control": {}}).person == PERSON
