"""What stands around every page: who is signed in, where they may go, what was done, and the styles."""

import json
import re
from pathlib import Path

import pytest
from console_staff import Console, console_of
from flask import Blueprint, flash, render_template_string
from sqlalchemy.exc import OperationalError
from test_console_pages import Page, check_page, parts_for

from signpost.console.about import routes as about
from signpost.console.build import BUILD, is_built
from signpost.console.frame import PLACES, link_to
from signpost.console.roles import ROLES, access_of, open_to_anybody
from signpost.log.models import Alert
from signpost.log.states import MOST_COUNTED

CONSOLE = Path(__file__).parents[2] / "signpost" / "console"
FRONTEND = CONSOLE / "frontend"
DOWNLOADS = {"exports/held.html"}
"""Files that are read far from the console, which nothing may be loaded into."""


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


def places_of(console: Console, *roles: str, path: str = "/help") -> dict[str, dict[str, str | None]]:
    response = console.client(*roles).get(path)
    page = Page(response.text)
    check_page(page, response)
    links = re.findall(
        r'<a class="govuk-service-navigation__link"[^>]*>\s*(?:<strong[^>]*>)?(.*?)\s*(?:</strong>\s*)?</a>',
        response.text,
        re.DOTALL,
    )
    found = [one for one in page.all("a") if one.get("class") == "govuk-service-navigation__link"]
    assert len(links) == len(found)
    return {re.sub(r"\s*<span.*", "", text, flags=re.DOTALL): link for text, link in zip(links, found, strict=True)}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_the_pages_that_are_open_to_them_and_no_other(console, role: str) -> None:
    expected = [
        text
        for text, endpoint in PLACES
        if endpoint in console.app.view_functions
        and (role in access_of(console.app, endpoint) or endpoint == "simulator.start")
    ]
    assert list(places_of(console, role)) == expected


def test_who_has_several_roles_sees_the_pages_of_all(console) -> None:
    one_by_one = {text for role in ROLES for text in places_of(console, role)}
    assert set(places_of(console, *ROLES)) == one_by_one


def test_nobody_sees_pages_before_they_are_signed_in(console) -> None:
    response = console.client().get("/help")
    assert "govuk-service-navigation" not in response.text
    assert "Sign out" not in response.text
    assert "/sign-in" in [one["href"] for one in Page(response.text).all("a")]


def test_the_page_somebody_is_on_is_marked(console) -> None:
    places = places_of(console, "reviewer", path="/queue")
    assert [text for text, link in places.items() if link.get("aria-current")] == ["Queue"]
    assert places["Queue"]["aria-current"] == "page"


def test_the_header_names_the_force_and_who_is_signed_in(console, mandate) -> None:
    page = console.client("reviewer", username="anna <b>").get("/help").text
    assert mandate.force in page
    assert "Anna &lt;b&gt;" in page
    assert "/account" in [one["href"] for one in Page(page).all("a")]


def test_signing_out_is_a_form_with_a_token(console) -> None:
    page = Page(console.client("reviewer").get("/help").text)
    assert [one["action"] for one in page.all("form")] == ["/sign-out"]
    assert page.field("csrf_token")


@pytest.mark.parametrize(("count", "shown"), [(0, None), (3, "3"), (MOST_COUNTED + 5, f"{MOST_COUNTED:,}+")])
def test_the_alerts_that_wait_for_somebody_are_counted(console, count: int, shown: str | None) -> None:
    now = console.parts.clock()
    common = {"detail": "d", "raised_at": now, "last_seen_at": now, "kind": "token_expired"}
    with console.parts.sessions.begin() as session:
        session.add_all(Alert(account=f"waits {number}", **common) for number in range(count))
        session.add(Alert(account="seen", acknowledged_at=now, **common))
        session.add(Alert(account="over", cleared_at=now, **common))
    found = re.search(r'moj-notification-badge">([^<]*)<', console.client("administrator").get("/help").text)
    assert (found[1] if found else None) == shown


def test_without_a_sign_in_no_alert_is_counted(console, monkeypatch) -> None:
    monkeypatch.setattr("signpost.console.frame.open_alert_count", lambda _session: pytest.fail("counted"))
    assert console.client().get("/help").status_code == 200


def test_a_record_that_cannot_be_read_does_not_keep_a_page_from_being_shown(console, monkeypatch) -> None:
    def fail(_session: object) -> int:
        raise OperationalError("select", {}, Exception("locked"))

    monkeypatch.setattr("signpost.console.frame.open_alert_count", fail)
    assert console.client("administrator").get("/help").status_code == 200


