"""When something goes wrong: the right status, what to do about it, and all that was typed, to copy."""

import pytest
from console_staff import Console, console_of
from flask import Blueprint, abort, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from test_console_pages import JSON, Page, check_page, parts_for

from signpost.console.about import routes as about
from signpost.console.app import MOST_BYTES
from signpost.console.roles import ADMINISTRATOR, REVIEWER, ROLES, open_to, open_to_anybody

FAULTS = {
    "value": ValueError("my secret words"),
    "locked": OperationalError("update my secret words", {}, Exception("database is locked")),
    "key": KeyError("my secret words"),
}


@pytest.fixture
def console(record, mandate, monkeypatch) -> Console:
    """The console with a room in which everything goes wrong."""
    monkeypatch.setattr(about, "blueprint", _with_trouble)
    return console_of(parts_for(record, mandate))


_about = about.blueprint


def _with_trouble(parts) -> Blueprint:
    pages = _about(parts)

    @pages.route("/trouble/<int:status>", methods=["GET", "POST"])
    @open_to_anybody
    def trouble(status: int) -> str:
        sentence = request.args.get("say")
        abort(status, sentence) if sentence else abort(status)

    @pages.post("/trouble/<name>")
    @open_to_anybody
    def fault(name: str) -> str:
        raise FAULTS[name]

    @pages.post("/trouble/for-some")
    @open_to(REVIEWER, ADMINISTRATOR)
    def for_some() -> str:
        return request.form["note"]

    @pages.post("/trouble/for-all")
    @open_to(*ROLES)
    def for_all() -> str:
        return request.form["note"]

    return pages


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_status_has_a_page_that_says_what_to_do(console, status: int):
    response = console.client("reviewer").get(f"/trouble/{status}")
    assert response.status_code == status
    page = Page(response.text)
    check_page(page, response)
    assert "Sign out" in response.text, "it stands in the console's frame"
    assert [one["href"] for one in page.all("a")].count("/") == 2, "the header's, and one to go on from here"
    assert "/help" in [one["href"] for one in page.all("a")]


def test_a_status_nobody_foresaw_has_a_page_too(console):
    for status, like in ((418, 400), (502, 500)):
        response = console.client().get(f"/trouble/{status}")
        assert response.status_code == status
        assert Page(response.text).title == Page(console.client().get(f"/trouble/{like}").text).title


def test_our_own_sentence_takes_the_place_of_the_usual_one(console):
    shown = console.client().get("/trouble/409?say=Anna+has+this+record+now.").text
    assert "Anna has this record now." in shown
    assert "Nothing of yours was saved" not in shown
    assert "request could not be completed" not in console.client().get("/trouble/409").text, "Werkzeug's says nothing"


def test_a_script_gets_the_sentence_as_json(console):
    response = console.client().get("/trouble/429", headers=JSON)
    assert (response.status_code, response.json) == (
        429,
        {"error": "That was too often. Wait a few minutes, then try again."},
    )


def test_somebody_without_the_role_learns_which_it_takes(console):
    response = console.client("trainer", username="anna").post("/trouble/for-some", data={"note": "x"})
    assert response.status_code == 403
    assert "It is for reviewers and administrators." in response.text
    assert "You are signed in as Anna (trainer)." in response.text


def test_what_was_typed_is_there_to_copy_but_never_a_password(console):
    typed = {
        "notes": "first line\n  second <b>line</b>\n" + "long " * 20,
        "niche_reference": "NICHE-42",
        "was_report": ["yes"],
        "version": "7",
        "empty": "  ",
        "password": "opens everything",
        "new_password": "opens everything else",
        "code": "123456",
        "csrf_token": "a token",
    }
    response = console.client("trainer").post("/trouble/for-some", data=typed)
    page = Page(response.text)
    assert "second &lt;b&gt;line&lt;/b&gt;" in response.text
    assert page.all("textarea")[0]["readonly"] is None
    assert [one["value"] for one in page.all("input") if one.get("readonly", "") is None] == ["NICHE-42", "yes"]
    labels = {one.get("for") for one in page.all("label")}
    assert labels == {one["id"] for one in page.all("input", "textarea") if "id" in one}
    for secret in ("opens everything", "123456", "a token"):
        assert secret not in response.text


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("value", 500, "Something went wrong here"),
        ("key", 500, "Something went wrong here"),
        ("locked", 503, "Nothing was stored"),
    ],
)
def test_a_fault_of_ours_keeps_what_was_typed_and_tells_nothing_of_itself(console, name, status, sentence):
    with capture_logs() as logs:
        response = console.client().post(f"/trouble/{name}", data={"notes": "my typed words"})
    assert response.status_code == status
    assert sentence in response.text
    assert 'value="my typed words"' in response.text
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert [one["event"] for one in logs] == ["page_failed"]
    assert "words" not in str(logs)


def test_a_field_that_is_missing_is_no_fault_of_ours(console):
    response = console.client("reviewer").post("/trouble/for-some", data={"other": "x"})
    assert (response.status_code, "That didn’t reach us whole" in response.text) == (400, True)
    assert "browser (or proxy)" not in response.text


class TestTooMuch:
    """More than a form may hold."""

    def send(self, client: FlaskClient, size: int):
        return client.post("/trouble/for-all", data={"note": "ab " * (size // 3)})

    def test_whoever_is_signed_in_gets_it_back(self, console):
        response = self.send(console.client("reviewer"), 10 * 1024 * 1024)
        assert response.status_code == 413
        assert "That is too much at once" in response.text
        assert response.text.count("ab ") >= 10 * 1024 * 1024 // 3

    def test_nobody_else_does(self, console):
        response = self.send(console.client(), MOST_BYTES + 10)
        assert response.status_code in {303, 413}
        assert "ab ab" not in response.text

    def test_there_is_an_end_to_it(self, console):
        response = self.send(console.client("reviewer"), 13 * 1024 * 1024)
        assert response.status_code == 413
        assert "ab ab" not in response.text


def test_the_simulator_s_errors_stay_in_the_simulator_s_frame(console):
    response = console.client().get("/simulator/channels/none")
    assert response.status_code == 404
    assert "simulator.css" in response.text
    assert "It has: " in response.text


def test_an_address_that_only_takes_forms_says_which_methods_there_are(console):
    response = console.client("reviewer").get("/trouble/for-some")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
