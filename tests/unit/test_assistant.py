"""The desk's client of the assistant: what it sends, and what it makes of whatever comes back."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from signpost.desk.assistant import LONGEST_TEXT, Assistant, AssistantAway, AssistantRefused, Question, local_client

TEXT = "somebody smashed the window at 07700 900123"
GOOD: dict[str, Any] = {
    "message_id": "m-1",
    "intent": "report_crime",
    "label": "crime_report",
    "scores": {"emergency": 0.1, "crime_report": 0.8, "not_report": 0.1},
    "unsure": False,
    "ranking": [{"name": "report_crime", "confidence": 0.8}],
    "reasons": [{"word": "smashed", "speaks": "for"}],
    "replies": [{"response": "utter_guidance", "text": "We can’t take reports of crime over social media. \U0001f622"}],
    "escalation": "CDF-346",
    "model": "model-1",
}


def question(**changed: str) -> Question:
    fields = {
        "message_id": "m-1",
        "conversation_id": "c-1",
        "channel": "messenger",
        "visibility": "private",
        "text": TEXT,
        "guided": "nothing",
        "replies": "on_request",
        **changed,
    }
    return Question(**fields)


def asking(handler: Callable[[httpx.Request], httpx.Response]) -> Assistant:
    return Assistant(httpx.Client(transport=httpx.MockTransport(handler)), "http://127.0.0.1:8082", "the-token")


def answering(status: int = 200, content: bytes | None = None, **changed: Any) -> Assistant:
    body = json.dumps({**GOOD, **changed}).encode() if content is None else content
    return asking(lambda _request: httpx.Response(status, content=body))


def sent(**changed: str) -> httpx.Request:
    """The request that a question becomes."""
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=GOOD)

    asking(handler).ask(question(**changed))
    return requests[0]


# What is sent


def test_the_question_is_sent_to_the_assistant_with_its_token():
    request = sent()
    assert (request.method, str(request.url)) == ("POST", "http://127.0.0.1:8082/webhooks/signpost/messages")
    assert request.headers["authorization"] == "Bearer the-token"
    assert request.headers["content-type"] == "application/json"


def test_the_question_holds_what_the_assistant_needs_and_nothing_more():
    assert json.loads(sent(guided="guidance", replies="off_by_request").content) == {
        "message_id": "m-1",
        "conversation_id": "c-1",
        "channel": "messenger",
        "visibility": "private",
        "text": TEXT,
        "guided": "guidance",
        "replies": "off_by_request",
        "hold": "",
        "answer_when": "logged",
    }


def test_nothing_a_person_wrote_stands_in_the_address_or_the_headers():
    request = sent()
    assert "07700" not in str(request.url)
    assert "07700" not in str(request.headers)


@pytest.mark.parametrize("character", ["a", "é", "\U0001f600"])
def test_a_text_longer_than_the_assistant_takes_is_cut_to_what_it_takes(character):
    text = json.loads(sent(text=character * (LONGEST_TEXT + 1)).content)["text"]
    assert text == character * LONGEST_TEXT


def test_a_text_as_long_as_the_assistant_takes_is_sent_whole():
    assert len(json.loads(sent(text="a" * LONGEST_TEXT).content)["text"]) == LONGEST_TEXT


@pytest.mark.rasa
def test_the_client_cuts_where_the_assistant_stops_taking():
    from bot.text import MAX_CHARACTERS

    assert LONGEST_TEXT == MAX_CHARACTERS


# What comes back


def test_a_good_answer_is_read_whole():
    answer = answering().ask(question())
    assert (answer.message_id, answer.intent, answer.label, answer.unsure) == (
        "m-1",
        "report_crime",
        "crime_report",
        False,
    )
    assert [(reply.response, reply.text) for reply in answer.replies] == [
        ("utter_guidance", "We can’t take reports of crime over social media. \U0001f622")
    ]
    assert (answer.scores, answer.ranking, answer.reasons) == (GOOD["scores"], GOOD["ranking"], GOOD["reasons"])
    assert (answer.escalation, answer.model) == ("CDF-346", "model-1")


def test_an_answer_without_an_escalation_is_read():
    assert answering(escalation=None).ask(question()).escalation is None
    without = {name: value for name, value in GOOD.items() if name != "escalation"}
    assert answering(content=json.dumps(without).encode()).ask(question()).escalation is None


def test_an_answer_with_more_in_it_than_is_known_is_read():
    assert answering(something_new=[1, 2]).ask(question()).label == "crime_report"


@pytest.mark.parametrize("status", [400, 413])
def test_a_message_the_assistant_will_never_take_is_refused_for_good(status):
    with pytest.raises(AssistantRefused) as refusal:
        answering(status).ask(question())
    assert str(refusal.value) == f"the assistant refused the message (status {status})"


@pytest.mark.parametrize("status", [201, 204, 301, 302, 401, 403, 404, 408, 429, 500, 502, 503, 504])
def test_any_other_status_means_that_the_assistant_is_away(status):
    with pytest.raises(AssistantAway) as fault:
        answering(status).ask(question())
    assert str(fault.value) == f"the assistant answered with status {status}"


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.PoolTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.RemoteProtocolError,
        httpx.ProxyError,
    ],
)
def test_an_assistant_that_cannot_be_reached_is_away(fault):
    def fails(request: httpx.Request) -> httpx.Response:
        raise fault(f"while sending {TEXT}", request=request)

    with pytest.raises(AssistantAway) as away:
        asking(fails).ask(question())
    assert str(away.value) == f"the assistant could not be reached ({fault.__name__})"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'"text"',
        b"<html>Bad gateway</html>",
        b"\xff\xfe",
        b'{"message_id": "\xff"}',
        json.dumps(GOOD).encode()[:-1],
        json.dumps(GOOD).encode("utf-16"),
        json.dumps({**GOOD, "label": None}).encode(),
        json.dumps({**GOOD, "label": 3}).encode(),
        json.dumps({**GOOD, "replies": "We can't"}).encode(),
        json.dumps({**GOOD, "replies": [{"response": "utter_guidance"}]}).encode(),
        json.dumps({**GOOD, "replies": [{"response": "utter_guidance", "text": None}]}).encode(),
        json.dumps({**GOOD, "scores": {"emergency": "high"}}).encode(),
        json.dumps({**GOOD, "reasons": [{"word": 3}]}).encode(),
        json.dumps({**GOOD, "message_id": "\ud83d"}).encode(),
        json.dumps(GOOD).replace("report_crime", "re\xffport").encode("latin-1"),
        b"[" * 100_000,
    ],
)
def test_an_answer_that_cannot_be_read_means_that_the_assistant_is_away(content):
    with pytest.raises(AssistantAway) as fault:
        answering(content=content).ask(question())
    assert str(fault.value) == "the assistant's answer could not be read"


@pytest.mark.parametrize("status", [200, 400, 500])
def test_no_fault_ever_quotes_what_a_person_wrote(status):
    content = json.dumps({"error": f"I can't understand {TEXT!r}"}).encode()
    with pytest.raises((AssistantAway, AssistantRefused)) as fault:
        answering(status, content=content).ask(question())
    assert "smashed" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__ or fault.value.__context__ is None


def test_an_answer_to_another_message_is_not_taken_for_this_ones():
    with pytest.raises(AssistantAway):
        answering(message_id="m-2").ask(question())


def test_the_client_goes_straight_to_this_machine_whatever_proxy_the_environment_names(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:3128")
    with local_client() as client:
        assert client.trust_env is False


def test_a_client_shared_by_threads_waits_only_so_long():
    timeouts: list[dict[str, float]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        timeouts.append(request.extensions["timeout"])
        return httpx.Response(200, json=GOOD)

    asking(handler).ask(question())
    assert all(seconds == 10.0 for seconds in timeouts[0].values())
