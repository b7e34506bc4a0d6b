"""What X's answers mean: a reply counts as taken only where X has it, and as refused only where trying again can't help."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platform_fake.recorded import RECORDINGS

from signpost.channels.transport import DeliveryDelayed, DeliveryRefused, Response, Taken
from signpost.channels.x import outcome

RECORDED = RECORDINGS / "x" / "recorded_http"
NOW = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # the record keeps UTC without a zone
EPOCH_NOW = int(NOW.replace(tzinfo=timezone.utc).timestamp())
WORDS = "zebra-words-of-the-answer"


def answer(status, body=None, **headers):
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Response(status, {name.replace("_", "-"): str(value) for name, value in headers.items()}, raw)


def limit(remaining, reset=EPOCH_NOW + 100, window="x_rate_limit"):
    return {f"{window}_remaining": remaining, f"{window}_reset": reset}


def problem(detail, status=403, **more):
    return {"title": "Forbidden", "type": "about:blank", "status": status, "detail": detail, **more}


def codes(*numbers, message=WORDS):
    return {"errors": [{"code": number, "message": message} for number in numbers]}


def refused(response):
    with pytest.raises(DeliveryRefused) as caught:
        outcome(response, NOW)
    assert WORDS not in str(caught.value)
    return str(caught.value)


def delayed(response):
    with pytest.raises(DeliveryDelayed) as caught:
        outcome(response, NOW)
    assert WORDS not in str(caught.value)
    return caught.value


# Taken


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    "data", [{"id": "77", "text": WORDS}, {"dm_conversation_id": "1-2", "dm_event_id": "77"}, {"id": 77}]
)
def test_a_reply_that_x_took_has_x_s_id(status, data):
    assert outcome(answer(status, {"data": data}), NOW) == Taken("77")


@pytest.mark.parametrize("body", [None, b"", b"{", b"<html>", b"\xff", b"[" * 100_000, [], "x", {}, {"data": {}}])
def test_a_reply_that_x_took_without_a_readable_word_is_still_taken(body):
    assert outcome(answer(201, body), NOW) == Taken("")


def test_an_error_beside_the_id_of_a_taken_reply_changes_nothing():
    assert outcome(answer(201, {"data": {"id": "77"}, **codes(50)}), NOW) == Taken("77")


@pytest.mark.parametrize(
    ("headers", "rest"),
    [
        ({}, 0),
        (limit(1), 0),
        (limit(0), 100),
        (limit(0, EPOCH_NOW), 0),
        (limit(0, EPOCH_NOW - 5), 0),
        (limit(0, EPOCH_NOW + 86_400), 900),
        (limit(0, "soon"), 60),
        (limit(0, "-5"), 60),
        (limit(0, "9" * 5000), 60),
        ({"x_rate_limit_remaining": "0"}, 60),
        (limit("none"), 0),
        (limit(0, EPOCH_NOW + 50) | limit(0, EPOCH_NOW + 70, "x_user_limit_24hour"), 70),
        (limit(9, EPOCH_NOW + 50) | limit(0, EPOCH_NOW + 70, "x_app_limit_24hour"), 70),
    ],
)
def test_an_account_rests_once_its_last_request_of_the_window_is_spent(headers, rest):
    taken = outcome(answer(201, {"data": {"id": "77"}}, **headers), NOW)
    assert taken == Taken("77", rest)


@pytest.mark.parametrize(
    "body",
    [
        problem("You are not allowed to create a Tweet with duplicate content."),
        codes(187),
        codes(151, message="There was an error sending your message: Whoops! You already said that."),
    ],
)
def test_a_reply_that_x_refuses_as_a_duplicate_is_there_already(body):
    assert outcome(answer(403, body), NOW) == Taken("")
    assert outcome(answer(403, body, **limit(0)), NOW) == Taken("", 100)


# Try again


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, None),
        (429, {"title": "Too Many Requests", "detail": WORDS, "type": "about:blank", "status": 429}),
        (429, codes(88)),
        (403, codes(88)),
        (400, {"code": 88, "message": WORDS}),
    ],
)
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        (limit(0), 100),
        ({"x_rate_limit_reset": EPOCH_NOW + 100}, 100),
        (limit(0, EPOCH_NOW + 86_400), 900),
        (limit(0, EPOCH_NOW - 30), 60),
        (limit(0, "soon"), 60),
        (limit(3, EPOCH_NOW + 100) | limit(0, EPOCH_NOW + 300, "x_user_limit_24hour"), 300),
        ({"retry_after": 12}, 12),
        ({"retry_after": 0}, 60),
        ({"retry_after": "Sun, 22 Nov 2026 03:01:00 GMT"}, 60),
        ({"retry_after": 86_400}, 900),
    ],
)
def test_a_limit_stops_the_whole_account_for_as_long_as_x_says(status, body, headers, seconds):
    delay = delayed(answer(status, body, **headers))
    assert (delay.seconds, delay.whole_account, delay.alert, delay.unknown) == (seconds, True, None, False)


def test_a_day_s_limit_is_asked_about_again_after_the_longest_rest():
    delay = delayed(answer(403, codes(185), **limit(50)))
    assert (delay.seconds, delay.whole_account, delay.alert) == (900, True, None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": WORDS}),
        (401, b"<html>"),
        (401, None),
        (401, codes(89)),
        (403, codes(89)),
        (400, codes(32)),
    ],
)
def test_a_token_that_x_no_longer_takes_is_told_to_people_and_stops_the_account(status, body):
    delay = delayed(answer(status, body))
    assert (delay.seconds, delay.whole_account, delay.alert, delay.unknown) == (300, True, "token_expired", False)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, codes(326)),
        (403, codes(64)),
        (403, codes(226)),
        (403, codes(453)),
        (403, problem(WORDS, type="https://api.x.com/2/problems/client-forbidden", reason="client-not-enrolled")),
        (403, problem(WORDS, reason="client-not-enrolled")),
        (403, problem(WORDS, type="https://api.x.com/2/problems/unsupported-authentication")),
        (403, problem(WORDS, type="https://api.twitter.com/2/problems/oauth1-permissions")),
        (403, problem("Your account is suspended and is not permitted to access this feature.")),
        (403, problem("Your account is temporarily locked.")),
        (429, problem(WORDS, type="https://api.x.com/2/problems/usage-capped", status=429)),
        (402, {"title": "CreditsDepleted", "type": "https://api.x.com/2/problems/credits", "detail": WORDS}),
        (402, b"payment required"),
    ],
)
def test_an_app_or_account_that_may_send_nothing_is_told_to_people_and_stops_the_account(status, body):
    delay = delayed(answer(status, body, **limit(0)))
    assert (delay.seconds, delay.whole_account, delay.alert, delay.unknown) == (900, True, "sending_restricted", False)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599, 408])
@pytest.mark.parametrize("body", [None, b"<html>over capacity", codes(131), problem("duplicate content", 503)])
def test_after_a_fault_of_x_s_nobody_knows_whether_the_reply_went_out(status, body):
    delay = delayed(answer(status, body))
    assert (delay.unknown, delay.whole_account, delay.alert, delay.seconds) == (True, False, None, None)


@pytest.mark.parametrize("status", [302, 307, 400, 403, 404, 405, 410])
@pytest.mark.parametrize("body", [None, b"", b"<html>", b"\xff\xfe", b"[]", b"7", b"1" * 5000])
def test_an_answer_that_is_not_x_s_own_says_nothing_about_the_reply(status, body):
    delay = delayed(answer(status, body))
    assert (delay.unknown, delay.whole_account, delay.alert) == (False, False, None)


def test_a_redirect_is_no_refusal_whatever_it_says():
    assert not delayed(answer(307, problem(WORDS, 307))).whole_account


def test_a_message_that_failed_for_no_reason_given_is_tried_again():
    assert not delayed(answer(403, codes(151))).whole_account


# Refused

REPLY = "X doesn't let the account answer this post: it doesn't mention the account, or its author chose who may reply."
MESSAGES = "This person doesn't take direct messages from the account on X."
GONE = "The post or the person is no longer to be found on X."
BLOCKED = "This person has blocked the account on X."


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (403, problem("You can only reply to or quote posts where you are mentioned or are the author."), REPLY),
        (403, problem("Reply to this conversation is not allowed because you have not been mentioned."), REPLY),
        (403, codes(433), REPLY),
        (403, codes(349), MESSAGES),
        (403, codes(150), MESSAGES),
        (403, problem("You do not have permission to DM one or more participants."), MESSAGES),
        (404, codes(34), GONE),
        (404, codes(50), GONE),
        (403, codes(63), GONE),
        (403, problem("You attempted to reply to a Tweet that is deleted or not visible to you."), GONE),
        (404, problem(WORDS, 404, type="https://api.x.com/2/problems/resource-not-found"), GONE),
        (404, {}, GONE),
        (403, codes(136), BLOCKED),
        (403, codes(186), "X finds the reply too long."),
        (403, problem(WORDS), "X refused the reply (403)."),
        (
            400,
            {"errors": [{"message": WORDS}], "title": "Invalid Request", "detail": WORDS},
            "X refused the reply (400).",
        ),
        (400, {"code": 400, "message": WORDS}, "X refused the reply (400)."),
        (413, {"errors": 7}, "X refused the reply (413)."),
        (200, codes(50), GONE),
        (200, codes(1), "X refused the reply (200)."),
    ],
)
def test_what_trying_again_cannot_change_is_refused_with_a_sentence_for_staff(status, body, sentence):
    assert refused(answer(status, body)) == sentence


# Whatever comes


def recorded():
    return sorted(RECORDED.glob("*.json"))


@pytest.mark.skipif(not recorded(), reason="the recorded answers aren't on this machine")
@pytest.mark.parametrize("file", recorded(), ids=lambda file: file.stem)
def test_recorded_answers_to_posts_and_messages_are_taken_under_their_ids(file):
    exchange = json.loads(file.read_text("utf-8"))
    told = exchange["response"]
    headers = {name.lower(): values[0] for name, values in told["headers"].items()}
    moment = datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S %Z")  # noqa: DTZ007  # it is UTC
    taken = outcome(Response(told["status"]["code"], headers, json.dumps(told["body"]).encode()), moment)
    assert taken.rest_seconds == 0
    data = told["body"].get("data") if exchange["request"]["method"] == "POST" else None
    assert taken.platform_id == (data.get("id") or data["dm_event_id"] if data else "")
    # The same answer, had it been the window's last.
    used_up = {**headers, "x-rate-limit-remaining": "0"}
    last = outcome(Response(told["status"]["code"], used_up, json.dumps(told["body"]).encode()), moment)
    until = datetime.fromtimestamp(int(headers["x-rate-limit-reset"]), timezone.utc).replace(tzinfo=None)
    assert timedelta(seconds=last.rest_seconds) == min(until - moment, timedelta(minutes=15))
    assert last.rest_seconds > 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from([88, "88", 187, 403]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "code", "id", "detail", "type", "message", "x"]), children, max_size=4
        )
    ),
    max_leaves=12,
)
HEADERS = st.dictionaries(
    st.sampled_from(["x-rate-limit-remaining", "x-rate-limit-reset", "retry-after", "x-user-limit-24hour-remaining"]),
    st.text(max_size=12) | st.integers(-5, EPOCH_NOW * 2).map(str) | st.just("0"),
)


@given(st.integers(100, 599), HEADERS, st.binary(max_size=20) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None, max_examples=300)
def test_no_answer_is_anything_but_taken_delayed_or_refused(status, headers, body):
    fate = fate_of(Response(status, headers, body))
    if isinstance(fate, DeliveryDelayed):
        assert fate.seconds is None or 0 < fate.seconds <= 900
    elif isinstance(fate, DeliveryRefused):
        assert status // 100 in {2, 4}
    else:
        assert 0 <= fate.rest_seconds <= 900
        assert status // 100 in {2, 3, 4}


def fate_of(response):
    try:
        return outcome(response, NOW)
    except (DeliveryDelayed, DeliveryRefused) as fault:
        return fault
