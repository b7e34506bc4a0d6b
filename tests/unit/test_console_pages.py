"""Every page: whole, safe and readable for everybody, and nothing from elsewhere. Also the browser the other tests use."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from fakes import FakeAssistant, FakePlatform, desk_for, guidance, understood, work_through
from werkzeug.test import TestResponse

from signpost.console.app import create_app
from signpost.console.parts import Parts
from signpost.log.audit import Trail

HOST = {"Host": "127.0.0.1:8080"}
JSON = {**HOST, "Accept": "application/json"}
SECRET = "signs the forms of these tests"
FIELDS_WITHOUT_LABEL = {"hidden", "submit"}


def parts_for(record, mandate, **more) -> Parts:
    return Parts(
        record.sessions,
        record.reads,
        record.vault,
        mandate,
        record.clock,
        SECRET,
        Trail("seals the trail of these tests"),
        **{"page_waits": 0.0, **more},
    )


@dataclass
class Page(HTMLParser):
    """What a page is made of."""

    html: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    title: str = ""
    _in_title: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def field(self, name: str) -> str:
        return next(one["value"] or "" for one in self.all("input") if one.get("name") == name)


class Browser:
    """Asks for pages and looks at each one it gets; forms are sent with the token of the last page."""

    def __init__(self, parts: Parts) -> None:
        self.client = create_app(parts).test_client()
        self.page: Page | None = None

    def get(self, path: str, headers: dict[str, str] = HOST) -> TestResponse:
        return self._look(self.client.get(path, headers=headers, follow_redirects=True))

    def post(self, path: str, headers: dict[str, str] = HOST, **fields: Any) -> TestResponse:
        """Sends the last page's form, with other fields where they are given."""
        assert self.page is not None, "look at a page first"
        names = ("csrf_token", "conversation", "message_id")
        form = {**{name: self.page.field(name) for name in names}, "channel": self.channel, **fields}
        return self._look(self.client.post(path, data=form, headers=headers, follow_redirects=True))

    def write(self, text: str, channel: str = "messenger") -> TestResponse:
        """Goes to the channel and writes there."""
        self.get(f"/simulator/channels/{channel}")
        return self.post("/simulator/messages", text=text)

    @property
    def channel(self) -> str:
        """The channel that is chosen on the page."""
        return next(
            str(one["value"]) for one in self.page.all("input") if one.get("name") == "channel" and "checked" in one
        )

    def _look(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html":
            self.page = Page(response.text)
            check_page(self.page, response)
        return response


def check_page(page: Page, response: TestResponse) -> None:
    """What holds for every page there is."""
    assert page.all("html")[0]["lang"] == "en-GB"
    assert page.title.endswith(" – Signpost"), "a title that says which page it is"
    assert len(page.title) > len(" – Signpost")
    assert len(page.all("h1")) == 1
    assert page.all("a")[0]["href"] == "#main", "the first link skips to the content"
    assert any(one.get("id") == "main" for one in page.all("main"))
    policy = response.headers["Content-Security-Policy"]
    for script in page.all("script"):
        assert f"'nonce-{script['nonce']}'" in policy
        assert script["src"]
    for form in page.all("form"):
        assert form["method"] in {"get", "post"}
        if form["method"] == "post":
            assert page.field("csrf_token")
    for tag, attributes in page.tags:
        assert tag != "style"
        assert "style" not in attributes, f"an inline style on {tag}"
        assert not any(name.startswith("on") for name in attributes), f"an inline handler on {tag}"
        for name in ("href", "src", "action", "formaction"):
            assert re.match(r"[/#](?!/)", attributes.get(name) or "/"), f"{attributes[name]} leads elsewhere"
        if tag == "img":
            assert "alt" in attributes
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {one.get("for") for one in page.all("label")}
    for one in page.all("textarea"):
        assert one["id"] in labelled
    assert response.headers["Cache-Control"] == "no-store"


@pytest.fixture
def browser(record, mandate) -> Browser:
    return Browser(parts_for(record, mandate))


def test_the_simulator_s_address_alone_leads_to_the_first_channel(browser) -> None:
    assert "Facebook Messenger simulator" in browser.get("/simulator/").text


@pytest.mark.parametrize(
    "channel", ["messenger", "facebook_comment", "instagram_dm", "instagram_comment", "x_dm", "x_mention"]
)
def test_every_channel_has_a_page_before_and_after_the_reply(browser, record, mandate, channel: str) -> None:
    desk = desk_for(record, mandate, FakeAssistant(understood(said=[guidance(mandate, channel)])), FakePlatform())
    before = browser.get(f"/simulator/channels/{channel}").text
    assert "No messages yet" in before or "No comments yet" in before
    browser.write("my bike was stolen", channel)
    assert work_through(desk)
    after = browser.get(f"/simulator/channels/{channel}").text
    assert mandate.statements["not_monitored"][mandate.channel(channel).wording].split("'")[0] in after
    assert "Report of a crime" in after


def test_public_channels_show_a_post_of_the_force_and_private_ones_do_not(browser) -> None:
    assert '<article class="post">' in browser.get("/simulator/channels/facebook_comment").text
    assert '<article class="post">' not in browser.get("/simulator/channels/messenger").text


def test_the_page_needs_no_script(browser) -> None:
    page = browser.get("/simulator/channels/messenger").text
    assert 'method="post"' in page
    assert "http-equiv" not in page
    assert "Show this channel" in page


def test_our_own_style_and_script_are_served(browser) -> None:
    browser.get("/simulator/channels/messenger")
    links = [one["href"] for one in browser.page.all("link")] + [
        one["src"] for one in browser.page.all("script", "img")
    ]
    assert len(links) >= 3
    for link in links:
        assert browser.client.get(link, headers=HOST).status_code == 200
