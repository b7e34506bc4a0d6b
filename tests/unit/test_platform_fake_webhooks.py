"""How the small platforms deliver webhooks, and that these have the shape of the platforms' own."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from platform_fake import INSTAGRAM, PAGE, SECOND_PAGE, BadOption, Call, Platforms, X, secrets
from platform_fake.recorded import outline, recorded
from platform_fake.signing import base64_hmac, meta_headers

INTAKE = "http://127.0.0.1:9"


class Intake:
    """Takes deliveries in Signpost's place, and answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.raises: OSError | None = None
        self.got: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, method: str, url: str, body: bytes, headers: Any, timeout: float) -> tuple[int, bytes]:
        self.got.append((url, body, dict(headers)))
        if self.raises:
            raise self.raises
        return self.status, b""

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _url, body, _headers in self.got]


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def platforms(clock, intake) -> Platforms:
    return Platforms(INTAKE, clock=clock, post=intake)


def only_item(intake: Intake, holder: str = "messaging") -> dict[str, Any]:
    (body,) = intake.bodies
    (entry,) = body["entry"]
    (item,) = entry[holder]
    return item


def answer_as_signpost(platforms: Platforms, said, metadata: str = "key-1") -> str:
    body = {"recipient": {"id": said.person}, "message": {"text": "Call 101.", "metadata": metadata}}
    headers = {"authorization": f"Bearer {secrets.PAGE_TOKEN}"}
    answer = platforms.graph(Call("POST", "", f"/v25.0/{said.account}/messages", {}, headers, body))
    return answer.body["message_id"]


def test_a_message_is_delivered_signed_over_its_very_bytes(platforms, intake):
    platforms.say("messenger", "Mein Fahrrad ist weg – à/côté 🚲")
    platforms.deliver()

    ((url, body, headers),) = intake.got
    key = secrets.APP_SECRET.encode()
    assert url == f"{INTAKE}/webhooks/meta"
    assert body.isascii()
    assert b"\\u2013" in body
    assert b"\\/" in body
    assert headers["X-Hub-Signature-256"] == f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    assert headers["X-Hub-Signature"] == f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}"
    assert only_item(intake)["message"]["text"] == "Mein Fahrrad ist weg – à/côté 🚲"


def test_signatures_are_those_that_are_known():
    vectors = recorded("known_answers/signatures.json")
    for vector in vectors:
        body, secret = vector["input"].encode(), vector["secret"]
        meta = meta_headers(body, secret)
        ours = {
            "hmac-sha256/base64": f"sha256={base64_hmac(secret, body)}",
            "hmac-sha256/hex": meta["X-Hub-Signature-256"],
            "hmac-sha1/hex": meta["X-Hub-Signature"],
        }
        assert ours[vector["algorithm"]] == vector["expected"], vector["id"]


@pytest.mark.parametrize(
    ("signature", "names"),
    [("missing", set()), ("sha1", {"X-Hub-Signature"}), ("wrong", {"X-Hub-Signature", "X-Hub-Signature-256"})],
)
def test_signatures_can_be_had_wrong(platforms, intake, signature, names):
    platforms.set_habits("facebook", signature=signature)
    platforms.say("messenger", "My bike has gone")
    platforms.deliver()

    ((_url, body, headers),) = intake.got
    assert {name for name in headers if name.startswith("X-Hub")} == names
    right = meta_headers(body, secrets.APP_SECRET)["X-Hub-Signature-256"]
    assert headers.get("X-Hub-Signature-256") != right


def test_meta_knows_a_person_under_another_id_on_each_page_and_x_under_one(platforms):
    on_pages = {platforms.say("messenger", "Gone", person="Ada", account=one.id).person for one in (PAGE, SECOND_PAGE)}
    on_x = {platforms.say(channel, "Gone", person="Ada").person for channel in ("x_dm", "x_mention")}
    again = platforms.say("facebook_comment", "Gone", person="Ada").person

    assert (len(on_pages), len(on_x)) == (2, 1)
    assert again in on_pages


# What is told, beside what was recorded. ``seq`` is of older versions of the Graph API.


