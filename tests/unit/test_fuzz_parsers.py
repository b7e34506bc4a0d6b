"""Whatever arrives, the parsers make events of it that can be stored, or say that it is none of their platform's."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone

import fuzz.__main__ as command
import pytest
from click.testing import CliRunner
from fuzz.cases import FAILED, NOT_JSON, OUTCOMES, READ, READERS, UNREADABLE, Case, run
from fuzz.meta_bodies import META
from fuzz.mutation import NAMES, NASTY
from fuzz.rules import broken
from fuzz.x_bodies import X
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signpost.channels.events import KINDS, Deleted, Echoed, Edited, Event, HandedOver, Noted, Said, Unreadable
from signpost.intake.bodies import decoded

BODIES = {"meta": META, "x": X}
NO_WEBHOOK = {"about people"}
CASES = 4_000


def read(platform: str, body: object) -> Sequence[Event] | None:
    """The events, once it is certain that they keep to the rules; none for what is unreadable."""
    try:
        events = READERS[platform](body)
    except Unreadable:
        return None
    assert broken(events, platform) == ""
    return events


# The bodies that are broken


@pytest.mark.parametrize(
    ("platform", "name"), [(platform, name) for platform, bodies in BODIES.items() for name in bodies]
)
def test_each_body_is_one_that_its_platform_could_send(platform, name):
    sent = decoded(json.dumps(BODIES[platform][name]).encode())
    assert (read(platform, sent) is None) == (name in NO_WEBHOOK)


def test_the_bodies_hold_every_event_there_is():
    events = [
        event for platform, bodies in BODIES.items() for body in bodies.values() for event in read(platform, body) or ()
    ]
    assert {type(event) for event in events} == {Said, Edited, Deleted, Echoed, HandedOver, Noted}
    assert {event.kind for event in events if isinstance(event, Said)} == set(KINDS)
    assert {event.channel for event in events if isinstance(event, Said)} == {
        *("messenger", "facebook_comment", "instagram_dm", "instagram_comment", "x_dm", "x_mention")
    }
    assert any(event.standby for event in events if isinstance(event, Said))


# Broken in every way


def test_thousands_of_broken_webhooks_do_no_harm():
    rng = random.Random()
    cases = [run(number, rng) for number in range(CASES)]
    assert [case for case in cases if case.outcome == FAILED] == []
    outcomes = Counter(case.outcome for case in cases)
    assert all(outcomes[outcome] > CASES / 50 for outcome in (READ, UNREADABLE, NOT_JSON))
    named = Counter(name for case in cases for name in case.events)
    assert all(named[kind.__name__] > 0 for kind in (Said, Edited, Deleted, Echoed, HandedOver, Noted))


def test_the_same_number_is_the_same_case_whatever_came_before():
    forwards = [run(number, random.Random()) for number in range(300)]
    rng = random.Random(5)
    assert [run(number, rng) for number in reversed(range(300))] == forwards[::-1]


PATIENT = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code's."""
JSON = st.recursive(
    st.sampled_from([one for one in NASTY if len(str(one)) < 500])
    | st.text(max_size=20)
    | st.integers()
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)
ITEM = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6)


@PATIENT
@given(body=JSON)
def test_any_json_at_all_is_read_or_unreadable(body):
    for platform in BODIES:
        read(platform, body)


@PATIENT
@given(
    items=st.lists(JSON | ITEM, max_size=3),
    part=st.sampled_from(["messaging", "standby", "changes"]),
    about=st.sampled_from(["page", "instagram", None]),
    account=JSON | st.just("100000000000001"),
)
def test_any_json_in_the_place_of_metas_events_is_read(items, part, about, account):
    assert read("meta", {"object": about, "entry": [{"id": account, "time": 1, part: items}]}) is not None


@PATIENT
@given(
    event_type=st.sampled_from(["dm.received", "dm.sent", "post.mention.create", "post.delete", "chat.received"])
    | JSON,
    payload=JSON | ITEM | st.fixed_dictionaries({"direct_message_events": st.lists(JSON | ITEM, max_size=3)}),
    account=JSON | st.just("1000000001"),
)
def test_any_json_in_the_place_of_xs_events_is_read(event_type, payload, account):
    assert read("x", {"data": {"event_type": event_type, "filter": {"user_id": account}, "payload": payload}})


# A failure is found and told


def failing(_body: object) -> list[Event]:
    raise KeyError("the words of a person")


