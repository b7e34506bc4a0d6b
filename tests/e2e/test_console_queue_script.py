"""What scripts make better in the queue: keys, and being told what is new without losing one's place."""

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import ARGUMENTS, CHROMIUM
from staffed import COUNTY, StaffedSite, staffed

from signpost.console.build import NOT_BUILT, is_built
from signpost.log.messages import NewMessage, store_inbound

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)
if not is_built():
    pytest.skip(reason=NOT_BUILT, allow_module_level=True)
pytestmark = pytest.mark.walk

ASKS_EVERY = 15_100
"""Milliseconds."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedSite]:
    with staffed(tmp_path_factory.mktemp("queue")) as one:
        yield one


@pytest.fixture
def page(site: StaffedSite) -> Iterator[Any]:
    """The queue, opened by a reviewer; the time passes as the test says."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 400, "height": 600})
        context.add_cookies([site.cookie_of("reviewer")])
        one = context.new_page()
        faults: list[str] = []
        one.on("pageerror", lambda fault: faults.append(str(fault)))
        one.clock.install()
        one.goto(f"{site.address}/queue")
        yield one
        browser.close()
    assert faults == []


def say(site: StaffedSite, text: str, number: str) -> None:
    """Somebody writes, and the desk takes it into the record."""
    new = NewMessage("messenger", COUNTY, f"late-{number}", f"late-{number}", "private", text, site.parts.clock())
    with site.parts.sessions.begin() as session:
        store_inbound(session, site.parts.vault, new)
    while site.desk.work_once("worker-1"):
        pass
    site.desk.deliverer.deliver_due()


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.innerText.trim().split('\\n').pop()")


def references(page: Any) -> list[str]:
    return [one.split("/")[-1] for one in page.eval_on_selector_all("#records h3 a", "all => all.map(one => one.href)")]


def test_keys_lead_from_record_to_record_and_open_one(page: Any) -> None:
    first, second, third, *_ = references(page)
    for key, at in (("j", first), ("j", second), ("ArrowDown", third), ("k", second), ("ArrowUp", first), ("k", first)):
        page.keyboard.press(key)
        assert focused(page).endswith(at)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/records/{first}")


def test_a_slash_leads_to_the_search_where_keys_are_letters_again(page: Any) -> None:
    page.keyboard.press("/")
    sync_api.expect(page.get_by_label("Search the redacted texts")).to_be_focused()
    page.keyboard.type("j/k?")
    assert page.get_by_label("Search the redacted texts").input_value() == "j/k?"


def test_a_question_mark_shows_the_keys_which_can_be_switched_off_for_good(page: Any) -> None:
    page.keyboard.press("?")
    box = page.get_by_label("Use these shortcuts")
    sync_api.expect(box).to_be_visible()
    box.uncheck()
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("#keys summary").click()
    page.get_by_label("Use these shortcuts").check()
    page.locator("h1").click()
    page.keyboard.press("j")
    assert focused(page).endswith(references(page)[0])


def test_what_is_new_is_told_and_moves_nothing(page: Any, site: StaffedSite) -> None:
    page.evaluate("scrollTo(0, 900)")
    place = "document.querySelector('#records li:nth-of-type(3)').getBoundingClientRect().top"
    before, shown, urgent = page.evaluate(place), references(page), int(page.title().split()[0])
    say(site, "please hurry he is trying to force the back door", "emergency")
    say(site, "someone smashed my shop window", "report")
    page.clock.run_for(ASKS_EVERY)
    told = page.get_by_role("status")
    sync_api.expect(told).to_contain_text("2 new records, 1 of them an emergency: show them")
    assert page.evaluate(place) == before
    assert references(page) == shown
    assert page.title().startswith(f"{urgent + 1} urgent: ")
    for _ in shown:
        page.keyboard.press("j")
        clear = "document.activeElement.getBoundingClientRect().bottom <= document.querySelector('[role=status]').getBoundingClientRect().top"
        assert page.evaluate(clear), "what is focused must not lie under what is told"
    page.get_by_role("link", name="show them").click()
    page.wait_for_load_state()
    assert len(references(page)) == len(shown) + 2


def test_without_a_connection_the_page_says_so_and_goes_on_after(page: Any) -> None:
    told = page.get_by_role("status")
    page.context.set_offline(True)
    page.clock.run_for(ASKS_EVERY)
    sync_api.expect(told).to_contain_text("You are offline")
    page.context.set_offline(False)
    page.clock.run_for(ASKS_EVERY)
    sync_api.expect(told).to_be_empty()


def test_whoever_is_signed_out_is_told_once_and_the_page_asks_no_more(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: "/changes" in request.url and asked.append(request.url))
    page.context.clear_cookies()
    page.clock.run_for(ASKS_EVERY)
    sync_api.expect(page.get_by_role("status")).to_contain_text("You are signed out")
    assert len(asked) == 1
    page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(4 * ASKS_EVERY)
    assert len(asked) == 1
    assert page.url.endswith("/queue")
