"""The requests that carry replies to Meta's platforms, and how late is too late."""

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from platform_fake.recorded import recorded

from signpost.channels import facebook, instagram, messenger
from signpost.channels.graph import GraphAddress, outside_window
from signpost.channels.transport import MESSAGE, PRIVATE_REPLY, PUBLIC_REPLY, Credentials, Delivery, DeliveryRefused

PAGE, PROFILE, PERSON = "20011", "17841400000000011", "70021"
ADDRESS = GraphAddress("https://graph.example", "https://graph.ig.example/", "v25.0")
TOKEN = Credentials(token="EAA-secret")
NOW = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # the record keeps UTC without a zone


def delivery(**fields) -> Delivery:
    given = {
        "key": "k-1",
        "channel": "messenger",
        "account": PAGE,
        "person": PERSON,
        "in_reply_to": "m_1",
        "text": "Call 101, or 999 in an emergency.",
        "way": MESSAGE,
        **fields,
    }
    return Delivery(**given)


def test_a_message_goes_to_the_person_marked_as_ours():
    request = messenger.request(delivery(), ADDRESS, TOKEN)
    assert (request.method, request.url) == ("POST", "https://graph.example/v25.0/20011/messages")
    assert request.json == {
        "messaging_type": "RESPONSE",
        "recipient": {"id": PERSON},
        "message": {"text": "Call 101, or 999 in an emergency.", "metadata": "signpost:k-1"},
    }


def test_a_public_reply_on_facebook_is_a_comment_on_the_comment():
    request = facebook.request(delivery(way=PUBLIC_REPLY, in_reply_to="555_777"), ADDRESS, TOKEN)
    assert (request.method, request.url) == ("POST", "https://graph.example/v25.0/555_777/comments")
    assert request.json == {"message": "Call 101, or 999 in an emergency."}


@pytest.mark.parametrize(
    ("answered", "recipient"),
    [
        ("555_777", {"comment_id": "555_777"}),
        (f"{PAGE}_555", {"post_id": f"{PAGE}_555"}),
        (f"{PAGE}5_777", {"comment_id": f"{PAGE}5_777"}),
        ("777", {"comment_id": "777"}),
    ],
    ids=["comment", "visitor's post", "comment under a post whose id begins like the page's", "plain id"],
)
def test_a_private_reply_on_facebook_names_the_comment_or_the_visitors_post(answered, recipient):
    request = facebook.request(delivery(way=PRIVATE_REPLY, in_reply_to=answered, person=""), ADDRESS, TOKEN)
    assert request.url == "https://graph.example/v25.0/20011/messages"
    assert request.json == {
        "messaging_type": "RESPONSE",
        "recipient": recipient,
        "message": {"text": "Call 101, or 999 in an emergency.", "metadata": "signpost:k-1"},
    }


@pytest.mark.parametrize(("login", "host"), [("facebook", "graph.example"), ("instagram", "graph.ig.example")])
@pytest.mark.parametrize(
    ("way", "path", "body"),
    [
        (MESSAGE, f"{PROFILE}/messages", {"recipient": {"id": PERSON}, "message": {"text": "Call 101."}}),
        (
            PRIVATE_REPLY,
            f"{PROFILE}/messages",
            {"recipient": {"comment_id": "180001"}, "message": {"text": "Call 101."}},
        ),
        (PUBLIC_REPLY, "180001/replies", {"message": "Call 101."}),
    ],
)
def test_instagram_is_answered_at_the_host_of_the_accounts_login(login, host, way, path, body):
    reply = delivery(account=PROFILE, way=way, in_reply_to="180001", text="Call 101.")
    request = instagram.request(reply, ADDRESS, TOKEN, login)
    assert (request.method, request.url) == ("POST", f"https://{host}/v25.0/{path}")
    assert request.json == body


def every_request(**fields) -> list:
    return [
        messenger.request(delivery(**fields), ADDRESS, TOKEN),
        facebook.request(delivery(way=PUBLIC_REPLY, **fields), ADDRESS, TOKEN),
        facebook.request(delivery(way=PRIVATE_REPLY, **fields), ADDRESS, TOKEN),
        *(
            instagram.request(delivery(way=way, **fields), ADDRESS, TOKEN, "instagram")
            for way in (MESSAGE, PUBLIC_REPLY)
        ),
        instagram.request(delivery(way=PRIVATE_REPLY, **fields), ADDRESS, TOKEN, "facebook"),
    ]