@pytest.mark.parametrize("platform", BODIES)
def test_a_parser_that_falls_over_is_found_with_its_place_and_not_with_its_words(platform):
    readers = {**READERS, platform: failing}
    failed = [case for number in range(100) if (case := run(number, random.Random(), readers)).outcome == FAILED]
    assert failed
    assert all(case.fault.startswith(f"{platform}: KeyError at test_fuzz_parsers.py:") for case in failed)
    assert "the words of a person" not in repr([case.fault for case in failed])


def test_a_step_before_the_parsers_that_falls_over_is_found(monkeypatch):
    monkeypatch.setattr("fuzz.cases.decoded", failing)
    failed = [case for number in range(100) if (case := run(number, random.Random())).outcome == FAILED]
    assert failed
    assert all(case.fault.startswith("KeyError at ") for case in failed)


SAID = {"channel": "messenger", "account": "1", "person": "2", "platform_id": "3", "text": "Hello"}


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (Said(**SAID), ""),
        (Said(**{**SAID, "person": ""}), ""),
        (Said(**{**SAID, "text": "Zoë\n\tand 🚨"}), ""),
        (Noted("dm.received"), ""),
        (Said(**{**SAID, "channel": "x_dm"}), "a channel of another platform"),
        (Said(**{**SAID, "account": ""}), "no account"),
        (Said(**{**SAID, "platform_id": ""}), "no platform_id"),
        (Said(**{**SAID, "account": "1" * 129}), "account: longer than the record has room for"),
        (Said(**{**SAID, "person": "1" * 256}), "person: longer than the record has room for"),
        (Said(**{**SAID, "platform_id": "1" * 225}), "platform_id: longer than the record has room for"),
        (Said(**{**SAID, "person": 2}), "person: not a string"),
        (Said(**{**SAID, "text": None}), "text: not a string"),
        (Said(**{**SAID, "text": "a\x00"}), "text: with what can't be stored"),
        (Said(**{**SAID, "text": "\ud83d"}), "text: with what can't be stored"),
        (Said(**SAID, kind="shout"), "a kind or a standby that doesn't exist"),
        (Said(**SAID, standby=1), "a kind or a standby that doesn't exist"),
        (Said(**SAID, sent_at=datetime(2026, 1, 1, tzinfo=timezone.utc)), "a time with a zone"),
        (Said(**SAID, sent_at=1), "a time with a zone"),
        (Edited(**SAID, revision=""), "no revision"),
        (Edited(**SAID, revision="1" * 31), "revision: longer than the record has room for"),
        (Echoed(**SAID, metadata="\x00"), "metadata: with what can't be stored"),
        (HandedOver("messenger", "1", "2", None), "to_app: not a string"),
        (Deleted("messenger", "1", ""), "no platform_id"),
        (Noted("Some words of a person"), "a kind that isn't a plain name"),
        (Noted("read", None), "account: not a string"),
        ("event", "no event"),
    ],
)
def test_an_event_that_breaks_a_rule_is_found(event, rule):
    assert broken([event], "meta") == rule
    if rule:
        readers = dict.fromkeys(READERS, lambda _body: [Noted("read"), event])
        assert any(rule in run(number, random.Random(), readers).fault for number in range(20))


def test_what_is_no_list_of_events_is_found():
    assert broken((), "meta") == "not a list"
    assert broken(None, "x") == "not a list"


# The command


def test_the_command_counts_what_came_of_every_case():
    result = CliRunner().invoke(command.main, ["--cases", "150", "--seed", "7"])
    assert result.exit_code == 0, result.output
    last = result.stdout.splitlines()[-1]
    assert last.startswith("150 cases in ")
    counts = [int(part.rsplit(" ", 1)[1]) for part in last.split(": ")[1].split(", ")]
    assert (len(counts), sum(counts), counts[-1]) == (len(OUTCOMES), 150, 0)


def test_the_command_tells_each_failure_with_what_to_type_and_ends_with_status_1(monkeypatch):
    monkeypatch.setattr(command, "AT_ONCE", 8)
    seen: list[int] = []

    def one(number: int, _rng: random.Random) -> Case:
        seen.append(number)
        return Case(FAILED, fault=f"x: KeyError at {number}", of="{}") if number % 2 else Case(READ, ("Said",))

    monkeypatch.setattr(command, "run", one)
    result = CliRunner().invoke(command.main, ["--cases", "30", "--seed", "100"])
    assert result.exit_code == 1
    assert seen == list(range(100, 130))
    assert "x: KeyError at 101\n  again: python -m tests.fuzz --cases 1 --seed 101\n" in result.stderr
    assert result.stderr.count("again:") == 10
    assert result.stdout.splitlines()[-1].endswith("read 15, unreadable 0, not JSON 0, failed 15")
