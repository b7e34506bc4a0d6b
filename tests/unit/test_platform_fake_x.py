"""What the small platforms answer in X's place, held against X's own specification and recorded answers."""

import itertools
import json
from typing import Any

import jsonschema
import pytest
from authlib.oauth1 import ClientAuth
from platform_fake import Answer, Call, Platforms, X, secrets
from platform_fake.recorded import outline, recorded
from platform_fake.signing import base64_hmac

BASE = "http://127.0.0.1:9/x"
TWEETS = "/2/tweets"
BEARER = {"authorization": f"Bearer {secrets.X_BEARER}"}
NUMBERS = itertools.count()


class Signpost:
    """Answers X's checks of a webhook as Signpost does, or as it is told, and takes what is delivered."""

    def __init__(self) -> None:
        self.secret = secrets.CONSUMER_SECRET
        self.status = 200
        self.got: list[bytes] = []
        self.checks = 0

    def __call__(self, method: str, url: str, body: bytes, headers: Any, timeout: float) -> tuple[int, bytes]:
        if method == "POST":
            self.got.append(body)
            return self.status, b""
        self.checks += 1
        token = url.partition("?crc_token=")[2]
        answer = {"response_token": f"sha256={base64_hmac(self.secret, token.encode())}"}
        return self.status, json.dumps(answer).encode()


@pytest.fixture
def signpost() -> Signpost:
    return Signpost()


@pytest.fixture
def platforms(clock, signpost) -> Platforms:
    return Platforms(clock=clock, post=signpost)


def signed(path: str, *, token_secret: str = secrets.X_TOKEN_SECRET, method: str = "POST") -> dict[str, str]:
    client = ClientAuth(
        secrets.CONSUMER_KEY,
        client_secret=secrets.CONSUMER_SECRET,
        token=secrets.X_TOKEN,
        token_secret=token_secret,
    )
    _uri, headers, _body = client.sign(method, BASE + path, {}, "")
    return {name.lower(): value for name, value in headers.items()}


def call(platforms: Platforms, path: str, body: dict[str, Any] | None = None, **more: Any) -> Answer:
    method = more.pop("method", "POST")
    headers = more.pop("headers", None) or signed(path, method=method)
    return platforms.x(Call(method, BASE + path, path, {}, headers, body or {}))


def write(platforms: Platforms, person: str, text: str = "") -> Answer:
    return call(
        platforms, f"/2/dm_conversations/with/{person}/messages", {"text": text or f"Call 101. {next(NUMBERS)}"}
    )


def reply(platforms: Platforms, above: str, text: str = "") -> Answer:
    body = {"text": text or f"Call 101. {next(NUMBERS)}", "reply": {"in_reply_to_tweet_id": above}}
    return call(platforms, TWEETS, body)


def conforms(name: str, value: Any) -> None:
    document = recorded("x/openapi/x_api_v2_subset.json")
    schema = {**document["components"]["schemas"][name], "components": document["components"]}
    jsonschema.validate(value, schema)


def test_a_message_is_taken_and_answered_as_x_answers(platforms):
    theirs = recorded("x/recorded_http/test_manage_and_lookup_direct_messages.1.json")["response"]
    said = platforms.say("x_dm", "My bike has gone")

    answer = write(platforms, said.person, "Call 101.")

    assert answer.status == theirs["status"]["code"]
    assert outline(answer.body) == outline(theirs["body"])
    conforms("CreateDirectMessagesByParticipantIdResponse", answer.body)
    for name in ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"):
        assert answer.headers[name].isdecimal() == theirs["headers"][name][0].isdecimal()
    (sent,) = platforms.world.sent
    assert (sent.person, sent.text, sent.platform_id) == (said.person, "Call 101.", answer.body["data"]["dm_event_id"])


