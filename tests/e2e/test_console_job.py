"""A reviewer's whole job in a real browser: sign in, take the emergency, read it, record the outcome, go on to the next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import ARGUMENTS, CHROMIUM, fits
from sqlalchemy import select
from staffed import PASSWORD, StaffedSite, staffed

from signpost.log.models import REVIEWED, AuditEntry, Escalation

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)

NOTICE_SECONDS = 15
MOST_CLICKS = 6


@dataclass
class Hand:
    """Counts what a person has to click."""

    page: object
    clicks: int = 0

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.clicks += 1

    def choose(self, group: str, name: str) -> None:
        """A radio button: its label is what people click."""
        self.page.get_by_role("group", name=group).get_by_text(name).first.click()
        self.clicks += 1


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StaffedSite]:
    with staffed(tmp_path) as one:
        yield one


@pytest.fixture
def open_page(site: StaffedSite) -> Iterator[Callable]:
    """Opens the console; at the end nothing may have been complained of, and nothing asked of any other place."""
    complaints: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def open_(width: int, *, script: bool, expects: str = "nothing is expected") -> object:
            context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
            page = context.new_page()
            page.set_default_timeout(NOTICE_SECONDS * 1000)
            page.on(
                "console",
                lambda said: (
                    said.type in ("error", "warning") and expects not in said.text and complaints.append(said.text)
                ),
            )
            page.on("pageerror", lambda fault: complaints.append(str(fault)))
            page.on("request", lambda asked: asked.url.startswith(site.address) or complaints.append(asked.url))
            page.goto(f"{site.address}/sign-in")
            return page

        yield open_
        browser.close()
    assert complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_whole_job_takes_six_clicks(open_page: Callable, site: StaffedSite, width: int, *, script: bool) -> None:
    page = open_page(width, script=script)
    hand = Hand(page)
    page.get_by_label("Username").fill("reviewer")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    hand.click("button", "Continue")
    page.get_by_label("code").fill(site.code())
    hand.click("button", "Sign in")

    page.wait_for_url("**/queue")
    assert fits(page)
    first = page.get_by_role("main").locator("a[href^='/records/']").first
    reference = first.get_attribute("href").rpartition("/")[2]
    first.click()
    hand.clicks += 1

    page.wait_for_url("**/records/**")
    assert fits(page)
    assert "trying to force the back door" in page.get_by_role("main").inner_text()
    hand.choose("Did Signpost get this message right?", "Yes: it was an emergency")
    hand.choose("What became of it?", "control room")
    hand.click("button", "Save and next")

    page.wait_for_url("**/records/**")
    page.get_by_role("heading", level=1).wait_for()
    assert reference not in page.get_by_role("heading", level=1).inner_text()
    assert hand.clicks <= MOST_CLICKS
    with site.parts.reads() as session:
        saved = session.scalars(select(Escalation).filter_by(review_state=REVIEWED, reference=reference)).one()
        assert (saved.label, saved.outcome, saved.was_report, saved.was_emergency, saved.reply_right) == (
            "emergency",
            "control_room",
            "yes",
            "yes",
            "yes",
        )
        assert saved.reviewer.username == "reviewer"
        told = session.scalars(select(AuditEntry.action).filter_by(subject=saved.reference, actor="reviewer")).all()
    assert {"consultation", "alteration"} <= set(told)


def test_two_reviewers_never_overwrite_each_other(open_page: Callable, site: StaffedSite) -> None:
    reference = site.references()[1]
    pages = []
    for username in ("reviewer", "second-reviewer"):
        page = open_page(1280, script=True, expects="409")
        page.context.add_cookies([site.cookie_of(username)])
        page.goto(f"{site.address}/records/{reference}")
        pages.append(page)
    first, second = pages
    for page, note in ((first, "what the first wrote"), (second, "what the second wrote")):
        page.get_by_role("group", name="What became of it?").get_by_text("No action").click()
        page.get_by_label("Notes").fill(note)
        page.get_by_role("button", name="Save", exact=True).click()
    shown = second.get_by_role("main").inner_text()
    assert "The reviewer" in shown
    assert "what the second wrote" in second.content()
    with site.parts.reads() as session:
        assert session.scalars(select(Escalation.notes).filter_by(reference=reference)).one() == "what the first wrote"
