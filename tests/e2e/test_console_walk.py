"""Every page of the console, in every role, with and without its scripts, narrow and wide: held to WCAG 2.2 AA by axe-core."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pyotp
import pytest
from browsing import ARGUMENTS, AXE, CHROMIUM, fits, violations
from staffed import PASSWORD, StaffedSite, staffed

from signpost.console.roles import ROLES

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)
if not AXE.is_file():
    pytest.skip(reason="needs axe-core, from the console's package-lock.json: make setup", allow_module_level=True)
pytestmark = [pytest.mark.walk, pytest.mark.timeout(900)]

WIDTHS = (320, 1440)
SCRIPTS = re.compile(rb"<script\b.*?</script>", re.DOTALL)
VARIABLE = re.compile(r"/([0-9a-f-]{36}|\d+|[A-Z0-9]{2,}-[A-Z0-9-]+)(?=/|$)")
ELSEWHERE = ("/simulator", "/static")
FOCUS_CHANGES = """element => {
  const look = () => { const s = getComputedStyle(element); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.textDecorationLine, s.borderColor].join() };
  document.activeElement.blur(); const before = look();
  const ring = e => { const b = getComputedStyle(e, '::before'); return b.outlineStyle + b.boxShadow + getComputedStyle(e.closest('.govuk-radios__item, .govuk-checkboxes__item')?.querySelector('label') ?? e, '::before').boxShadow };
  const around = ring(element);
  element.focus({focusVisible: true});
  return document.activeElement !== element || look() !== before || ring(element) !== around }"""
FOCUSABLE = "a[href]:visible, button:visible, input:visible, select:visible, textarea:visible, summary:visible"


@dataclass
class Walk:
    """One role's way through all pages it can get to by links."""

    page: object
    site: StaffedSite
    bare: bool
    also: tuple[str, ...] = ()
    found: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def all(self) -> None:
        """Looks at each kind of page once, whatever its ids and filters are."""
        waiting = [f"{self.site.address}{path}" for path in ("/", *self.also)]
        while waiting:
            address = waiting.pop()
            pattern = shape_of(address)
            if pattern in self.seen:
                continue
            self.seen[pattern] = address
            waiting += self.look(address)

    def look(self, address: str) -> list[str]:
        """Opens a page, notes what is wrong with it, and returns where its links lead."""
        answer = self.page.goto(address)
        where = urlsplit(self.page.url)
        if answer.status != 200:
            self.found.append(f"{where.path}: status {answer.status}")
            return []
        self.examine()
        links = self.page.eval_on_selector_all(
            "a[href]:not([download])", "all => all.map(one => one.getAttribute('href'))"
        )
        whole = (urljoin(self.page.url, link).partition("#")[0] for link in links)
        return [one for one in whole if one.startswith(self.site.address) and not elsewhere(one)]

    def examine(self) -> None:
        """Notes what is wrong with the page that is open."""
        where = urlsplit(self.page.url)
        self.seen.setdefault(shape_of(self.page.url), self.page.url)
        self.note(where.path, self.faults())
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.note(f"{where.path} at {width}", violations(self.page))
            if not fits(self.page):
                self.found.append(f"{where.path} at {width}: something sticks out at the side")

    def press(self, name: str, **typed: str) -> None:
        """Fills in fields by their labels, presses a button, and looks at the page that follows."""
        for label, value in typed.items():
            self.page.get_by_label(label, exact=True).fill(value)
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        self.examine()

    def faults(self) -> Iterator[str]:
        """What every page has: a title, one heading, a way past the header, and a sign of where one is."""
        if not re.fullmatch(r"(Error: )?\S.* – Signpost", self.page.title()):
            yield f"title {self.page.title()!r}"
        if self.page.locator("h1").count() != 1:
            yield f"{self.page.locator('h1').count()} h1"
        if self.page.locator("main#main").count() != 1:
            yield "no main"
        first = self.page.locator("a[href], button, input:not([type=hidden])").first
        if first.get_attribute("href") != "#main":
            yield "the skip link isn't first"
        if not self.bare:
            for one in self.page.locator(FOCUSABLE).all()[:60]:
                if not one.evaluate(FOCUS_CHANGES):
                    yield f"nothing shows the focus on {one.evaluate('e => e.outerHTML.slice(0, 90)')}"

    def note(self, where: str, faults: Iterator[str] | list[str]) -> None:
        """Writes the faults down with their place."""
        self.found += [f"{where}: {fault}" for fault in faults]


ALSO = {"reviewer": ("/queue/search",), "nobody": ("/offline",)}
"""Pages that no link leads to."""
SENT_ON = {
    "/records/<reference>/review": "sends back to the record, when its form's address is opened",
    "/sign-in/provider": "sends on to the force's identity provider",
    "/sign-in/provider/out": "sends on to the force's identity provider",
    "/sign-in/return": "where that provider sends people back to; walked in tests/integration/test_oidc.py",
    "/queue/changes": "asked by a script",
    "/workbench/training/<uuid:key>/state": "asked by a script",
    "/workbench/conversations/state": "asked by a script",
    "/offline-worker.js": "is a script",
    "/health": "asked by a machine",
}
"""Addresses that show no page of their own, and why."""


