"""What the small platforms answer in Meta's place, and that it has the shape of Meta's own answers."""

import json

import pytest
from platform_fake import INSTAGRAM, PAGE, SECOND_PAGE, Answer, BadOption, Call, Item, Platforms, secrets
from platform_fake.recorded import outline, recorded

PAGE_HEADERS = {"authorization": f"Bearer {secrets.PAGE_TOKEN}"}
TEXT = "Call 101, or 999 in an emergency."


@pytest.fixture
def platforms(clock):
    return Platforms(clock=clock, post=lambda *_: (200, b""), sleep=lambda _seconds: None)


def send(platforms, recipient, text=TEXT, *, account=PAGE.id, **more) -> Answer:
    headers, host = more.pop("headers", PAGE_HEADERS), more.pop("host", "graph")
    message = {"text": text, **({"metadata": more.pop("metadata")} if "metadata" in more else {})}
    body = {"messaging_type": "RESPONSE", "recipient": recipient, "message": message, **more}
    return platforms.graph(Call("POST", "", f"/v25.0/{account}/messages", {}, headers, body), host)


def comment(platforms, target, edge="comments", text=TEXT) -> Answer:
    return platforms.graph(Call("POST", "", f"/v25.0/{target}/{edge}", {}, PAGE_HEADERS, {"message": text}))


def to(item: Item) -> dict[str, str]:
    return {"id": item.person}


def code_of(answer: Answer) -> tuple[int, int | None]:
    assert isinstance(answer.body, dict)
    return answer.body["error"]["code"], answer.body["error"].get("error_subcode")


def test_a_reply_to_somebody_who_wrote_is_taken_and_noted(platforms):
    said = platforms.say("messenger", "My bike has gone", person="Ada")

    answer = send(platforms, to(said), metadata="key-1")

    assert answer.status == 200
    assert answer.body["recipient_id"] == said.person
    (sent,) = platforms.world.sent
    assert (sent.channel, sent.account, sent.person, sent.text, sent.key) == (
        "messenger",
        PAGE.id,
        said.person,
        TEXT,
        "key-1",
    )
    assert sent.platform_id == answer.body["message_id"]


def test_the_same_key_sent_twice_is_counted(platforms):
    said = platforms.say("messenger", "My bike has gone")
    for _ in range(2):
        send(platforms, to(said), metadata="key-1")
    send(platforms, to(said), metadata="key-2")

    assert [sent.count for sent in platforms.world.sent] == [1, 2, 1]
    assert platforms.state()["sent_again"] == 1


def test_a_taken_message_is_answered_as_meta_answers(platforms):
    theirs = recorded("facebook/meta_postman/send_api_text_message.json")["responses"][0]
    said = platforms.say("messenger", "My bike has gone")

    answer = send(platforms, to(said))

    assert answer.status == theirs["code"]
    assert outline(answer.body) == outline(json.loads(theirs["body"]))


def test_nobody_is_written_to_who_never_wrote(platforms):
    assert code_of(send(platforms, {"id": "5275811702471834"})) == (100, 2018001)
    assert platforms.world.sent == []


def test_strangers_are_written_to_where_a_rehearsal_replays_payloads(platforms):
    platforms.set_limits(strangers=True)

    assert send(platforms, {"id": "5275811702471834"}, account="1234567890321").status == 200
    assert platforms.world.sent[0].account == "1234567890321"


@pytest.mark.parametrize(("hours", "status"), [(24, 200), (24.1, 400)])
def test_a_person_may_be_written_to_for_a_day(platforms, hours, status):
    said = platforms.say("messenger", "My bike has gone")
    platforms.advance(hours * 3600)

    answer = send(platforms, to(said))

    assert answer.status == status
    if status == 400:
        assert code_of(answer) == (10, 2018278)


def test_writing_again_opens_the_day_anew(platforms):
    said = platforms.say("messenger", "My bike has gone", person="Ada")
    platforms.advance(30 * 3600)
    platforms.say("messenger", "Hello?", person="Ada")

    assert send(platforms, to(said)).status == 200