@pytest.mark.parametrize(
    ("channel", "kind", "recording"),
    [
        ("messenger", "text", "facebook/restfb/messaging-message-basic"),
        ("messenger", "photo", "facebook/restfb/messaging-message-media-attachment"),
        ("messenger", "sticker", "facebook/restfb/messaging-message-sticker"),
        ("messenger", "unsupported", "facebook/restfb/messaging-message-isunsupported"),
        ("messenger", "story_reply", "facebook/restfb/messaging-message-reply-2"),
        ("instagram_dm", "text", "instagram/chatwoot/instagram_message_create_event"),
        ("instagram_dm", "story_reply", "instagram/chatwoot/instagram_story_reply_event"),
        ("instagram_dm", "share", "instagram/chatwoot/instagram_message_attachment_event"),
    ],
)
def test_messages_are_told_as_the_platform_tells_them(platforms, intake, channel, kind, recording):
    theirs = outline(recorded(f"{recording}.json")["entry"])
    platforms.say(channel, "Gone" if kind in ("text", "story_reply") else "", kind=kind)
    platforms.deliver()

    assert outline(intake.bodies[0]["entry"]) == theirs - {"[].messaging[].message.seq"}


@pytest.mark.parametrize(
    ("channel", "action", "recording"),
    [
        ("messenger", "edit", "facebook/restfb/messaging-message-edits"),
        ("messenger", "unsend", "facebook/restfb/messaging-message-isdeleted"),
        ("instagram_dm", "unsend", "instagram/chatwoot/instagram_message_unsend_event"),
        ("messenger", "hand_over", "facebook/restfb/messaging-pass-thread-control"),
    ],
)
def test_what_people_do_is_told_as_the_platform_tells_it(platforms, intake, channel, action, recording):
    theirs = outline(recorded(f"{recording}.json")["entry"])
    said = platforms.say(channel, "My bike has gone")
    platforms.deliver()
    intake.got.clear()

    platforms.act(action, said.platform_id, "My bike and helmet have gone" if action == "edit" else "")
    platforms.deliver()

    newer = {"[].messaging[].pass_thread_control.previous_owner_app_id"} if action == "hand_over" else set()
    assert outline(intake.bodies[0]["entry"]) == theirs | newer


def test_every_send_comes_back_as_an_echo(platforms, intake):
    theirs = outline(recorded("facebook/restfb/messaging-message-basic-echo.json")["entry"])
    said = platforms.say("messenger", "My bike has gone")
    platforms.deliver()
    intake.got.clear()

    sent = answer_as_signpost(platforms, said)
    platforms.deliver()

    echo = only_item(intake)
    assert outline(intake.bodies[0]["entry"]) == theirs - {"[].messaging[].message.seq"}
    assert echo["sender"]["id"] == PAGE.id
    assert echo["recipient"]["id"] == said.person
    assert echo["message"] == {
        "mid": sent,
        "text": "Call 101.",
        "is_echo": True,
        "app_id": int(secrets.APP_ID),
        "metadata": "key-1",
    }


def test_instagrams_echoes_carry_no_metadata(platforms, intake):
    said = platforms.say("instagram_dm", "My bike has gone")
    platforms.deliver()
    intake.got.clear()

    answer_as_signpost(platforms, said)
    platforms.deliver()

    assert only_item(intake)["message"]["is_echo"] is True
    assert "metadata" not in only_item(intake)["message"]


def test_echoes_can_be_left_out_or_not_be_subscribed_to(platforms, intake):
    said = platforms.say("messenger", "My bike has gone")
    platforms.subscriptions.set(PAGE.id, {"messages"})
    answer_as_signpost(platforms, said)
    platforms.subscriptions.set(PAGE.id, {"messages", "message_echoes"})
    platforms.set_habits("facebook", echoes=False)
    answer_as_signpost(platforms, said)
    platforms.deliver()

    assert len(intake.got) == 1


@pytest.mark.parametrize(
    ("verb", "recording"),
    [("", "feed-comment-add-with-photo"), ("edit", "feed-comment-edited-25"), ("hide", "feed-comment-hide")],
)
def test_comments_on_a_page_are_told_as_meta_tells_them(platforms, intake, verb, recording):
    theirs = outline(recorded(f"facebook/restfb/{recording}.json"))
    said = platforms.say("facebook_comment", "My bike has gone", kind="text" if verb else "photo")
    if verb:
        platforms.act(verb, said.platform_id, "My bike and helmet have gone")
    platforms.deliver()

    # Older versions named the writer beside the text.
    old = {f".entry[].changes[].value.{name}" for name in ("sender_id", "sender_name")}
    new = {"from", "from.id", "from.name", "post", "post.id", "post.permalink_url", "is_hidden"}
    ours = outline(intake.bodies[-1])
    assert theirs - old <= ours
    assert ours - theirs <= {f".entry[].changes[].value.{name}" for name in new}


