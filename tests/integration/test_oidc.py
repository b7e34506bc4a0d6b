"""Signing in through a real identity provider: the certified oidc-provider, with the console as its client."""

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from signpost.console.app import create_app
from signpost.console.parts import Parts
from signpost.console.signin.claims import role_rules
from signpost.console.signin.provider import Provider, Registration
from signpost.console.signin.rules import SigningIn
from signpost.log.audit import Trail
from signpost.log.clock import utc_now
from signpost.log.models import AuditEntry, StaffAccount

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "signpost" / "console" / "frontend" / "node_modules"
NODE = shutil.which("node")
SECRET = "a secret: with signs & spaces, 32 characters"
RULES = "roles:Signpost.Reviewer=reviewer,roles:Signpost.Admin=administrator"

if NODE is None:
    pytest.skip("needs Node", allow_module_level=True)
if not (MODULES / "oidc-provider").is_dir():
    pytest.skip("needs oidc-provider, from the console's package-lock.json: make setup", allow_module_level=True)


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_args: object) -> None:
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def provider_running(port: int, console: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The provider, for this console; gone at the end."""
    given = {
        "issuer": f"http://127.0.0.1:{port}",
        "port": port,
        "console": console,
        "secret": SECRET,
        "algorithm": "RS256",
        "method": "client_secret_basic",
        "claimsInToken": True,
        **options,
    }
    command = [str(NODE), "--no-warnings", str(HERE / "oidc_provider.mjs"), str(MODULES), json.dumps(given)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = []
            for line in process.stdout or ():
                said.append(line)
                if line.startswith("ready"):
                    break
            else:
                pytest.fail("the provider didn't start: " + "".join(said))
            yield process
        finally:
            process.kill()


@dataclass
class Site:
    """The console, and where its provider is."""

    address: str
    issuer: str
    parts: Parts
    ahead: list[timedelta]

    def browser(self) -> "Browser":
        return Browser(self, httpx.Client(trust_env=False))

    def accounts(self) -> list[StaffAccount]:
        with self.parts.reads() as session:
            return list(session.scalars(select(StaffAccount).order_by(StaffAccount.id)))

    def events(self) -> list[tuple[str, str]]:
        with self.parts.reads() as session:
            return [(one.actor, one.event) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]


@dataclass
class Browser:
    """Somebody's browser: it goes from page to page as it is told, and keeps its cookies."""

    site: Site
    client: httpx.Client

    def begin(self, onward: str = "/account") -> httpx.URL:
        """Presses the sign-in page's button; where that leads."""
        answer = self.client.get(f"{self.site.address}/sign-in/provider", params={"next": onward})
        assert answer.status_code == 302, answer.text
        return httpx.URL(answer.headers["Location"])

    def at_provider(self, address: httpx.URL, **who: str) -> httpx.URL:
        """Signs in at the provider; where that sends the browser."""
        while address.host == urlsplit(self.site.issuer).hostname and str(address.port) in self.site.issuer:
            query = who if address.path.startswith("/enter/") else None
            answer = self.client.get(address.copy_merge_params(query) if query else address)
            assert answer.status_code in {302, 303}, answer.text
            address = address.join(answer.headers["Location"])
        return address

    def sign_in(self, onward: str = "/account", **who: str) -> httpx.Response:
        """The whole way; the page on which it ends."""
        return self.client.get(self.at_provider(self.begin(onward), **who))

    def get(self, path: str) -> httpx.Response:
        return self.client.get(f"{self.site.address}{path}")


@contextmanager
def console_running(record: Any, mandate: Any, port: int, issuer: str) -> Iterator[Site]:
    ahead = [timedelta()]
    registration = Registration(issuer, "signpost", SECRET, role_rules(RULES))
    parts = Parts(
        record.sessions,
        record.reads,
        record.vault,
        mandate,
        lambda: utc_now() + ahead[0],
        "signs the forms of these tests",
        Trail("seals the trail of these tests"),
        signing_in=SigningIn(
            provider=Provider(registration, httpx.Client(trust_env=False)), attempts="1000 per minute"
        ),
    )
    app = create_app(parts)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{port}", issuer, parts, ahead)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """Where the provider of most tests is, and where it expects the console."""
    port, console_port = free_port(), free_port()
    with provider_running(port, f"http://127.0.0.1:{console_port}"):
        yield port, console_port


@pytest.fixture
def site(record, mandate, ports) -> Iterator[Site]:
    """The console with its provider."""
    port, console_port = ports
    with console_running(record, mandate, console_port, f"http://127.0.0.1:{port}") as one:
        yield one


def test_somebody_signs_in_gets_an_account_and_goes_where_they_wanted(site) -> None:
    browser = site.browser()
    begun = browser.begin("/account?tab=1")
    asked = parse_qs(begun.query.decode())
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["prompt"] == ["select_account"]
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    page = browser.client.get(browser.at_provider(begun, **{"as": "jo", "roles": "Signpost.Reviewer,Other"}))
    assert page.status_code == 200
    assert page.headers["Refresh"] == "0; url=/account?tab=1"
    (account,) = site.accounts()
    assert (account.username, account.name, account.roles) == ("jo@force.example", "jo of the Force", ["reviewer"])
    assert (account.issuer, account.subject, account.password_hash) == (site.issuer, "jo", None)
    assert site.events() == [("jo@force.example", "staff_added"), ("jo@force.example", "signed_in")]
    assert "jo of the Force" in browser.get("/account?tab=1").text


def test_claims_that_only_userinfo_tells_another_signature_and_another_way_to_give_the_secret_will_do(
    record, mandate
) -> None:
    port, console_port = free_port(), free_port()
    options = {"algorithm": "ES256", "method": "client_secret_post", "claimsInToken": False}
    # It offers every way; this one client is known by one of them.
    only = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    with (
        provider_running(port, f"http://127.0.0.1:{console_port}", **options),
        console_running(record, mandate, console_port, f"http://127.0.0.1:{port}") as site,
    ):
        provider = site.parts.signing_in.provider
        told = provider.about()
        provider._about.value = {**told, **only}
        page = site.browser().sign_in(**{"as": "sam", "roles": "Signpost.Admin"})
        assert page.status_code == 200
        (account,) = site.accounts()
    assert (account.username, account.roles) == ("sam@force.example", ["administrator"])


def test_roles_follow_the_provider_at_each_sign_in(site) -> None:
    first = site.browser()
    first.sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"})
    assert first.get("/account").status_code == 200
    second = site.browser()
    second.sign_in(**{"as": "jo", "roles": "Signpost.Admin"})
    (account,) = site.accounts()
    assert account.roles == ["administrator"]
    assert first.get("/account").status_code == 302
    assert second.get("/account").status_code == 200
    third = site.browser().sign_in(**{"as": "jo", "roles": "Other"})
    assert third.status_code == 403
    assert "Ask an administrator" in third.text
    assert site.accounts()[0].roles == []
    assert second.get("/account").status_code == 302


def test_somebody_without_a_role_is_told_whom_to_ask_and_gets_no_account(site) -> None:
    browser = site.browser()
    page = browser.sign_in(**{"as": "kim", "roles": "Other"})
    assert page.status_code == 403
    assert "You have no role in Signpost" in page.text
    assert site.accounts() == []
    assert browser.get("/account").status_code == 302


def test_a_local_account_of_the_same_name_is_left_alone(site) -> None:
    with site.parts.sessions.begin() as session:
        session.add(
            StaffAccount(username="jo@force.example", name="Jo", roles=["administrator"], created_at=site.parts.clock())
        )
    site.browser().sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"})
    local, theirs = site.accounts()
    assert (local.roles, local.issuer) == (["administrator"], None)
    assert (theirs.username, theirs.roles) == ("jo@force.example-2", ["reviewer"])


def test_who_is_switched_off_here_is_not_let_in_by_the_provider(site) -> None:
    site.browser().sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"})
    with site.parts.sessions.begin() as session:
        session.scalars(select(StaffAccount)).one().disabled_at = site.parts.clock()
    page = site.browser().sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"})
    assert page.status_code == 403
    assert "switched off" in page.text


def test_whoever_changes_their_mind_at_the_provider_is_told_so(site) -> None:
    page = site.browser().sign_in(cancel="1")
    assert page.status_code == 403
    assert "The sign-in was cancelled" in page.text


# What must not let anybody in


def test_an_answer_to_no_sign_in_of_this_browser_is_refused(site) -> None:
    """Else somebody could be signed in to another person's account without noticing."""
    other = site.browser()
    stolen = other.at_provider(other.begin(), **{"as": "eve", "roles": "Signpost.Reviewer"})
    for browser in (site.browser(), site.browser()):
        page = browser.client.get(stolen)
        assert page.status_code == 400
        assert browser.get("/account").status_code == 302
        browser.begin()
    assert browser.client.get(stolen).status_code == 400
    assert site.accounts() == []


def test_a_changed_state_is_refused(site) -> None:
    browser = site.browser()
    back = browser.at_provider(browser.begin(), **{"as": "jo", "roles": "Signpost.Reviewer"})
    assert browser.client.get(back.copy_set_param("state", "x" * 43)).status_code == 400
    assert browser.get("/account").status_code == 302


def test_another_nonce_is_refused(site) -> None:
    browser = site.browser()
    begun = browser.begin().copy_set_param("nonce", "x" * 43)
    page = browser.client.get(browser.at_provider(begun, **{"as": "jo", "roles": "Signpost.Reviewer"}))
    assert page.status_code == 403
    assert "answer didn’t hold" in page.text
    assert site.accounts() == []


def test_another_code_challenge_is_refused(site) -> None:
    browser = site.browser()
    begun = browser.begin().copy_set_param("code_challenge", "x" * 43)
    page = browser.client.get(browser.at_provider(begun, **{"as": "jo", "roles": "Signpost.Reviewer"}))
    assert page.status_code == 403
    assert site.accounts() == []


def test_an_answer_that_names_another_issuer_or_none_is_refused(site) -> None:
    for change in (
        lambda url: url.copy_set_param("iss", "https://evil.example"),
        lambda url: url.copy_remove_param("iss"),
    ):
        browser = site.browser()
        back = browser.at_provider(browser.begin(), **{"as": "jo", "roles": "Signpost.Reviewer"})
        assert browser.client.get(change(back)).status_code == 403
    assert site.accounts() == []


def test_an_answer_is_good_once(site) -> None:
    browser = site.browser()
    back = browser.at_provider(browser.begin(), **{"as": "jo", "roles": "Signpost.Reviewer"})
    assert browser.client.get(back).status_code == 200
    assert browser.client.get(back).status_code == 400


def test_a_token_that_has_run_out_is_refused(site) -> None:
    site.ahead[0] = timedelta(hours=3)
    page = site.browser().sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"})
    assert page.status_code == 403
    assert site.accounts() == []


def test_a_sign_in_that_takes_too_long_begins_anew(site) -> None:
    browser = site.browser()
    back = browser.at_provider(browser.begin(), **{"as": "jo", "roles": "Signpost.Reviewer"})
    site.ahead[0] = timedelta(minutes=16)
    page = browser.client.get(back)
    assert page.status_code == 400
    assert "That took too long" in page.text


def test_a_provider_that_calls_itself_something_else_is_not_trusted(record, mandate) -> None:
    port, console_port = free_port(), free_port()
    console = f"http://127.0.0.1:{console_port}"
    with (
        provider_running(port, console),
        console_running(record, mandate, console_port, f"http://localhost:{port}") as site,
    ):
        page = site.browser().get("/sign-in/provider")
    assert page.status_code == 503
    assert "The sign-in service doesn’t answer" in page.text


# When it is away


def test_while_the_provider_is_away_there_is_a_page_that_says_so_and_a_local_sign_in(record, mandate) -> None:
    console_port = free_port()
    with console_running(record, mandate, console_port, f"http://127.0.0.1:{free_port()}") as site:
        page = site.browser().get("/sign-in/provider")
        assert page.status_code == 503
        assert "sign in with an account of this service" in page.text
        assert 'name="password"' in site.browser().get("/sign-in").text


def test_a_provider_that_goes_away_half_way_is_told_of_and_one_that_comes_back_is_used(
    record, mandate, monkeypatch
) -> None:
    monkeypatch.setattr("signpost.console.signin.asking.REST_SECONDS", 0.0)
    monkeypatch.setattr("signpost.console.signin.provider.NOT_SOONER_SECONDS", 0.0)
    port, console_port = free_port(), free_port()
    console = f"http://127.0.0.1:{console_port}"
    with console_running(record, mandate, console_port, f"http://127.0.0.1:{port}") as site:
        browser = site.browser()
        with provider_running(port, console):
            back = browser.at_provider(browser.begin(), **{"as": "jo", "roles": "Signpost.Reviewer"})
        assert browser.client.get(back).status_code == 503
        # The one that comes back has made new keys, as providers do from time to time.
        for _ in range(2):
            with provider_running(port, console):
                assert site.browser().sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"}).status_code == 200


def test_signing_out_leads_on_to_the_provider_s_own_sign_out(site) -> None:
    browser = site.browser()
    browser.sign_in(**{"as": "jo", "roles": "Signpost.Reviewer"})
    page = browser.get("/account").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.client.post(f"{site.address}/sign-out", data={"csrf_token": token})
    assert answer.headers["Location"] == "/sign-in/signed-out?by=provider"
    assert "/sign-in/provider/out" in browser.get("/sign-in/signed-out?by=provider").text
    out = httpx.URL(browser.get("/sign-in/provider/out").headers["Location"])
    asked = parse_qs(out.query.decode())
    assert asked["post_logout_redirect_uri"] == [f"{site.address}/sign-in/signed-out"]
    page = browser.client.get(out)
    assert page.status_code == 200
    assert "Do you want to sign-out" in page.text


# In a real browser, which keeps a SameSite=Strict cookie to itself when it comes from another site


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_browser_that_comes_back_from_another_site_is_signed_in(record, mandate, *, scripts: bool) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
    chromium = shutil.which("chromium") or pytest.skip("needs Chromium: apt-get install chromium")
    port, console_port = free_port(), free_port()
    # localhost and 127.0.0.1 are two sites to a browser.
    console, issuer = f"http://127.0.0.1:{console_port}", f"http://localhost:{port}"
    with (
        provider_running(port, console, issuer=issuer),
        console_running(record, mandate, console_port, issuer),
        sync_api.sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
        page = browser.new_context(java_script_enabled=scripts).new_page()
        page.goto(f"{console}/account?tab=1")
        page.get_by_role("button", name="Sign in with your work account").click()
        page.locator("[name=as]").fill("jo")
        page.locator("[name=roles]").fill("Signpost.Reviewer")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{console}/account?tab=1")
        assert page.locator("h1").inner_text() == "Your account"
        # And a link on that other site finds them signed in.
        page.goto(f"{issuer}/.well-known/openid-configuration")
        page.set_content(f'<a href="{console}/account?tab=2">A link in a notice</a>')
        page.get_by_role("link").click()
        page.wait_for_url(f"{console}/account?tab=2")
        assert page.locator("h1").inner_text() == "Your account"
        page.get_by_role("button", name="Sign out").first.click()
        page.wait_for_url(f"{console}/sign-in/signed-out?by=provider")
        page.get_by_role("button", name="Sign out of your work account").click()
        page.wait_for_url(f"{issuer}/session/end**")
        browser.close()