def test_a_comment_opens_no_conversation(platforms):
    said = platforms.say("facebook_comment", "My bike has gone", person="Ada")

    assert code_of(send(platforms, to(said))) == (10, 2018278)


@pytest.mark.parametrize(("days", "status"), [(7, 200), (7.1, 400)])
def test_a_comment_is_answered_in_private_within_a_week(platforms, days, status):
    said = platforms.say("facebook_comment", "My bike has gone")
    platforms.advance(days * 86_400)

    answer = send(platforms, {"comment_id": said.platform_id})

    assert answer.status == status
    if status == 200:
        assert answer.body["recipient_id"] == said.person
        assert platforms.world.sent[0].way == "private_reply"
        assert platforms.world.sent[0].in_reply_to == said.platform_id


@pytest.mark.parametrize(("subcode", "code"), [(2534014, 10), (2534039, 10903)])
def test_a_comment_is_answered_in_private_once(platforms, subcode, code):
    platforms.set_limits(repeated_private_reply=subcode)
    said = platforms.say("facebook_comment", "My bike has gone")
    send(platforms, {"comment_id": said.platform_id})

    assert code_of(send(platforms, {"comment_id": said.platform_id})) == (code, subcode)


def test_a_private_reply_alone_opens_no_conversation(platforms):
    said = platforms.say("instagram_comment", "My bike has gone")
    send(platforms, {"comment_id": said.platform_id}, account=INSTAGRAM.id)

    assert code_of(send(platforms, to(said), account=INSTAGRAM.id)) == (10, 2018278)


def test_no_private_reply_goes_to_a_comment_that_is_not_there(platforms):
    gone = platforms.say("facebook_comment", "My bike has gone")
    platforms.act("delete", gone.platform_id)

    for target in ("1_2", gone.platform_id):
        assert code_of(send(platforms, {"comment_id": target})) == (100, 2018292)


