"""The pages of a rehearsal: what a member of the public sees and does on each channel."""

import re
from html.parser import HTMLParser

import pytest
from platform_fake import PAGE, SECOND_PAGE, Call, Platforms, secrets
from platform_fake.app import create_app
from platform_fake.profiles import CHANNELS, PUBLIC

GUIDANCE = "Call 101, or 999 in an emergency."


@pytest.fixture
def platforms(clock):
    return Platforms(clock=clock, post=lambda *_: (200, b""))


@pytest.fixture
def browser(platforms):
    return create_app(platforms, "http://127.0.0.1:9").test_client()


def words(page) -> str:
    """What a page says, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def submit(browser, channel: str, form: str, **fields):
    """Fills in a form of the page and sends it off."""
    page = browser.get(f"/channels/{channel}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    return browser.post(f"/channels/{channel}/{form}", data={"csrf_token": token[1], **fields}, follow_redirects=True)


def reply(platforms, said, text=GUIDANCE) -> None:
    headers = {"authorization": f"Bearer {secrets.PAGE_TOKEN}"}
    body = {"recipient": {"id": said.person}, "message": {"text": text}}
    assert platforms.graph(Call("POST", "", f"/v25.0/{said.account}/messages", {}, headers, body)).status == 200


class Elements(HTMLParser):
    """Counts headings of the first level, and finds fields without a label."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings = 0
        self.fields: set[str] = set()
        self.labels: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.headings += tag == "h1"
        if tag in ("input", "select", "textarea") and named.get("type") != "hidden":
            self.fields.add(named.get("id") or "a field without an id")
        if tag == "label":
            self.labels.add(named["for"])


def test_the_first_page_leads_to_every_channel(browser, platforms):
    platforms.say("messenger", "My bike has gone")

    page = browser.get("/")

    for channel in CHANNELS:
        assert f'href="/channels/{channel}"' in page.get_data(as_text=True)
    assert "Written by people 1" in words(page)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_page_has_one_heading_and_a_label_for_each_field(browser, platforms, channel):
    said = platforms.say(channel, "My bike has gone")
    platforms.act("staff_reply", said.platform_id, "We have seen this.")

    found = Elements(browser.get(f"/channels/{channel}").get_data(as_text=True))

    assert found.headings == 1
    assert found.fields <= found.labels
    assert len(found.fields) >= 3


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_one_writes_stands_on_the_page_and_is_delivered(browser, platforms, channel):
    page = submit(browser, channel, "say", text="My <b>bike</b> has gone", person="Ada", kind="text")

    assert page.status_code == 200
    assert "My &lt;b&gt;bike&lt;/b&gt; has gone" in page.get_data(as_text=True)
    assert "not acknowledged yet" in words(page)
    platforms.deliver()
    assert "not acknowledged yet" not in words(browser.get(f"/channels/{channel}"))


def test_a_reply_stands_in_the_conversation_with_its_length(browser, platforms):
    said = platforms.say("messenger", "My bike has gone", person="Ada")
    reply(platforms, said)

    page = words(browser.get("/channels/messenger"))

    assert GUIDANCE in page
    assert "33 of 2,000 characters" in page
    assert page.index("My bike has gone") < page.rindex(GUIDANCE)


def test_a_public_reply_stands_under_its_comment(browser, platforms):
    first = platforms.say("facebook_comment", "My bike has gone", person="Ada")
    platforms.say("facebook_comment", "See you there", person="Sam")
    headers = {"authorization": f"Bearer {secrets.PAGE_TOKEN}"}
    platforms.graph(Call("POST", "", f"/v25.0/{first.platform_id}/comments", {}, headers, {"message": GUIDANCE}))

    page = words(browser.get("/channels/facebook_comment"))

    assert page.index("My bike has gone") < page.index(GUIDANCE) < page.index("See you there")


