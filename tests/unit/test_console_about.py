"""The start, help, privacy and accessibility: where one begins, and what is said of the service, honestly."""

from dataclasses import replace

import pytest
from console_staff import Console, console_of
from test_console_pages import Page, check_page, parts_for

from signpost.console.hosts import Hosts
from signpost.force.contacts import Contacts, load_contacts
from signpost.log.retention import Limits
from signpost.mistakes import Mistake

PAGES = ("/help", "/accessibility", "/privacy", "/offline")


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


@pytest.mark.parametrize(
    ("roles", "place"),
    [
        (("reviewer",), "/queue"),
        (("trainer",), "/corrections"),
        (("administrator",), "/staff"),
        (("auditor",), "/audit"),
        (("auditor", "reviewer"), "/queue"),
        (("administrator", "trainer"), "/corrections"),
    ],
)
def test_whoever_is_signed_in_begins_where_their_work_is(console, roles: tuple[str, ...], place: str) -> None:
    response = console.client(*roles).get("/")
    assert (response.status_code, response.headers["Location"]) == (302, place)


def test_on_this_machine_there_is_a_choice_between_console_and_simulator(console) -> None:
    response = console.client().get("/")
    page = Page(response.text)
    check_page(page, response)
    assert {"/sign-in", "/simulator/"} <= {one["href"] for one in page.all("a")}


def test_elsewhere_the_way_leads_to_the_sign_in(record, mandate) -> None:
    public = Hosts(frozenset({"signpost.example"}), 1)
    console = console_of(parts_for(record, mandate, hosts=public))
    response = console.client().get("/", base_url="https://signpost.example")
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in")


def test_somebody_without_a_role_learns_whom_to_ask(console) -> None:
    client = console.client("reviewer", username="anna")
    with console.parts.sessions.begin() as session:
        from signpost.log.models import StaffAccount

        session.query(StaffAccount).one().roles = []
    response = client.get("/")
    assert response.status_code == 200
    assert "Ask an administrator of Signpost to give you a role" in response.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("roles", [(), ("auditor",)])
def test_everybody_may_read_what_is_said_of_the_service(console, path: str, roles: tuple[str, ...]) -> None:
    response = console.client(*roles).get(path)
    assert response.status_code == 200
    page = Page(response.text)
    check_page(page, response)
    targets = {one["href"] for one in page.all("a") if one["href"].startswith("#")}
    ids = {f"#{attributes['id']}" for _, attributes in page.tags if "id" in attributes}
    assert targets <= ids


def test_privacy_tells_the_periods_that_are_set(record, mandate) -> None:
    usual = console_of(parts_for(record, mandate)).client().get("/privacy").text
    assert [period in usual for period in ("28 days", "90 days", "24 months", "6 years")] == [True] * 4
    limits = Limits(original_days=14, record_months=1, audit_years=9)
    other = console_of(parts_for(record, mandate, keeping=limits)).client().get("/privacy").text
    assert [period in other for period in ("14 days", "1 month<", "9 years")] == [True] * 3
    assert "28 days" not in other


def test_privacy_names_the_one_cookie_there_is(console) -> None:
    client = console.client()
    shown = client.get("/privacy").text
    assert f"<code>{console.app.config['SESSION_COOKIE_NAME']}</code>" in shown


def test_what_only_the_force_can_say_is_marked_until_it_does(record, mandate) -> None:
    parts = parts_for(record, mandate)
    said = Contacts("ask Jo", "tell Jo <b>", "the officer", "on our site", "part 3")
    for path, count, words in (
        ("/help", 1, ("ask Jo",)),
        ("/accessibility", 1, ("tell Jo &lt;b&gt;",)),
        ("/privacy", 3, ("the officer", "on our site", "part 3")),
    ):
        before = console_of(parts).client().get(path).text
        after = console_of(replace(parts, contacts=said)).client().get(path).text
        assert before.count("To be filled in") == count
        assert "To be filled in" not in after
        assert all(one in after for one in words)


def test_the_statement_claims_no_more_than_was_tested(console) -> None:
    shown = console.client().get("/accessibility").text
    assert "partially compliant" in shown
    assert "Not yet tested: with screen readers" in shown


def test_the_page_that_browsers_keep_is_nobody_s(console) -> None:
    client = console.client("reviewer", username="anna")
    shown = client.get("/offline").text
    assert "Anna" not in shown
    assert "Sign out" not in shown
    assert "/queue" not in shown


def test_the_worker_may_look_after_all_pages_and_keeps_none_but_that_one(console) -> None:
    response = console.client().get("/offline-worker.js")
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert "no-store" in response.headers["Cache-Control"]
    assert "const NEEDED = [PAGE, '/static/build/console.css', '/static/signpost.svg']" in response.text


class TestContacts:
    """What contacts.yml holds."""

    def test_the_force_s_own_file_is_in_order(self, mandate):
        from signpost.processes import PROJECT

        assert isinstance(load_contacts(PROJECT / "force"), Contacts)

    def test_without_a_file_nothing_is_said(self, tmp_path):
        assert load_contacts(tmp_path) == Contacts()

    def test_what_is_given_is_read_and_what_is_empty_left_out(self, tmp_path):
        (tmp_path / "contacts.yml").write_text('help: " CCE, extension 12 "\nprivacy_notice:\n', "utf-8")
        assert load_contacts(tmp_path) == Contacts(help="CCE, extension 12")
        (tmp_path / "contacts.yml").write_text("# nothing yet\n", "utf-8")
        assert load_contacts(tmp_path) == Contacts()

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("- help", "must hold names and texts"),
            ("helpp: x", "'helpp' isn't known; there are help,"),
            ("help: 5", "help must be text"),
            ("help: " + "x" * 501, "at most 500 characters"),
            ("help: [", "can't be read"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_with_its_name(self, tmp_path, text: str, sentence: str):
        (tmp_path / "contacts.yml").write_text(text, "utf-8")
        with pytest.raises(Mistake, match=sentence):
            load_contacts(tmp_path)
