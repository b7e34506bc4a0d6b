"""What Meta's answers to a reply mean: taken, refused, put off, or put off for the whole account."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from platform_fake.recorded import RECORDINGS

from signpost.channels.graph import outcome
from signpost.channels.transport import (
    MESSAGE,
    PRIVATE_REPLY,
    PUBLIC_REPLY,
    DeliveryDelayed,
    DeliveryRefused,
    Response,
    Taken,
)

THEIR_WORDS = "quoted 70021 words"


def answer(status: int = 200, body: object = None, **headers: str) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def error(code: object, subcode: object = None, status: int = 400, **more) -> Response:
    fields = {"message": THEIR_WORDS, "type": "OAuthException", "code": code, "fbtrace_id": "Abc", **more}
    if subcode is not None:
        fields["error_subcode"] = subcode
    return answer(status, {"error": fields})


def put_off(response: Response, way: str = MESSAGE) -> DeliveryDelayed:
    with pytest.raises(DeliveryDelayed) as delay:
        outcome(response, way)
    check_sentence(str(delay.value))
    return delay.value


def refused(response: Response, way: str = MESSAGE) -> str:
    with pytest.raises(DeliveryRefused) as refusal:
        outcome(response, way)
    check_sentence(str(refusal.value))
    return str(refusal.value)


def check_sentence(why: str) -> None:
    assert why.endswith(".")
    assert THEIR_WORDS not in why
    assert "70021" not in why


# Taken


@pytest.mark.parametrize(
    ("body", "platform_id"),
    [
        ({"recipient_id": "70021", "message_id": "m_9"}, "m_9"),
        ({"id": "555_778"}, "555_778"),
        ({"id": 18000000000000002}, "18000000000000002"),
        ({}, ""),
        ({"success": True}, ""),
        ({"error": "none"}, ""),
        ([], ""),
        (b"", ""),
        (b"<html>", ""),
        (b"\xff", ""),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_reply_that_was_taken_has_the_platforms_id_where_it_gives_one(body, platform_id, status):
    assert outcome(answer(status, body)) == Taken(platform_id, 0.0)


def test_an_error_in_a_success_is_an_error():
    put_off(error(190, status=200))


# Limits


@pytest.mark.parametrize(
    ("header", "usage", "seconds"),
    [
        ("x_app_usage", {"call_count": 28, "total_time": 25, "total_cputime": 94.9}, 0),
        ("x_app_usage", {"call_count": 28, "total_time": 25, "total_cputime": 95}, 60),
        ("x_page_usage", {"call_count": 97}, 60),
        ("x_page_usage", {"total_time": 130}, 300),
        ("x_business_use_case_usage", {"1": [{"type": "messenger", "call_count": 40}]}, 0),
        ("x_business_use_case_usage", {"1": [{"call_count": 1}], "2": [{"call_count": 2}, {"total_time": 96}]}, 60),
        ("x_business_use_case_usage", {"1": [{"call_count": 10, "estimated_time_to_regain_access": 19}]}, 1140),
        ("x_business_use_case_usage", {"1": [{"call_count": 100, "estimated_time_to_regain_access": 1}]}, 300),
        ("x_business_use_case_usage", {"1": [{"estimated_time_to_regain_access": 60 * 24 * 3}]}, 86400),
        ("x_business_use_case_usage", {"1": {"call_count": 99}}, 0),
        ("x_business_use_case_usage", {"1": [None, 3, {"call_count": "99"}, {"call_count": True}]}, 0),
        ("x_app_usage", {"call_count": float("nan")}, 0),
        ("x_app_usage", {"call_count": float("nan"), "total_time": 96}, 60),
        ("x_app_usage", {"call_count": 10**400}, 300),
        ("x_app_usage", {"call_count": -96, "total_time": -1}, 0),
        ("x_business_use_case_usage", {"1": [{"estimated_time_to_regain_access": True}]}, 0),
        ("x_business_use_case_usage", {"1": [{"estimated_time_to_regain_access": 10**400}]}, 86400),
        ("x_app_usage", [], 0),
    ],
)
def test_an_account_rests_when_the_usage_headers_say_that_little_is_left(header, usage, seconds):
    taken = outcome(answer(200, {"message_id": "m_9"}, **{header: json.dumps(usage)}))
    assert taken == Taken("m_9", seconds)


def test_usage_headers_that_cannot_be_read_say_nothing():
    assert (
        outcome(
            answer(200, {"id": "1"}, x_app_usage="lots", x_page_usage="", x_business_use_case_usage="{")
        ).rest_seconds
        == 0
    )


@pytest.mark.parametrize("code", [4, 17, 32, 341, 80001, 80002, 80006, 80008])
@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_a_limit_puts_the_whole_account_off(code, status):
    delay = put_off(error(code, status=status))
    assert (delay.whole_account, delay.seconds, delay.alert, delay.unknown) == (True, 300, None, False)


def test_a_limit_on_one_kind_of_call_puts_the_account_off_for_a_minute():
    assert (put_off(error(613)).whole_account, put_off(error(613)).seconds) == (True, 60)


def test_a_limit_lasts_as_long_as_the_headers_say():
    usage = json.dumps({"1": [{"call_count": 100, "estimated_time_to_regain_access": 22}]})
    limited = error(80006)
    response = Response(400, {"x-business-use-case-usage": usage}, limited.body)
    assert put_off(response).seconds == 22 * 60


def test_too_many_requests_puts_the_account_off_whatever_stands_in_the_answer():
    delay = put_off(answer(429, b"slow down"))
    assert (delay.whole_account, delay.seconds) == (True, 300)


# The account


@pytest.mark.parametrize(
    "response",
    [error(190, subcode) for subcode in (None, 458, 460, 463, 467, 492)]
    + [error("190"), error(102), error(190, status=401), answer(401, b"<html>"), error(100, status=401)],
)
def test_a_token_that_no_longer_counts_puts_the_account_off_and_is_seen(response):
    delay = put_off(response)
    assert (delay.whole_account, delay.seconds, delay.alert) == (True, 300, "token_expired")
    assert "token" in str(delay)


@pytest.mark.parametrize(
    ("code", "subcode"), [(368, None), (368, 1390008), (10, 1893063), (200, None), (210, None), (299, 1)]
)
def test_an_account_that_may_not_send_is_put_off_and_seen(code, subcode):
    delay = put_off(error(code, subcode))
    assert (delay.whole_account, delay.seconds, delay.alert) == (True, 900, "sending_restricted")
    assert f"{code}/{subcode}" in str(delay) if subcode else f"error {code})" in str(delay)


@pytest.mark.parametrize("way", [PUBLIC_REPLY, PRIVATE_REPLY])
def test_a_comment_that_may_not_be_answered_keeps_nothing_else_waiting(way):
    delay = put_off(error(200), way)
    assert (delay.whole_account, delay.seconds, delay.alert) == (False, 900, "sending_restricted")


@pytest.mark.parametrize("way", [PUBLIC_REPLY, PRIVATE_REPLY])
def test_a_blocked_account_is_put_off_whatever_it_was_about_to_send(way):
    assert put_off(error(368), way).whole_account is True


# This reply


@pytest.mark.parametrize(
    ("code", "subcode", "word"),
    [
        (10, 2018065, "24 hours"),
        (10, 2018278, "24 hours"),
        (10, 2534022, "24 hours"),
        (10, 2018108, "reached"),
        (200, 1545041, "reached"),
        (551, None, "reached"),
        (551, 1545041, "reached"),
        (100, 2018001, "doesn't know"),
        (100, 33, "gone"),
        (10900, None, "private reply"),
        (10903, 2534039, "private reply"),
        (100, 2534014, "nobody"),
        (10, 2534014, "nobody"),
        (230, None, "pages_messaging"),
        (200, 2018028, "pages_messaging"),
        (200, 2018027, "pages_messaging"),
        (200, 2018021, "pages_messaging"),
        (10, None, "list of errors"),
        (100, None, "list of errors"),
        (100, 2018109, "list of errors"),
        (10303, None, "list of errors"),
        (2500, None, "list of errors"),
    ],
)
@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_concerns_this_person_or_comment_alone_is_refused_with_what_to_do(code, subcode, word, status):
    why = refused(error(code, subcode, status))
    assert word in why
    assert f"Meta's error {code}/{subcode})." in why if subcode else f"Meta's error {code})." in why


def test_a_reply_to_one_comment_is_refused_whatever_way_it_goes():
    for way in (MESSAGE, PUBLIC_REPLY, PRIVATE_REPLY):
        refused(error(100, 33), way)


@pytest.mark.parametrize("code", [1, 2, 1200])
def test_a_fault_that_passes_is_tried_again(code):
    delay = put_off(error(code))
    assert (delay.whole_account, delay.alert, delay.unknown) == (False, None, False)


@pytest.mark.parametrize("flag", [True, "true"])
def test_what_meta_calls_passing_is_tried_again(flag):
    put_off(error(508, 2534122, is_transient=flag))
    refused(error(508, 2534122, is_transient=False))


@pytest.mark.parametrize(
    "response",
    [
        error(1, status=500),
        error(2, status=503),
        error(100, status=500),
        answer(502, b"<html>"),
        answer(504),
        error(1, 1357046),
    ],
)
def test_a_fault_of_the_servers_may_have_sent_the_reply_all_the_same(response):
    delay = put_off(response)
    assert (delay.unknown, delay.whole_account) == (True, False)


@pytest.mark.parametrize(
    "response",
    [
        answer(400, b"<html>"),
        answer(403, b""),
        answer(404, []),
        answer(407, {"error": "proxy"}),
        answer(400, {"error": {"message": THEIR_WORDS}}),
        answer(400, {"error_type": "OAuthException", "code": 400, "error_message": THEIR_WORDS}),
        answer(302, b""),
        error(None),
        error(code=True),
        error({}),
        error(10**30),
    ],
)
def test_what_is_not_metas_own_answer_is_tried_again(response):
    delay = put_off(response)
    assert "wasn't Meta's" in str(delay)
    assert (delay.unknown, delay.whole_account, delay.alert) == (False, False, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
ERRORS = st.fixed_dictionaries(
    {"error": st.fixed_dictionaries({}, optional=dict.fromkeys(("code", "error_subcode", "is_transient"), JSON))}
)
BODIES = st.binary(max_size=30) | (ERRORS | JSON).map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(("x-app-usage", "x-page-usage", "x-business-use-case-usage")), st.text() | JSON.map(json.dumps)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(100, 599), HEADERS, BODIES)
def test_whatever_is_answered_the_reply_is_taken_refused_or_put_off(status, headers, body):
    try:
        taken = outcome(Response(status, headers, body))
    except (DeliveryRefused, DeliveryDelayed):
        return
    assert 200 <= status < 300
    assert 0 <= taken.rest_seconds <= 86400


RECORDED = {
    "10_2018065": "refused",
    "10_2018108": "refused",
    "100_none": "refused",
    "100_2018001": "refused",
    "10303_none": "refused",
    "1200_none": "put off",
    "190_none": "token_expired",
    "200_1545041": "refused",
    "200_2018021": "refused",
    "200_2018027": "refused",
    "200_2018028": "refused",
    "230_none": "refused",
    "613_none": "whole account",
    "exampleError": "token_expired",
    "exampleErrorNew": "token_expired",
    "exampleOauthError": "put off",
    "oauthExampleError": "put off",
}


def test_recorded_errors_mean_what_they_meant_to_those_who_met_them():
    recorded = sorted((*RECORDINGS.glob("facebook/errors/*.json"), *RECORDINGS.glob("facebook/send_api/errors/*.json")))
    if not recorded:
        pytest.skip(reason="no errors: SIGNPOST_PLATFORM_FIXTURES names the folder of the platforms' recordings")
    for file in recorded:
        try:
            outcome(Response(400, {}, file.read_bytes()))
        except DeliveryRefused:
            meant = "refused"
        except DeliveryDelayed as delay:
            meant = delay.alert or ("whole account" if delay.whole_account else "put off")
        assert meant == RECORDED[file.stem], file.name