def test_a_reply_is_taken_and_answered_as_x_answers(platforms):
    theirs = recorded("x/recorded_http/test_client_create_and_delete_tweet.0.json")["response"]
    said = platforms.say("x_mention", "My bike has gone")

    answer = reply(platforms, said.platform_id)

    assert answer.status == theirs["status"]["code"]
    assert outline(theirs["body"]) <= outline(answer.body)
    conforms("CreatePostsResponse", answer.body)
    assert platforms.world.sent[0].in_reply_to == said.platform_id


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("CreatePostsRequest", TWEETS),
        ("CreateDirectMessagesByParticipantIdRequest", "/2/dm_conversations/with/1/messages"),
    ],
)
def test_fields_that_x_does_not_know_are_refused_and_those_it_knows_are_not(platforms, schema, path):
    known = recorded("x/openapi/x_api_v2_subset.json")["components"]["schemas"][schema]["properties"]

    answer = call(platforms, path, {"text": "Call 101.", "tea": "please"})

    assert answer.status == 400
    conforms("InvalidRequestProblem", answer.body)
    for name in known.keys() - {"text", "reply", "quote_tweet_id"}:
        assert "not defined" not in json.dumps(call(platforms, path, {"text": "Call", name: None}).body)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Basic abc"},
        {"authorization": 'OAuth oauth_token="rehearsal-x-token"'},
        {"authorization": "OAuth nonsense"},
        {"authorization": "Bearer another"},
        signed(TWEETS, token_secret="another"),
        signed("/2/other"),
        signed(TWEETS, method="PUT"),
    ],
    ids=["basic", "incomplete", "nonsense", "bearer", "secret", "address", "method"],
)
def test_what_is_not_signed_as_it_should_be_is_refused(platforms, headers):
    answer = call(platforms, TWEETS, {"text": "Call 101."}, headers=headers)

    assert answer.status == 401
    assert platforms.world.sent == []


def test_a_signature_is_good_once(platforms):
    headers = signed(TWEETS)

    assert call(platforms, TWEETS, {"text": "one"}, headers=headers).status == 201
    assert call(platforms, TWEETS, {"text": "two"}, headers=headers).status == 401


def test_the_query_is_signed_too(platforms):
    path = "/2/users/me"
    client = ClientAuth(
        secrets.CONSUMER_KEY,
        client_secret=secrets.CONSUMER_SECRET,
        token=secrets.X_TOKEN,
        token_secret=secrets.X_TOKEN_SECRET,
    )
    _uri, headers, _body = client.sign("GET", f"{BASE}{path}?user.fields=a%20b", {}, "")
    lower = {name.lower(): value for name, value in headers.items()}

    good = platforms.x(Call("GET", BASE + path, path, {"user.fields": "a b"}, lower))
    bad = platforms.x(Call("GET", BASE + path, path, {"user.fields": "c"}, lower))

    assert (good.status, bad.status) == (200, 401)
    assert good.body["data"]["id"] == X.id


def test_the_apps_own_token_does_not_write(platforms):
    answer = call(platforms, TWEETS, {"text": "Call 101."}, headers=BEARER)

    assert answer.status == 403
    assert answer.body["title"] == "Unsupported Authentication"


def test_the_same_words_are_not_posted_twice_whoever_they_answer(platforms, clock):
    first, second = (platforms.say("x_mention", "My bike has gone") for _ in range(2))
    assert reply(platforms, first.platform_id, "Call 101.").status == 201

    answer = reply(platforms, second.platform_id, "call  101.")

    assert answer.status == 403
    assert answer.body == {
        "title": "Forbidden",
        "type": "about:blank",
        "status": 403,
        "detail": "You are not allowed to create a Tweet with duplicate content.",
    }
    clock.advance(hours=25)
    assert reply(platforms, second.platform_id, "Call 101.").status == 201


def test_the_same_words_are_not_sent_twice_to_one_person(platforms):
    one, other = (platforms.say("x_dm", "My bike has gone") for _ in range(2))

    assert write(platforms, one.person, "Call 101.").status == 201
    assert write(platforms, other.person, "Call 101.").status == 201
    assert write(platforms, one.person, "Call 101.").status == 403


def test_what_was_refused_may_be_said_later(platforms):
    said = platforms.say("x_mention", "My bike has gone", kind="bystander")
    assert reply(platforms, said.platform_id, "Call 101.").status == 403
    named = platforms.say("x_mention", "My bike has gone")

    assert reply(platforms, named.platform_id, "Call 101.").status == 201


@pytest.mark.parametrize(("text", "status"), [("a" * 280, 201), ("a" * 281, 400), ("窃" * 140, 201), ("窃" * 141, 400)])
def test_a_post_has_280_weighted_characters(platforms, text, status):
    assert call(platforms, TWEETS, {"text": text}).status == status


def test_only_where_the_account_is_named_may_it_reply(platforms):
    named, quoted, bystander, gone = (
        platforms.say("x_mention", "My bike has gone", kind=kind) for kind in ("text", "quote", "bystander", "text")
    )
    platforms.act("delete", gone.platform_id)

    assert reply(platforms, named.platform_id).status == 201
    assert reply(platforms, quoted.platform_id).status == 201
    refused = reply(platforms, bystander.platform_id)
    assert (refused.status, refused.body["detail"]) == (
        403,
        "You can only reply to or quote posts where you are mentioned or are the author.",
    )
    assert "deleted or not visible" in reply(platforms, gone.platform_id).body["detail"]
    assert "deleted or not visible" in reply(platforms, "123").body["detail"]


