"""A webhook counts as the platform's only with a SHA-256 signature over the very bytes that came."""

import base64
import hashlib
import hmac
import json

import pytest
from platform_fake.recorded import RECORDINGS
from werkzeug.datastructures import Headers

from signpost.intake.signatures import MALFORMED, META, MISSING, SHA1_ONLY, WRONG, X

SECRET = "an app's secret"
BODY = rb'{"text": "\u00a350 gone"}'


def digest(body: bytes = BODY, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def meta_fault(value: str, body: bytes = BODY, secret: str = SECRET) -> str | None:
    return META.fault(Headers({"X-Hub-Signature-256": value}), body, secret)


def x_fault(value: str, body: bytes = BODY, secret: str = SECRET) -> str | None:
    return X.fault(Headers({"x-twitter-webhooks-signature": value}), body, secret)


RIGHT_META = "sha256=" + digest().hex()
RIGHT_X = "sha256=" + base64.b64encode(digest()).decode()


def vectors() -> list[dict[str, str]]:
    file = RECORDINGS / "known_answers" / "signatures.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else []


@pytest.mark.skipif(not vectors(), reason="the platforms' known answers aren't on this machine")
def test_the_platforms_known_answers_are_accepted_and_their_sha1_ones_refused():
    seen = set()
    for vector in vectors():
        if vector["kind"] != "body_signature":
            continue
        scheme = {"meta": META, "x": X}[vector["platform"]]
        fault = scheme.fault(
            Headers({vector["header"]: vector["expected"]}), vector["input"].encode(), vector["secret"]
        )
        assert fault == (SHA1_ONLY if "sha1" in vector["algorithm"] else None), vector["id"]
        seen.add((vector["platform"], fault))
    assert seen == {("meta", None), ("meta", SHA1_ONLY), ("x", None)}


def test_a_right_signature_has_no_fault():
    assert (meta_fault(RIGHT_META), x_fault(RIGHT_X)) == (None, None)


def test_the_case_of_the_header_s_name_and_of_the_figures_does_not_matter():
    headers = Headers({"x-hub-SIGNATURE-256": "sha256=" + digest().hex().upper()})
    assert META.fault(headers, BODY, SECRET) is None


@pytest.mark.parametrize(
    "body", [BODY + b" ", BODY[:-1], b"", BODY.replace(rb"\u00a3", "£".encode()), BODY.replace(b'": "', b'":"')]
)
def test_one_other_byte_and_the_signature_is_wrong(body: bytes):
    assert (meta_fault(RIGHT_META, body), x_fault(RIGHT_X, body)) == (WRONG, WRONG)


def test_another_app_s_secret_is_wrong():
    assert (meta_fault(RIGHT_META, secret="another"), x_fault(RIGHT_X, secret="another")) == (WRONG, WRONG)


def test_what_anybody_can_sign_with_an_empty_secret_is_wrong():
    signature = digest(secret="")
    assert meta_fault("sha256=" + signature.hex(), secret="") == WRONG
    assert x_fault("sha256=" + base64.b64encode(signature).decode(), secret="") == WRONG


def test_no_signature_is_missing():
    assert META.fault(Headers(), BODY, SECRET) == MISSING
    assert X.fault(Headers(), BODY, SECRET) == MISSING
    assert meta_fault("") == MISSING


def test_a_sha1_signature_counts_for_nothing_however_right_it_is():
    sha1 = "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()
    assert META.fault(Headers({"X-Hub-Signature": sha1}), BODY, SECRET) == SHA1_ONLY
    assert meta_fault(sha1) == SHA1_ONLY
    assert x_fault(sha1) == SHA1_ONLY
    assert META.fault(Headers({"X-Hub-Signature": sha1, "X-Hub-Signature-256": RIGHT_META}), BODY, SECRET) is None


@pytest.mark.parametrize(
    "value",
    [
        *("sha256=", "sha256", digest().hex(), "SHA256=" + digest().hex(), "sha512=" + digest().hex()),
        *("sha256=" + digest().hex()[:-1], "sha256=" + digest().hex() + "00", "sha256= " + digest().hex()),
        *("sha256=" + digest().hex() + "\n", "sha256=" + " ".join(f"{one:02x}" for one in digest())),
        *("sha256=" + "g" * 64, "sha256=" + "é" * 64, "sha256=" + "٣" * 64, "sha256=" + "\u2028" * 64, "\x00"),
        RIGHT_META + "," + RIGHT_META,
        RIGHT_X,
    ],
)
def test_what_is_no_hex_digest_is_malformed_at_meta(value: str):
    # A server may hand over any bytes of a header as characters.
    assert META.fault({"X-Hub-Signature-256": value}, BODY, SECRET) == MALFORMED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        *("sha256=", "sha256=" + "é" * 44, "sha256=" + "=" * 44, RIGHT_X + "=", RIGHT_X[:-1], RIGHT_X + "\n"),
        *("sha256=" + base64.b64encode(digest() + b"1").decode(), RIGHT_X.replace("sha256=", "sha256=\n")),
        RIGHT_META,
    ],
)
def test_what_is_no_base64_digest_is_malformed_at_x(value: str):
    assert X.fault({"x-twitter-webhooks-signature": value}, BODY, SECRET) == MALFORMED  # type: ignore[arg-type]
