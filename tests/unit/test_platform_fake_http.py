"""The small platforms over HTTP: their controls, and Signpost's calls with all that can go wrong on a wire."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from platform_fake import ACCOUNTS, PAGE, PROFILES, Platforms, X, environment, secrets
from platform_fake.app import serve
from platform_fake.connecting import verified
from platform_fake.poster import Poster

from signpost.force.accounts import load_accounts
from signpost.settings import Settings

TEXT = "Call 101, or 999 in an emergency."


class Signpost:
    """A small server that takes webhooks: what it got, and what it answers."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.status = 200
        signpost = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                signpost.got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(signpost.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                challenge = self.path.partition("hub.challenge=")[2].partition("&")[0].encode()
                good = f"hub.verify_token={secrets.VERIFY_TOKEN}" in self.path
                self.send_response(200 if good else 403)
                self.send_header("Content-Length", str(len(challenge)))
                self.end_headers()
                self.wfile.write(challenge)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def signpost():
    server = Signpost()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def platforms(signpost):
    platforms = Platforms(signpost.address, workers=2)
    platforms.start()
    yield platforms
    platforms.stop()


@pytest.fixture
def client(platforms, signpost):
    server = serve(platforms, signpost.address)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}", timeout=5) as client:
        yield client
    server.shutdown()
    server.server_close()


def send(client, said, **more):
    body = {"messaging_type": "RESPONSE", "recipient": {"id": said["person"]}, "message": {"text": TEXT}}
    token = {"Authorization": f"Bearer {secrets.PAGE_TOKEN}"}
    return client.post(f"/graph/v25.0/{said['account']}/messages", json={**body, **more}, headers=token)


def settled(client) -> dict:
    """The deliveries, once none is on its way."""
    for _ in range(500):
        summary = client.get("/control/deliveries").json()
        if not summary["pending"]:
            return summary
        threading.Event().wait(0.01)
    raise AssertionError(summary)


def test_a_message_goes_out_and_the_reply_comes_in(client, signpost):
    said = client.post(
        "/control/say", json={"channel": "messenger", "text": "My bike has gone", "person": "Ada"}
    ).json()

    assert send(client, said).status_code == 200

    (sent,) = client.get("/control/sent").json()["sent"]
    assert (sent["channel"], sent["person"], sent["text"]) == ("messenger", said["person"], TEXT)
    assert settled(client)["acknowledged"] == 2
    assert client.get("/control/acknowledged").json() == {"acknowledged": [said["platform_id"]]}
    assert len(signpost.got) == 2
    assert client.get("/control/sent", params={"since": 1}).json() == {"sent": []}


def test_a_photo_is_sent_as_an_action_too(client):
    said = client.post("/control/act", json={"action": "photo", "channel": "messenger", "person": "Ada"}).json()

    assert (said["kind"], said["text"]) == ("photo", "")


def test_a_form_does_as_well_as_json(client):
    said = client.post("/control/say", json={"channel": "facebook_comment", "text": "My bike has gone"}).json()
    fields = {"message": TEXT, "access_token": secrets.PAGE_TOKEN}

    answer = client.post(f"/graph/v25.0/{said['platform_id']}/comments", data=fields)

    assert answer.status_code == 200


def test_a_burst_is_made_up_and_delivered(client, signpost):
    options = {"count": 60, "channels": ["messenger", "instagram_dm", "x_mention"], "people": 5, "batch": 10}

    said = client.post("/control/burst", json={**options, "texts": ["Gone", "Stolen"]}).json()["messages"]

    assert len(said) == 60
    assert len({(one["channel"], one["person"]) for one in said}) == 15
    assert settled(client)["acknowledged"] == 2 + 2 + 20
    assert len(client.get("/control/acknowledged").json()["acknowledged"]) == 60


