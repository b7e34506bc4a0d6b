"""Payloads that other projects met: every one is read without a fault, as what its keepers say it is."""

import json

from platform_fake.recorded import RECORDINGS, recorded

from signpost.channels.events import Edited, Said, Unreadable
from signpost.channels.meta import read

FOLDERS = ("facebook/restfb/", "facebook/botbuilder_community/", "instagram/")
WRITTEN = {"comment", "post", "status", "photo", "video", "share", "rating"}
NO_ENVELOPE = {
    "instagram/go-meta-webhooks/entry__handles_unsupported_object_entries.json",
    "instagram/go-meta-webhooks/entry__missing_signature.json",
}
"""Bodies that are deliberately no envelope of Meta's."""


def webhooks() -> list[dict]:
    known = recorded("manifest.json")
    # A part of them is kept back, and listed all the same.
    return [one for one in known if one["path"].startswith(FOLDERS) and (RECORDINGS / one["path"]).is_file()]


def body_of(payload: dict) -> object:
    return json.loads((RECORDINGS / payload["path"]).read_bytes())


def events_of(payload: dict) -> list | None:
    try:
        return read(body_of(payload))
    except Unreadable:
        return None


def expected(event: str) -> set[str]:
    """What may come of a thing, by the name under which the payloads' keepers list it."""
    part, _, rest = event.partition(":")
    if part == "changes":
        return of_change(*rest.split(":"))
    if not rest.startswith("message["):
        kinds = {"postback": "Said", "message_edit": "Edited"}
        return {kinds.get(rest, "HandedOver" if rest in {"pass_thread_control", "take_thread_control"} else "Noted")}
    flags = set(rest[len("message[") : -1].split(","))
    for flag, kind in (("is_deleted", "Deleted"), ("is_echo", "Echoed"), ("text", "Said"), ("is_unsupported", "Said")):
        if flag in flags:
            return {kind}
    return {"Said", "Noted"}


def of_change(field: str, item: str, verb: str) -> set[str]:
    if field in {"comments", "live_comments"}:
        return {"Said"}
    if field not in {"feed", "mention", "ratings"} or item not in WRITTEN:
        return {"Noted"}
    # Noted: the page's own, and what has no words.
    verbs = {
        "add": {"Said", "Noted"},
        "edited": {"Edited", "Noted"},
        "edit": {"Edited", "Noted"},
        "remove": {"Deleted"},
    }
    return verbs.get(verb, {"Noted"})


def needs_no_answer(body: dict) -> bool:
    """A page's own post, or one that was hidden or muted: the only payloads with words from which nothing is stored."""
    for entry in body["entry"]:
        for change in entry.get("changes", []):
            value = change["value"]
            own = str(value.get("from", {}).get("id")) == str(entry["id"])
            if own or value.get("verb", "add") not in {"add", "edited", "edit"}:
                return True
    return False


def test_every_payload_is_read_as_what_its_keepers_say_it_is():
    for payload in webhooks():
        events = events_of(payload)
        if not payload["events"] or payload["path"] in NO_ENVELOPE or payload["events"][0].startswith("error"):
            assert not events, payload["path"]
            continue
        allowed = set().union(*map(expected, payload["events"]))
        assert events is not None, payload["path"]
        assert len(events) == len(payload["events"]), payload["path"]
        assert {type(event).__name__ for event in events} <= allowed, payload["path"]


def test_whatever_somebody_wrote_is_stored_unless_it_needs_no_answer():
    for payload in webhooks():
        stored = [event for event in events_of(payload) or [] if isinstance(event, Said | Edited)]
        if payload["has_inbound_text"] and not needs_no_answer(body_of(payload)):
            assert any(event.text for event in stored), payload["path"]


def test_whatever_is_stored_has_its_account_its_id_and_a_plausible_time():
    for payload in webhooks():
        for event in events_of(payload) or []:
            if isinstance(event, Said):
                assert event.account, payload["path"]
                assert event.platform_id, payload["path"]
                assert event.sent_at is None or event.sent_at.year > 2010, payload["path"]