@pytest.mark.parametrize("shape", ["changes", "entry"])
def test_comments_on_instagram_come_in_both_shapes(platforms, intake, shape):
    theirs = recorded("instagram/restfb/wh-comments-2021.json")["entry"][0]["changes"][0]["value"]
    platforms.set_habits("instagram", comments=shape)
    first = platforms.say("instagram_comment", "My bike has gone")
    platforms.say("instagram_comment", "Mine too", parent=first.platform_id)
    platforms.deliver()

    entry = intake.bodies[1]["entry"][0]
    change = entry["changes"][0] if shape == "changes" else entry
    assert intake.bodies[1]["object"] == "instagram"
    assert change["field"] == "comments"
    assert outline(change["value"]) == outline(theirs)


def test_who_wrote_a_comment_can_be_withheld(platforms, intake):
    platforms.set_habits(without_from=True)
    platforms.say("facebook_comment", "My bike has gone")
    platforms.say("instagram_comment", "My bike has gone")
    platforms.deliver()

    assert all("from" not in body["entry"][0]["changes"][0]["value"] for body in intake.bodies)


def test_ids_can_come_as_numbers(platforms, intake):
    platforms.set_habits("facebook", int_ids=True)
    said = platforms.say("messenger", "My bike has gone")
    platforms.deliver()

    assert only_item(intake)["sender"]["id"] == int(said.person)
    assert intake.bodies[0]["entry"][0]["id"] == int(PAGE.id)


def test_a_batch_mixes_pages_kinds_and_what_nobody_knows(platforms, intake):
    channels = ("messenger", "facebook_comment")
    pages = (PAGE.id, SECOND_PAGE.id)
    messages = [{"channel": one, "text": "Gone", "account": page} for one in channels for page in pages]

    platforms.burst(messages, batch=10, unknown=1.0)
    platforms.deliver()

    (body,) = intake.bodies
    told = [(entry["id"], holder) for entry in body["entry"] for holder in ("messaging", "changes") if holder in entry]
    fields = {change["field"] for entry in body["entry"] for change in entry.get("changes", [])}
    assert set(told) == {(page, holder) for page in pages for holder in ("messaging", "changes")}
    assert fields == {"feed", "tarot_cards"}


def test_a_burst_is_cut_into_batches(platforms, intake):
    platforms.burst([{"channel": "messenger", "text": str(n)} for n in range(25)], batch=10)
    platforms.deliver()

    assert [len(body["entry"][0]["messaging"]) for body in intake.bodies] == [10, 10, 5]


def test_duplicates_are_the_same_bytes_a_little_later(platforms, intake, clock):
    platforms.set_habits("facebook", duplicates=1.0)
    platforms.say("messenger", "My bike has gone")
    platforms.deliver()
    assert len(intake.got) == 1

    clock.advance(seconds=3)
    platforms.deliver()

    assert intake.got[0] == intake.got[1]
    assert len(intake.got) == 2


def test_a_burst_can_come_in_any_order(platforms, intake):
    platforms.burst([{"channel": "messenger", "text": str(n)} for n in range(30)], reorder=True)
    platforms.deliver()

    told = [int(body["entry"][0]["messaging"][0]["message"]["text"]) for body in intake.bodies]
    assert told != sorted(told)
    assert sorted(told) == list(range(30))


def test_a_delivery_can_take_its_time(platforms, intake, clock):
    platforms.set_habits("facebook", latency=2.5)
    platforms.say("messenger", "My bike has gone")

    assert platforms.deliver() == 0
    clock.advance(seconds=2.5)
    assert platforms.deliver() == 1


def test_what_is_not_acknowledged_comes_again_until_it_is(platforms, intake, clock):
    said = platforms.say("messenger", "My bike has gone")
    intake.status = 503
    platforms.deliver()
    assert len(intake.got) == 2  # at once, and once more at once
    assert not platforms.courier.acknowledged(said.platform_id)
    assert platforms.courier.summary()["failing"] == 1

    intake.raises = ConnectionRefusedError()
    clock.advance(seconds=5)
    platforms.deliver()
    intake.raises, intake.status = None, 200
    clock.advance(seconds=15)
    platforms.deliver()

    assert len({body for _url, body, _headers in intake.got}) == 1
    assert platforms.courier.acknowledged(said.platform_id)
    assert platforms.courier.summary()["failing"] == 0


def test_waiting_goes_faster_by_the_factor(platforms, intake, clock):
    platforms.set_factor(60)
    intake.status = 500
    platforms.say("messenger", "My bike has gone")
    platforms.deliver()
    clock.advance(seconds=1)
    platforms.deliver()

    assert len(intake.got) == 3  # twice at once, and after 5 of its seconds, of which a minute has gone


