"""Webhooks: only what is rightly signed is taken, and only what is stored is acknowledged. Also what the other tests use."""

import base64
import gzip
import hashlib
import hmac
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from werkzeug.test import Client, TestResponse, create_environ, run_wsgi_app

from signpost.channels.events import Event, Noted, Said, Unreadable
from signpost.intake import signatures
from signpost.intake.app import create_app
from signpost.intake.bodies import MOST_BYTES
from signpost.intake.parts import INSTAGRAM, META, Parts, Source, X
from signpost.intake.receiving import Tally
from signpost.log.clock import utc_now
from signpost.log.database import open_engine, reading

META_SECRET, INSTAGRAM_SECRET, X_SECRET = "meta-app-secret", "instagram-app-secret", "x-consumer-secret"
SECRETS = {META: META_SECRET, INSTAGRAM: INSTAGRAM_SECRET, X: X_SECRET}
PLATFORMS = tuple(SECRETS)
TEXT, PERSON, PLATFORM_ID = "Ottoline saw them take my bike", "psid-5550123", "mid.brass-kettle"
PRIVATE = ["ottoline", "bike", "5550123", "brass", "kettle"]
BODY = json.dumps({"say": [[PERSON, PLATFORM_ID, TEXT]], "note": ["read"]}).encode()


def read(body: object) -> list[Event]:
    """A platform's reader in small: ``{"say": [[person, id, text]], "note": [kind]}``."""
    if not isinstance(body, dict):
        raise Unreadable("The body isn't an object.")
    said = [Said("messenger", "1", *one) for one in body.get("say", []) if isinstance(one, list)]
    return [*said, *(Noted(kind) for kind in body.get("note", []) if isinstance(kind, str))]


@dataclass
class FakeTaker:
    """Keeps what it is given, each message once; raises what it was told to instead."""

    raises: Exception | None = None
    kept: dict[str, Said] = field(default_factory=dict)
    asked: int = 0

    def take(self, events: Iterable[Event]) -> Tally:
        if self.raises is not None:
            raise self.raises
        self.asked += 1
        events = list(events)
        said = [event for event in events if isinstance(event, Said)]
        new = {event.platform_id: event for event in said if event.platform_id not in self.kept}
        self.kept |= new
        noted = Counter(event.kind for event in events if isinstance(event, Noted))
        return Tally(stored=len(new), known=len(said) - len(new), noted=noted)


def parts_for(taker: Any = None, reader: Callable[[object], list[Event]] = read, **more: Any) -> Parts:
    secrets = {**SECRETS, **more.pop("secrets", {})}
    fields: dict[str, Any] = {
        "sources": tuple(
            Source(name, signatures.X if name == X else signatures.META, secret, reader)
            for name, secret in secrets.items()
        ),
        "taker": taker or FakeTaker(),
        # Nothing but the health and the metrics look at the database themselves; those tests have a real one.
        "reads": reading(open_engine("sqlite://")),
        "clock": utc_now,
        "verify_token": "verify-me",
        "prove": lambda token: {"response_token": f"proof of {token}"},
        **more,
    }
    return Parts(**fields)


def signed(platform: str, body: bytes, secret: str | None = None) -> dict[str, str]:
    """The header that the platform would send."""
    digest = hmac.new((SECRETS[platform] if secret is None else secret).encode(), body, hashlib.sha256).digest()
    if platform == X:
        return {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(digest).decode()}
    return {"X-Hub-Signature-256": "sha256=" + digest.hex()}


class Platform:
    """Sends webhooks as a platform would, and sees that every answer is small, plain and tells nothing."""

    def __init__(self, parts: Parts) -> None:
        self.app = create_app(parts)
        self.client: Client = self.app.test_client()

    def post(self, body: bytes, platform: str = META, headers: dict[str, str] | None = None, **more) -> TestResponse:
        headers = signed(platform, body) if headers is None else headers
        path = f"/webhooks/{platform}"
        return self.look(
            self.client.post(path, data=body, headers=headers, content_type="application/json", **more), path
        )

    def ask(self, path: str, method: str = "GET", **more) -> TestResponse:
        return self.look(self.client.open(path, method=method, **more), path)

    def look(self, response: TestResponse, path: str) -> TestResponse:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
        assert "text/html" not in response.content_type
        assert response.status_code != 500
        if response.status_code >= 400 and response.request.method != "HEAD":
            assert list(response.json) == ["error"]
            assert response.json["error"].endswith(".")
        if not path.startswith("/metrics"):
            assert len(response.data) < 1200
        assert not [word for word in PRIVATE if word in response.text.lower()]
        return response

    def counts(self, name: str) -> dict[tuple[str, ...], float]:
        """One metric's values by its labels, those at 0 left out."""
        families = text_string_to_metric_families(self.client.get("/metrics").text)
        samples = [sample for family in families for sample in family.samples if sample.name == name and sample.value]
        # The platform's name first, which Prometheus' alphabet would put behind.
        return {tuple(sorted(one.labels.values(), key=lambda v: v not in PLATFORMS)): one.value for one in samples}


