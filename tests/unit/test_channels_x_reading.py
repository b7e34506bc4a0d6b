"""What X's webhooks tell: every message once under its own id, whatever envelope or form it comes in."""

import copy
import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.channels.events import ATTACHMENT, KINDS, TEXT, UNREADABLE, Deleted, Echoed, Noted, Said, Unreadable
from signpost.channels.x import read

US, THEM, POST_ID, MESSAGE_ID = "1000000001", "2000000002", "2090000000000000077", "2090000000000000088"


def activity(event_type, payload, *, account=US, **more):
    """X Activity's envelope."""
    named = {} if account is None else {"user_id": account}
    return {
        "data": {
            "event_uuid": "-5",
            "filter": named,
            "event_type": event_type,
            "tag": "t",
            "payload": payload,
            "includes": {},
            **more,
        }
    }


def direct(text="my shed was broken into", *, sender=THEM, recipient=US, **data):
    """A direct message, as both envelopes hold it."""
    return {
        "type": "message_create",
        "id": MESSAGE_ID,
        "created_timestamp": "1795330800250",
        "message_create": {
            "target": {"recipient_id": recipient},
            "sender_id": sender,
            "source_app_id": "77",
            "message_data": {"text": text, "entities": {"urls": []}, **data},
        },
    }


def photo(link="https://t.co/AbC123xyz0"):
    return {"type": "media", "media": {"id": 5, "url": link, "type": "photo"}}


def new_post(text="@countyforce someone is smashing cars on Mill Lane", **changes):
    """A post as X Activity tells it."""
    return {
        "id": POST_ID,
        "author_id": THEM,
        "text": text,
        "created_at": "2026-11-22T03:00:05.000Z",
        "entities": {"mentions": [{"id": US, "username": "countyforce"}]},
        **changes,
    }


def old_post(text="@countyforce someone is smashing cars on Mill Lane", **changes):
    """A post as Account Activity tells it."""
    return {
        "id": 2090000000000000000,
        "id_str": POST_ID,
        "user": {"id": int(THEM), "id_str": THEM},
        "text": text,
        "truncated": False,
        "created_at": "Sun Nov 22 03:00:05 +0000 2026",
        "in_reply_to_user_id": None,
        "entities": {"user_mentions": [{"id": int(US), "id_str": US}]},
        **changes,
    }


def received(*messages):
    return {"for_user_id": US, "direct_message_events": list(messages), "users": {}, "apps": {}}


def posted(*posts):
    return {"for_user_id": US, "user_has_blocked": False, "tweet_create_events": list(posts)}


def one(body):
    (event,) = read(body)
    return event


# Direct messages


@pytest.mark.parametrize(
    "body",
    [
        activity("dm.received", {"direct_message_events": [direct()], "users": {}}),
        activity("dm.received", {"direct_message_events": [direct()]}, account=None),
        activity("dm.received", {"direct_message_events": [direct()]}, account=int(US)),
        received(direct()),
        {"direct_message_events": [direct()]},
        received(direct(sender=int(THEM), recipient=int(US))),
    ],
)
def test_a_direct_message_is_read_alike_from_both_envelopes_whoever_it_names(body):
    assert one(body) == Said(
        channel="x_dm",
        account=US,
        person=THEM,
        platform_id=MESSAGE_ID,
        text="my shed was broken into",
        sent_at=datetime(2026, 11, 22, 7, 0, 0, 250_000),  # noqa: DTZ001  # the record keeps UTC without a zone
    )


def test_every_message_of_a_batch_is_read_in_order():
    bodies = received({**direct("first"), "id": "1"}, {**direct("second"), "id": "2"}, {**direct("third"), "id": "3"})
    assert [(event.platform_id, event.text) for event in read(bodies)] == [
        ("1", "first"),
        ("2", "second"),
        ("3", "third"),
    ]


def test_several_activities_in_one_body_are_all_read():
    body = {
        "data": [
            activity("post.mention.create", new_post())["data"],
            activity("dm.received", {"direct_message_events": [direct()]})["data"],
        ]
    }
    assert [event.channel for event in read(body)] == ["x_mention", "x_dm"]


