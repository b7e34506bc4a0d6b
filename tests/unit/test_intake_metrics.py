"""What whoever watches the service can see of intake: its health, and its counts, which tell nothing about anybody."""

import time
from collections import Counter

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs
from test_intake import BODY, META, PERSON, PRIVATE, FakeTaker, Platform, parts_for

from signpost.intake.metrics import MOST_KINDS
from signpost.intake.receiving import Tally
from signpost.log.database import open_engine, reading
from signpost.log.models import AccountState
from signpost.log.states import raise_alert

PAGE = "100000000000001"


@pytest.fixture
def platform(record) -> Platform:
    return Platform(parts_for(reads=record.reads, clock=record.clock))


def values(platform: Platform) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels."""
    response = platform.ask("/metrics")
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


# Health


def test_health_is_good_while_the_record_answers(platform):
    response = platform.ask("/health")
    assert (response.status_code, response.json) == (200, {"ready": True})


def test_health_is_bad_when_the_record_does_not_answer(tmp_path):
    for url in (f"sqlite:///{tmp_path / 'no' / 'folder.db'}", f"sqlite:///{tmp_path / 'no_tables.db'}"):
        response = Platform(parts_for(reads=reading(open_engine(url)))).ask("/health")
        assert (response.status_code, "signpost status" in response.json["error"]) == (503, True)


def test_health_is_asked_as_often_as_one_likes(platform):
    assert {platform.ask("/health").status_code for _ in range(70)} == {200}


# Who may see the counts


def test_without_a_token_this_machine_alone_may_read(platform):
    for address, allowed in (
        ("127.0.0.1", True),
        ("::1", True),
        ("192.0.2.1", False),
        ("127.0.0.10", False),
        ("", False),
    ):
        response = platform.ask("/metrics", environ_base={"REMOTE_ADDR": address})
        assert (response.status_code == 200) is allowed
        assert (response.status_code == 403) is not allowed


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_request_that_a_proxy_passed_on_is_not_from_this_machine(header, proxies):
    platform = Platform(parts_for(proxies=proxies))
    for value in ("127.0.0.1", "192.0.2.1", "for=127.0.0.1", ""):
        assert platform.ask("/metrics", headers={header: value}).status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        *(("Bearer let-me-see", 200), ("Bearer let-me-se", 403), ("Bearer let-me-seee", 403), ("bearer", 403)),
        *(("let-me-see", 403), ("Bearer ", 403), ("Basic bGV0LW1lLXNlZQ==", 403), ("Bearer \xe9", 403), (None, 403)),
    ],
)
@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.1"])
def test_with_a_token_whoever_bears_it_may_read_from_anywhere_and_nobody_else(given, status, address):
    platform = Platform(parts_for(metrics_token="let-me-see"))
    headers = {} if given is None else {"Authorization": given}
    assert platform.ask("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == status


# What is counted


def test_webhooks_are_counted_by_platform_and_answer_and_timed(platform):
    for _ in range(2):
        platform.post(BODY, "x")
    platform.post(BODY)
    platform.post(BODY[:-1])
    platform.post(BODY, headers={})
    platform.ask("/webhooks/meta")
    assert platform.counts("signpost_webhooks_total") == {
        ("x", "200"): 2,
        ("meta", "200"): 1,
        ("meta", "400"): 1,
        ("meta", "403"): 1,
    }
    assert values(platform)["signpost_webhook_seconds_count", "meta"] == 3
    assert 0 < values(platform)["signpost_webhook_seconds_sum", "meta"] < 5


def test_events_are_counted_by_what_came_of_them():
    class Taker(FakeTaker):
        def take(self, events):
            return Tally(3, 2, 1, 4, Counter(read=5, delivery=1))

    platform = Platform(parts_for(Taker()))
    platform.post(BODY)
    platform.post(BODY)
    expected = {"stored": 6, "known": 4, "erased": 2, "unknown_account": 8, "read": 10, "delivery": 2}
    assert platform.counts("signpost_events_total") == {("meta", kind): number for kind, number in expected.items()}


def test_what_was_not_stored_counts_as_no_event():
    platform = Platform(parts_for(FakeTaker(RuntimeError())))
    platform.post(BODY)
    assert platform.counts("signpost_events_total") == {}


def test_however_many_kinds_a_platform_invents_only_a_hundred_are_told_apart():
    kinds = iter([f"kind_{a}{b}" for a in "abcdefghijkl" for b in "abcdefghij"])

    class Taker(FakeTaker):
        def take(self, events):
            return Tally(noted=Counter([next(kinds), "kind_aa"]))

    platform = Platform(parts_for(Taker()))
    for _ in range(120):
        platform.post(BODY)
    counted = platform.counts("signpost_events_total")
    assert len(counted) == MOST_KINDS + 1
    assert counted["meta", "other"] == 20
    assert counted["meta", "kind_aa"] == 121


def test_a_kind_that_could_be_anything_counts_as_other():
    odd = [*("stored", "unknown_account", "", "Read", "a" * 41, "5550123", "two words", 'a"b', "é", "a\nb")]

    class Taker(FakeTaker):
        def take(self, events):
            return Tally(noted=Counter(odd))

    platform = Platform(parts_for(Taker()))
    platform.post(BODY)
    assert platform.counts("signpost_events_total") == {("meta", "other"): len(odd)}


@pytest.fixture
def in_another_time_zone(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_another_time_zone")
def test_the_record_s_standing_is_read_when_somebody_asks(platform, record):
    assert values(platform)["signpost_messages_waiting",] == 0
    record.receive("my bike's gone", person=PERSON)
    record.clock.advance(seconds=90)
    with record.sessions.begin() as session:
        raise_alert(session, "token_expired", PAGE, "Somebody must look.", record.clock())
        session.add(
            AccountState(
                platform="facebook", account=PAGE, watched_since=record.clock(), last_received_at=record.clock()
            )
        )
    found = values(platform)
    expected = {
        ("signpost_record_up",): 1,
        ("signpost_messages_waiting",): 1,
        ("signpost_oldest_waiting_seconds",): 90,
        ("signpost_replies_waiting",): 0,
        ("signpost_replies_failed_total",): 0,
        ("signpost_alerts_open", "token_expired"): 1,
        ("signpost_account_last_received_timestamp_seconds", PAGE, "facebook"): 1795316490,
    }
    assert {name: found[name] for name in expected} == expected


def test_the_counts_are_shown_while_the_record_is_away():
    platform = Platform(parts_for())
    platform.post(BODY)
    with capture_logs() as logs:
        found = values(platform)
    assert found["signpost_record_up",] == 0
    assert found["signpost_webhooks_total", "200", META] == 1
    assert ("signpost_messages_waiting",) not in found
    assert logs == [{"event": "record_away", "fault": "OperationalError", "log_level": "error"}]


def test_the_counts_tell_nothing_about_anybody(platform, record):
    record.receive("Ottoline's bike is gone", person=PERSON)
    for body in (BODY, BODY[:-1], b'{"note": ["kettle!", "5550123"]}'):
        platform.post(body)
        platform.post(body, headers={})
    text = platform.ask("/metrics").text.lower()
    assert [word for word in PRIVATE if word in text] == []


def test_two_applications_in_one_process_count_apart():
    one, other = Platform(parts_for()), Platform(parts_for())
    one.post(BODY)
    assert one.counts("signpost_webhooks_total") == {("meta", "200"): 1}
    assert other.counts("signpost_webhooks_total") == {}