@pytest.fixture
def taker() -> FakeTaker:
    return FakeTaker()


@pytest.fixture
def platform(taker) -> Platform:
    return Platform(parts_for(taker))


# What is taken


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_signed_webhook_is_stored_and_acknowledged(platform, taker, name):
    response = platform.post(BODY, name)
    assert response.status_code == 200
    assert response.json == {"stored": 1, "known": 0, "erased": 0, "unknown_account": 0, "noted": 1}
    assert taker.kept[PLATFORM_ID].text == TEXT


def test_a_redelivered_webhook_is_acknowledged_again_and_stored_once(platform, taker):
    answers = [platform.post(BODY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [(answer.json["stored"], answer.json["known"]) for answer in answers] == [(1, 0), (0, 1), (0, 1)]
    assert len(taker.kept) == 1


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_the_content_type_does_not_matter_only_the_body_does(platform, content_type):
    response = platform.client.post(
        "/webhooks/meta", data=BODY, headers={**signed(META, BODY), "Content-Type": content_type}
    )
    assert (response.status_code, response.json["stored"]) == (200, 1)


def test_the_signature_is_over_the_bytes_that_came_not_over_what_they_mean(platform, taker):
    body = rb'{ "say" : [["p", "m", "\u00a350 gone \ud83d\ude22 \/"]] }'
    assert platform.post(body).json["stored"] == 1
    assert taker.kept["m"].text == "£50 gone 😢 /"
    assert platform.post(json.dumps(json.loads(body)).encode(), headers=signed(META, body)).status_code == 403


def test_half_an_emoji_costs_nobody_their_message(platform, taker):
    assert platform.post(rb'{"say": [["p", "m1", "help \ud83d"], ["p", "m2", "my bike"]]}').json["stored"] == 2
    assert taker.kept["m2"].text == "my bike"


def test_a_body_with_nothing_in_it_for_us_is_acknowledged(platform):
    assert platform.post(b"{}").json == {"stored": 0, "known": 0, "erased": 0, "unknown_account": 0, "noted": 0}


def test_a_body_sent_in_pieces_without_a_length_is_taken(platform, taker):
    assert _stream(platform, BODY, signed(META, BODY))[0] == 200
    assert taker.kept


def test_a_body_as_large_as_allowed_is_taken(platform):
    body = b'{"pad": "' + b"x" * (MOST_BYTES - 11) + b'"}'
    assert len(body) == MOST_BYTES
    assert platform.post(body).status_code == 200


# What is refused


@pytest.mark.parametrize("name", PLATFORMS)
def test_an_unsigned_webhook_is_refused_and_nothing_of_it_is_read(taker, name):
    def never(_body: object) -> list[Event]:
        raise AssertionError("read before its signature was checked")

    platform = Platform(parts_for(taker, never))
    for headers, reason in (
        ({}, "missing"),
        (signed(name, BODY + b" "), "wrong"),
        (signed(name, BODY, "another secret"), "wrong"),
        (signed(name, BODY, ""), "wrong"),
        ({key: value[:-3] for key, value in signed(name, BODY).items()}, "malformed"),
        (dict.fromkeys(signed(name, BODY), "sha256=\xff\xfe"), "malformed"),
    ):
        before = platform.counts("signpost_refused_total").get((name, reason), 0)
        assert platform.post(BODY, name, headers).status_code == 403
        assert platform.counts("signpost_refused_total")[name, reason] == before + 1
    assert not taker.asked


def test_a_sha1_signature_alone_is_refused(platform, taker):
    sha1 = "sha1=" + hmac.new(META_SECRET.encode(), BODY, hashlib.sha1).hexdigest()
    response = platform.post(BODY, headers={"X-Hub-Signature": sha1})
    assert (response.status_code, "SHA-256" in response.json["error"]) == (403, True)
    assert platform.counts("signpost_refused_total") == {("meta", "sha1_only"): 1}
    assert not taker.kept


def test_one_platform_s_signature_opens_no_other_s_address(platform, taker):
    for signer in PLATFORMS:
        for address in PLATFORMS:
            if signer != address:
                assert platform.post(BODY, address, signed(signer, BODY)).status_code == 403
                assert platform.post(BODY, address, signed(address, BODY, SECRETS[signer])).status_code == 403
    assert not taker.kept


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", BODY[:-1], BODY[:20], b"\x00", b"\xff\xfe{}", b'{"a": "\xe9"}', b"\xef\xbb\xbf{}", b"say=hello"),
        *(b"NaN", b'{"a": NaN}', b'{"a": -Infinity}', b"{}{}", b"{'a': 1}", b'{"a": ' + b"9" * 5000 + b"}"),
        *(b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b"[" * MOST_BYTES),
        *(gzip.compress(BODY, mtime=0), json.dumps({"a": 1}).encode("utf-16"), json.dumps({"a": 1}).encode("utf-32")),
    ],
    ids=lambda body: f"{len(body)} bytes of {bytes(body[:8])!r}",
)
def test_what_is_no_json_is_refused_however_well_signed(platform, taker, body):
    with capture_logs() as logs:
        assert platform.post(body).status_code == 400
    assert platform.counts("signpost_refused_total") == {("meta", "not_json"): 1}
    assert [(entry["event"], entry["reason"]) for entry in logs] == [("webhook_refused", "not_json")]
    assert not taker.asked


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"say"', b"true", b"1e999"])
def test_json_that_is_no_webhook_is_refused_in_the_reader_s_words(platform, body):
    response = platform.post(body)
    assert (response.status_code, response.json["error"]) == (400, "The body isn't an object.")
    assert platform.counts("signpost_refused_total") == {("meta", "unreadable"): 1}


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 5_000_000])
def test_a_body_that_is_too_large_is_refused_before_anything_else(platform, taker, size):
    body = b'{"pad": "' + b"x" * (size - 11) + b'"}'
    assert platform.post(body).status_code == 413
    assert platform.post(body, headers={}).status_code == 413
    assert _stream(platform, body, signed(META, body))[0] == 413
    assert platform.counts("signpost_refused_total") == {("meta", "too_large"): 3}
    assert not taker.asked