def test_each_person_has_a_conversation_of_their_own(browser, platforms):
    ada = platforms.say("messenger", "My bike has gone", person="Ada")
    platforms.say("messenger", "Hello there", person="Sam")

    newest = words(browser.get("/channels/messenger"))
    chosen = words(browser.get(f"/channels/messenger?person={ada.person}"))

    assert "Hello there Sam" in newest
    assert "My bike has gone Ada" in chosen


def test_each_page_of_the_force_is_shown_apart(browser, platforms):
    platforms.say("messenger", "My bike has gone", account=SECOND_PAGE.id)

    assert "My bike has gone" not in words(browser.get("/channels/messenger"))
    assert "My bike has gone" in words(browser.get(f"/channels/messenger?account={SECOND_PAGE.id}"))


@pytest.mark.parametrize(("action", "shown"), [("unsend", "Taken back"), ("edit", "My bike and helmet changed")])
def test_one_can_take_back_or_change_what_one_wrote(browser, platforms, action, shown):
    said = platforms.say("messenger", "My bike", person="Ada")

    page = submit(browser, "messenger", "act", action=action, platform_id=said.platform_id, text="My bike and helmet")

    for word in shown.split():
        assert word in words(page)
    assert said.deleted == (action == "unsend")


def test_staff_answer_by_hand_and_take_the_conversation_over(browser, platforms):
    said = platforms.say("messenger", "My bike has gone", person="Ada")
    fields = {"platform_id": said.platform_id}

    answered = submit(browser, "messenger", "act", action="staff_reply", text="We have seen this.", **fields)
    taken = submit(browser, "messenger", "act", action="hand_over", **fields)

    assert "(staff)" in words(answered)
    assert "Hand the conversation back" in words(taken)
    assert "Take the conversation over" in words(submit(browser, "messenger", "act", action="hand_back", **fields))


def test_what_can_not_be_sent_is_said_and_nothing_typed_is_lost(browser, platforms):
    page = submit(browser, "messenger", "say", text=" ", person="Ada", kind="text")

    assert page.status_code == 400
    assert "There is a problem Write something." in words(page)
    assert 'value="Ada"' in page.get_data(as_text=True)
    assert "<title>Problem: Messenger" in page.get_data(as_text=True)
    said = platforms.say("messenger", "My bike has gone")
    changed = submit(browser, "messenger", "act", action="edit", platform_id=said.platform_id, text=" ")
    assert (changed.status_code, said.text) == (400, "My bike has gone")


def test_another_sites_page_can_post_nothing_here(browser, platforms):
    refused = browser.post("/channels/messenger/say", data={"text": "My bike has gone", "kind": "text"})
    elsewhere = browser.get("/", headers={"Host": "rehearsal.example"})

    assert refused.status_code == 400
    assert elsewhere.status_code == 403
    assert platforms.world.items == {}


def test_a_browser_may_load_nothing_from_elsewhere_and_run_nothing_inline(browser):
    page = browser.get("/channels/messenger")

    policy = page.headers["Content-Security-Policy"]
    marks = set(re.findall(r'nonce="([^"]+)"', page.get_data(as_text=True)))
    assert "default-src 'self'" in policy
    assert len(marks) == 1
    assert f"script-src 'nonce-{marks.pop()}'" in policy
    assert "style=" not in page.get_data(as_text=True)
    assert not re.search(r'(src|href)="(https?:)?//', page.get_data(as_text=True))


@pytest.mark.parametrize("path", ["/channels/telegraph", "/channels/messenger?account=1", "/nowhere"])
def test_what_is_not_there_is_not_found(browser, path):
    assert browser.get(path).status_code == 404


def test_the_controls_need_no_token_of_a_form(browser):
    answer = browser.post("/control/say", json={"channel": "messenger", "text": "My bike has gone"})

    assert answer.status_code == 200
    assert answer.json["account"] == PAGE.id
    assert browser.get("/health").json == {"status": "ok"}


def test_public_and_private_channels_are_told_apart(browser):
    for channel in CHANNELS:
        page = words(browser.get(f"/channels/{channel}"))
        assert ("Our neighbourhood team" in page) == (channel in PUBLIC)
        assert ("Nobody has written yet." in page) == (channel not in PUBLIC)