def test_an_hour_of_failures_unsubscribes_the_app_until_it_subscribes_again(platforms, intake, clock):
    intake.status = 500
    platforms.say("messenger", "My bike has gone")
    for _ in range(70):
        platforms.deliver()
        clock.advance(minutes=1)
    assert platforms.subscriptions.of(PAGE.id) == []
    assert platforms.courier.summary()["failing"] == 0

    intake.status = 200
    intake.got.clear()
    platforms.say("messenger", "Anybody there?")
    platforms.say("messenger", "Anybody there?", account=SECOND_PAGE.id)
    platforms.deliver()
    assert [body["entry"][0]["id"] for body in intake.bodies] == [SECOND_PAGE.id]

    headers = {"authorization": f"Bearer {secrets.PAGE_TOKEN}"}
    fields = {"subscribed_fields": "messages"}
    platforms.graph(Call("POST", "", f"/v25.0/{PAGE.id}/subscribed_apps", fields, headers))
    platforms.say("messenger", "Anybody there?")
    platforms.deliver()
    assert intake.bodies[-1]["entry"][0]["id"] == PAGE.id


def test_a_success_ends_the_hour(platforms, intake, clock):
    intake.status = 500
    platforms.say("messenger", "My bike has gone")
    for minute in range(70):
        if minute == 40:
            intake.status = 200
        platforms.deliver()
        clock.advance(minutes=1)

    assert platforms.subscriptions.of(PAGE.id)


def test_after_a_hand_over_messages_stand_by(platforms, intake):
    said = platforms.say("messenger", "My bike has gone", person="Ada")
    platforms.act("hand_over", said.platform_id)
    platforms.say("messenger", "Are you there?", person="Ada")
    platforms.act("hand_back", said.platform_id)
    platforms.say("messenger", "Hello again", person="Ada")
    platforms.deliver()

    held = [(set(body["entry"][0]) & {"messaging", "standby"}).pop() for body in intake.bodies]
    control = [body["entry"][0]["messaging"][0].get("pass_thread_control") for body in intake.bodies[1:4:2]]
    assert held == ["messaging", "messaging", "standby", "messaging", "messaging"]
    assert [told["new_owner_app_id"] for told in control] == [secrets.FACEBOOK_INBOX, secrets.APP_ID]


def test_staff_who_answer_by_hand_are_told_apart_from_the_app(platforms, intake):
    for channel in ("messenger", "instagram_dm"):
        said = platforms.say(channel, "My bike has gone")
        platforms.act("staff_reply", said.platform_id, "We have seen this.")
    said = platforms.say("facebook_comment", "My bike has gone")
    platforms.act("staff_reply", said.platform_id, "We have seen this.")
    platforms.deliver()

    facebook, instagram = (intake.bodies[n]["entry"][0]["messaging"][0]["message"] for n in (1, 3))
    assert facebook["app_id"] == int(secrets.FACEBOOK_INBOX)
    assert instagram["app_id"] == int(secrets.INSTAGRAM_INBOX)
    assert "metadata" not in facebook
    assert intake.bodies[5]["entry"][0]["changes"][0]["value"]["from"]["id"] == PAGE.id


def test_instagrams_own_login_has_an_address_and_a_secret_of_its_own(platforms, intake):
    platforms.set_habits("instagram", login="instagram")
    platforms.say("instagram_dm", "My bike has gone")
    platforms.deliver()

    ((url, body, headers),) = intake.got
    assert url == f"{INTAKE}/webhooks/instagram"
    right = meta_headers(body, secrets.INSTAGRAM_APP_SECRET)["X-Hub-Signature-256"]
    assert headers["X-Hub-Signature-256"] == right


def test_what_a_platform_can_not_do_is_refused_with_a_sentence(platforms):
    said = platforms.say("instagram_comment", "My bike has gone")

    for asked, sentence in (
        (lambda: platforms.say("telegraph", "Hello"), "messenger"),
        (lambda: platforms.say("messenger", " "), "Write something"),
        (lambda: platforms.say("x_dm", "Hello", kind="sticker"), "ciphertext"),
        (lambda: platforms.say("messenger", "Hello", account=INSTAGRAM.id), "No account"),
        (lambda: platforms.act("edit", said.platform_id, "Hello"), "can be changed"),
        (lambda: platforms.act("dance", said.platform_id), "staff_reply"),
        (lambda: platforms.act("delete", "nothing"), "Nothing stands"),
        (lambda: platforms.set_habits("facebook", batch="many"), "batch"),
        (lambda: platforms.set_habits("facebook", envelope="brown"), "xaa"),
        (lambda: platforms.set_limits(x_messages=-1), "less than nothing"),
        (lambda: platforms.set_limits(patience=1), "patience"),
    ):
        with pytest.raises(BadOption, match=sentence):
            asked()


