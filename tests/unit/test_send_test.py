"""One harmless text goes out the way every reply does, and a person reads in words what came of it."""

import json
from collections.abc import Callable
from datetime import datetime

import httpx
import pytest

from signpost.channels.transport import MESSAGE, PUBLIC_REPLY, Credentials, Delivery
from signpost.desk.sending import transports
from signpost.force.accounts import ANY, Account, Accounts
from signpost.live_check import TEXT, Transports, account_named, described, send, text_for
from signpost.mistakes import Mistake
from signpost.settings import Settings

TOKEN, SECRET = "the-page-s-token", "the-token-s-secret"
PAGE = Account("page", "facebook", "100000000000001", "Our page", ("messenger", "facebook_comment"))
INSTAGRAM = Account(
    "pictures",
    "instagram",
    "17841400000000001",
    "Our pictures",
    ("instagram_dm", "instagram_comment"),
    login="instagram",
)
X = Account("posts", "x", "1000000001", "Our posts", ("x_dm", "x_mention"), approval="letter of 3 March")
ALL = Accounts((PAGE, INSTAGRAM, X))


def over(client: httpx.Client, token: str = TOKEN) -> Transports:
    credentials = Credentials(token, SECRET, "consumer key", "consumer secret")
    settings = Settings.from_environment({})
    return transports(settings, ALL, client, lambda _account: credentials, lambda: datetime(2026, 11, 22))  # noqa: DTZ001


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> Transports:
    return over(httpx.Client(transport=httpx.MockTransport(answer)))


def refusal(call: Callable[[], object], status: int) -> str:
    with pytest.raises(Mistake) as mistake:
        call()
    assert mistake.value.exit_status == status
    return mistake.value.sentence


# Which account


def test_an_account_is_found_by_its_key():
    assert account_named(ALL, "pictures") is INSTAGRAM


def test_a_key_that_is_nobodys_is_told_with_those_there_are():
    sentence = refusal(lambda: account_named(ALL, "Our page"), 2)
    assert sentence == "There is no account 'Our page' in the accounts' file. There are: page, pictures, posts."
    assert refusal(lambda: account_named(Accounts(), "page"), 2).endswith("It lists none.")


def test_nothing_is_sent_from_an_account_that_is_off():
    off = Account("posts", "x", "1", "Our posts", ("x_dm",))
    assert refusal(lambda: account_named(Accounts((off,)), "posts"), 1).startswith("Our posts on X is off: ")


def test_an_account_that_takes_any_id_has_none_to_send_as():
    rehearsal = Account("page", "facebook", ANY, "Rehearsal page", ("messenger",))
    assert "rehearsal" in refusal(lambda: account_named(Accounts((rehearsal,)), "page"), 1)


# What is sent, and where


@pytest.mark.parametrize(("account", "channel"), [(PAGE, "messenger"), (INSTAGRAM, "instagram_dm"), (X, "x_dm")])
def test_without_a_channel_it_is_a_private_message(account, channel):
    delivery = text_for(account, to="123")
    assert (delivery.channel, delivery.way, delivery.person, delivery.account) == (channel, MESSAGE, "123", account.id)
    assert (delivery.text, delivery.said_at) == (TEXT, None)


@pytest.mark.parametrize(
    ("account", "channel"), [(PAGE, "facebook_comment"), (INSTAGRAM, "instagram_comment"), (X, "x_mention")]
)
def test_under_a_comment_it_is_a_public_answer(account, channel):
    delivery = text_for(account, channel=channel, reply_to="9_8")
    assert (delivery.channel, delivery.way, delivery.in_reply_to) == (channel, PUBLIC_REPLY, "9_8")


def test_an_account_with_public_channels_only_uses_those():
    public = Account("page", "facebook", "1", "Our page", ("facebook_comment",))
    assert text_for(public, reply_to="9_8").channel == "facebook_comment"


def test_the_private_channel_comes_first_however_the_file_orders_them():
    page = Account("page", "facebook", "1", "Our page", ("facebook_comment", "messenger"))
    assert text_for(page, to="123").channel == "messenger"


