"""Intake as the settings make it: with the platforms' own readers and the record, and with a word on what is still missing."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from structlog.testing import capture_logs
from test_intake import JSON_VALUES, PLATFORMS, SECRETS, Platform, nothing_private, parts_for, signed

from signpost.channels import meta, x
from signpost.force.accounts import Account, Accounts
from signpost.intake import app as app_module
from signpost.intake.gaps import gaps
from signpost.log.encryption import Vault
from signpost.log.models import AccountState, InboundMessage
from signpost.mistakes import Mistake
from signpost.secrets import MAKERS
from signpost.settings import Settings

PAGE, PROFILE, USER = "100000000000001", "17841400000000001", "1000000001"
ACCOUNTS = f"""
accounts:
  county_page: {{platform: facebook, id: "{PAGE}", name: Our county page}}
  county_instagram: {{platform: instagram, id: "{PROFILE}", name: Our county on Instagram}}
  county_x: {{platform: x, id: "{USER}", name: Our county on X, approval: "12 March, ref 7"}}
"""
SAID = "Ottoline's bike is gone"


def message(page: str = PAGE, mid: str = "mid.brass-kettle", kind: str = "page") -> bytes:
    item = {
        "sender": {"id": "5550123"},
        "recipient": {"id": page},
        "timestamp": 1795316400000,
        "message": {"mid": mid, "text": SAID},
    }
    return json.dumps({"object": kind, "entry": [{"id": page, "time": 1795316400000, "messaging": [item]}]}).encode()


def direct_message() -> bytes:
    event = {
        "type": "message_create",
        "id": "1900000000000000001",
        "created_timestamp": "1795316400000",
        "message_create": {
            "sender_id": "5550123",
            "target": {"recipient_id": USER},
            "message_data": {"text": SAID, "entities": {}},
        },
    }
    return json.dumps({"for_user_id": USER, "direct_message_events": [event], "users": {}}).encode()


@pytest.fixture
def started(monkeypatch, record, tmp_path) -> Callable[..., Platform]:
    """Starts intake with these variables set and with all its secrets."""

    def start(accounts: str = ACCOUNTS, **variables: str) -> Platform:
        (tmp_path / "accounts.yml").write_text(accounts, "utf-8")
        monkeypatch.setattr(app_module, "configure_logs", lambda _level: None)
        given = {
            "SIGNPOST_DATA": str(tmp_path),
            "SIGNPOST_DATABASE_URL": record.url,
            "SIGNPOST_ACCOUNTS": str(tmp_path / "accounts.yml"),
            "SIGNPOST_META_APP_SECRET": SECRETS["meta"],
            "SIGNPOST_INSTAGRAM_APP_SECRET": SECRETS["instagram"],
            "SIGNPOST_X_CONSUMER_SECRET": SECRETS["x"],
            **{variable: make() for variable, make in MAKERS.items()},
            "SIGNPOST_META_VERIFY_TOKEN": "verify-me",
            **variables,
        }
        for variable, value in given.items():
            monkeypatch.setenv(variable, value)
        platform = Platform(parts_for())
        platform.app = app_module.application()
        platform.client = platform.app.test_client()
        return platform

    return start


def stored(record) -> list[InboundMessage]:
    with record.reads() as session:
        return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


# From a platform into the record


@pytest.mark.parametrize(
    "case",
    [
        ("meta", message(), "messenger", PAGE),
        ("meta", message(PROFILE, kind="instagram"), "instagram_dm", PROFILE),
        ("instagram", message(PROFILE, kind="instagram"), "instagram_dm", PROFILE),
        ("x", direct_message(), "x_dm", USER),
    ],
)
def test_a_message_is_in_the_record_once_when_it_is_acknowledged(started, record, caplog, case):
    name, body, channel, account = case
    key = MAKERS["SIGNPOST_ENCRYPTION_KEY"]()
    platform = started(SIGNPOST_ENCRYPTION_KEY=key)
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        answers = [platform.post(body, name) for _ in range(2)]
    assert [(answer.status_code, answer.json["stored"], answer.json["known"]) for answer in answers] == [
        (200, 1, 0),
        (200, 0, 1),
    ]
    [row] = stored(record)
    assert (row.channel, row.account) == (channel, account)
    assert Vault(key).decrypt(row.text_encrypted) == SAID
    with record.reads() as session:
        assert session.scalars(select(AccountState.account)).all() == [account]
    nothing_private(logs, caplog)


def test_a_message_to_an_account_that_is_not_ours_is_acknowledged_and_counted(started, record):
    answer = started().post(message("100000000000009"))
    assert (answer.status_code, answer.json["unknown_account"], stored(record)) == (200, 1, [])


def test_a_record_without_tables_has_nothing_acknowledged(started, tmp_path):
    platform = started(SIGNPOST_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert platform.post(message()).status_code == 503
    assert platform.ask("/health").status_code == 503


def test_the_hint_of_urgency_is_stored_with_the_message(started, record):
    platform = started()
    platform.post(message())
    platform.post(message(mid="m2").replace(SAID.encode(), b"he has a knife and he is breaking in right now help"))
    usual, urgent = stored(record)
    assert urgent.urgency > usual.urgency


# Who signs what


def test_without_an_instagram_secret_instagram_is_signed_with_meta_s(started):
    platform = started(SIGNPOST_INSTAGRAM_APP_SECRET="")
    body = message(PROFILE, kind="instagram")
    assert platform.post(body, "instagram", signed("instagram", body, SECRETS["meta"])).status_code == 200
    assert platform.post(body, "instagram", signed("instagram", body)).status_code == 403


def test_with_an_instagram_secret_each_address_takes_its_own_alone(started):
    platform = started()
    body = message(PROFILE, kind="instagram")
    assert platform.post(body, "instagram", signed("instagram", body, SECRETS["meta"])).status_code == 403
    assert platform.post(body, "meta", signed("instagram", body)).status_code == 403


def test_the_platforms_handshakes_are_answered_with_the_installation_s_secrets(started):
    platform = started()
    answer = platform.ask("/webhooks/x?crc_token=a-token-of-x")
    proof = hmac.new(SECRETS["x"].encode(), b"a-token-of-x", "sha256").digest()
    assert answer.json == {"response_token": f"sha256={base64.b64encode(proof).decode()}"}
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "77"}
    assert platform.ask("/webhooks/meta", query_string=query).text == "77"


def test_a_platform_without_its_secret_waits_while_the_others_work(started):
    platform = started(SIGNPOST_X_CONSUMER_SECRET="")
    assert platform.post(direct_message(), "x").status_code == 503
    assert platform.ask("/webhooks/x?crc_token=abc").status_code == 503
    assert platform.post(message()).status_code == 200


def test_metrics_and_proxies_are_as_the_settings_say(started):
    platform = started(SIGNPOST_METRICS_TOKEN="let-me-see", SIGNPOST_PROXIES="1")
    assert platform.ask("/metrics").status_code == 403
    assert platform.ask("/metrics", headers={"Authorization": "Bearer let-me-see"}).status_code == 200
    for _ in range(61):
        last = platform.post(b"{}", headers={"X-Forwarded-For": "192.0.2.1"})
    assert last.status_code == 429
    assert platform.post(b"{}", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 403


ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "object": st.sampled_from(["page", "instagram", 1, None]),
        "entry": JSON_VALUES | st.lists(st.dictionaries(st.sampled_from(["id", "messaging", "changes"]), JSON_VALUES)),
        "data": JSON_VALUES,
        "for_user_id": JSON_VALUES,
        "direct_message_events": JSON_VALUES,
        "tweet_create_events": JSON_VALUES,
    },
)


@given(body=ENVELOPES, name=st.sampled_from(PLATFORMS))
@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_platform_signs_its_own_reader_copes_with(readers, body: Any, name: str):
    raw = json.dumps(body).encode()
    assert readers[name].client.post(f"/webhooks/{name}", data=raw, headers=signed(name, raw)).status_code in {200, 400}


@pytest.fixture
def readers() -> dict[str, Platform]:
    return {name: Platform(parts_for(reader=x.read if name == "x" else meta.read)) for name in PLATFORMS}


# What is missing


def test_what_is_not_set_up_is_told_at_the_start_in_sentences(started):
    with capture_logs() as logs:
        started("accounts: {}", SIGNPOST_META_APP_SECRET="", SIGNPOST_INSTAGRAM_APP_SECRET="")
    assert {(entry["event"], entry["log_level"]) for entry in logs} == {("not_set_up", "warning")}
    sentences = [entry["sentence"] for entry in logs]
    assert len(sentences) == 2
    assert "SIGNPOST_META_APP_SECRET" in sentences[0]
    assert "accounts.yml lists no account" in sentences[1]


def test_an_installation_that_has_all_it_needs_starts_without_a_word(started):
    with capture_logs() as logs:
        started()
    assert logs == []


BARE = Settings.from_environment({})
WHOLE = replace(BARE, meta_app_secret="a", x_consumer_secret="b")
ONE = Accounts((Account("county_page", "facebook", PAGE, "Our county page", ("messenger",)),))
OFF = Accounts((Account("county_x", "x", USER, "Our county", ("x_dm",)), *ONE.all))


@pytest.mark.parametrize(
    ("settings", "accounts", "told"),
    [
        (WHOLE, ONE, []),
        (BARE, ONE, ["Facebook and Instagram: webhooks are put off", "X: webhooks are put off"]),
        (replace(BARE, instagram_app_secret="c"), ONE, ["Facebook: webhooks are put off", "X: webhooks"]),
        (WHOLE, Accounts(), ["accounts.yml lists no account"]),
        (WHOLE, OFF, ["Our county on X is off: "]),
    ],
)
def test_each_gap_is_one_sentence(settings, accounts, told):
    sentences = list(gaps(settings, accounts))
    assert len(sentences) == len(told)
    assert all(part in sentence for part, sentence in zip(told, sentences, strict=True))
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in sentences)


def test_an_installation_without_its_secrets_does_not_start(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    with pytest.raises(Mistake, match="Run: signpost up"):
        app_module.application()


def test_accounts_that_cannot_be_read_stop_the_start_with_a_sentence(started):
    with pytest.raises(Mistake, match="platform must be one of"):
        started("accounts: {county_page: {platform: myspace}}")
