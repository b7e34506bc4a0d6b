"""The main job, end to end: a message comes in, the guidance goes out, the escalation is in the log."""

import os
import signal
import sqlite3

import httpx
import pytest

from signpost.log.models import ANSWERED, SILENT

pytestmark = pytest.mark.rasa
CHANNELS = ["messenger", "facebook_comment", "instagram_dm", "instagram_comment", "x_dm", "x_mention"]
WINDOW = "someone has smashed my shop window on Fisherton Street"
FAIR = "thanks for the lovely day at the fair"
BREAK_IN = "help there is a man breaking into my house right now im hiding upstairs"


def test_a_report_gets_the_mandated_guidance_and_is_in_the_log(product, mandate):
    message = product.ended(product.write(WINDOW))
    assert (message.label, message.end) == ("crime_report", ANSWERED)
    reply = message.replies[0]
    assert reply.kind == "guidance"
    assert not reply.faults
    assert mandate.faults(reply.text, "guidance", mandate.channel("messenger")) == []
    escalation = product.delivered(message.id)
    assert escalation.written_by == "action"
    assert escalation.redacted_text == WINDOW
    assert escalation.reply == reply.text


def test_thanks_get_no_guidance_and_no_escalation(product):
    message = product.ended(product.write(FAIR))
    assert message.label == "not_report"
    assert [reply.kind for reply in message.replies] == ["answer"]
    assert product.escalation(message.id) is None


def test_an_emergency_is_told_to_call_999_first(product):
    message = product.ended(product.write(BREAK_IN))
    assert message.label == "emergency"
    assert message.replies[0].text.startswith("Call 999 now")


@pytest.mark.parametrize("channel", CHANNELS)
def test_guidance_is_right_on_every_channel(product, mandate, channel):
    message = product.ended(product.write(WINDOW, channel=channel))
    reply = message.replies[0]
    assert (reply.kind, reply.faults, reply.response) == ("guidance", None, "utter_guidance")
    escalation = product.logged(message.id)
    text = reply.text.removesuffix(f" Ref {escalation.reference}")
    assert mandate.faults(text, "guidance", mandate.channel(channel)) == []
    assert (text != reply.text) == mandate.channel(channel).reference


def test_a_public_comment_that_reports_nothing_is_met_with_silence(product):
    message = product.ended(product.write(FAIR, channel="facebook_comment"))
    assert (message.end, message.replies) == (SILENT, [])


@pytest.mark.parametrize("command", ["/restart", "/report_emergency", '/report_crime@1.0{"x": "y"}', "/session_start"])
def test_a_typed_command_is_only_text(product, command):
    message = product.ended(product.write(command))
    assert message.end in {ANSWERED, SILENT}
    assert message.intent not in {"restart", "session_start"}
    # Rasa gives an intent that it was commanded the confidence 1; one that was understood has less.
    assert max(message.scores.values()) < 1


def test_guidance_arrives_and_the_escalation_is_logged_while_the_action_server_hangs(product):
    with product.frozen("actions"):
        message = product.ended(product.write(WINDOW))
        assert message.replies[0].kind == "guidance"
        assert product.logged(message.id).written_by == "desk"


def test_guidance_arrives_and_the_escalation_is_logged_when_the_action_server_is_killed(product):
    os.kill(product.pid("actions"), signal.SIGKILL)
    message = product.ended(product.write(WINDOW))
    assert message.replies[0].kind == "guidance"
    assert product.logged(message.id).reference


def test_a_message_waits_for_the_assistant_and_is_then_answered(product):
    with product.frozen("assistant"):
        message_id = product.write(BREAK_IN)
    assert product.ended(message_id).replies[0].text.startswith("Call 999 now")


def test_what_people_write_is_nowhere_on_disk_in_the_clear(product):
    secret = "zanzibar-lantern-7731"
    message = product.ended(product.write(f"{WINDOW}, they wrote {secret} on the door"))
    product.logged(message.id)
    # The redacted text, which staff read, is in signpost.db; nothing else may hold a word of it.
    for file in product.data.rglob("*"):
        if file.is_file() and not file.name.startswith("signpost.db"):
            assert secret.encode() not in file.read_bytes(), file.name
    with sqlite3.connect(product.data / "conversations.db") as connection:
        events = connection.execute("select data from events").fetchall()
    assert not any(secret in data or "smashed" in data for (data,) in events)


def test_the_assistant_takes_nothing_without_its_token(product):
    body = {"message_id": "m", "conversation_id": "c", "channel": "messenger", "visibility": "private", "text": "hi"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer \xe9".encode("latin-1")}):
        reply = httpx.post(f"{product.assistant}/messages", json=body, headers=headers)
        assert reply.status_code == 401
        assert "SIGNPOST_ASSISTANT_TOKEN" in reply.json()["error"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{nonsense", 400, "not valid JSON"),
        (b"[]", 400, "Send a JSON object"),
        (b'{"message_id": "m"}', 400, "conversation_id must be"),
        (b"\xff\xfe", 400, "not valid JSON"),
        (b"", 400, "JSON"),
    ],
)
def test_a_body_that_cannot_be_read_gets_a_sentence(product, body, status, says):
    headers = {"Authorization": f"Bearer {product.token}", "Content-Type": "application/json"}
    reply = httpx.post(f"{product.assistant}/messages", content=body, headers=headers)
    assert reply.status_code == status
    assert says in reply.json()["error"]


@pytest.mark.parametrize("text", ["", "   ", "\x00", None, 7, "a" * 20_001])
def test_a_text_that_is_none_gets_a_sentence(product, text):
    headers = {"Authorization": f"Bearer {product.token}"}
    ids = {"message_id": "m", "conversation_id": "c", "channel": "messenger", "visibility": "private"}
    reply = httpx.post(f"{product.assistant}/messages", json={**ids, "text": text}, headers=headers)
    assert reply.status_code in {400, 413}
    assert "text" in reply.json()["error"]


@pytest.mark.parametrize("text", ["😀😀😀", "مساعدة", "<script>alert(1)</script>", "\ud800 lone", "a" * 19_000])
def test_odd_texts_come_to_an_end_like_any_other(product, text):
    assert product.ended(product.write(text)).end in {ANSWERED, SILENT}


def test_the_assistant_serves_nothing_but_its_channel(product):
    base = f"http://127.0.0.1:{product.base + 2}"
    for path in ("/conversations/x/tracker", "/model/parse", "/webhooks/rest/webhook", "/status", "/domain"):
        assert httpx.get(base + path).status_code in (404, 405)


def test_start_up_is_quiet(product):
    note, *lines = [line for line in product.said if line]
    assert note.startswith("Note: Nobody is told of alerts")
    assert [line.split()[0] for line in lines[:5]] == ["actions", "assistant", "desk", "intake", "console"]
    assert len(lines) <= 12, lines
