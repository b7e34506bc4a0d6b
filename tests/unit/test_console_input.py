"""Whatever is typed into the simulator: taken as it is, or refused with a sentence, and never lost."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from test_console_pages import HOST, JSON, Browser, parts_for

from signpost.console.simulator.sending import LONGEST, cleaned
from signpost.log.models import InboundMessage

SURROGATE = b"\xed\xa0\x80"
RIGHT_TO_LEFT = "\u202e\u0634\u0631\u0637\u0629 \u0646\u062c\u062f\u0629"


@pytest.fixture
def browser(record, mandate) -> Browser:
    one = Browser(parts_for(record, mandate))
    one.get("/simulator/channels/messenger")
    return one


def stored_texts(record) -> list[str]:
    with record.reads() as session:
        found = session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        return [record.vault.decrypt(one.text_encrypted) for one in found]


def count(record) -> int:
    with record.reads() as session:
        return session.scalar(select(func.count()).select_from(InboundMessage)) or 0


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t", "\x00\x07\x1b", "\u200b\ufeff\u00ad", "\u3000\u2028"])
def test_nothing_to_read_is_refused_beside_the_field(browser, record, text: str) -> None:
    response = browser.post("/simulator/messages", text=text)
    assert response.status_code == 422
    assert "Write a message first" in response.text
    assert any(one.get("aria-invalid") == "true" for one in browser.page.all("textarea"))
    assert browser.page.title.startswith("Not sent: ")
    assert count(record) == 0


def test_the_longest_message_is_sent_and_a_longer_one_comes_back_with_its_length(browser, record) -> None:
    assert browser.post("/simulator/messages", text="x" * LONGEST).status_code == 200
    response = browser.post("/simulator/messages", text="y" * (LONGEST + 1))
    assert response.status_code == 422
    assert (
        "Your message has 8,001 characters, and 8,000 is the most that can be sent. Shorten it by 1 character."
        in response.text
    )
    assert "y" * (LONGEST + 1) + "</textarea>" in response.text
    assert count(record) == 1


def test_line_ends_count_once_on_every_browser(browser, record) -> None:
    assert browser.post("/simulator/messages", text="\r\n".join(["x"] * (LONGEST // 2))).status_code == 200
    assert stored_texts(record)[0].startswith("x\nx\n")


@pytest.mark.parametrize("channel", ["", "myspace", "messenger\x00", "../messenger"])
def test_an_unknown_channel_is_refused_and_the_text_stays(browser, record, channel: str) -> None:
    for address in ("messages", "channel", "person"):
        response = browser.post(f"/simulator/{address}", text="my words", channel=channel)
        assert response.status_code == 422
        assert "Choose one of the channels: Facebook Messenger, Facebook comment" in response.text
        assert "my words</textarea>" in response.text
    assert browser.client.get(f"/simulator/channels/{channel or 'none'}", headers=HOST).status_code == 404
    assert count(record) == 0


@pytest.mark.parametrize("key", ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "nonsense", "\x00", "1'; --"])
def test_an_unknown_conversation_is_not_found_and_the_text_can_be_copied(browser, record, key: str) -> None:
    response = browser.post("/simulator/messages", text="my words", conversation=key)
    assert response.status_code == 404
    assert "This conversation isn&#39;t in the record" in response.text
    assert "my words</textarea>" in response.text
    assert count(record) == 0


def test_an_unknown_example_is_refused(browser, record) -> None:
    response = browser.post("/simulator/messages", text="my words", example="99")
    assert response.status_code == 422
    assert "There&#39;s no such example" in response.text
    assert "my words</textarea>" in response.text


def test_a_form_that_is_too_old_changes_nothing_and_comes_back_with_the_text(browser, record) -> None:
    response = browser.post("/simulator/messages", text="my words", csrf_token="old")
    assert response.status_code == 400
    assert "this page had grown too old" in response.text
    assert "my words</textarea>" in response.text
    assert count(record) == 0
    assert browser.post("/simulator/messages", text="my words").status_code == 200
    assert count(record) == 1


def test_the_script_gets_a_fresh_token_for_an_old_one(browser, record) -> None:
    response = browser.post("/simulator/messages", JSON, text="my words", csrf_token="old")
    assert response.status_code == 400
    assert "send it again" in response.json["errors"]["text"]
    again = browser.post("/simulator/messages", JSON, text="my words", csrf_token=response.json["csrf_token"])
    assert again.status_code == 200


def test_more_than_a_request_may_hold_is_refused_with_a_sentence(browser, record) -> None:
    response = browser.post("/simulator/messages", text="x" * 3_000_000)
    assert response.status_code == 413
    assert "Go back and shorten the message to 8,000 characters" in response.text
    assert count(record) == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script> & <b>", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;"),
        ("{{ 7 * 7 }} {% raw %}", "{{ 7 * 7 }} {% raw %}"),
        ("\U0001f6a8\U0001f6a8", "\U0001f6a8\U0001f6a8"),
        (RIGHT_TO_LEFT, RIGHT_TO_LEFT),
        ("a\x00b", "a b"),
    ],
    ids=["markup", "template", "emoji only", "right to left", "NUL"],
)
@pytest.mark.parametrize("channel", ["messenger", "x_mention"])
def test_odd_texts_are_stored_and_shown_as_they_are(browser, record, text: str, shown: str, channel: str) -> None:
    response = browser.post("/simulator/messages", text=text, channel=channel)
    assert response.status_code == 200
    assert f'<p class="text" dir="auto">{shown}</p>' in response.text
    assert stored_texts(record) == [cleaned(text)]


def test_bytes_that_are_no_text_do_no_harm(browser, record) -> None:
    body = urlencode({"csrf_token": browser.page.field("csrf_token"), "channel": "messenger"}).encode()
    headers = {**HOST, "Content-Type": "application/x-www-form-urlencoded"}
    for raw in (b"&text=a%ED%A0%80b", b"&text=a%FFb", b"&text=a" + SURROGATE + b"b", b"&text=%", b"&" * 2000):
        assert browser.client.post("/simulator/messages", data=body + raw, headers=headers).status_code < 500
    browser.get("/simulator/channels/messenger")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
@example(text="\x00")
@example(text="\ud800")
@example(text="\n<textarea>\n")
@example(text="\u202e" * 50)
def test_whatever_is_typed_is_answered_and_stored_as_it_was_cleaned(browser, record, text: str) -> None:
    sent = text.encode("utf-8", "replace").decode()  # No browser sends a lone surrogate.
    browser.get("/simulator/channels/messenger")
    before = count(record)
    response = browser.post("/simulator/messages", text=sent)
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        assert stored_texts(record)[-1] == cleaned(sent)
        assert count(record) == before + 1
    else:
        assert count(record) == before
    browser.post("/simulator/person")
