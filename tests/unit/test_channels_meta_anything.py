"""Whatever JSON a webhook's body is, reading it gives events or says that it is unreadable, and never fails."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signpost.channels.events import KINDS, Deleted, Echoed, Edited, HandedOver, Noted, Said, Unreadable
from signpost.channels.meta import read
from signpost.channels.text import storable

PATIENT = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code's."""
KEYS = (
    "object", "entry", "id", "time", "messaging", "standby", "changes", "field", "value", "sender", "recipient",
    "timestamp", "message", "mid", "text", "attachments", "type", "payload", "sticker_id", "reply_to", "story",
    "quick_reply", "is_echo", "is_deleted", "is_unsupported", "is_self", "app_id", "metadata", "postback", "title",
    "message_edit", "num_edit", "pass_thread_control", "new_owner_app_id", "item", "verb", "comment_id", "post_id",
    "from", "created_time", "review_text", "open_graph_story_id", "reviewer_id", "reaction",
)  # fmt: skip
WORDS = (
    "page", "instagram", "feed", "comments", "messages", "standby", "mention", "ratings", "add", "edit", "remove",
    "comment", "post", "rating", "image", "sticker", "0", "20011", "17841400000000011", "true", "2026-09-21T14:13:20Z",
    "1790000000", "\ud800", "\x00", "",
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**17, 10**40)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(WORDS)
    | st.text(st.characters(categories=("Cs", "Cc", "Nd", "Lo")), max_size=5)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=10,
)
ITEMS = st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=4)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "id": LEAVES,
        "time": LEAVES,
        "messaging": st.lists(ITEMS, max_size=2),
        "standby": st.lists(ITEMS, max_size=1),
        "changes": st.lists(st.fixed_dictionaries({"field": st.sampled_from(WORDS), "value": ITEMS}), max_size=2),
        "field": st.sampled_from(WORDS),
        "value": ITEMS,
    },
)
ENVELOPES = st.fixed_dictionaries(
    {"entry": st.lists(ENTRIES | ANYTHING, max_size=2)}, optional={"object": st.sampled_from(("page", "instagram"))}
)
REAL: list[dict[str, Any]] = [
    {
        "object": "page",
        "entry": [
            {
                "id": "20011",
                "time": 1790000001000,
                "messaging": [
                    {
                        "sender": {"id": "70021"},
                        "recipient": {"id": "20011"},
                        "timestamp": 1790000000500,
                        "message": {
                            "mid": "m_1",
                            "text": "he took my phone",
                            "reply_to": {"story": {"id": "s", "url": "u"}},
                            "attachments": [{"type": "image", "payload": {"url": "u", "sticker_id": 3}}],
                        },
                    },
                    {
                        "sender": {"id": "70021"},
                        "recipient": {"id": "20011"},
                        "timestamp": 1790000000500,
                        "message_edit": {"mid": "m_1", "text": "he took my bag", "num_edit": 1},
                    },
                ],
            }
        ],
    },
    {
        "object": "page",
        "entry": [
            {
                "id": "20011",
                "time": 1790000060,
                "changes": [
                    {
                        "field": "feed",
                        "value": {
                            "item": "comment",
                            "verb": "add",
                            "comment_id": "555_777",
                            "post_id": "20011_555",
                            "from": {"id": "70021", "name": "Pat"},
                            "message": "who do I call?",
                            "created_time": 1790000000,
                        },
                    }
                ],
            }
        ],
    },
    {
        "object": "instagram",
        "entry": [
            {
                "id": "17841400000000011",
                "time": 1790000060,
                "field": "comments",
                "value": {"id": "18000000000000001", "text": "help", "from": {"id": "70021", "username": "pat"}},
            }
        ],
    },
]


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """The way to every part of a JSON value."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, part in within for place in places(part, (*path, name)))]


def changed(body: Any, path: tuple, new: Any) -> Any:
    """The body with another value in one place; the key itself goes where the new value is ``...``."""
    if not path:
        return new
    copy = deepcopy(body)
    inside = copy
    for name in path[:-1]:
        inside = inside[name]
    if new is ...:
        del inside[path[-1]]
    else:
        inside[path[-1]] = new
    return copy


@st.composite
def spoilt(draw: Any) -> Any:
    body = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(1, 3))):
        body = changed(body, draw(st.sampled_from(places(body))), draw(st.just(...) | ANYTHING))
    return body


def check(body: Any) -> None:
    try:
        events = read(body)
    except Unreadable:
        return
    for event in events:
        assert isinstance(event, Said | Edited | Deleted | Echoed | HandedOver | Noted)
        if isinstance(event, Noted):
            assert event.kind
            assert set(event.kind) <= set("abcdefghijklmnopqrstuvwxyz_")
            continue
        assert 0 < len(event.account) <= 128
        ids = [getattr(event, name, "") for name in ("account", "person", "platform_id", "to_app", "app_id")]
        assert all(isinstance(one, str) and len(one) <= 224 and storable(one) == one for one in ids)
        if not isinstance(event, HandedOver):
            assert event.platform_id
        if isinstance(event, Said | Edited | Echoed):
            assert storable(event.text) == event.text
        if isinstance(event, Said):
            assert event.kind in KINDS
            assert event.sent_at is None or 2004 <= event.sent_at.year < 2100


@PATIENT
@given(ANYTHING)
def test_any_json_is_read_or_unreadable(body):
    check(body)


@PATIENT
@given(ENVELOPES)
def test_any_envelope_is_read(body):
    assert isinstance(read(body), list)
    check(body)


@PATIENT
@given(spoilt())
def test_a_real_payload_with_parts_changed_or_missing_is_read_or_unreadable(body):
    check(body)


@PATIENT
@given(ANYTHING)
def test_whatever_stands_between_two_messages_both_are_read(between):
    first, last = deepcopy(REAL[0]["entry"][0]["messaging"][0]), deepcopy(REAL[0]["entry"][0]["messaging"][0])
    last["message"]["mid"] = "m_2"
    events = read({"object": "page", "entry": [{"id": "20011", "messaging": [first, between, last]}]})
    assert len(events) == 3
    assert [(event.platform_id, event.text) for event in (events[0], events[2])] == [
        ("m_1", "he took my phone"),
        ("m_2", "he took my phone"),
    ]


def test_a_body_nested_deeper_than_python_goes_is_read():
    deep: Any = {"id": "70021"}
    for _ in range(100_000):
        deep = [deep]
    body = changed(REAL[0], ("entry", 0, "messaging", 0, "sender"), {"id": deep})
    assert read(body)[0] == Noted("incomplete", "20011")
    assert (
        len(read({"object": "page", "entry": [{"id": "1", "messaging": deep}, deep, {"id": "1", "changes": [deep]}]}))
        == 3
    )


def test_what_was_read_names_nothing_that_json_could_not_say():
    for body in REAL:
        assert [event.platform_id for event in read(json.loads(json.dumps(body)))] == [
            event.platform_id for event in read(body)
        ]