def test_faults_habits_limits_and_the_clock_are_steered(client):
    client.post("/control/faults", json={"name": "throttled", "platform": "facebook"})
    client.post("/control/habits", json={"platform": "x", "envelope": "aaa"})
    client.post("/control/limits", json={"x_messages": 99})
    before = client.get("/control/state").json()["now"]
    client.post("/control/clock", json={"advance": 3600, "factor": 60})

    state = client.get("/control/state").json()
    assert [fault["name"] for fault in state["faults"]] == ["throttled"]
    assert {name: habits["envelope"] for name, habits in state["habits"].items()}["x"] == "aaa"
    assert state["limits"]["x_messages"] == 99
    assert state["factor"] == 60
    assert state["now"] > before
    cleared = client.post("/control/faults", json={"clear": True, "platform": "facebook"}).json()
    assert cleared == {"faults": []}


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("say", {"channel": "telegraph", "text": "Hello"}, "telegraph"),
        ("say", {"channel": "messenger", "text": 5}, "text"),
        ("say", {"chanel": "messenger"}, "lacks"),
        ("say", [], "object"),
        ("burst", {"count": "many"}, "count"),
        ("burst", {"messages": "many"}, "list"),
        ("act", {"action": "delete", "platform_id": "nothing"}, "Nothing"),
        ("faults", {"name": "earthquake", "platform": "x"}, "throttled"),
        ("faults", {"name": "slow", "platform": "x", "tea": 1}, "may have"),
        ("habits", {"platform": "telegraph"}, "telegraph"),
        ("limits", {"x_messages": True}, "int"),
        ("clock", {"advance": -1}, "advance"),
    ],
)
def test_what_can_not_be_done_is_answered_with_a_sentence(client, path, body, sentence):
    answer = client.post(f"/control/{path}", json=body)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_half_an_answer_reaches_the_client_as_a_broken_one(client):
    said = client.post("/control/say", json={"channel": "messenger", "text": "My bike has gone"}).json()
    client.post("/control/faults", json={"name": "half_body", "platform": "facebook", "times": 1, "taken": True})

    with pytest.raises(httpx.RemoteProtocolError):
        send(client, said)

    assert len(client.get("/control/sent").json()["sent"]) == 1


def test_a_page_of_html_may_come_where_json_should(client):
    said = client.post("/control/say", json={"channel": "messenger", "text": "My bike has gone"}).json()
    client.post("/control/faults", json={"name": "html", "platform": "facebook", "times": 1})

    answer = send(client, said)

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_an_answer_can_be_slower_than_a_client_waits(client):
    said = client.post("/control/say", json={"channel": "messenger", "text": "My bike has gone"}).json()
    fault = {"name": "slow", "platform": "facebook", "times": 1, "seconds": 0.5, "taken": True}
    client.post("/control/faults", json=fault)

    with pytest.raises(httpx.ReadTimeout):
        client.post(
            f"/graph/v25.0/{said['account']}/messages",
            json={"recipient": {"id": said["person"]}, "message": {"text": TEXT}},
            headers={"Authorization": f"Bearer {secrets.PAGE_TOKEN}"},
            timeout=0.1,
        )

    assert len(client.get("/control/sent").json()["sent"]) == 1


def test_signpost_is_connected_as_on_the_platforms_own_pages(client, signpost):
    outcome = client.post("/control/connect", json={}).json()

    assert outcome == {"meta": True, "instagram": True, "x": {f"{signpost.address}/webhooks/x": False}}
    assert verified(Poster(), f"{signpost.address}/webhooks/meta", "another token") is False
    assert verified(Poster(), "http://127.0.0.1:9/webhooks/meta") is False
    assert verified(lambda *_: (200, b"any page"), f"{signpost.address}/webhooks/meta") is False


def test_a_connection_that_was_closed_while_it_rested_is_made_anew(signpost):
    post = Poster()
    assert post("POST", signpost.address, b"{}", {}, 5) == (200, b"")
    (kept,) = post._kept().values()
    assert kept.sock is not None
    kept.sock.shutdown(2)

    assert post("POST", signpost.address, b"{}", {}, 5) == (200, b"")
    assert len(signpost.got) == 2


def test_no_answer_at_all_is_an_error_of_the_connection():
    with pytest.raises(OSError):
        Poster()("POST", "http://127.0.0.1:9/", b"{}", {}, 1)


def test_the_accounts_of_a_rehearsal_are_read_by_signpost_and_take_any_payload():
    accounts = load_accounts(ACCOUNTS, rehearsal=True)

    assert {account.key for account in accounts.all} == {"rehearsal_page", "rehearsal_instagram", "rehearsal_x"}
    for profile in PROFILES.values():
        channel = {"facebook": "messenger", "instagram": "instagram_dm", "x": "x_dm"}[profile.platform]
        for account_id in (profile.id, "123"):
            found = accounts.on_channel(channel, account_id)
            assert found is not None
            assert found.platform == profile.platform


def test_signposts_settings_point_at_the_small_platforms_alone():
    given = environment(18_084)

    settings = Settings.from_environment(given)

    assert settings.graph_url == "http://127.0.0.1:18084/graph"
    assert settings.accounts == ACCOUNTS
    names = {f"{account.token_variable}" for account in load_accounts(ACCOUNTS, rehearsal=True).all}
    assert names <= given.keys()
    assert {PAGE.id, X.id} <= PROFILES.keys()