@pytest.mark.parametrize(
    ("channel", "account", "text", "status"),
    [
        ("messenger", PAGE.id, "a" * 2000, 200),
        ("messenger", PAGE.id, "a" * 2001, 400),
        ("messenger", PAGE.id, "\U0001f6b2" * 1001, 400),
        ("instagram_dm", INSTAGRAM.id, "é" * 500, 200),
        ("instagram_dm", INSTAGRAM.id, "é" * 501, 400),
        ("messenger", PAGE.id, " ", 400),
    ],
)
def test_messenger_counts_characters_and_instagram_bytes(platforms, channel, account, text, status):
    said = platforms.say(channel, "My bike has gone")

    answer = send(platforms, to(said), text, account=account)

    assert answer.status == status
    if status == 400:
        assert code_of(answer)[0] == 100


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"messaging_type": "SHOUT"}, 100),
        ({"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, 100),
        ({"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 10),
        ({"messaging_type": "MESSAGE_TAG"}, 100),
    ],
)
def test_messages_of_a_type_that_is_not_ours_to_use_are_refused(platforms, fields, code):
    said = platforms.say("messenger", "My bike has gone")

    assert code_of(send(platforms, to(said), **fields))[0] == code


@pytest.mark.parametrize(
    ("headers", "query", "status", "code"),
    [
        ({}, {}, 400, 104),
        ({"authorization": "Bearer another"}, {}, 401, 190),
        ({}, {"access_token": secrets.PAGE_TOKEN}, 200, None),
    ],
)
def test_only_a_token_of_ours_opens_anything(platforms, headers, query, status, code):
    answer = platforms.graph(Call("GET", "", "/v25.0/me", query, headers))

    assert answer.status == status
    if code:
        assert code_of(answer)[0] == code
    else:
        assert answer.body == {"name": PAGE.name, "id": PAGE.id}


def test_instagrams_own_address_knows_no_pages(platforms):
    said = platforms.say("messenger", "My bike has gone")
    token = {"authorization": f"Bearer {secrets.INSTAGRAM_TOKEN}"}

    assert code_of(send(platforms, to(said), host="instagram", headers=token)) == (100, 33)
    said = platforms.say("instagram_dm", "My bike has gone")
    assert send(platforms, to(said), account=INSTAGRAM.id, host="instagram", headers=token).status == 200


@pytest.mark.parametrize(("channel", "edge"), [("facebook_comment", "comments"), ("instagram_comment", "replies")])
def test_a_public_reply_stands_under_its_comment(platforms, channel, edge):
    said = platforms.say(channel, "My bike has gone")

    answer = comment(platforms, said.platform_id, edge)

    assert answer.status == 200
    assert platforms.find(answer.body["id"]).parent == said.platform_id
    assert platforms.world.sent[0].in_reply_to == said.platform_id


def test_on_instagram_a_reply_to_a_reply_stands_beside_it(platforms):
    first = platforms.say("instagram_comment", "My bike has gone")
    second = platforms.say("instagram_comment", "Mine too", parent=first.platform_id)

    answer = comment(platforms, second.platform_id, "replies")

    assert platforms.find(answer.body["id"]).parent == first.platform_id


@pytest.mark.parametrize(
    ("channel", "edge", "longest"), [("facebook_comment", "comments", 8000), ("instagram_comment", "replies", 2200)]
)
def test_public_replies_have_their_limits(platforms, channel, edge, longest):
    said = platforms.say(channel, "My bike has gone")

    assert comment(platforms, said.platform_id, edge, "a" * longest).status == 200
    assert code_of(comment(platforms, said.platform_id, edge, "a" * (longest + 1)))[0] == 100
    assert code_of(comment(platforms, said.platform_id, edge, " "))[0] == 100


def test_no_public_reply_goes_under_what_is_not_there(platforms):
    gone = platforms.say("facebook_comment", "My bike has gone")
    platforms.act("delete", gone.platform_id)
    private = platforms.say("messenger", "My bike has gone")

    for target in ("1_2", gone.platform_id, private.platform_id):
        assert code_of(comment(platforms, target))[0] == 100


def test_the_app_sees_and_renews_its_subscriptions(platforms):
    path = f"/v25.0/{PAGE.id}/subscribed_apps"
    asked = {"subscribed_fields": "messages,message_echoes,feed"}

    made = platforms.graph(Call("POST", "", path, asked, PAGE_HEADERS))
    seen = platforms.graph(Call("GET", "", path, {}, PAGE_HEADERS))

    assert made.body == {"success": True}
    assert seen.body["data"][0]["id"] == secrets.APP_ID
    assert seen.body["data"][0]["subscribed_fields"] == ["feed", "message_echoes", "messages"]
    assert platforms.graph(Call("POST", "", path, {"subscribed_fields": "tea"}, PAGE_HEADERS)).status == 400


def test_while_staff_have_the_conversation_the_app_can_not_write(platforms):
    said = platforms.say("messenger", "My bike has gone")
    platforms.act("hand_over", said.platform_id)
    assert code_of(send(platforms, to(said))) == (10, 2018300)

    body = {"recipient": to(said)}
    took = platforms.graph(Call("POST", "", f"/v25.0/{PAGE.id}/take_thread_control", {}, PAGE_HEADERS, body))

    assert took.body == {"success": True}
    assert send(platforms, to(said)).status == 200


def test_a_sender_action_stands_alone_and_is_no_message(platforms):
    said = platforms.say("messenger", "My bike has gone")
    body = {"recipient": to(said), "sender_action": "typing_on"}
    path = f"/v25.0/{PAGE.id}/messages"

    assert platforms.graph(Call("POST", "", path, {}, PAGE_HEADERS, body)).body == {"recipient_id": said.person}
    both = {**body, "message": {"text": TEXT}}
    assert platforms.graph(Call("POST", "", path, {}, PAGE_HEADERS, both)).status == 400
    assert platforms.world.sent == []


def test_a_page_that_sends_too_fast_is_told_so(platforms):
    platforms.set_limits(page_texts=1)
    said = platforms.say("messenger", "My bike has gone")
    assert send(platforms, to(said)).status == 200

    assert code_of(send(platforms, to(said))) == (613, None)
    platforms.advance(1)
    assert send(platforms, to(said)).status == 200


def test_every_answer_says_how_much_of_the_limits_is_used(platforms):
    answer = send(platforms, {"id": "1"})

    for name in ("X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage"):
        assert "call_count" in answer.headers[name]


@pytest.mark.parametrize("name", ["100_2018001", "10_2018108", "200_1545041", "200_2018028", "230_none"])
def test_errors_have_the_shape_and_codes_of_those_recorded(platforms, name):
    theirs = recorded(f"facebook/send_api/errors/{name}.json")
    code, subcode = (int(part) if part != "none" else None for part in name.split("_"))
    platforms.faults.set(name="graph_error", platform="facebook", code=code, subcode=subcode)

    ours = send(platforms, {"id": "1"}).body

    assert outline(ours) == outline(theirs)
    assert (ours["error"]["code"], ours["error"].get("error_subcode")) == (code, subcode)
    assert theirs["error"]["message"].rstrip(".") in ours["error"]["message"]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("throttled", 400, (4, None)),
        ("calls_exceeded", 400, (613, None)),
        ("too_many_requests", 429, (4, None)),
        ("token_expired", 401, (190, 463)),
        ("restricted", 400, (10, 1893063)),
        ("unavailable", 500, (2, None)),
    ],
)
def test_faults_are_had_on_demand_until_they_are_cleared(platforms, name, status, code):
    said = platforms.say("messenger", "My bike has gone")
    platforms.faults.set(name=name, platform="facebook")

    answer = send(platforms, to(said))

    assert (answer.status, code_of(answer)) == (status, code)
    assert platforms.world.sent == []
    platforms.faults.clear("facebook", name)
    assert send(platforms, to(said)).status == 200