@pytest.mark.parametrize(
    "body",
    [
        activity("dm.sent", {"direct_message_events": [direct("we are here", sender=US, recipient=THEM)]}),
        activity(
            "dm.sent", {"direct_message_events": [direct("we are here", sender=US, recipient=THEM)]}, account=None
        ),
        received(direct("we are here", sender=US, recipient=THEM)),
    ],
)
def test_what_the_account_itself_sends_comes_back_as_its_own(body):
    assert one(body) == Echoed("x_dm", US, THEM, MESSAGE_ID, "we are here", app_id="77")


def test_an_own_message_to_nobody_is_only_counted():
    assert one(received(direct(sender=US, recipient=None))) == Noted("incomplete", US)


def test_html_entities_are_the_characters_they_stand_for_and_are_read_once():
    assert (
        one(received(direct("Smith &amp; Sons &lt;shop&gt; &amp;lt; &quot;"))).text == "Smith & Sons <shop> &lt; &quot;"
    )


def test_control_characters_and_lone_surrogates_become_storable():
    assert one(received(direct("a\x00b\ud800c"))).text == "a b�c"


def test_a_message_that_is_an_attachment_alone_is_kept_as_one():
    event = one(received(direct("https://t.co/AbC123xyz0", attachment=photo())))
    assert (event.kind, event.text) == (ATTACHMENT, "")


@pytest.mark.parametrize("text", ["", None, "\ufeff https://t.co/AbC123xyz0"])
def test_an_attachment_without_words_is_still_an_attachment(text):
    event = one(received(direct(text, attachment=photo())))
    assert (event.kind, event.text) == (ATTACHMENT, "")


def test_the_link_that_stands_for_an_attachment_is_no_part_of_the_words():
    event = one(received(direct("this is the man\nhttps://t.co/AbC123xyz0 ", attachment=photo())))
    assert (event.kind, event.text) == (TEXT, "this is the man")
    unnamed = one(received(direct("this is the man https://t.co/AbC123xyz0", attachment=photo(None))))
    assert unnamed.text == "this is the man"


@pytest.mark.parametrize(
    "attachment", [None, photo("https://t.co/another000"), {"type": "location", "location": {"type": "shared_place"}}]
)
def test_a_link_of_the_person_s_own_stays(attachment):
    text = "it is for sale here https://t.co/AbC123xyz0"
    assert one(received(direct(text, attachment=attachment))).text == text


def test_a_message_without_words_or_attachment_is_kept_as_unreadable():
    event = one(received(direct("")))
    assert (event.kind, event.text, event.person) == (UNREADABLE, "", THEM)


def test_an_encrypted_message_is_kept_as_unreadable_so_that_its_sender_gets_an_answer():
    payload = {
        "id": "e4f4d3fc-0000-4928-92eb-000000000000",
        "sender_id": THEM,
        "conversation_id": f"{THEM}:{US}",
        "created_at_msec": "1795330800250",
        "encoded_event": "AAAA",
    }
    event = one(activity("chat.received", payload))
    assert event == Said(
        channel="x_dm",
        account=US,
        person=THEM,
        platform_id="e4f4d3fc-0000-4928-92eb-000000000000",
        text="",
        kind=UNREADABLE,
        sent_at=datetime(2026, 11, 22, 7, 0, 0, 250_000),  # noqa: DTZ001  # the record keeps UTC without a zone
    )
    assert one(activity("chat.received", {**payload, "sender_id": US})) == Noted("own", US)
    assert one(activity("chat.received", {**payload, "id": None})) == Noted("incomplete", US)
    assert one(activity("chat.received", payload, account=None)) == Noted("incomplete")


@pytest.mark.parametrize("payload", [None, [], {}, {"direct_message_events": []}, {"direct_message_events": {}}])
def test_an_activity_that_tells_of_a_message_and_holds_none_is_counted_as_incomplete(payload):
    assert one(activity("dm.received", payload)) == Noted("incomplete", US)


# Posts


