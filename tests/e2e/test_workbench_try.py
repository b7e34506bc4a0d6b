"""The workbench in a browser: a message tried by keyboard, a run that is followed, and a conversation made into a test."""

import re
from collections.abc import Iterator

import pytest
from browsing import ARGUMENTS, CHROMIUM
from staffed import StaffedSite, staffed

from signpost.console.workbench.recording import NAME
from signpost.conversations.expanding import on_channels
from signpost.conversations.outcome import Outcome
from signpost.conversations.reading import load_suite
from signpost.workbench import jobs

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)
pytestmark = pytest.mark.timeout(300)

SECRET = "someone stole my unmistakable bike"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedSite]:
    with staffed(tmp_path_factory.mktemp("workbench")) as one:
        yield one


@pytest.fixture
def page(site: StaffedSite) -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(reduced_motion="reduce")
        context.add_cookies([site.cookie_of("trainer")])
        yield context.new_page()
        browser.close()


def test_a_message_is_tried_by_keyboard_and_never_part_of_an_address(page: object, site: StaffedSite) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.address}/workbench")
    page.get_by_role("link", name="Try a message").press("Enter")
    page.get_by_label("The message", exact=True).focus()
    page.keyboard.type(SECRET)
    page.keyboard.press("Tab")
    page.keyboard.type("X mention")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    result = page.get_by_role("region", name="Report of a crime")
    result.wait_for()
    sync_api.expect(result.get_by_role("heading", name="The answer on X mention")).to_be_visible()
    sync_api.expect(page.get_by_label("The message", exact=True)).to_have_value(SECRET)
    assert not [url for url in asked if "unmistakable" in url]
    assert re.search(r"/workbench/try#result$", page.url)


def test_a_run_is_followed_without_a_reload_and_its_outcome_comes_by_itself(page: object, site: StaffedSite) -> None:
    parts = site.parts
    page.goto(f"{site.address}/workbench/conversations")
    page.get_by_role("button", name="Run all now").click()
    sync_api.expect(page.locator("#run-step")).to_have_text("Waiting to be taken up")
    with parts.sessions.begin() as session:
        key = jobs.latest(session, jobs.CONVERSATIONS).key
        jobs.claim(session, key, "worker", parts.clock())
        jobs.beat(session, key, "worker", parts.clock(), step="Holding the conversation tests", done=2, total=6)
    sync_api.expect(page.locator("#run-step")).to_have_text("Holding the conversation tests", timeout=15000)
    sync_api.expect(page.locator("#run-count")).to_have_text("2 of 6")
    cases = on_channels(load_suite(parts.bench.suite_folder), parts.mandate)
    held = [
        Outcome(one.conversation.title, one.conversation.file, one.channel.key, passed=True, turns=()) for one in cases
    ]
    with parts.sessions.begin() as session:
        result = {"outcomes": [one.as_json() for one in held]}
        jobs.end(session, key, "worker", parts.clock(), jobs.DONE, result=result)
    sync_api.expect(page.get_by_text(f"All {len(held)} passed.")).to_be_visible(timeout=15000)
    sync_api.expect(page.get_by_role("button", name="Run all now")).to_be_visible()


def test_a_conversation_of_the_simulator_becomes_a_test(page: object, site: StaffedSite) -> None:
    page.goto(f"{site.address}/simulator/")
    page.get_by_label("Your message").fill("someone stole my bike last night")
    page.get_by_role("button", name="Send").click()
    waiting = page.get_by_text("Waiting for the assistant")
    sync_api.expect(waiting).to_be_visible()
    while site.desk.work_once("worker-1") or site.desk.deliverer.deliver_due():
        pass
    site.desk.reconciler.settle()
    page.get_by_role("link", name="Make this a test").click(timeout=15000)
    title = "Somebody reports in the morning what was stolen at night"
    page.get_by_label("What happens in it").fill(title)
    page.get_by_label("Every private channel").check()
    page.get_by_role("button", name="See the change").click()
    sync_api.expect(page.get_by_text("tests/conversation/recorded.yml")).to_be_visible()
    sync_api.expect(page.get_by_text(f"- conversation: {title}")).to_be_visible()
    page.get_by_role("button", name="Write it").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text(title)
    test = next(one for one in load_suite(site.parts.bench.suite_folder) if one.file == NAME)
    assert (test.title, test.channels) == (title, ("private",))
    assert test.turns[0].says == ("someone stole my bike last night",)
    assert test.turns[0].replies == ("utter_guidance",)
