"""Bodies that X and other projects published, read where they lie."""

import json

import pytest
from platform_fake.recorded import RECORDINGS

from signpost.channels.events import UNREADABLE, Deleted, Echoed, Noted, Said
from signpost.channels.x import crc_response, read
from signpost.channels.x_values import moment

FOLDERS = ("x/xaa/", "x/aaa/", "x/chatwoot/")
TOLD = {
    "xaa:dm.received": Said,
    "xaa:chat.received": Said,
    "xaa:post.mention.create": Said,
    "xaa:post.reply.create": Said,
    "xaa:post.quote.create": Said,
    "xaa:dm.sent": Echoed,
    "xaa:post.delete": Deleted,
    "aaa:direct_message_events": Said,
    "aaa:tweet_create_events": Said,
    "aaa:tweet_delete_events": Deleted,
}
"""What each kind of event is read as; all others are only counted."""
OWN_OR_REPOSTED = ()
"""Files with an inbound text that is nobody's report. There are none so far."""


def payloads():
    manifest = RECORDINGS / "manifest.json"
    entries = json.loads(manifest.read_text("utf-8")) if manifest.exists() else []
    return [one for one in entries if one["path"].startswith(FOLDERS) and (RECORDINGS / one["path"]).exists()]


needs_payloads = pytest.mark.skipif(not payloads(), reason="the published payloads aren't on this machine")


def events_of(entry):
    return read(json.loads((RECORDINGS / entry["path"]).read_text("utf-8")))


@needs_payloads
@pytest.mark.parametrize("entry", payloads(), ids=lambda entry: entry["path"])
def test_every_published_payload_is_read_as_what_it_is(entry):
    (event,) = events_of(entry)
    (kind,) = entry["events"]
    assert type(event) is TOLD.get(kind, Noted)
    if isinstance(event, Noted):
        assert event.kind not in {"unknown", "incomplete", "unaddressed"}
    if entry["has_inbound_text"] and entry["path"] not in OWN_OR_REPOSTED:
        assert isinstance(event, Said)
        assert event.text


@needs_payloads
def test_what_was_said_in_them_is_read_whole():
    said = [event for entry in payloads() for event in events_of(entry) if isinstance(event, Said)]
    assert len(said) >= 5
    for event in said:
        assert event.text or event.kind == UNREADABLE
        assert event.person != event.account
        assert event.sent_at is not None


@needs_payloads
def test_the_time_in_x_s_ids_is_the_time_x_tells():
    compared = 0
    for entry in payloads():
        for event in events_of(entry):
            if not isinstance(event, Said):
                continue
            in_id = moment(platform_id=event.platform_id)
            # Ids that were made up for an example tell another time than the event does.
            if in_id is not None and "0" * 9 not in event.platform_id:
                assert abs((in_id - event.sent_at).total_seconds()) < 1.5
                compared += 1
    assert compared >= 3


def vectors():
    file = RECORDINGS / "known_answers" / "signatures.json"
    return [one for one in json.loads(file.read_text("utf-8")) if one["kind"] == "crc"] if file.exists() else []


@pytest.mark.skipif(not vectors(), reason="the platforms' known answers aren't on this machine")
def test_the_challenge_is_answered_as_x_expects():
    for vector in vectors():
        assert crc_response(vector["input"], vector["secret"]) == {"response_token": vector["expected"]}


def test_the_answer_to_a_challenge_depends_on_both_the_token_and_the_secret():
    answers = [crc_response("a", "s"), crc_response("b", "s"), crc_response("a", "t"), crc_response("\ud800", "s")]
    assert len({answer["response_token"] for answer in answers}) == 4
    assert all(answer["response_token"].startswith("sha256=") for answer in answers)