def test_nobody_unknown_is_written_to(platforms):
    answer = write(platforms, "123")

    assert answer.status == 404
    conforms("ResourceNotFoundProblem", answer.body)
    platforms.set_limits(strangers=True)
    assert write(platforms, "123").status == 201


def test_the_sixteenth_message_in_a_quarter_of_an_hour_is_too_many(platforms, clock):
    said = platforms.say("x_dm", "My bike has gone")
    answers = [write(platforms, said.person) for _ in range(16)]

    assert [answer.status for answer in answers] == [201] * 15 + [429]
    assert [answer.headers["x-rate-limit-remaining"] for answer in answers[:3]] == ["14", "13", "12"]
    assert answers[-1].body == {
        "title": "Too Many Requests",
        "detail": "Too Many Requests",
        "type": "about:blank",
        "status": 429,
    }
    reset = int(answers[-1].headers["x-rate-limit-reset"])
    platforms.advance(900)
    assert write(platforms, said.person).status == 201
    assert reset == int(write(platforms, said.person).headers["x-rate-limit-reset"]) - 900


def test_posts_have_a_bucket_of_their_own(platforms):
    platforms.set_limits(x_posts=1, x_messages=1)
    said = platforms.say("x_dm", "My bike has gone")

    assert write(platforms, said.person).status == 201
    assert call(platforms, TWEETS, {"text": "one"}).status == 201
    assert call(platforms, TWEETS, {"text": "two"}).status == 429


