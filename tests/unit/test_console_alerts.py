"""The alerts' page: what to see to first, who acknowledged what, and that people are told no more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from console_staff import console_of
from sqlalchemy import select
from test_console_pages import Page, check_page, parts_for

from signpost.alerts.ways import NOBODY, HowTold
from signpost.console.alerts.reading import ON_A_PAGE
from signpost.force.accounts import Account, Accounts
from signpost.log.models import Alert, AuditEntry, Escalation
from signpost.log.states import clear_alerts, raise_alert, raise_record_alert

TOLD = HowTold(("e-mail", "webhook"), 15, "22:00 to 07:00")
PAGE = Accounts((Account("page", "facebook", "100", "Wiltshire Police", ("messenger",)),))


@pytest.fixture
def console(record, mandate):
    return console_of(parts_for(record, mandate, telling=TOLD, accounts=PAGE))


def open_alert(record, kind: str = "token_expired", account: str = "100") -> None:
    with record.sessions.begin() as session:
        raise_alert(session, kind, account, "The token has expired.", record.clock())


def emergency(record, reference: str = "CDF-347") -> str:
    message_id = record.receive("there is a man with a knife", person=reference)
    with record.sessions.begin() as session:
        escalation = Escalation(
            reference=reference,
            inbound_message_id=message_id,
            channel="messenger",
            account="100",
            received_at=record.clock(),
            logged_at=record.clock(),
            redacted_text="there is a man with a knife",
            label="emergency",
            written_by="desk",
        )
        session.add(escalation)
        raise_record_alert(session, "emergency", escalation, record.clock())
        return session.scalars(select(Alert.key).filter_by(escalation_id=escalation.id)).one()


def look(client, path: str = "/alerts") -> str:
    response = client.get(path)
    assert response.status_code == 200, response.text
    check_page(Page(response.text), response)
    return response.text


def alerts(record) -> list[Alert]:
    with record.reads() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def test_with_nothing_open_the_page_says_when_something_would_be(console):
    said = look(console.client("reviewer"))
    assert "Nothing is to be seen to" in said
    assert "people are told by e-mail and webhook" in said
    assert "Nothing is over" in said


def test_an_alert_is_shown_with_what_happened_where_and_what_to_do(console, record):
    emergency(record)
    record.clock.advance(minutes=4)
    said = look(console.client("reviewer"))
    for part in (
        "An emergency was logged",
        "Urgent",
        'href="/records/CDF-347"',
        "Wiltshire Police",
        "4 minutes ago",
        "Nobody yet",
        "Open the record and read it now.",
        "Acknowledge",
    ):
        assert part in said
    assert "knife" not in said


def test_the_urgent_come_first_and_then_what_has_waited_longest(console, record):
    open_alert(record, "platform_quiet")
    record.clock.advance(minutes=1)
    emergency(record, "CDF-347")
    record.clock.advance(minutes=1)
    emergency(record, "GHK-469")
    said = look(console.client("reviewer"))
    assert said.index("CDF-347") < said.index("GHK-469") < said.index("Nothing has come for an account")


def test_acknowledging_ends_the_notices_and_is_audited(console, record):
    key = emergency(record)
    client = console.client("reviewer", username="anna")
    response = client.post(f"/alerts/{key}/acknowledge", follow_redirects=True)
    assert "Acknowledged. Nobody is told of it again." in response.text
    (alert,) = alerts(record)
    assert alert.acknowledged_at == alert.cleared_at == record.clock()
    assert alert.notice_due_at is None
    with record.reads() as session:
        (entry,) = session.scalars(select(AuditEntry).filter_by(event="alert_acknowledged"))
    assert (entry.actor, entry.action, entry.subject) == ("anna", "alteration", "CDF-347")
    assert entry.detail == {"kind": "emergency", "alert": key, "notices": 0}
    assert "by Anna" in look(client)


def test_an_alert_about_an_account_goes_on_after_it_was_acknowledged(console, record):
    open_alert(record)
    (alert,) = alerts(record)
    client = console.client("administrator", username="adam")
    client.post(f"/alerts/{alert.key}/acknowledge")
    said = look(client)
    assert "Somebody is on it" in said
    assert (
        said.index("Somebody is on it")
        < said.index("token is not taken")
        < said.index('<h2 class="govuk-heading-m">Over')
    )
    with record.reads() as session:
        (entry,) = session.scalars(select(AuditEntry).filter_by(event="alert_acknowledged"))
    assert (entry.action, entry.subject) == ("administration", "100")
    with record.sessions.begin() as session:
        clear_alerts(session, "100", {"token_expired"}, record.clock())
    said = look(client)
    assert "Somebody is on it" not in said
    assert "by Adam" in said


def test_what_passed_by_itself_says_so(console, record):
    open_alert(record)
    with record.sessions.begin() as session:
        clear_alerts(session, "100", {"token_expired"}, record.clock())
    assert "Passed by itself" in look(console.client("reviewer"))


def test_what_a_colleague_acknowledged_first_changes_nothing(console, record):
    key = emergency(record)
    console.client("reviewer", username="anna").post(f"/alerts/{key}/acknowledge")
    response = console.client("reviewer", username="ben").post(f"/alerts/{key}/acknowledge", follow_redirects=True)
    assert "Nothing was changed: somebody had acknowledged it already" in response.text
    with record.reads() as session:
        assert len(session.scalars(select(AuditEntry).filter_by(event="alert_acknowledged")).all()) == 1


def test_all_that_are_shown_can_be_acknowledged_at_once_and_no_others(console, record):
    keys = [emergency(record, f"CDF-{n}") for n in range(3)]
    client = console.client("reviewer")
    response = client.post("/alerts/acknowledge", data={"key": keys[:2]}, follow_redirects=True)
    assert "2 alerts acknowledged. Nobody is told of them again." in response.text
    assert [alert.acknowledged_at is None for alert in alerts(record)] == [False, False, True]
    page = Page(look(client))
    assert [one["value"] for one in page.all("input") if one.get("name") == "key"] == []


def test_the_form_for_all_names_those_that_are_shown(console, record):
    keys = [emergency(record, f"CDF-{n}") for n in range(3)]
    page = Page(look(console.client("reviewer")))
    assert [one["value"] for one in page.all("input") if one.get("name") == "key"] == keys


def test_a_long_list_goes_on_on_further_pages_without_gap_or_repeat(console, record):
    expected = [f"CDF-{n:03}" for n in range(ON_A_PAGE + 5)]
    for reference in expected:
        emergency(record, reference)
    for n in range(ON_A_PAGE):
        open_alert(record, f"kind-{n}")
    client, path, seen = console.client("reviewer"), "/alerts", []
    while path:
        page = Page(look(client, path))
        seen += [one["value"] for one in page.all("input") if one.get("name") == "key"]
        path = next((one["href"] for one in page.all("a") if one.get("rel") == "next" and "after" in one["href"]), None)
    assert seen == [alert.key for alert in alerts(record)]


def test_what_is_over_goes_back_page_by_page(console, record):
    client = console.client("reviewer")
    for n in range(2 * ON_A_PAGE + 1):
        key = emergency(record, f"CDF-{n:03}")
        client.post(f"/alerts/{key}/acknowledge")
    path, seen = "/alerts", []
    while path:
        said = look(client, path)
        seen += [f"CDF-{n:03}" for n in range(2 * ON_A_PAGE, -1, -1) if f"CDF-{n:03}" in said]
        path = next((one["href"] for one in Page(said).all("a") if one.get("rel") == "next"), None)
    assert seen == [f"CDF-{n:03}" for n in range(2 * ON_A_PAGE, -1, -1)]


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        ("emergencies", {"An emergency was logged"}),
        ("accounts", {"token is not taken"}),
        ("service", {"Retention did not run to its end"}),
        ("answers", set()),
    ],
)
def test_the_page_can_be_held_to_what_the_alerts_are_about(console, record, about, shown):
    emergency(record)
    open_alert(record)
    open_alert(record, "retention_failed", "signpost")
    said = look(console.client("reviewer"), f"/alerts?about={about}")
    everything = {"An emergency was logged", "token is not taken", "Retention did not run to its end"}
    assert {title for title in everything if title in said} == shown
    assert ("Nothing is to be seen to here" in said) == (not shown)


def test_acknowledging_leads_back_to_the_same_list(console, record):
    key = emergency(record)
    response = console.client("reviewer").post(f"/alerts/{key}/acknowledge?about=emergencies")
    assert response.headers["Location"] == "/alerts?about=emergencies"


def test_how_often_people_were_told_and_why_not_is_shown(console, record):
    open_alert(record)
    with record.sessions.begin() as session:
        alert = session.scalars(select(Alert)).one()
        alert.notices, alert.notice_failure = 3, "The webhook answered 500."
        alert.notice_due_at = record.clock() + timedelta(minutes=15)
        alert.times, alert.last_seen_at = 7, record.clock() + timedelta(minutes=10)
    record.clock.advance(minutes=11)
    said = look(console.client("reviewer"))
    for part in ("3 times; next on", "The webhook answered 500.", "7 times, last", "1 minute ago"):
        assert part in said


def test_with_no_way_of_telling_people_the_page_says_so(record, mandate):
    console = console_of(parts_for(record, mandate, telling=HowTold()))
    said = look(console.client("reviewer"))
    assert "Nobody is told of alerts" in said
    assert "look at this page yourself" in said
    assert NOBODY in said


def test_a_kind_nobody_described_and_an_account_nobody_lists_break_no_page(console, record):
    open_alert(record, "strange_kind", "<b>999</b>")
    said = look(console.client("reviewer"))
    assert "Strange kind" in said
    assert "&lt;b&gt;999&lt;/b&gt;" in said


@pytest.mark.parametrize("role", ["trainer", "auditor"])
def test_only_reviewers_and_administrators_see_alerts_and_acknowledge_them(console, record, role):
    key = emergency(record)
    client = console.client(role)
    assert client.get("/alerts").status_code == 403
    assert client.post(f"/alerts/{key}/acknowledge").status_code == 403
    assert client.post("/alerts/acknowledge", data={"key": [key]}).status_code == 403
    assert alerts(record)[0].acknowledged_at is None
    assert console.client().post(f"/alerts/{key}/acknowledge").status_code != 200
    assert alerts(record)[0].acknowledged_at is None


@pytest.mark.parametrize(
    "path",
    [
        "/alerts?about=nonsense",
        "/alerts?after=-1",
        "/alerts?after=x",
        "/alerts?before=99999999999999999999",
        "/alerts?before=%D9%A1",
        "/alerts/no-key/acknowledge",
    ],
)
def test_an_address_that_leads_nowhere_is_told_as_such(console, path):
    assert console.client("reviewer").get(path).status_code == 404


def test_a_list_that_begins_behind_its_end_says_so(console, record):
    emergency(record)
    client = console.client("reviewer")
    assert "The list ends here" in look(client, "/alerts?after=1")
    assert look(client, "/alerts?after=123456")


def test_an_alert_that_does_not_exist_is_told_as_such(console):
    client = console.client("reviewer")
    missing = "00000000-0000-4000-8000-000000000000"
    assert client.post(f"/alerts/{missing}/acknowledge").status_code == 404
    assert client.post("/alerts/acknowledge", data={"key": [missing]}).status_code == 404
    assert client.post("/alerts/acknowledge", data={}).status_code == 400
    assert client.post("/alerts/acknowledge", data={"key": ["x"] * 1000}).status_code == 400


def test_a_forged_form_changes_nothing(record, mandate):
    console = console_of(parts_for(record, mandate))
    console.app.config["WTF_CSRF_ENABLED"] = True
    key = emergency(record)
    assert console.client("reviewer").post(f"/alerts/{key}/acknowledge").status_code == 400
    assert alerts(record)[0].acknowledged_at is None


def test_on_either_database_the_page_is_whole(either_record, mandate):
    console = console_of(replace(parts_for(either_record, mandate), telling=TOLD))
    key = emergency(either_record)
    open_alert(either_record)
    client = console.client("reviewer")
    look(client)
    assert client.post(f"/alerts/{key}/acknowledge").status_code == 303
    look(client, "/alerts?about=accounts")