def test_every_test_has_a_key_of_its_own_which_shows_that_it_is_one():
    keys = {text_for(PAGE, to="123").key for _time in range(3)}
    assert len(keys) == 3
    assert all(key.startswith("test-") for key in keys)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "A message on messenger needs --to, and --reply-to is for comments and posts only."),
        (
            {"to": "123", "reply_to": "9"},
            "A message on messenger needs --to, and --reply-to is for comments and posts only.",
        ),
        (
            {"to": "123", "channel": "facebook_comment"},
            "An answer on facebook_comment needs --reply-to: the id of the comment or post.",
        ),
        ({"to": "123", "channel": "x_dm"}, "page has no channel 'x_dm'. There are: messenger, facebook_comment."),
    ],
)
def test_what_is_missing_is_told(given, sentence):
    assert refusal(lambda: text_for(PAGE, **given), 2) == sentence


def test_the_text_is_harmless_and_short_enough_for_every_platform():
    assert TEXT == "This is a test from Signpost."


# What came of it


def test_a_text_that_was_taken_is_told_with_the_platforms_id():
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"recipient_id": "123", "message_id": "m_77"})

    verdict = send(text_for(PAGE, to="123"), answering(take))
    assert (verdict.taken, verdict.sentence) == (True, "Taken, under the platform's id m_77.")
    assert json.loads(seen[0].content)["message"]["text"] == TEXT
    assert seen[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert len(seen) == 1


def test_a_text_that_x_has_already_is_told_as_such():
    duplicate = {"detail": "You are not allowed to create a Tweet with duplicate content.", "status": 403}
    answer = httpx.Response(403, json=duplicate)
    verdict = send(text_for(X, channel="x_mention", reply_to="5"), answering(lambda _request: answer))
    assert (verdict.taken, "has this very text already" in verdict.sentence) == (True, True)


def test_a_refusal_is_told_in_the_transports_words():
    error = {"error": {"message": "No matching user found", "code": 100, "error_subcode": 2018001}}
    verdict = send(text_for(PAGE, to="123"), answering(lambda _request: httpx.Response(400, json=error)))
    assert not verdict.taken
    assert verdict.sentence.startswith("Refused: ")
    assert "2018001" in verdict.sentence


def test_a_token_that_has_expired_is_told_with_the_alert_it_would_raise():
    error = {"error": {"message": "Error validating access token", "code": 190, "error_subcode": 463}}
    verdict = send(text_for(PAGE, to="123"), answering(lambda _request: httpx.Response(401, json=error)))
    assert not verdict.taken
    assert verdict.sentence.startswith("Not taken this time: ")
    assert verdict.sentence.endswith("At work this would raise the alert token_expired.")


def test_a_platform_that_is_away_is_told_and_no_alert_is_spoken_of():
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    verdict = send(text_for(PAGE, to="123"), answering(away))
    assert (verdict.taken, verdict.sentence) == (
        False,
        "Not taken this time: The platform could not be reached (ConnectError).",
    )


# Without sending


@pytest.mark.parametrize(
    ("delivery", "line", "said"),
    [
        (
            text_for(PAGE, to="123"),
            "POST https://graph.facebook.com/v25.0/100000000000001/messages",
            {"messaging_type": "RESPONSE", "recipient": {"id": "123"}},
        ),
        (
            text_for(PAGE, channel="facebook_comment", reply_to="9_8"),
            "POST https://graph.facebook.com/v25.0/9_8/comments",
            {},
        ),
        (
            text_for(INSTAGRAM, to="123"),
            "POST https://graph.instagram.com/v25.0/17841400000000001/messages",
            {"recipient": {"id": "123"}},
        ),
        (text_for(X, to="123"), "POST https://api.x.com/2/dm_conversations/with/123/messages", {"text": TEXT}),
        (
            text_for(X, channel="x_mention", reply_to="5"),
            "POST https://api.x.com/2/tweets",
            {"text": TEXT, "reply": {"in_reply_to_tweet_id": "5"}},
        ),
    ],
    ids=lambda one: getattr(one, "channel", ""),
)
def test_the_request_is_shown_whole_but_for_the_token(delivery: Delivery, line, said):
    text = described(delivery, over)
    first, *body, last = text.split("\n")
    assert first == line
    shown = json.loads("\n".join(body))
    assert TEXT in json.dumps(shown)
    assert said.items() <= shown.items()
    assert last.startswith("Nothing was sent.")
    assert not any(secret in text for secret in (TOKEN, SECRET, "consumer", "oauth"))


def test_where_no_request_would_be_made_the_reason_is_shown():
    text = described(text_for(PAGE, to="123"), lambda client: over(client, token=""))
    assert "SIGNPOST_TOKEN_PAGE is not set" in text
    assert "https://" not in text