def test_a_day_has_its_limit_too(platforms):
    platforms.set_limits(x_messages_day=1)
    said = platforms.say("x_dm", "My bike has gone")
    write(platforms, said.person)

    answer = write(platforms, said.person)

    assert answer.status == 429
    assert answer.headers["x-user-limit-24hour-remaining"] == "0"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"name": "too_many_requests"}, 429),
        ({"name": "too_many_requests", "legacy": True}, 429),
        ({"name": "token_expired"}, 401),
        ({"name": "restricted"}, 403),
        ({"name": "person_unavailable"}, 403),
        ({"name": "unavailable"}, 503),
        ({"name": "server_error"}, 500),
        ({"name": "html"}, 502),
    ],
    ids=str,
)
def test_faults_are_had_on_demand(platforms, fault, status):
    said = platforms.say("x_dm", "My bike has gone")
    platforms.faults.set(platform="x", times=1, **fault)

    answer = write(platforms, said.person)

    assert answer.status == status
    if fault.get("legacy"):
        assert answer.body == {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
    assert platforms.world.sent == []
    assert write(platforms, said.person).status == 201


def test_an_answer_may_be_lost_although_the_message_was_taken(platforms):
    said = platforms.say("x_dm", "My bike has gone")
    platforms.faults.set(platform="x", name="half_body", times=1, taken=True)

    answer = write(platforms, said.person)

    assert answer.cut
    assert len(platforms.world.sent) == 1


def test_a_message_that_was_sent_is_told_as_x_tells_it(platforms, signpost):
    theirs = recorded("x/xaa/dm.sent.json")["data"]
    said = platforms.say("x_dm", "My bike has gone")
    write(platforms, said.person, "Call 101.")
    platforms.deliver()

    ours = json.loads(signpost.got[1])["data"]
    assert ours["event_type"] == "dm.sent"
    assert outline(ours["payload"]["direct_message_events"]) == outline(theirs["payload"]["direct_message_events"])
    message = ours["payload"]["direct_message_events"][0]["message_create"]
    assert (message["sender_id"], message["target"]["recipient_id"]) == (X.id, said.person)


# Webhooks


def test_a_webhook_is_registered_once_it_proves_that_it_knows_the_secret(platforms, signpost):
    url = {"url": "https://signpost.example/webhooks/x"}

    answer = call(platforms, "/2/webhooks", url, headers=BEARER)

    assert answer.status == 200
    assert signpost.checks == 1
    conforms("CreateWebhooksResponse", answer.body)
    listed = call(platforms, "/2/webhooks", headers=BEARER, method="GET")
    conforms("GetWebhooksResponse", listed.body)
    assert [hook["url"] for hook in listed.body["data"]][1:] == [url["url"]]
    assert call(platforms, "/2/webhooks", url, headers=BEARER).status == 400


@pytest.mark.parametrize(("attribute", "value"), [("secret", "another"), ("status", 302), ("status", 500)])
def test_a_webhook_that_proves_nothing_is_not_registered(platforms, signpost, attribute, value):
    setattr(signpost, attribute, value)

    answer = call(platforms, "/2/webhooks", {"url": "https://signpost.example/webhooks/x"}, headers=BEARER)

    assert answer.status == 400
    assert "CrcValidationFailed" in json.dumps(answer.body)
    assert len(platforms.webhooks.listed()) == 1


def test_a_webhook_must_be_https_and_not_too_long(platforms):
    for url in ("http://signpost.example/", f"https://signpost.example/{'a' * 200}"):
        assert call(platforms, "/2/webhooks", {"url": url}, headers=BEARER).status == 400


def test_a_wrong_token_at_the_hourly_check_ends_the_deliveries_until_it_is_put_right(platforms, signpost, clock):
    (webhook,) = platforms.webhooks.listed()
    signpost.secret = "another"
    clock.advance(hours=1)
    platforms.deliver()
    assert not webhook.valid
    platforms.say("x_dm", "My bike has gone")
    platforms.deliver()
    assert signpost.got == []

    signpost.secret = secrets.CONSUMER_SECRET
    answer = call(platforms, f"/2/webhooks/{webhook.id}", headers=BEARER, method="PUT")

    assert answer.body == {"data": {"valid": True}}
    conforms("ValidateWebhooksResponse", answer.body)
    platforms.say("x_dm", "My bike has gone")
    platforms.deliver()
    assert len(signpost.got) == 1


def test_checks_that_fail_for_a_while_are_borne_for_28_hours(platforms, signpost, clock):
    (webhook,) = platforms.webhooks.listed()
    signpost.status = 503
    for hour in range(1, 31):
        clock.advance(hours=1)
        platforms.deliver()
        assert webhook.valid == (hour <= 28), hour


def test_what_was_missed_comes_with_a_replay(platforms, signpost, clock):
    (webhook,) = platforms.webhooks.listed()
    signpost.status = 500
    platforms.say("x_dm", "My bike has gone")
    for _ in range(10):
        platforms.deliver()
        clock.advance(minutes=1)
    assert platforms.courier.summary()["lost"] == 1
    signpost.status = 200
    lost = signpost.got[0]
    platforms.say("x_dm", "This one arrives")
    platforms.deliver()
    signpost.got.clear()
    span = {"from_date": "202611220300", "to_date": "202611220301"}

    answer = call(platforms, "/2/webhooks/replay", {"webhook_id": webhook.id, **span}, headers=BEARER)
    platforms.deliver()

    assert answer.status == 200
    conforms("CreateWebhookReplayJobResponse", answer.body)
    assert signpost.got == [lost]


@pytest.mark.parametrize(
    "span", [("20261122", "202611220301"), ("202611200300", "202611220301"), ("202699999999", "202611220301")]
)
def test_a_replay_reaches_back_a_day(platforms, span):
    (webhook,) = platforms.webhooks.listed()
    body = {"webhook_id": webhook.id, "from_date": span[0], "to_date": span[1]}

    assert call(platforms, "/2/webhooks/replay", body, headers=BEARER).status == 400


def test_a_webhook_can_be_deleted(platforms):
    (webhook,) = platforms.webhooks.listed()
    path = f"/2/webhooks/{webhook.id}"

    answer = call(platforms, path, headers=BEARER, method="DELETE")

    conforms("DeleteWebhooksResponse", answer.body)
    assert platforms.webhooks.listed() == []
    assert call(platforms, path, headers=BEARER, method="DELETE").status == 404


def test_the_app_chooses_what_it_is_told_of(platforms, signpost):
    path = "/2/activity/subscriptions"
    asked = {"event_type": "post.create", "filter": {"user_id": X.id}}

    made = call(platforms, path, asked, headers=BEARER)
    conforms("CreateActivitySubscriptionResponse", made.body)
    conforms("GetActivitySubscriptionsResponse", call(platforms, path, headers=BEARER, method="GET").body)
    call(platforms, TWEETS, {"text": "one"})
    subscription = made.body["data"]["subscription"]["subscription_id"]
    gone = call(platforms, f"{path}/{subscription}", headers=BEARER, method="DELETE")
    conforms("DeleteActivitySubscriptionResponse", gone.body)
    call(platforms, TWEETS, {"text": "two"})
    platforms.deliver()

    assert [json.loads(body)["data"]["payload"]["text"] for body in signpost.got] == ["one"]