def test_links_lead_only_to_pages_that_exist_and_may_be_opened(console) -> None:
    with console.app.test_request_context("/", base_url="http://127.0.0.1:8080"):
        assert link_to("about.help") == "/help"
        assert link_to("nowhere.page") is None
        assert link_to("queue.page") is None, "nobody is signed in"
        assert link_to("static", filename="signpost.svg") == "/static/signpost.svg"


def with_messages(record, mandate, monkeypatch, *messages: tuple[str, str]) -> str:
    original = about.blueprint

    def blueprint(parts) -> Blueprint:
        pages = original(parts)

        @pages.get("/told")
        @open_to_anybody
        def told() -> str:
            for text, category in messages:
                flash(text, category)
            return render_template_string(
                '{% extends "base.html" %}{% block title %}Told{% endblock %}{% block main %}<h1>Told</h1>{% endblock %}',
                mistakes=["x"] if not messages else [],
            )

        return pages

    monkeypatch.setattr(about, "blueprint", blueprint)
    return console_of(parts_for(record, mandate)).client().get("/told").text


def test_what_was_done_is_told_once_in_a_banner_each(record, mandate, monkeypatch) -> None:
    html = with_messages(record, mandate, monkeypatch, ("The review is saved <b>", "success"), ("Look here", "message"))
    page = Page(html)
    banners = [one for one in page.all("div") if one.get("data-module") == "govuk-notification-banner"]
    assert [one["role"] for one in banners] == ["alert", "region"]
    assert len({one["aria-labelledby"] for one in banners}) == 2
    assert "The review is saved &lt;b&gt;" in html


def test_a_page_with_mistakes_says_so_in_its_title(record, mandate, monkeypatch) -> None:
    assert Page(with_messages(record, mandate, monkeypatch)).title == "Error: Told – Signpost"


def test_pages_are_whole_before_the_styles_are_built(record, mandate, monkeypatch) -> None:
    monkeypatch.setattr("signpost.console.frame.is_built", lambda: False)
    client = console_of(parts_for(record, mandate)).client("reviewer")
    response = client.get("/help")
    page = Page(response.text)
    check_page(page, response)
    assert not page.all("script")
    assert [one["rel"] for one in page.all("link")] == ["icon"]
    assert client.get("/health").json == {"ready": True}


def test_the_styles_count_as_built_only_when_all_is_there(tmp_path) -> None:
    for name in ("console.css", "govuk.js", "moj.js"):
        assert not is_built(tmp_path)
        (tmp_path / name).touch()
    assert is_built(tmp_path)


def test_everything_a_page_loads_is_there(console) -> None:
    if not is_built():
        pytest.skip("the styles aren't built: make assets")
    client = console.client("reviewer")
    page = Page(client.get("/help").text)
    loaded = [one["href"] for one in page.all("link")] + [one["src"] for one in page.all("script", "img")]
    assert len(loaded) == 5
    styles = client.get("/static/build/console.css").text
    loaded += [f"/static/build/{path}" for path in re.findall(r'url\("?\./([^)"]+)"?\)', styles)]
    loaded += [
        f"/static/{path}" for path in re.findall(r"start\('\./([^']+)'\)", client.get("/static/console.js").text)
    ]
    assert len(loaded) > 8
    for address in loaded:
        assert client.get(address).status_code == 200, address


def test_nothing_is_used_that_only_services_on_gov_uk_may_use() -> None:
    if not is_built():
        pytest.skip("the styles aren't built: make assets")
    styles = (BUILD / "console.css").read_text("utf-8")
    for mark in ("@font-face", "GDS Transport", "crown", "crest", "url(http", 'url("http', "@import"):
        assert mark.lower() not in styles.lower(), mark
    assert not [one for one in BUILD.rglob("*") if re.search(r"crown|crest|govuk-logo|\.woff", one.name)]


def test_the_lock_file_names_no_address_and_every_package_s_hash() -> None:
    text = (FRONTEND / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert {"node_modules/govuk-frontend", "node_modules/@ministryofjustice/frontend"} <= set(packages)


def test_the_components_are_those_of_the_templates_release() -> None:
    """govuk-frontend-jinja says which release of GOV.UK Frontend its markup is of."""
    from importlib.metadata import metadata

    stated = re.search(r"GOV\.UK%20Frontend-v([\d.]+)", metadata("govuk-frontend-jinja").get_payload())
    locked = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))
    assert stated
    assert locked["packages"]["node_modules/govuk-frontend"]["version"] == stated[1]


def test_no_template_has_a_style_or_a_script_of_its_own() -> None:
    for file in (CONSOLE / "templates").rglob("*.html"):
        if file.relative_to(CONSOLE / "templates").as_posix() in DOWNLOADS:
            continue
        text = file.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), file
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, file
            assert 'nonce="{{ nonce }}"' in script, file
