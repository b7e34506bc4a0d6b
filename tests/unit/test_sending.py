"""A reply leaves for the right platform, signed by its account, and what comes back is told for what it is."""

import json
from dataclasses import replace

import httpx
import pytest

from signpost.channels.transport import Credentials, Delivery, DeliveryDelayed, DeliveryRefused
from signpost.desk.opening import ways_of
from signpost.desk.sending import transports
from signpost.force.accounts import Account, Accounts
from signpost.settings import Settings
from signpost.tokens import credentials_of

SETTINGS = Settings.from_environment({})
PAGE = Account("page", "facebook", "100", "Page", ("messenger", "facebook_comment"))
PROFILE = Account("profile", "instagram", "200", "Profile", ("instagram_dm", "instagram_comment"), login="instagram")
X = Account("x", "x", "300", "X", ("x_dm", "x_mention"), approval="X, 1 December 2026")
ACCOUNTS = Accounts((PAGE, PROFILE, X))
KEYS = Credentials("token", "token secret", "key", "secret")


def sender(clock, answer, *, credentials: Credentials = KEYS, accounts: Accounts = ACCOUNTS):
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return transports(SETTINGS, accounts, client, lambda _account: credentials, clock)


def delivery(clock, channel: str, account: str, way: str = "message") -> Delivery:
    return Delivery("k-0", channel, account, "p1", "m1", "Call 101.", way, clock())


@pytest.mark.parametrize(
    ("channel", "account", "way", "url"),
    [
        ("messenger", "100", "message", "https://graph.facebook.com/v25.0/100/messages"),
        ("facebook_comment", "100", "public_reply", "https://graph.facebook.com/v25.0/m1/comments"),
        ("facebook_comment", "100", "private_reply", "https://graph.facebook.com/v25.0/100/messages"),
        ("instagram_dm", "200", "message", "https://graph.instagram.com/v25.0/200/messages"),
        ("instagram_comment", "200", "public_reply", "https://graph.instagram.com/v25.0/m1/replies"),
        ("x_dm", "300", "message", "https://api.x.com/2/dm_conversations/with/p1/messages"),
        ("x_mention", "300", "public_reply", "https://api.x.com/2/tweets"),
    ],
)
def test_each_reply_goes_to_its_platform_and_the_token_stays_out_of_the_address(clock, channel, account, way, url):
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"message_id": "t1", "id": "t1", "data": {"id": "t1", "dm_event_id": "t1"}})

    taken = sender(clock, answer)(channel, account).send(delivery(clock, channel, account, way))
    (request,) = asked
    assert (taken.platform_id, str(request.url), request.method) == ("t1", url, "POST")
    assert "Call 101." in json.dumps(json.loads(request.content))
    assert "token" in request.headers["authorization"]


@pytest.mark.parametrize(
    ("fault", "unknown", "whole_account"),
    [
        (httpx.ConnectError("no route"), False, True),
        (httpx.ReadTimeout("slow"), True, False),
        (httpx.RemoteProtocolError("half an answer"), True, False),
    ],
)
def test_a_connection_that_fails_says_whether_the_reply_may_have_gone_out(clock, fault, unknown, whole_account):
    def answer(_request: httpx.Request) -> httpx.Response:
        raise fault

    with pytest.raises(DeliveryDelayed) as delay:
        sender(clock, answer)("messenger", "100").send(delivery(clock, "messenger", "100"))
    assert (delay.value.unknown, delay.value.whole_account) == (unknown, whole_account)
    assert "slow" not in str(delay.value)


def test_after_a_day_nothing_is_sent_on_messenger(clock):
    late = delivery(clock, "messenger", "100")
    clock.advance(hours=24, seconds=1)
    with pytest.raises(DeliveryRefused, match="24"):
        sender(clock, lambda _request: pytest.fail("nothing should be sent"))("messenger", "100").send(late)


@pytest.mark.parametrize("accounts", [Accounts(), Accounts((replace(X, approval=""),))])
def test_a_reply_for_an_account_that_is_gone_or_off_is_refused(clock, accounts):
    transport = sender(clock, lambda _request: pytest.fail("nothing should be sent"), accounts=accounts)("x_dm", "300")
    with pytest.raises(DeliveryRefused, match=r"accounts\.yml"):
        transport.send(delivery(clock, "x_dm", "300"))


def test_without_a_token_a_reply_waits_and_an_alert_names_the_variable(clock):
    transport = sender(clock, lambda _request: pytest.fail("nothing should be sent"), credentials=Credentials())
    with pytest.raises(DeliveryDelayed, match="SIGNPOST_TOKEN_PAGE") as delay:
        transport("messenger", "100").send(delivery(clock, "messenger", "100"))
    assert (delay.value.alert, delay.value.whole_account) == ("token_expired", True)


def test_the_simulators_replies_need_no_account(clock):
    transport = sender(clock, lambda _request: pytest.fail("nothing should be sent"))("messenger", "simulator")
    assert transport.send(delivery(clock, "messenger", "simulator")).platform_id == "simulated-k-0"


# Ways


@pytest.mark.parametrize(
    ("channel", "account", "ways"),
    [
        ("messenger", "100", ("message",)),
        ("facebook_comment", "100", ("public_reply", "private_reply")),
        ("instagram_comment", "200", ("public_reply", "private_reply")),
        ("x_mention", "300", ("public_reply",)),
        ("facebook_comment", "simulator", ("public_reply",)),
    ],
)
def test_a_reply_travels_as_its_channel_allows(mandate, channel, account, ways):
    assert ways_of(mandate, ACCOUNTS)(channel, account) == ways


@pytest.mark.parametrize(
    ("public", "private", "ways"),
    [(True, False, ("public_reply",)), (False, True, ("private_reply",)), (False, False, ())],
)
def test_each_account_says_how_comments_are_answered(mandate, public, private, ways):
    accounts = Accounts((replace(PAGE, public_reply=public, private_reply=private),))
    assert ways_of(mandate, accounts)("facebook_comment", "100") == ways


# Tokens


def test_a_token_is_read_from_the_environment_and_else_from_the_secrets_file(tmp_path):
    (tmp_path / "secrets.env").write_text("SIGNPOST_TOKEN_PAGE=in the file\nSIGNPOST_TOKEN_SECRET_X=s\n", "utf-8")
    settings = replace(SETTINGS, data_folder=tmp_path, x_consumer_key="k", x_consumer_secret="c")
    assert credentials_of(PAGE, settings, {}).token == "in the file"
    assert credentials_of(PAGE, settings, {"SIGNPOST_TOKEN_PAGE": "given"}).token == "given"
    assert credentials_of(X, settings, {"SIGNPOST_TOKEN_X": "t"}) == Credentials("t", "s", "k", "c")


def test_credentials_never_show_themselves():
    assert "token" not in repr(Credentials("token", "token secret")).replace("token_secret", "")