@pytest.mark.parametrize(
    "body",
    [
        activity("post.mention.create", new_post()),
        activity("post.reply.create", new_post(in_reply_to_user_id=US)),
        activity("post.reply.create", new_post(in_reply_to_user_id=US), account=None),
        activity("post.quote.create", new_post(entities={}, referenced_tweets=[{"type": "quoted", "id": "1"}])),
        posted(old_post()),
        posted(old_post(entities={}, in_reply_to_user_id=int(US))),
        posted(old_post(entities={}, in_reply_to_user_id=1, in_reply_to_user_id_str=US)),
        posted(old_post(entities={}, quoted_status={"id_str": "3", "user": {"id_str": US}})),
        posted(old_post(entities={}, extended_tweet={"entities": {"user_mentions": [{"id": int(US)}]}})),
    ],
)
def test_a_mention_a_reply_and_a_quote_are_reports_alike_in_both_forms(body):
    assert one(body) == Said(
        channel="x_mention",
        account=US,
        person=THEM,
        platform_id=POST_ID,
        text="@countyforce someone is smashing cars on Mill Lane",
        sent_at=datetime(2026, 11, 22, 3, 0, 5),  # noqa: DTZ001  # the record keeps UTC without a zone
    )


def test_one_post_told_as_a_mention_and_as_a_reply_has_one_id_though_its_events_have_two():
    mention = activity("post.mention.create", new_post(), event_uuid="1")
    reply = activity("post.reply.create", new_post(in_reply_to_user_id=US), event_uuid="2")
    assert one(mention) == one(reply)


@pytest.mark.parametrize(
    "body",
    [
        activity("post.mention.create", new_post(author_id=US)),
        activity("post.reply.create", new_post(author_id=int(US))),
        activity("post.quote.create", new_post(author_id=US)),
        posted(old_post(user={"id": int(US)})),
        posted(old_post(user={"id": int(US)}, retweeted_status={"id": 1})),
    ],
)
def test_our_own_posts_never_become_reports(body):
    assert one(body) == Noted("own", US)


@pytest.mark.parametrize(
    "body",
    [
        posted(old_post(retweeted_status={"id": 1, "user": {"id_str": US}})),
        activity("post.mention.create", new_post(referenced_tweets=[{"type": "retweeted", "id": "1"}])),
    ],
)
def test_reposts_are_only_counted(body):
    assert one(body) == Noted("repost", US)


def test_a_post_that_says_nothing_to_us_is_only_counted():
    mentions = {"user_mentions": [{"id_str": "3"}]}
    assert one(posted(old_post(entities=mentions, in_reply_to_user_id_str="3"))) == Noted("unaddressed", US)


@pytest.mark.parametrize("missing", [{"author_id": None}, {"id": None}, {"id": True}, {"author_id": "not an id!"}])
def test_a_post_of_which_nobody_can_say_whose_it_is_is_never_answered(missing):
    assert one(activity("post.mention.create", new_post(**missing))) == Noted("incomplete", US)


def test_a_mention_for_no_account_is_only_counted():
    assert one(activity("post.mention.create", new_post(), account=None)) == Noted("incomplete")
    assert one({"tweet_create_events": [old_post()]}) == Noted("incomplete")


@pytest.mark.parametrize(
    "longer",
    [
        {"truncated": True, "extended_tweet": {"full_text": "@countyforce all of it &amp; more"}},
        {"full_text": "@countyforce all of it &amp; more"},
        {"note_tweet": {"text": "@countyforce all of it &amp; more"}},
        {"note_tweet": {"text": "@countyforce all of it &amp; more"}, "extended_tweet": {"full_text": "less"}},
    ],
)
def test_a_long_post_is_read_to_its_end(longer):
    assert one(posted(old_post("@countyforce all of…", **longer))).text == "@countyforce all of it & more"


@pytest.mark.parametrize("longer", [{"note_tweet": {"text": " "}}, {"extended_tweet": {}}, {"note_tweet": None}])
def test_an_empty_longer_form_does_not_hide_the_text(longer):
    assert one(activity("post.mention.create", new_post("hello", **longer))).text == "hello"


@pytest.mark.parametrize(
    "media",
    [
        {"attachments": {"media_keys": ["3_1"]}},
        {"entities": {"media": [{"id": 1}]}},
        {"extended_entities": {"media": [1]}},
    ],
)
def test_a_post_that_is_a_picture_alone_is_kept_as_an_attachment(media):
    event = one(activity("post.reply.create", new_post("", **media)))
    assert (event.kind, event.text) == (ATTACHMENT, "")


