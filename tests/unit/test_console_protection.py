"""What guards the pages: to whom they answer, with which headers, and what they say when something goes wrong."""

from dataclasses import replace
from typing import ClassVar

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from test_console_pages import HOST, JSON, Browser, parts_for

from signpost.console import app as app_module
from signpost.console.app import create_app
from signpost.console.hosts import Hosts
from signpost.console.parts import Parts
from signpost.log.database import open_engine, reading
from signpost.log.encryption import Vault
from signpost.mistakes import Mistake
from signpost.secrets import MAKERS

PAGE = "/simulator/channels/messenger"


@pytest.fixture
def parts(record, mandate) -> Parts:
    return parts_for(record, mandate)


@pytest.fixture
def browser(parts) -> Browser:
    return Browser(parts)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:9", "[::1]", "[::1]:8080"])
def test_this_machine_s_own_names_are_answered(browser, host: str) -> None:
    assert browser.get(PAGE, {"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "192.168.1.5:8080",
        ),
        *("0.0.0.0", "127.0.0.1:8080@evil.example", "localhost:8080:8080", "127.0.0.1:", "::1"),  # noqa: S104  # a name, not a binding
    ],
)
def test_any_other_name_is_refused_so_that_no_site_can_rebind_to_us(browser, host: str) -> None:
    for path in (PAGE, "/health", "/static/simulator.js", "/nothing"):
        response = browser.client.get(path, headers={"Host": host})
        assert response.status_code == 403
        assert "Open it at 127.0.0.1 or at localhost" in response.text
        assert "evil" not in response.text


def test_a_forwarded_name_counts_for_nothing(browser) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1"}
    assert browser.client.get(PAGE, headers=headers).status_code == 403


class TestBehindAProxy:
    """The console under a public name, behind one proxy of the force's that speaks HTTPS."""

    PUBLIC = "signpost.example"
    THROUGH: ClassVar = {"Host": PUBLIC, "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}

    @pytest.fixture
    def client(self, record, mandate):
        hosts = Hosts(frozenset({self.PUBLIC, "other.example"}), proxies=1)
        return create_app(parts_for(record, mandate, hosts=hosts)).test_client()

    @pytest.mark.parametrize("host", ["signpost.example", "Signpost.Example:443", "other.example"])
    def test_it_answers_under_the_names_it_was_given(self, client, host: str) -> None:
        assert client.get("/sign-in", headers={**self.THROUGH, "Host": host}).status_code == 200

    @pytest.mark.parametrize("host", ["evil.example", "sub.signpost.example", "signpost.example.evil.example"])
    def test_it_answers_under_no_other(self, client, host: str) -> None:
        for headers in (
            {**self.THROUGH, "Host": host},
            {**self.THROUGH, "Host": host, "X-Forwarded-Host": self.PUBLIC},
        ):
            assert client.get("/sign-in", headers=headers).status_code == 403

    def test_the_simulator_stays_on_the_machine(self, client) -> None:
        for path in (PAGE, "/simulator/", "/simulator/conversations/00000000-0000-0000-0000-000000000000"):
            response = client.get(path, headers=self.THROUGH)
            assert response.status_code == 403
            assert "answers only on the machine it runs on" in response.text
        assert client.get(PAGE, headers=HOST).status_code == 200

    def test_whoever_comes_through_the_proxy_is_not_on_this_machine_whatever_they_say(self, client) -> None:
        for host in ("127.0.0.1", "localhost:8080", "[::1]"):
            for forwarded in ("192.0.2.7", "127.0.0.1", ""):
                headers = {"Host": host, "X-Forwarded-For": forwarded, "X-Forwarded-Host": "127.0.0.1"}
                assert client.get(PAGE, headers=headers).status_code == 403
                assert client.get("/sign-in", headers=headers).status_code == 403

    def test_browsers_are_told_to_come_by_https_only(self, client) -> None:
        header = "Strict-Transport-Security"
        assert client.get("/sign-in", headers=self.THROUGH).headers[header] == "max-age=31536000"
        assert header not in client.get("/sign-in", headers={**self.THROUGH, "X-Forwarded-Proto": "http"}).headers
        assert header not in client.get("/sign-in", headers={**HOST}).headers

    def test_the_cookie_travels_by_https_only(self, client) -> None:
        public = client.get("/sign-in", headers=self.THROUGH).headers["Set-Cookie"]
        assert "Secure" in public
        assert "SameSite=Strict" in public
        assert "HttpOnly" in public
        assert "Secure" not in client.get("/sign-in", headers=HOST).headers["Set-Cookie"]

    def test_without_a_counted_proxy_what_it_says_is_not_believed(self, record, mandate) -> None:
        client = create_app(parts_for(record, mandate)).test_client()
        response = client.get("/sign-in", headers={**HOST, "X-Forwarded-Proto": "https"})
        assert "Strict-Transport-Security" not in response.headers
        assert client.get("/sign-in", headers=self.THROUGH).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("address", ["/simulator/messages", "/sign-in", "/health", "/nothing"])
def test_nothing_is_done_because_another_site_says_so(browser, headers: dict[str, str], address: str) -> None:
    browser.get(PAGE)
    form = {"csrf_token": browser.page.field("csrf_token"), "text": "hello", "channel": "messenger"}
    response = browser.client.post(address, data=form, headers={**HOST, **headers})
    assert response.status_code == 403
    assert "sent from another website, so nothing was done" in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8080"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:8080"},
        {},
    ],
)
def test_our_own_forms_are_taken_from_every_browser(browser, headers: dict[str, str]) -> None:
    browser.get(PAGE)
    assert browser.post("/simulator/messages", headers={**HOST, **headers}, text="hello").status_code == 200