# X's events are compared with the documented ones; what those tell of a profile's looks is left out here.


@pytest.mark.parametrize(
    ("channel", "kind", "recording"),
    [
        ("x_dm", "text", "dm.received"),
        ("x_dm", "ciphertext", "chat.received"),
        ("x_mention", "text", "post.mention.create"),
        ("x_mention", "quote", "post.quote.create"),
    ],
)
def test_x_tells_its_activity_as_documented(platforms, intake, channel, kind, recording):
    theirs = recorded(f"x/xaa/{recording}.json")
    platforms.say(channel, "My bike has gone", kind=kind)
    platforms.deliver()

    ((url, body, headers),) = intake.got
    ours = json.loads(body)["data"]
    assert url == f"{INTAKE}/webhooks/x"
    assert headers["x-twitter-webhooks-signature"] == f"sha256={base64_hmac(secrets.CONSUMER_SECRET, body)}"
    assert ours["event_type"] == recording
    assert ours["filter"] == {"user_id": X.id}
    assert _without_looks(ours) == _without_looks(theirs["data"])


def _without_looks(data: dict[str, Any]) -> set[str]:
    """The outline of an event, people by what tells who they are."""
    payload = dict(data["payload"])
    users = payload.pop("users", {})
    for name in ("entities", "edit_controls"):
        payload.pop(name, None)
    people = {path for user in users.values() for path in outline(user) if path in (".data", ".data.id", ".data.name")}
    return {f".{name}" for name in data.keys() - {"includes"}} | outline(payload, ".payload") | people


def test_x_tells_a_post_that_is_taken_down(platforms, intake):
    said = platforms.say("x_mention", "My bike has gone")
    platforms.act("delete", said.platform_id)
    platforms.deliver()

    data = intake.bodies[1]["data"]
    assert data["event_type"] == "post.delete"
    assert data["payload"] == {"id": said.platform_id, "author_id": said.person}
    assert outline(data["payload"]) == outline(recorded("x/xaa/post.delete.json")["data"]["payload"])


@pytest.mark.parametrize(
    ("channel", "recording"), [("x_dm", "aaa/direct_message_events"), ("x_mention", "chatwoot/tweet_create_event")]
)
def test_x_can_tell_in_its_older_way(platforms, intake, channel, recording):
    theirs = recorded(f"x/{recording}.json")
    platforms.set_habits("x", envelope="aaa")
    said = platforms.say(channel, "My bike has gone")
    platforms.deliver()

    (body,) = intake.bodies
    ((name, told),) = ((name, value) for name, value in body.items() if name.endswith("_events"))
    assert body["for_user_id"] == X.id
    assert {path for path in outline(told) if "entities" not in path} <= outline(theirs[name]) | {"[].user.id_str"}
    assert str(told[0]["id"]) == said.platform_id


def test_an_answer_to_a_post_is_told_twice_as_mention_and_as_reply(platforms, intake):
    platforms.say("x_mention", "My bike has gone", kind="reply")
    platforms.deliver()

    told = [(body["data"]["event_type"], body["data"]["payload"]["id"]) for body in intake.bodies]
    assert [kind for kind, _id in told] == ["post.mention.create", "post.reply.create"]
    assert told[0][1] == told[1][1]
    assert len({body["data"]["event_uuid"] for body in intake.bodies}) == 2


def test_a_post_that_does_not_name_the_account_is_not_told(platforms, intake):
    platforms.say("x_mention", "My bike has gone", kind="bystander")
    platforms.deliver()

    assert intake.got == []


def test_the_journal_tells_what_was_said_delivered_and_sent(clock, tmp_path):
    platforms = Platforms(INTAKE, tmp_path, clock=clock, post=Intake())
    said = platforms.say("messenger", "My bike has gone – à pied")
    platforms.deliver()
    answer_as_signpost(platforms, said)
    platforms.deliver()
    platforms.stop()

    lines = [json.loads(line) for line in (tmp_path / "platforms.jsonl").read_text("utf-8").splitlines()]
    assert [line["what"] for line in lines] == ["said", "acknowledged", "sent", "acknowledged"]
    assert lines[0]["text"] == "My bike has gone – à pied"
    assert lines[1]["about"] == [said.platform_id]
    assert lines[2]["key"] == "key-1"
