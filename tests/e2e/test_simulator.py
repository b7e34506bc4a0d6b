"""The simulator in a real browser, with a scripted assistant: with and without JavaScript, narrow and wide."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rehearsal import rehearse
from werkzeug.serving import WSGIRequestHandler, make_server

from signpost.console.app import create_app
from signpost.desk.worker import Desk, run_desk

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")

CHROMIUM = shutil.which(os.environ.get("SIGNPOST_TEST_CHROMIUM", "chromium"))
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
WIDTHS = (320, 1280)
NOTICE_SECONDS = 15
REPORT = "someone has smashed my shop window on Fisherton Street"


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_args: object) -> None:
        pass


@dataclass
class Site:
    """The pages on a port of their own, and a desk that can be stopped."""

    address: str
    desk: Desk
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start_desk(self) -> None:
        self.stop.clear()
        self.thread = threading.Thread(target=run_desk, args=(self.desk, 1, 1, self.stop), daemon=True)
        self.thread.start()

    def stop_desk(self) -> None:
        self.stop.set()
        if self.thread:
            self.thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    parts, desk = rehearse(tmp_path)
    server = make_server("127.0.0.1", 0, create_app(parts), threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = Site(f"http://127.0.0.1:{server.server_port}", desk)
    one.start_desk()
    yield one
    one.stop_desk()
    server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, site: Site) -> Iterator[Callable]:
    """Opens the simulator; at the end nothing may have been complained of, and nothing asked of any other place."""
    complaints: list[str] = []
    contexts = []

    def open_(width: int = 1280, *, script: bool = True, expects: str = "nothing is expected") -> object:
        context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(NOTICE_SECONDS * 1000)

        def hear(message: object) -> None:
            if message.type in ("error", "warning") and expects not in message.text:
                complaints.append(message.text)

        page.on("console", hear)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("request", lambda request: request.url.startswith(site.address) or complaints.append(request.url))
        page.goto(f"{site.address}/simulator")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def fits(page: object) -> bool:
    """Whether nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def choose(page: object, channel: str) -> None:
    with page.expect_response("**/simulator/channel"):
        page.locator(f"input[value={channel}]").check(force=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("channel", ["messenger", "x_mention"])
def test_a_message_is_answered_without_a_reload(open_page, width: int, channel: str) -> None:
    page = open_page(width)
    if channel != "messenger":
        choose(page, channel)
    page.locator("#text").fill(REPORT)
    page.locator("#text").press("Enter")
    page.get_by_text("Report of a crime").first.wait_for()
    page.get_by_text("999 in an emergency").first.wait_for()
    page.locator(".log td.reference").wait_for()
    sync_api.expect(page.locator("#text")).to_have_value("")
    sync_api.expect(page.locator("#text")).to_be_focused()
    sync_api.expect(page.locator("#announcer")).to_contain_text("Wiltshire Police replied")
    assert "/conversations/" in page.url
    assert fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_message_is_answered_without_javascript(open_page, width: int) -> None:
    page = open_page(width, script=False)
    page.locator("input[value=instagram_comment]").check(force=True)
    page.get_by_role("button", name="Show this channel").click()
    page.get_by_label("Your message").fill(REPORT)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("999 in an emergency").first.wait_for()
    assert page.locator(".comment.from-person .text").inner_text() == REPORT
    assert fits(page)


def test_without_javascript_one_can_look_again_for_a_late_reply(open_page, site: Site) -> None:
    site.stop_desk()
    page = open_page(script=False)
    page.get_by_label("Your message").fill(REPORT)
    page.get_by_role("button", name="Send").click()
    look_again = page.get_by_role("link", name="Check for the reply")
    look_again.wait_for()
    site.start_desk()
    look_again.click()
    page.get_by_text("999 in an emergency").first.wait_for()


def test_shift_and_enter_start_a_new_line(open_page) -> None:
    page = open_page()
    page.locator("#text").fill("one")
    page.locator("#text").press("Shift+Enter")
    page.locator("#text").type("two")
    page.locator("#text").press("Enter")
    assert page.locator(".mine .text").inner_text() == "one\ntwo"


def test_the_keyboard_alone_reaches_everything(open_page) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    sync_api.expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    sync_api.expect(page.locator("input[value=messenger]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    sync_api.expect(page.locator("#phone")).to_have_attribute("data-platform", "facebook")
    sync_api.expect(page.locator("input[value=facebook_comment]")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    sync_api.expect(page.locator("#text")).to_be_focused()


def test_a_desk_that_does_not_run_is_named_and_its_late_reply_still_comes(open_page, site: Site) -> None:
    site.stop_desk()
    page = open_page()
    page.locator("#text").fill(REPORT)
    page.locator("#text").press("Enter")
    page.locator(".typing").wait_for()
    page.get_by_text("The desk isn't running. See: signpost status").first.wait_for()
    site.start_desk()
    page.get_by_text("999 in an emergency").first.wait_for()
    sync_api.expect(page.locator(".note")).to_have_count(0)


def test_when_the_network_fails_nothing_typed_is_lost(open_page) -> None:
    page = open_page(expects="ERR_FAILED")
    page.route("**/simulator/messages", lambda route: route.abort())
    page.locator("#text").fill("my words")
    page.locator("#text").press("Enter")
    page.get_by_text("Your message wasn't sent, and is still here").wait_for()
    sync_api.expect(page.locator("#text")).to_have_value("my words")
    page.reload()
    sync_api.expect(page.locator("#text")).to_have_value("my words")
    page.unroute("**/simulator/messages")
    page.locator("#text").press("Enter")
    page.get_by_text("Thank you for your message.").first.wait_for()
    sync_api.expect(page.locator("#text")).to_have_value("")
    sync_api.expect(page.locator("#notice")).to_be_hidden()


def test_a_message_that_is_too_long_is_refused_beside_the_field(open_page) -> None:
    page = open_page(320, expects="422")
    page.locator("#text").fill("x" * 8_001)
    page.locator("#send").click()
    sync_api.expect(page.locator("#text-error")).to_contain_text("8,001 characters")
    sync_api.expect(page.locator("#text")).to_be_focused()
    sync_api.expect(page.locator("#text")).to_have_value("x" * 8_001)
    assert fits(page)


def test_markup_in_a_message_is_shown_and_never_run(open_page) -> None:
    page = open_page()
    page.locator("#text").fill("<img src=x onerror=alert(1)><b>stolen</b>")
    page.locator("#text").press("Enter")
    page.locator(".log td.reference").wait_for()
    assert page.locator(".mine .text").inner_text() == "<img src=x onerror=alert(1)><b>stolen</b>"
    assert page.locator("#part-thread img, #part-log img, #part-understanding b").count() == 0


def test_channels_keep_their_threads_and_the_field_its_text(open_page) -> None:
    page = open_page()
    page.locator(".example").first.click()
    page.get_by_text("999 in an emergency").first.wait_for()
    page.locator("#text").fill("half a senten")
    choose(page, "x_dm")
    page.get_by_text("No messages yet").wait_for()
    sync_api.expect(page.locator("#text")).to_have_value("half a senten")
    page.go_back()
    page.locator(".mine").wait_for()
    sync_api.expect(page.locator("input[value=messenger]")).to_be_checked()
    page.locator("#new-person").click()
    page.get_by_text("No messages yet").wait_for()
    sync_api.expect(page.locator("#text")).to_have_value("half a senten")