def test_a_fault_may_strike_one_account_and_so_many_times_only(platforms):
    there = platforms.say("messenger", "My bike has gone")
    elsewhere = platforms.say("messenger", "My bike has gone", account=SECOND_PAGE.id)
    platforms.faults.set(name="unavailable", platform="facebook", account=PAGE.id, times=2)

    assert send(platforms, to(elsewhere), account=SECOND_PAGE.id).status == 200
    assert [send(platforms, to(there)).status for _ in range(3)] == [500, 500, 200]


def test_faults_strike_what_is_sent_but_an_expired_token_opens_nothing(platforms):
    asked = Call("GET", "", f"/v25.0/{PAGE.id}/subscribed_apps", {}, PAGE_HEADERS)
    platforms.faults.set(name="unavailable", platform="facebook")
    assert platforms.graph(asked).status == 200

    platforms.faults.set(name="token_expired", platform="facebook")
    assert platforms.graph(asked).status == 401


def test_an_answer_may_be_lost_although_the_message_was_taken(platforms):
    said = platforms.say("messenger", "My bike has gone")
    platforms.faults.set(name="server_error", platform="facebook", times=1, taken=True)

    assert send(platforms, to(said)).status == 500
    assert len(platforms.world.sent) == 1


def test_an_answer_may_be_slow(clock):
    waited = []
    platforms = Platforms(clock=clock, post=lambda *_: (200, b""), sleep=waited.append)
    said = platforms.say("messenger", "My bike has gone")
    platforms.faults.set(name="slow", platform="facebook", seconds=12)

    assert send(platforms, to(said)).status == 200
    assert waited == [12]


def test_a_fault_nobody_knows_is_refused(platforms):
    with pytest.raises(BadOption, match="throttled"):
        platforms.faults.set(name="earthquake", platform="facebook")
