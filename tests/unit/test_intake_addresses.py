"""The addresses of intake: how the platforms find that they are ours, who is slowed down, and what is no address at all."""

import base64
import hashlib
import hmac
from typing import Any

import pytest
from structlog.testing import capture_logs
from test_intake import BODY, META, Platform, parts_for
from werkzeug.datastructures import Headers
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse, create_environ, run_wsgi_app

from signpost.intake.brake import Counts
from signpost.intake.signatures import X as X_SCHEME


@pytest.fixture
def platform() -> Platform:
    return Platform(parts_for())


# Meta's verification


def handshake(platform: Platform, name: str = META, **changed: str | None) -> TestResponse:
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}
    query |= {f"hub.{key}": value for key, value in changed.items()}
    return platform.ask(
        f"/webhooks/{name}", query_string={key: value for key, value in query.items() if value is not None}
    )


@pytest.mark.parametrize("name", ["meta", "instagram"])
@pytest.mark.parametrize("challenge", ["1158201444", "a-B_9", "x" * 200])
def test_meta_gets_its_challenge_back_as_plain_text(platform, name, challenge):
    response = handshake(platform, name, challenge=challenge)
    assert (response.status_code, response.text) == (200, challenge)
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize(
    "changed",
    [
        *({"mode": None}, {"mode": "unsubscribe"}, {"mode": "Subscribe"}),
        *({"verify_token": None}, {"verify_token": ""}, {"verify_token": "verify-m"}, {"verify_token": "verify-me "}),
        *({"verify_token": "VERIFY-ME"}, {"verify_token": "vérify-me"}, {"verify_token": "\U0001f511"}),
        *({"challenge": None}, {"challenge": ""}, {"challenge": "x" * 201}, {"challenge": "1\n"}, {"challenge": "١"}),
        *({"challenge": "<script>alert(1)</script>"}, {"challenge": "a b"}, {"challenge": "1%0d%0aX: y"}),
    ],
)
def test_any_other_verification_is_refused_and_nothing_of_it_comes_back(platform, changed):
    with capture_logs() as logs:
        response = handshake(platform, **changed)
    assert response.status_code == 403
    assert "script" not in response.text
    assert logs == [
        {"event": "handshake_refused", "platform": "meta", "reason": "verify_token", "log_level": "warning"}
    ]
    assert platform.counts("signpost_refused_total") == {("meta", "verify_token"): 1}


@pytest.mark.parametrize("given", [None, "", "verify-me"])
def test_without_a_verify_token_of_ours_nobody_is_verified(given):
    assert handshake(Platform(parts_for(verify_token="")), verify_token=given).status_code == 403


# X's challenge-response check


@pytest.mark.parametrize("token", ["a-token_of-x", "a", "MDEy+/=.~", "x" * 1000])
def test_x_gets_the_proof_that_we_have_its_secret(platform, token):
    response = platform.ask("/webhooks/x", query_string={"crc_token": token})
    assert (response.status_code, response.json) == (200, {"response_token": f"proof of {token}"})


@pytest.mark.parametrize("token", [None, "", "x" * 1001, "é", "\n", "a\x00", "\x7f", "٣"])
def test_a_check_without_a_plain_token_is_refused_with_a_sentence(platform, token):
    response = platform.ask("/webhooks/x", query_string={} if token is None else {"crc_token": token})
    assert (response.status_code, "crc_token" in response.json["error"]) == (400, True)
    assert platform.counts("signpost_refused_total") == {("x", "crc_token"): 1}


def test_nobody_gets_a_webhook_signed_by_asking_for_its_proof():
    """The proof of a token is its HMAC under the consumer secret, which is the very signature X puts on a webhook."""
    secret = "x-consumer-secret"

    def prove(token: str) -> dict[str, str]:
        digest = hmac.new(secret.encode(), token.encode(), hashlib.sha256).digest()
        return {"response_token": "sha256=" + base64.b64encode(digest).decode()}

    platform = Platform(parts_for(prove=prove))
    harmless = platform.ask("/webhooks/x", query_string={"crc_token": "abc"}).json["response_token"]
    assert X_SCHEME.fault(Headers({"x-twitter-webhooks-signature": harmless}), b"abc", secret) is None
    for forged in ('{"for_user_id": "1"}', ' {"say": []}', '[{"a": 1}]', "{"):
        assert platform.ask("/webhooks/x", query_string={"crc_token": forged}).status_code == 400