def shape_of(address: str) -> str:
    """The address without what differs between pages of one kind."""
    parts = urlsplit(address)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return VARIABLE.sub("/<id>", parts.path) + ("?" + "&".join(names) if names else "")


def elsewhere(address: str) -> bool:
    """Pages that have tests of their own, and files."""
    path = urlsplit(address).path
    return path.startswith(ELSEWHERE) or path.endswith((".csv", ".json", ".svg"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedSite]:
    with staffed(tmp_path_factory.mktemp("walk")) as one:
        yield one


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The paths that any walk came to."""
    return set()


@pytest.fixture(scope="module")
def walk(site: StaffedSite, seen: set[str]) -> Iterator[Callable[..., Walk]]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        @contextmanager
        def begin(role: str, *, bare: bool) -> Iterator[Walk]:
            # Only axe needs to get past the CSP; that the CSP holds is tested where the headers are.
            context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
            if role != "nobody":
                context.add_cookies([site.cookie_of(role)])
            page = context.new_page()
            if bare:
                page.route("**/*", without_scripts)
            one = Walk(page, site, bare, ALSO.get(role, ()))
            yield one
            context.close()
            seen.update(urlsplit(address).path for address in one.seen.values())
            assert not one.found, "\n".join(one.found)

        yield begin
        browser.close()


def without_scripts(route: object) -> None:
    """The page as a browser without JavaScript shows it; axe itself couldn't run in such a browser."""
    if route.request.resource_type == "script":
        route.abort()
    elif route.request.resource_type == "document":
        answer = route.fetch(max_redirects=0)
        route.fulfill(response=answer, body=SCRIPTS.sub(b"", answer.body()))
    else:
        route.continue_()


SCRIPTED = pytest.mark.parametrize("bare", [False, True], ids=["with scripts", "without scripts"])


@SCRIPTED
@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_every_page_of_a_role_is_accessible(walk: Callable[..., Walk], role: str, *, bare: bool) -> None:
    with walk(role, bare=bare) as taken:
        taken.all()
        assert len(taken.seen) >= 4, sorted(taken.seen)


@SCRIPTED
def test_the_first_sign_in_is_accessible(walk: Callable[..., Walk], site: StaffedSite, *, bare: bool) -> None:
    with walk("nobody", bare=bare) as taken:
        newcomer = "newcomer-bare" if bare else "newcomer"
        site.take_on(newcomer)
        taken.page.goto(f"{site.address}/sign-in")
        taken.press("Continue", Username=newcomer)
        taken.press("Continue", Username=newcomer, Password="not the password")
        taken.press("Continue", Username=newcomer, Password=PASSWORD)
        taken.press("Continue", **{"New password": "short"})
        taken.press("Continue", **{"New password": "a heron on the canal bank"})
        taken.press("Confirm and sign in", **{"Code from your app": "12"})
        secret = taken.page.locator(".signpost-secret").inner_text().replace(" ", "")
        taken.press("Confirm and sign in", **{"Code from your app": pyotp.TOTP(secret).now()})
        taken.press("Sign out")


@SCRIPTED
def test_what_was_being_written_as_a_session_ended_is_accessible(
    walk: Callable[..., Walk], site: StaffedSite, *, bare: bool
) -> None:
    with walk("reviewer", bare=bare) as taken:
        taken.page.goto(f"{site.address}/records/{site.references()[2]}")
        taken.page.get_by_label("Notes").fill("half a sentence")
        site.sign_out("reviewer")
        taken.press("Save")
        taken.press("Continue", Username="reviewer", Password=PASSWORD)
        taken.press("Sign in", **{"Code from your app": "000000"})
        taken.press("Sign in", **{"Code from your app": site.code()})
        assert "half a sentence" in taken.page.get_by_role("main").inner_text()
        taken.press("Sign out")


@SCRIPTED
def test_what_a_trainer_tries_and_records_is_accessible(
    walk: Callable[..., Walk], site: StaffedSite, *, bare: bool
) -> None:
    with walk("trainer", bare=bare) as taken:
        taken.page.goto(f"{site.address}/workbench/try")
        taken.press("Try it")
        taken.press("Try it", **{"The message": "someone stole my bike"})
        taken.press("Add as an example")
        taken.press("See the change")
        taken.page.get_by_label("What the person does in it").select_option("report_crime")
        taken.press(
            "See the change", **{"The message, as it will be learnt from": "a heron has eaten my goldfish twice"}
        )
        taken.press("Change it")
        taken.page.goto(f"{site.address}/workbench/conversations/record/{site.simulated()}")
        taken.examine()
        taken.press("See the change")
        taken.press("See the change", **{"What happens in it, in a sentence": "Somebody asks for help at once"})


def test_no_page_was_left_out(walk: Callable[..., Walk], site: StaffedSite, seen: set[str]) -> None:
    if not seen:
        pytest.skip(reason="the walks were not taken in this run")
    adapter = site.app.url_map.bind("127.0.0.1")
    known = {adapter.match(path)[0] for path in seen if adapter.test(path)}
    rules = {one.rule: one.endpoint for one in site.app.url_map.iter_rules() if "GET" in (one.methods or ())}
    missed = {rule for rule, endpoint in rules.items() if endpoint not in known and not elsewhere(rule)}
    assert missed == set(SENT_ON)