def test_a_post_without_words_or_pictures_is_kept_as_unreadable():
    assert one(activity("post.mention.create", new_post(None))).kind == UNREADABLE


def test_the_id_with_all_its_figures_is_taken_before_the_number_that_may_have_lost_some():
    assert one(posted(old_post(id=2090000000000000000, id_str=POST_ID))).platform_id == POST_ID
    assert one(posted(old_post(id=7, id_str=None))).platform_id == "7"


def test_a_post_taken_down_is_deleted():
    assert one(activity("post.delete", {"id": POST_ID, "author_id": THEM})) == Deleted("x_mention", US, POST_ID)
    told = {"status": {"id": POST_ID, "user_id": THEM}, "timestamp_ms": "1795330800250"}
    assert one({"for_user_id": US, "tweet_delete_events": [told]}) == Deleted("x_mention", US, POST_ID)


def test_a_deletion_that_names_no_post_is_only_counted():
    assert one(activity("post.delete", {"author_id": THEM})) == Noted("incomplete", US)
    assert one({"for_user_id": US, "tweet_delete_events": [{"status": None}]}) == Noted("incomplete", US)


# Times


@pytest.mark.parametrize(
    ("changes", "time"),
    [
        ({"created_at": "2026-11-22T03:00:05Z"}, (2026, 11, 22, 3, 0, 5)),
        ({"created_at": "2026-11-22T04:00:05+01:00"}, (2026, 11, 22, 3, 0, 5)),
        ({"created_at": "2026-11-22T03:00:05"}, (2026, 11, 22, 3, 0, 5)),
        ({"created_at": "Sun Nov 22 04:30:05 +0130 2026"}, (2026, 11, 22, 3, 0, 5)),
        ({"created_at": None, "timestamp_ms": "1795330800250"}, (2026, 11, 22, 7, 0, 0, 250_000)),
        ({"created_at": "soon", "timestamp_ms": 1795330800250}, (2026, 11, 22, 7, 0, 0, 250_000)),
        ({"created_at": "0001-01-01T00:00:00+05:00"}, (2026, 8, 19, 8, 56, 44, 979_000)),
        ({"created_at": "9999-12-31T23:59:59-05:00"}, (2026, 8, 19, 8, 56, 44, 979_000)),
        ({"created_at": "1066-10-14T09:00:00Z"}, (2026, 8, 19, 8, 56, 44, 979_000)),
        ({"created_at": "9999999999999999"}, (2026, 8, 19, 8, 56, 44, 979_000)),
        ({"created_at": True}, (2026, 8, 19, 8, 56, 44, 979_000)),
        ({"created_at": None}, (2026, 8, 19, 8, 56, 44, 979_000)),
        ({"created_at": None, "id": "77"}, None),
    ],
)
def test_the_time_is_the_one_told_in_any_form_and_the_id_s_own_only_where_none_is(changes, time):
    event = one(activity("post.mention.create", new_post(**changes)))
    assert event.sent_at == (datetime(*time) if time else None)  # noqa: DTZ001  # the record keeps UTC without a zone


# Everything else


@pytest.mark.parametrize(
    "event_type",
    ["post.create", "post.repost.create", "chat.sent", "dm.read", "dm.indicate_typing", "follow.follow", "like.create",
     "profile.update.bio", "chat.conversation.member_added", "something.new"],
)  # fmt: skip
def test_other_activities_are_counted_under_their_names(event_type):
    assert one(activity(event_type, {"id": POST_ID, "author_id": THEM})) == Noted(event_type, US)


@pytest.mark.parametrize("event_type", [None, 7, "", "Help me, he has a knife", "x" * 41, "dm.received\n"])
def test_a_name_that_is_none_of_the_protocol_s_is_never_repeated(event_type):
    assert one(activity(event_type, {})) == Noted("unknown", US)


@pytest.mark.parametrize(
    "body",
    [
        activity("oauth.revoke", {"user_id": US, "app_id": "5"}, account=None),
        activity("oauth.revoke", {"user_id": US, "app_id": "5"}),
        {"user_event": {"revoke": {"target": {"app_id": "5"}, "source": {"user_id": US}}}},
    ],
)
def test_access_taken_away_is_noted_for_its_account(body):
    assert one(body) == Noted("oauth.revoke", US)