def test_a_body_that_breaks_off_is_refused(platform, taker):
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise ConnectionResetError("reset by Ottoline")

    with capture_logs() as logs:
        assert _stream(platform, Broken(), signed(META, BODY))[0] == 400
        assert _stream(platform, io.BytesIO(BODY[:9]), signed(META, BODY), len(BODY))[0] == 400
    assert [entry["reason"] for entry in logs] == ["cut_short"] * 2
    assert not taker.asked


def _stream(platform: Platform, body: Any, headers: dict[str, str], length: int | None = None) -> tuple[int, bytes]:
    """Hands the body over as a server does: in pieces without a length, or with the length the caller announced."""
    environ = create_environ("/webhooks/meta", method="POST", headers=headers)
    environ["wsgi.input"] = io.BytesIO(body) if isinstance(body, bytes) else body
    if length is None:
        environ.pop("CONTENT_LENGTH", None)
        environ["wsgi.input_terminated"] = True
    else:
        environ["CONTENT_LENGTH"] = str(length)
    chunks, status, _headers = run_wsgi_app(platform.app, environ)
    return int(status.split(" ")[0]), b"".join(chunks)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(
    body=st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()),
    name=st.sampled_from(PLATFORMS),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_rightly_signed_are_taken_or_refused_and_never_a_fault_of_ours(quiet_platform, body, name):
    assert quiet_platform.post(body, name).status_code in {200, 400}
    assert quiet_platform.post(body, name, {}).status_code in {403, 429}


@pytest.fixture
def quiet_platform() -> Platform:
    """Its reader is as tolerant as a real one has to be."""

    def tolerant(body: object) -> list[Event]:
        if not isinstance(body, dict):
            raise Unreadable("The body isn't an object.")
        return [Noted("other")]

    platform = Platform(parts_for(reader=tolerant))
    platform.look = lambda response, _path: response  # type: ignore[method-assign]
    return platform


