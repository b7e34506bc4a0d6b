"""What scripts make better in the console: the menu on a phone, passwords that can be seen, and being offline."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import ARGUMENTS, CHROMIUM
from werkzeug.serving import WSGIRequestHandler, make_server

from signpost.console.app import create_app
from signpost.console.build import NOT_BUILT, is_built
from signpost.console.parts import Parts
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.sessions import begin
from signpost.log.audit import Trail
from signpost.log.models import StaffAccount, new_key

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)
if not is_built():
    pytest.skip(reason=NOT_BUILT, allow_module_level=True)
pytestmark = pytest.mark.walk

PHONE = {"width": 320, "height": 640}


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_args: object) -> None:
        pass


class Site:
    """The console on a port of its own, which can be closed."""

    def __init__(self, record: Any, mandate: Any) -> None:
        trail = Trail("seals the trail of these tests")
        self.parts = Parts(
            record.sessions, record.reads, record.vault, mandate, record.clock, "signs the forms of these tests", trail
        )
        self.app = create_app(self.parts)
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def cookie_of(self, role: str) -> dict[str, str]:
        """The cookie of somebody with the role, signed in."""
        now = self.parts.clock()
        account = StaffAccount(key=new_key(), username="anna", name="Anna", roles=[role], created_at=now)
        with self.parts.sessions.begin() as session:
            session.add(account)
            session.flush()
            token = begin(session, account.id, now)
        signed = self.app.session_interface.get_signing_serializer(self.app).dumps({TOKEN: token})
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": signed, "url": self.address}

    def close(self) -> None:
        """Nobody answers any more."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site(record: Any, mandate: Any) -> Iterator[Site]:
    one = Site(record, mandate)
    yield one
    if one.thread.is_alive():
        one.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield one
        one.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    one = browser.new_context(viewport=PHONE)
    yield one
    one.close()


@pytest.fixture
def page(context: Any) -> Iterator[Any]:
    one = context.new_page()
    complaints: list[str] = []
    one.on("pageerror", lambda fault: complaints.append(str(fault)))
    one.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    yield one
    assert complaints == []


def test_on_a_phone_the_pages_stand_behind_a_menu(site: Site, context: Any, page: Any) -> None:
    context.add_cookies([site.cookie_of("reviewer")])
    page.goto(f"{site.address}/help")
    menu, queue = page.get_by_role("button", name="Menu"), page.get_by_role("link", name="Queue", exact=True)
    sync_api.expect(menu).to_have_attribute("aria-expanded", "false")
    sync_api.expect(queue).to_be_hidden()
    menu.click()
    sync_api.expect(queue).to_be_visible()


def test_a_password_can_be_looked_at(site: Site, page: Any) -> None:
    page.goto(f"{site.address}/sign-in")
    field = page.locator("input[type=password]")
    field.fill("one two three")
    name = field.get_attribute("name")
    page.get_by_role("button", name="Show password").click()
    assert page.locator(f"input[name={name}]").get_attribute("type") == "text"


def test_without_a_connection_a_page_says_so_and_none_of_the_record_was_kept(
    site: Site, context: Any, page: Any
) -> None:
    context.add_cookies([site.cookie_of("reviewer")])
    page.goto(f"{site.address}/help")
    page.evaluate("navigator.serviceWorker.ready.then(one => one.active.state)")
    page.goto(f"{site.address}/queue")
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(store => store.keys()))))"
        ".then(all => all.flat().map(one => new URL(one.url).pathname).sort())"
    )
    assert kept == ["/offline", "/static/build/console.css", "/static/signpost.svg"]
    site.close()
    page.goto(f"{site.address}/queue")
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    assert "Anna" not in page.content()


def test_a_form_that_is_sent_without_a_connection_stays_as_it_is(site: Site, context: Any, page: Any) -> None:
    page.goto(f"{site.address}/sign-in")
    field = page.locator("input[type=text]").first
    field.fill("anna@example")
    context.set_offline(True)
    page.locator("main form button[type=submit]").first.click()
    sync_api.expect(page.locator("#offline")).to_be_focused()
    sync_api.expect(page.locator("#offline")).to_contain_text("What you typed is still here")
    assert field.input_value() == "anna@example"


def test_a_link_from_elsewhere_reaches_the_page_as_the_one_who_is_signed_in(
    site: Site, context: Any, page: Any
) -> None:
    context.add_cookies([{**site.cookie_of("reviewer"), "sameSite": "Strict", "httpOnly": True}])
    page.goto(f"{site.address}/help")
    page.evaluate("navigator.serviceWorker.ready.then(one => one.active.state)")
    page.goto(f"data:text/html,<a href='{site.address}/help'>An alert</a>")
    page.get_by_role("link", name="An alert").click()
    sync_api.expect(page.get_by_role("button", name="Sign out")).to_be_visible()