def test_pages_of_other_sites_may_link_to_us(browser) -> None:
    headers = {**HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert browser.client.get("/help", headers=headers).status_code == 200


@pytest.mark.parametrize("path", [PAGE, "/health", "/static/simulator.css", "/nothing"])
def test_every_response_tells_the_browser_to_trust_nothing_else(browser, path: str) -> None:
    headers = browser.client.get(path, headers=HOST).headers
    policy = headers["Content-Security-Policy"]
    for demand in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
        "worker-src 'self'",
    ):
        assert demand in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert ("no-store" in headers["Cache-Control"]) is not path.startswith("/static")


def test_the_mark_that_scripts_need_is_new_each_time(browser) -> None:
    policies = {browser.client.get(PAGE, headers=HOST).headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser) -> None:
    cookie = browser.client.get(PAGE, headers=HOST).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("address", ["/simulator/messages", "/simulator/channel", "/simulator/person"])
def test_no_form_is_taken_without_its_token(browser, address: str) -> None:
    assert browser.client.post(address, data={"channel": "messenger", "text": "hello"}, headers=HOST).status_code == 400


def test_health_is_good_while_the_record_answers(browser) -> None:
    response = browser.client.get("/health", headers=HOST)
    assert (response.status_code, response.json) == (200, {"ready": True})


def test_health_is_bad_when_the_record_does_not_answer(record, mandate, tmp_path) -> None:
    for url in (f"sqlite:///{tmp_path / 'no' / 'folder.db'}", f"sqlite:///{tmp_path / 'no_tables.db'}"):
        broken = parts_for(record, mandate)
        broken = replace(broken, reads=reading(open_engine(url)))
        response = Browser(broken).client.get("/health", headers=HOST)
        assert response.status_code == 503
        assert response.json["ready"] is False


def test_a_page_that_does_not_exist_says_where_to_go(browser) -> None:
    response = browser.get("/nothing")
    assert response.status_code == 404
    assert "Open the simulator" in response.text


def test_an_address_that_only_takes_forms_says_so(browser) -> None:
    response = browser.get("/simulator/messages")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert "This address only takes forms" in response.text


def test_the_script_is_told_in_json(browser) -> None:
    response = browser.get("/nothing", JSON)
    assert (response.status_code, list(response.json)) == (404, ["error"])


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (ValueError("my secret words"), 500, "It isn&#39;t your fault."),
        (OperationalError("insert my secret words", {}, Exception("disk full")), 503, "Nothing was stored."),
        (
            Mistake("SIGNPOST_ENCRYPTION_KEY is not the right one."),
            500,
            "SIGNPOST_ENCRYPTION_KEY is not the right one.",
        ),
    ],
    ids=["unexpected", "record away", "mistake"],
)
def test_a_fault_is_told_kindly_keeps_the_text_and_logs_none_of_it(
    browser, monkeypatch, fault, status, sentence
) -> None:
    def fail(*_args: object) -> str:
        raise fault

    browser.get(PAGE)
    monkeypatch.setattr("signpost.console.simulator.pages.send", fail)
    with capture_logs() as logs:
        response = browser.post("/simulator/messages", text="my typed words")
    assert response.status_code == status
    assert sentence in response.text
    assert "my typed words</textarea>" in response.text
    assert "Traceback" not in response.text
    assert "my secret words" not in response.text
    assert [entry["event"] for entry in logs] == ["page_failed"]
    assert "words" not in str(logs)


def test_another_key_than_the_record_s_is_named(browser, record, mandate) -> None:
    browser.write("hello")
    path = f"/simulator/conversations/{browser.page.field('conversation')}"
    parts = parts_for(record, mandate)
    other = Vault(MAKERS["SIGNPOST_ENCRYPTION_KEY"]())
    response = Browser(replace(parts, vault=other)).get(path)
    assert response.status_code == 500
    assert "SIGNPOST_ENCRYPTION_KEY is not the key this database was written with" in response.text


def test_gunicorn_finds_an_application_made_from_the_settings(monkeypatch, record, tmp_path) -> None:
    monkeypatch.setattr(app_module, "configure_logs", lambda _level: None)
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path))
    monkeypatch.setenv("SIGNPOST_DATABASE_URL", record.url)
    with pytest.raises(Mistake, match="Run: signpost up"):
        app_module.application()
    for variable, make in MAKERS.items():
        monkeypatch.setenv(variable, make())
    assert app_module.application().test_client().get("/health", headers=HOST).status_code == 200