def test_while_x_is_not_set_up_it_is_asked_to_come_again():
    platform = Platform(parts_for(prove=None))
    response = platform.ask("/webhooks/x?crc_token=abc")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "300")
    assert platform.counts("signpost_refused_total") == {("x", "not_set_up"): 1}


def test_whoever_asks_more_than_sixty_times_a_minute_is_slowed_down(platform):
    answers = [platform.ask("/webhooks/x?crc_token=abc") for _ in range(30)] + [handshake(platform) for _ in range(32)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429] * 2
    assert platform.post(BODY).status_code == 200


# Whoever is refused again and again


def from_address(address: str) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_whoever_is_refused_more_than_sixty_times_a_minute_is_slowed_down(platform):
    answers = [platform.post(BODY, headers={}, **from_address("192.0.2.1")) for _ in range(62)]
    assert [answer.status_code for answer in answers] == [403] * 60 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "60"
    assert platform.post(BODY, headers={}, **from_address("192.0.2.2")).status_code == 403


def test_after_a_minute_an_address_may_be_wrong_again():
    seconds = 1000.0
    counts = Counts(lambda: seconds)
    for _ in range(60):
        counts.add("192.0.2.1")
    seconds += 59
    with pytest.raises(TooManyRequests):
        counts.add("192.0.2.1")
    counts.add("192.0.2.2")
    seconds += 1
    for _ in range(60):
        counts.add("192.0.2.1")
    with pytest.raises(TooManyRequests):
        counts.add("192.0.2.1")


def test_a_stranger_behind_the_same_address_does_not_shut_a_platform_out(platform):
    for _ in range(70):
        platform.post(BODY, headers={})
    assert platform.post(BODY).status_code == 200
    assert platform.ask("/webhooks/x?crc_token=abc").status_code == 200


def test_signed_webhooks_are_never_slowed_down(platform):
    assert {platform.post(BODY).status_code for _ in range(150)} == {200}


def test_behind_a_proxy_the_address_that_counts_is_the_one_the_proxy_saw():
    platform = Platform(parts_for(proxies=1))
    for number in range(61):
        # What the caller made up stands first, and what the proxy saw last.
        last = platform.post(BODY, headers={"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.1"})
    assert last.status_code == 429
    assert platform.post(BODY, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 403


def test_without_a_proxy_nobody_hides_behind_a_header(platform):
    answers = [platform.post(BODY, headers={"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(61)]
    assert answers[-1].status_code == 429


# Addresses


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhooks/", "/webhooks/meta/", "/webhooks/tiktok"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_is_nearly_right_is_not_found(platform, path, method):
    assert platform.ask(path, method).status_code == 404


@pytest.mark.parametrize("path", ["/webhooks//meta", "/health/", "/./health"])
def test_no_address_sends_anybody_elsewhere(platform, path):
    environ = create_environ("/")
    environ["PATH_INFO"] = path
    _chunks, status, headers = run_wsgi_app(platform.app, environ)
    assert (status[:3], "Location" in headers) == ("404", False)


@pytest.mark.parametrize("path", ["/webhooks/meta", "/webhooks/instagram", "/webhooks/x", "/health", "/metrics"])
def test_other_methods_are_not_allowed(platform, path):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        response = platform.ask(path, method)
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]


def test_one_may_ask_for_the_headers_alone(platform):
    response = platform.ask("/webhooks/x?crc_token=abc", "HEAD")
    assert (response.status_code, response.data) == (200, b"")
    assert platform.ask("/webhooks/x", "HEAD").status_code == 400
    assert platform.ask("/nothing", "HEAD").status_code == 404


@pytest.mark.parametrize(
    "path", ["/%ff", "/%00", "/webhooks/meta?hub.mode=%ff&%00=%ff", "/webhooks/x?crc_token=%ff%00"]
)
@pytest.mark.parametrize("host", ["localhost", "", "a b", "é", "[::1", "x" * 5000])
def test_junk_in_an_address_or_a_name_is_no_fault_of_ours(platform, path, host):
    environ = create_environ(path)
    environ["HTTP_HOST"] = host
    _chunks, status, headers = run_wsgi_app(platform.app, environ)
    assert 400 <= int(status.split(" ")[0]) < 500
    assert headers["Content-Type"] == "application/json"