# When something fails here


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_that_is_not_set_up_is_asked_to_send_again_later(taker, name):
    platform = Platform(parts_for(taker, secrets={name: ""}))
    for headers in (signed(name, BODY, ""), signed(name, BODY), {}):
        response = platform.post(BODY, name, headers)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "300")
    assert platform.counts("signpost_refused_total") == {(name, "not_set_up"): 3}
    assert not taker.asked


def test_nothing_is_acknowledged_that_could_not_be_stored():
    locked = OperationalError(f"INSERT {TEXT}", {"person": PERSON}, Exception(f"locked: {PLATFORM_ID}"))
    taker = FakeTaker(locked)
    platform = Platform(parts_for(taker))
    with capture_logs() as logs:
        response = platform.post(BODY)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "nothing was taken" in response.json["error"]
    assert [entry["event"] for entry in logs] == ["record_away", "webhook_refused"]
    assert platform.counts("signpost_refused_total") == {("meta", "not_stored"): 1}
    taker.raises = None
    assert platform.post(BODY).json["stored"] == 1


@pytest.mark.parametrize("fault", [RuntimeError(f"{PERSON} said {TEXT}"), RecursionError(), MemoryError(PLATFORM_ID)])
@pytest.mark.parametrize("where", ["reader", "taker"])
def test_a_fault_nobody_foresaw_makes_the_platform_send_again_and_is_logged_by_its_kind(caplog, fault, where):
    def fail(_body: object) -> list[Event]:
        raise fault

    parts = parts_for(reader=fail) if where == "reader" else parts_for(FakeTaker(fault))
    platform = Platform(parts)
    with capture_logs() as logs:
        response = platform.post(BODY)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert [(entry["event"], entry["fault"]) for entry in logs] == [("intake_fault", type(fault).__name__)]
    assert platform.counts("signpost_webhooks_total") == {("meta", "503"): 1}
    nothing_private(logs, caplog)


def test_a_fault_after_the_answer_was_made_is_no_exception(taker, caplog):
    platform = Platform(parts_for(taker))

    @platform.app.after_request
    def fail(_response: object) -> None:
        raise RuntimeError(TEXT)

    with capture_logs() as logs:
        answer = platform.client.post("/webhooks/meta", data=BODY, headers=signed(META, BODY))
    assert (answer.status_code, list(answer.json)) == (503, ["error"])
    assert [(entry["event"], entry["fault"]) for entry in logs if entry["log_level"] == "error"] == [
        ("intake_fault", "RuntimeError")
    ]
    nothing_private(logs, caplog)


def nothing_private(logs: list, caplog: pytest.LogCaptureFixture) -> None:
    said = repr(logs) + "".join(entry.getMessage() + str(entry.exc_text or "") for entry in caplog.records)
    assert [word for word in PRIVATE if word in said.lower()] == []


def test_no_log_line_holds_anything_of_a_webhook_but_counts(caplog):
    caplog.set_level("DEBUG")
    taker = FakeTaker()
    platform = Platform(parts_for(taker))
    with capture_logs() as logs:
        platform.post(BODY)
        platform.post(BODY)
        platform.post(b'{"note": ["read"]}')
        platform.post(BODY, headers={})
        platform.post(BODY, headers={"X-Hub-Signature-256": TEXT})
        platform.post(BODY[:-1])
        platform.post(json.dumps([TEXT, PERSON]).encode())
        platform.ask(f"/webhooks/meta?hub.mode={PERSON}&hub.verify_token={PLATFORM_ID}&hub.challenge={TEXT}")
        platform.ask(f"/webhooks/x?crc_token={PLATFORM_ID}%7B")
        platform.ask(f"/{PERSON}")
        taker.raises = OperationalError(TEXT, {"person": PERSON}, Exception(PLATFORM_ID))
        platform.post(BODY)
    nothing_private(logs, caplog)
    taken = {"event": "webhook_taken", "platform": "meta", "erased": 0, "unknown_account": 0, "noted": 1}
    assert logs[:3] == [
        {**taken, "stored": 1, "known": 0, "log_level": "info"},
        {**taken, "stored": 0, "known": 1, "log_level": "info"},
        {**taken, "stored": 0, "known": 0, "log_level": "debug"},
    ]
    assert {entry["event"] for entry in logs} == {
        *("webhook_taken", "webhook_refused", "handshake_refused", "record_away"),
    }