@pytest.mark.parametrize(
    "name",
    ["favorite_events", "follow_events", "block_events", "mute_events", "direct_message_indicate_typing_events",
     "direct_message_mark_read_events"],
)  # fmt: skip
def test_the_older_envelope_s_other_events_are_counted(name):
    assert one({"for_user_id": US, name: [{}, {}], "users": {}}) == Noted(name, US)


@pytest.mark.parametrize("body", [{}, {"for_user_id": US}, {"for_user_id": US, "direct_message_events": []}, {"x": 1}])
def test_a_body_that_tells_nothing_is_counted_as_unknown(body):
    assert one(body) == Noted("unknown", body.get("for_user_id", ""))


@pytest.mark.parametrize("body", [None, [], [activity("post.create", {})], "text", 7, True, 1.5])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(Unreadable, match="JSON object") as refusal:
        read(body)
    assert "text" not in str(refusal.value)


@pytest.mark.parametrize("bad", [None, 7, "x", [], {}, {"message_create": None}, {"message_create": {}}, {"id": 1}])
def test_one_bad_item_never_spoils_its_neighbours(bad):
    first, middle, last = read(received(direct("before"), bad, direct("after")))
    assert (first.text, last.text) == ("before", "after")
    assert isinstance(middle, Noted)
    assert middle.kind in {"unknown", "incomplete"}
    first, middle, last = read(posted(old_post("before"), bad, old_post("after")))
    assert (first.text, middle, last.text) == ("before", Noted("incomplete", US), "after")


@pytest.mark.parametrize(
    "number", [pytest.param(10**5000, id="huge"), -1, 1.0, float("nan"), True, [], {}, "a b", "../..", "x" * 129, ""]
)
def test_what_cannot_be_an_id_is_taken_for_none(number):
    assert one(received(direct(sender=number))) == Noted("incomplete", US)


# Whatever comes

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([US, THEM, POST_ID]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=12), children, max_size=3),
    max_leaves=10,
)
BODIES = [
    received(direct(attachment=photo()), direct("ours", sender=US, recipient=THEM)),
    posted(old_post(extended_tweet={"full_text": "longer"}), old_post(quoted_status={"user": {"id_str": US}})),
    {"for_user_id": US, "tweet_delete_events": [{"status": {"id": POST_ID, "user_id": THEM}}]},
    {"user_event": {"revoke": {"source": {"user_id": US}}}, "favorite_events": [{}]},
    *(activity(kind, new_post(note_tweet={"text": "long"}, referenced_tweets=[{"type": "replied_to"}]))
      for kind in ("post.mention.create", "post.reply.create", "post.quote.create", "post.delete", "post.create")),
    *(activity(kind, {"direct_message_events": [direct(attachment=photo())]}) for kind in ("dm.received", "dm.sent")),
    activity("chat.received", {"id": "e4-f4", "sender_id": THEM, "created_at_msec": "1795330800250"}),
]  # fmt: skip


def places(value, at=()):
    """The path of every value within."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*at, key)
        yield from places(child, (*at, key))


def check(events):
    """What every other part of Signpost may count on."""
    assert events
    for event in events:
        assert isinstance(event, (Said, Echoed, Deleted, Noted))
        json.dumps([event.account, getattr(event, "text", "")]).encode()
        if isinstance(event, Noted):
            assert len(event.kind) <= 40
            continue
        assert event.channel in {"x_dm", "x_mention"}
        assert event.account
        assert event.platform_id
        if isinstance(event, Said):
            assert event.person not in {"", event.account}
            assert event.kind in KINDS
            assert bool(event.text) == (event.kind == TEXT)
            event.text.encode()
            assert event.sent_at is None or event.sent_at.tzinfo is None


@given(JSON)
@settings(deadline=None)
def test_any_json_is_read_or_refused(body):
    try:
        check(read(body))
    except Unreadable:
        assert not isinstance(body, dict)


@given(st.sampled_from(BODIES), st.data())
@settings(deadline=None, max_examples=300)
def test_no_value_in_another_s_place_does_any_harm(body, data):
    changed = copy.deepcopy(body)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(places(changed), key=str)))
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[path[-1]] = data.draw(JSON)
        else:
            del holder[path[-1]]
        if not changed:
            break
    check(read(changed))
