"""Replies are put to X as its own description of its interface has it, signed so that X can check the signature."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from jsonschema import Draft7Validator, RefResolver
from platform_fake.recorded import RECORDINGS

from signpost.channels.transport import MESSAGE, PRIVATE_REPLY, PUBLIC_REPLY, Credentials, Delivery
from signpost.channels.x import request

DESCRIPTION = RECORDINGS / "x" / "openapi" / "x_api_v2_subset.json"
X_URL = "https://api.x.example"
CREDENTIALS = Credentials("a token", "a token's secret & more", "a key", "a consumer's secret")
needs_description = pytest.mark.skipif(not DESCRIPTION.exists(), reason="X's description isn't on this machine")


def delivery(way=MESSAGE, **changes):
    fields = {
        "key": "k",
        "channel": "x_dm",
        "account": "1000000001",
        "person": "2000000002",
        "in_reply_to": "2090000000000000077",
        "text": "Call 101 – or 999 in an emergency. Ref: CDF-346 & 100%",
        **changes,
    }
    return Delivery(way=way, **fields)


def escaped(text):
    return quote(text, safe="-._~")


def signature(method, url, parameters, consumer_secret, token_secret):
    """RFC 5849's HMAC-SHA1 signature, computed without the library."""
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
    normal = "&".join(f"{name}={value}" for name, value in sorted((escaped(n), escaped(v)) for n, v in pairs))
    base = "&".join(map(escaped, (method, f"{parts.scheme}://{parts.netloc}{parts.path}", normal)))
    key = f"{escaped(consumer_secret)}&{escaped(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def oauth(made):
    scheme, _, fields = made.headers["Authorization"].partition(" ")
    assert scheme == "OAuth"
    pairs = (field.strip().partition("=") for field in fields.split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


def test_the_signatures_of_these_tests_are_those_of_the_standard_s_own_example():
    parameters = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131202",
        "oauth_nonce": "chapoH",
    }
    url = "http://photos.example.net/photos?file=vacation.jpg&size=original"
    assert signature("GET", url, parameters, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00") == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


@pytest.mark.parametrize("way", [MESSAGE, PUBLIC_REPLY, PRIVATE_REPLY])
@pytest.mark.parametrize("person", ["2000000002", "odd/id?a=b&c%"])
def test_every_request_is_signed_for_the_account_and_x_can_check_it(way, person):
    made = request(delivery(way, person=person), X_URL, CREDENTIALS)
    parameters = oauth(made)
    found = parameters.pop("oauth_signature")
    assert found == signature("POST", made.url, parameters, CREDENTIALS.consumer_secret, CREDENTIALS.token_secret)
    # Nothing of the JSON body is signed, and there is no hash of it.
    assert parameters.keys() == {
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_token",
        "oauth_version",
    }
    assert parameters["oauth_consumer_key"] == CREDENTIALS.consumer_key
    assert parameters["oauth_token"] == CREDENTIALS.token
    assert (parameters["oauth_signature_method"], parameters["oauth_version"]) == ("HMAC-SHA1", "1.0")
    assert abs(int(parameters["oauth_timestamp"]) - time.time()) < 60


def test_no_two_requests_are_signed_alike():
    signed = {oauth(request(delivery(), X_URL, CREDENTIALS))["oauth_nonce"] for _ in range(20)}
    assert len(signed) == 20


def test_no_secret_travels_with_a_request():
    made = json.dumps([request(delivery(), X_URL, CREDENTIALS).url, oauth(request(delivery(), X_URL, CREDENTIALS))])
    assert CREDENTIALS.token_secret not in made
    assert CREDENTIALS.consumer_secret not in made


@pytest.mark.parametrize("way", [MESSAGE, PRIVATE_REPLY])
def test_a_private_reply_is_a_direct_message_to_the_person(way):
    made = request(delivery(way), X_URL, CREDENTIALS)
    assert (made.method, made.url) == ("POST", f"{X_URL}/2/dm_conversations/with/2000000002/messages")
    assert made.json == {"text": delivery().text}
    assert made.headers["Content-Type"] == "application/json"


def test_a_public_reply_is_a_post_under_the_one_it_answers():
    made = request(delivery(PUBLIC_REPLY), f"{X_URL}/", CREDENTIALS)
    assert (made.method, made.url) == ("POST", f"{X_URL}/2/tweets")
    assert made.json == {"text": delivery().text, "reply": {"in_reply_to_tweet_id": "2090000000000000077"}}


def test_an_id_never_changes_which_address_is_asked():
    url = request(delivery(person="1/../../tweets?x=1#y"), X_URL, CREDENTIALS).url
    assert url == f"{X_URL}/2/dm_conversations/with/1%2F..%2F..%2Ftweets%3Fx%3D1%23y/messages"


@needs_description
@pytest.mark.parametrize(
    ("way", "path", "schema"),
    [
        (MESSAGE, "/2/dm_conversations/with/{participant_id}/messages", "CreateDirectMessagesByParticipantIdRequest"),
        (
            PRIVATE_REPLY,
            "/2/dm_conversations/with/{participant_id}/messages",
            "CreateDirectMessagesByParticipantIdRequest",
        ),
        (PUBLIC_REPLY, "/2/tweets", "CreatePostsRequest"),
    ],
)
def test_what_is_sent_is_what_x_s_description_asks_for(way, path, schema):
    description = json.loads(DESCRIPTION.read_text("utf-8"))
    made = request(delivery(way), X_URL, CREDENTIALS)
    assert made.url == X_URL + path.replace("{participant_id}", "2000000002")
    operation = description["paths"][path]["post"]
    assert {"UserToken": []} in operation["security"]
    asked = operation["requestBody"]["content"]["application/json"]["schema"]
    assert asked == {"$ref": f"#/components/schemas/{schema}"}
    judge = Draft7Validator(asked, resolver=RefResolver("", description))
    assert list(judge.iter_errors(made.json)) == []
    # The judge is awake: neither of these would pass.
    assert not judge.is_valid({**made.json, "unheard_of": 1})
    assert not judge.is_valid({**made.json, "text": 7})