def test_the_token_travels_in_a_header_and_nowhere_else():
    for request in every_request():
        assert request.headers == {"Authorization": "Bearer EAA-secret"}
        assert "EAA-secret" not in request.url + json.dumps(request.json)
        assert "EAA-secret" not in repr(TOKEN)


@pytest.mark.parametrize("odd", ["../../me", "1?fields=x", "1#x", "1/2", "%2e%2e", "a b", "é", "\ud800"])
def test_an_odd_id_stays_one_part_of_the_address(odd):
    for request in every_request(account=odd, in_reply_to=odd):
        parts = urlsplit(request.url)
        assert (parts.query, parts.fragment) == ("", "")
        assert parts.path.count("/") == 3
        assert parts.path.startswith("/v25.0/")
        assert parts.path.isascii()


@pytest.mark.parametrize("folder", ["", ".", ".."])
def test_an_id_that_names_a_folder_is_refused(folder):
    for module in (facebook.request, lambda *given: instagram.request(*given, "facebook")):
        with pytest.raises(DeliveryRefused):
            module(delivery(way=PUBLIC_REPLY, in_reply_to=folder), ADDRESS, TOKEN)
    with pytest.raises(DeliveryRefused):
        messenger.request(delivery(account=folder), ADDRESS, TOKEN)


def test_nobody_can_be_written_to_whose_id_is_withheld():
    for module in (messenger.request, lambda *given: instagram.request(*given, "facebook")):
        with pytest.raises(DeliveryRefused, match="whom to answer"):
            module(delivery(person=""), ADDRESS, TOKEN)


@pytest.mark.parametrize("way", [PUBLIC_REPLY, PRIVATE_REPLY])
def test_messenger_has_nothing_to_answer_in_public(way):
    with pytest.raises(DeliveryRefused):
        messenger.request(delivery(way=way), ADDRESS, TOKEN)


def test_a_comment_is_not_answered_with_a_plain_message():
    with pytest.raises(DeliveryRefused):
        facebook.request(delivery(way=MESSAGE), ADDRESS, TOKEN)


@pytest.mark.parametrize(
    ("name", "request_of"),
    [
        ("facebook/meta_postman/send_api_text_message.json", lambda: messenger.request(delivery(), ADDRESS, TOKEN)),
        (
            "instagram/meta_postman/send_api_media_message_photo.json",
            lambda: instagram.request(delivery(account=PROFILE), ADDRESS, TOKEN, "instagram"),
        ),
    ],
)
def test_a_message_has_the_form_of_metas_own_example(name, request_of):
    theirs, ours = recorded(name), request_of()
    body = json.loads(theirs["body"])
    assert ours.method == theirs["method"]
    assert urlsplit(ours.url).path.split("/")[-1] == urlsplit(theirs["url"]).path.split("/")[-1]
    assert body.keys() <= ours.json.keys()
    assert body["recipient"].keys() == ours.json["recipient"].keys()
    assert "message" in body


# How late is too late


@pytest.mark.parametrize(
    ("way", "ago", "late"),
    [
        (MESSAGE, timedelta(hours=23, minutes=59), False),
        (MESSAGE, timedelta(hours=24), False),
        (MESSAGE, timedelta(hours=24, seconds=1), True),
        (PRIVATE_REPLY, timedelta(days=6, hours=23), False),
        (PRIVATE_REPLY, timedelta(days=7, seconds=1), True),
        (PUBLIC_REPLY, timedelta(days=400), False),
        (MESSAGE, -timedelta(hours=1), False),
    ],
)
def test_a_reply_is_too_late_when_metas_time_for_it_has_passed(way, ago, late):
    why = outside_window(delivery(way=way, said_at=NOW - ago), NOW)
    assert (why is not None) is late


@pytest.mark.parametrize(("way", "days", "named"), [(MESSAGE, 2, "24 hours"), (PRIVATE_REPLY, 8, "7 days")])
def test_the_sentence_about_a_late_reply_says_how_long_there_was(way, days, named):
    why = outside_window(delivery(way=way, said_at=NOW - timedelta(days=days)), NOW)
    assert named in why
    assert why.endswith(".")


@pytest.mark.parametrize("way", [MESSAGE, PRIVATE_REPLY, PUBLIC_REPLY])
def test_where_nobody_knows_when_the_person_wrote_meta_decides(way):
    assert outside_window(delivery(way=way), NOW) is None
