"""Saved views: filters under a name, for one's own use."""

import pytest
from console_staff import Console, console_of
from sqlalchemy import select
from test_console_pages import Page, parts_for

from signpost.console.queue.views import MOST
from signpost.log.models import AuditEntry, SavedView

QUERY = "label=emergency&channel=x_dm"


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


@pytest.fixture
def client(console):
    return console.client("reviewer", username="ann")


def views(record) -> list[tuple[str, str]]:
    with record.reads() as session:
        return [(one.name, one.query) for one in session.scalars(select(SavedView).order_by(SavedView.id))]


def only_id(record) -> int:
    with record.reads() as session:
        return session.scalars(select(SavedView.id)).one()


def save(client, name: str = "Emergencies on X", query: str = QUERY):
    return client.post("/queue/views", data={"name": name, "query": query})


def acts(record) -> list[tuple[str, str, dict]]:
    with record.reads() as session:
        return [
            (one.actor, one.event, one.detail) for one in session.scalars(select(AuditEntry)) if "view_" in one.event
        ]


def test_a_view_is_saved_used_and_shown_with_its_filters(client, record):
    response = save(client)
    assert (response.status_code, response.location) == (303, f"/queue?{QUERY}")
    assert views(record) == [("Emergencies on X", QUERY)]
    page = client.get(response.location).text
    assert "is saved" in page
    assert f'href="/queue?{QUERY.replace("&", "&amp;")}" aria-current="page"><bdi>Emergencies on X</bdi>' in page
    assert "Understood as: Emergency; Channel: X message" in client.get("/queue/views").text


def test_the_page_of_some_filters_offers_to_save_just_these(client):
    page = client.get("/queue?channel=x_dm&label=emergency&after=2_1_1").text
    assert 'name="query" value="label=emergency&amp;channel=x_dm"' in page
    assert "Save these filters" not in client.get("/queue").text


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("", QUERY, "Enter a name for the view"),
        ("  ", QUERY, "Enter a name for the view"),
        ("x" * 65, QUERY, "64 characters or fewer"),
        ("A\x00b", QUERY, "can’t be stored"),
        ("Mine", "", "Choose at least one filter"),
        ("Mine", "words=Wilbraham&after=1_2_3", "Choose at least one filter"),
        ("Mine", "from=soon", "can’t be read"),
    ],
)
def test_a_view_that_cannot_be_saved_gets_a_sentence_and_keeps_its_name(client, record, name, query, says):
    response = save(client, name, query)
    assert response.status_code == 422
    assert says in response.text
    assert Page(response.text).title == "Error: Your views – Signpost"
    assert views(record) == []
    if name == "Mine":
        assert 'value="Mine"' in response.text


def test_only_filters_are_kept_of_an_address(client, record):
    save(client, query=f"{QUERY}&after=1_2_3&words=Wilbraham&search=token")
    assert views(record) == [("Emergencies on X", QUERY)]


@pytest.mark.parametrize("name", ["Emergencies on X", "EMERGENCIES on x", "  Emergencies on X "])
def test_a_name_stands_once_a_person(console, client, record, name):
    save(client)
    response = save(client, name, "channel=messenger")
    assert response.status_code == 422
    assert "already have a view with this name" in response.text
    assert save(console.client("reviewer", username="bob"), name).status_code == 303
    assert len(views(record)) == 2


def test_there_are_only_so_many_views(client, record):
    for number in range(MOST):
        assert save(client, f"View {number}").status_code == 303
    response = save(client, "One more")
    assert response.status_code == 422
    assert "Delete one first" in response.text
    assert len(views(record)) == MOST


def test_a_view_is_renamed_and_may_keep_its_own_name(client, record):
    save(client)
    address = f"/queue/views/{only_id(record)}/rename"
    assert client.post(address, data={"name": "emergencies on x"}).status_code == 303
    assert client.post(address, data={"name": "Others"}).status_code == 303
    assert views(record) == [("Others", QUERY)]


def test_a_view_is_not_renamed_to_another_ones_name(client, record):
    save(client)
    view_id = only_id(record)
    save(client, "Second")
    response = client.post(f"/queue/views/{view_id}/rename", data={"name": "second"})
    assert response.status_code == 422
    assert "already have a view" in response.text
    assert f'href="#name-{view_id}"' in response.text
    assert 'value="second"' in response.text


def test_a_view_is_deleted(client, record):
    save(client)
    response = client.post(f"/queue/views/{only_id(record)}/delete", follow_redirects=True)
    assert "is deleted" in response.text
    assert views(record) == []


@pytest.mark.parametrize("act", ["rename", "delete"])
def test_another_persons_view_is_nobody_elses(console, client, record, act):
    save(client)
    other = console.client("reviewer", username="bob")
    response = other.post(f"/queue/views/{only_id(record)}/{act}", data={"name": "Mine now"})
    assert response.status_code == 404
    assert views(record) == [("Emergencies on X", QUERY)]
    assert "Emergencies on X" not in other.get("/queue/views").text


@pytest.mark.parametrize("view_id", ["0", "77", "2147483647", "99999999999999999999", "x", "-1"])
@pytest.mark.parametrize("act", ["rename", "delete"])
def test_a_view_that_does_not_exist_gets_a_page(client, view_id, act):
    assert client.post(f"/queue/views/{view_id}/{act}", data={"name": "x"}).status_code == 404


def test_what_is_done_to_views_is_logged_without_their_names(client, record):
    save(client, "Wilbraham's burglaries")
    view_id = only_id(record)
    client.post(f"/queue/views/{view_id}/rename", data={"name": "Wilbraham again"})
    client.post(f"/queue/views/{view_id}/delete")
    assert acts(record) == [("ann", f"view_{act}", {"view": view_id}) for act in ("saved", "renamed", "deleted")]


def test_a_name_in_html_stays_a_name(client):
    save(client, "<script>alert(1)</script>")
    for address in ("/queue", "/queue/views"):
        assert "<script>alert" not in client.get(address).text
