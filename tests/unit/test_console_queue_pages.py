"""The queue as people see it: what stands on its pages, where they lead, and what of it is logged."""

import re
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from console_staff import Console, console_of
from queue_records import entered
from sqlalchemy import select
from test_console_pages import Page, parts_for

from signpost.channels.simulated import ACCOUNT
from signpost.console.queue import showing
from signpost.console.queue.rows import LONGEST_TEXT, waiting_time
from signpost.console.queue.showing import PAGE_SIZE
from signpost.force.accounts import Account, Accounts
from signpost.log.models import FAILED, REVIEWED, UNKNOWN, AuditEntry, Escalation

JSON = {"Accept": "application/json"}
PAGES = Accounts((Account("calne", "facebook", "1001", "Calne Policing Team", ("messenger",)),))


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate, accounts=PAGES))


@pytest.fixture
def client(console):
    return console.client("reviewer", username="ann")


def entries(record) -> list[AuditEntry]:
    with record.reads() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def references(page: str) -> list[str]:
    return re.findall(r'href="/records/([A-Z0-9-]+)"', page)


def visible(html: str) -> str:
    """The page's text, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_a_row_shows_what_one_needs_to_choose(client, record):
    entered(
        record, "smashed my window", account="1001", label="emergency", crime_kind="burglary", delivery_state=FAILED
    )
    record.clock.advance(minutes=7)
    page = client.get("/queue").text
    text = visible(page)
    for words in ("Emergency", "Waiting 7 minutes", "smashed my window", "Facebook Messenger", "Calne Policing Team", "Burglary",
                  "Reply: not delivered", "Received 22 November 2026, 03:00"):  # fmt: skip
        assert words in text
    assert Page(page).title == "1 urgent: Queue – Signpost"


@pytest.mark.parametrize(
    ("more", "tags"),
    [
        ({"cause": "unsure", "unsure": True, "label": "not_report"}, ["Not a report", "Unsure"]),
        ({"unsure": True}, ["Report of a crime", "Unsure"]),
        ({"cause": "abuse", "label": "not_report", "reply": None}, ["Not a report", "Abuse", "No reply"]),
        ({"cause": "unreadable", "label": UNKNOWN, "reply": None}, ["Not understood", "Unreadable"]),
        ({"account": ACCOUNT}, ["Simulator"]),
    ],
)
def test_why_a_record_is_here_stands_in_words(client, record, more, tags):
    entered(record, "x", **more)
    text = visible(client.get("/queue").text.split('id="records"')[1])
    assert all(tag in text for tag in tags)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "ساعدوني",
        "😀" * 100,
        "a" * 1000,
        "",
        "\x07\ud800",
    ],
)
def test_what_people_wrote_stays_text_in_its_own_direction(client, record, text):
    entered(record, text.encode("utf-8", "replace").decode())
    page = client.get("/queue").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'class="signpost-queue__text" dir="auto"' in page


def test_a_long_text_is_clipped(client, record):
    entered(record, "a" * LONGEST_TEXT)
    entered(record, "b" * (LONGEST_TEXT + 1))
    page = client.get("/queue").text
    assert f"{'a' * LONGEST_TEXT}</p>" in page
    assert f"{'b' * LONGEST_TEXT} …" in page
    assert "b" * (LONGEST_TEXT + 1) not in page


def test_pages_lead_to_each_other(client, record):
    made = [entered(record, str(number)).reference for number in range(PAGE_SIZE + 3)]
    first = client.get("/queue").text
    assert references(first) == made[:PAGE_SIZE]
    following = link(first, "Next page")
    second = client.get(following).text
    assert references(second) == made[PAGE_SIZE:]
    assert "Next page" not in second
    assert references(client.get(link(second, "Previous page")).text) == made[:PAGE_SIZE]


def link(page: str, words: str) -> str:
    """Where the link with these words leads."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return next(address for address, inside in found if words in visible(inside)).replace("&amp;", "&")


def test_a_page_before_the_beginning_is_the_beginning(client, record):
    entry = entered(record)
    response = client.get("/queue?channel=messenger&before=0_0_0")
    assert (response.status_code, response.location) == (302, "/queue?channel=messenger")
    assert references(client.get("/queue").text) == [entry.reference]


@pytest.mark.parametrize(
    "cursor", ["after=x", "before=1_2", "after=0_99999999999999999_1_1", "after=%00", "after=-1_2_3"]
)
def test_a_place_that_is_none_gets_a_sentence(client, cursor):
    response = client.get(f"/queue?{cursor}")
    assert response.status_code == 400
    assert "Open the queue from its beginning" in response.text


def test_what_was_reviewed_has_a_list_of_its_own(client, record):
    done = entered(record, "x", review_state=REVIEWED, reviewed_at=record.clock(), outcome="no_action").reference
    waits = entered(record, "y").reference
    assert references(client.get("/queue").text) == [waits]
    page = client.get("/queue?state=reviewed").text
    assert references(page) == [done]
    assert "No action" in page
    assert "Waiting" not in page.split('id="records"')[1]


def test_filters_are_shown_as_links_that_take_them_out(client, record):
    entered(record, "x")
    page = client.get("/queue?channel=messenger&label=crime_report&from=2026-11-22").text
    assert len(references(page)) == 1
    assert link(page, "Channel: Facebook Messenger") == "/queue?label=crime_report&from=2026-11-22"
    assert link(page, "Clear filters") == "/queue"
    assert 'value="messenger" checked' in re.sub(r"\s+", " ", page)


def test_filters_stay_in_the_tab_of_what_was_reviewed(client, record):
    page = client.get("/queue?channel=messenger&state=reviewed").text
    assert link(page, "Clear filters") == "/queue?state=reviewed"
    assert '<input type="hidden" name="state" value="reviewed">' in page
    assert link(page, "To review") == "/queue?channel=messenger"


def test_absurd_filters_get_sentences_and_nothing_typed_is_lost(client, record):
    entered(record, "x")
    response = client.get("/queue?from=32/13/2026&confidence_min=<b>&label=nonsense&channel=messenger")
    assert response.status_code == 422
    assert Page(response.text).title.startswith("Error: ")
    assert 'value="32/13/2026"' in response.text
    assert 'value="&lt;b&gt;"' in response.text
    assert 'href="#from"' in response.text
    assert 'href="#panel-label"' in response.text
    assert references(response.text) == []
    assert entries(record) == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/queue", "Nothing to review"),
        ("/queue?state=reviewed", "Nothing has been reviewed yet"),
        ("/queue?channel=x_dm", "No record matches these filters"),
        ("/queue?after=2_1_1", "The list ends here"),
    ],
)
def test_an_empty_list_says_why(client, address, says):
    assert says in client.get(address).text


def test_counts_stand_at_the_top_and_lead_to_their_groups(client, record):
    entered(record, "x", label="emergency")
    entered(record, "y")
    page = client.get("/queue").text
    assert link(page, "1 Emergencies") == "/queue?group=emergency"
    assert len(references(client.get("/queue?group=emergency").text)) == 1


def test_where_few_match_the_page_says_how_to_look_further(client, record, monkeypatch):
    monkeypatch.setattr(showing, "walk", partial(showing.walk, look_through=2))
    for number in range(5):
        entered(record, str(number), channel="x_dm" if number == 4 else "messenger")
    page = client.get("/queue?channel=x_dm").text
    assert references(page) == []
    assert "No record matches" not in page
    page = client.get(link(page, "Look further")).text
    assert len(references(client.get(link(page, "Look further")).text)) == 1


def test_a_group_is_a_stretch_of_the_queue_that_is_not_walked_from_the_top(client, record, monkeypatch):
    monkeypatch.setattr(showing, "walk", partial(showing.walk, look_through=2))
    for _ in range(5):
        entered(record, label="emergency")
    other = entered(record).reference
    assert references(client.get("/queue?group=other").text) == [other]


# Next


def test_next_leads_to_the_record_and_after_the_last_one_back_to_the_queue(client, record):
    one, two = entered(record), entered(record, label="emergency")
    assert client.get("/queue/next").location == f"/records/{two.reference}"
    assert client.get(f"/queue/next?after={two.reference}").location == f"/records/{one.reference}"
    with record.sessions.begin() as session:
        for entry in session.scalars(select(Escalation)):
            entry.review_state, entry.reviewed_at = REVIEWED, record.clock()
    response = client.get(f"/queue/next?after={two.reference}", follow_redirects=True)
    assert "nothing else waits for a review" in response.text
    assert client.get("/queue/next", follow_redirects=True).request.path == "/queue"


def test_an_emergency_that_came_in_since_the_last_look_is_taken_next_and_one_passed_over_is_not(client, record):
    passed_over = entered(record, label="emergency").reference
    one, two, three = (entered(record).reference for _ in range(3))
    client.get("/queue")
    assert client.get(f"/queue/next?after={one}").location == f"/records/{two}"
    urgent = entered(record, label="emergency").reference
    assert client.get(f"/queue/next?after={two}").location == f"/records/{urgent}"
    assert client.get(f"/queue/next?after={two}").location == f"/records/{three}"
    assert client.get(f"/queue/next?after={three}").location == f"/records/{passed_over}"


@pytest.mark.parametrize("after", ["", "nonsense", "%00", "kmr 4c7", "x" * 500])
def test_next_after_nonsense_is_the_first(client, record, after):
    entry = entered(record)
    assert client.get(f"/queue/next?after={after}").location == f"/records/{entry.reference}"


# Changes


def test_changes_are_told_and_not_logged(client, record):
    page = client.get("/queue?channel=messenger").text
    since, query = re.findall(r'data-since="(\d+)" data-query="([^"]*)"', page)[0]
    logged = len(entries(record))
    entered(record, label="emergency")
    entered(record, channel="x_dm")
    told = client.get(f"/queue/changes?since={since}&{query}", headers=JSON).json
    assert told["sentence"] == "1 new record, an emergency"
    assert told["urgent_words"] == "1"
    assert len(entries(record)) == logged


def test_who_is_signed_out_is_told_so_and_not_led_to_the_sign_in(console):
    response = console.client().get("/queue/changes?since=0", headers=JSON)
    assert response.status_code == 401
    assert "signed out" in response.json["error"]


@pytest.mark.parametrize(
    "query", ["", "since=", "since=-1", "since=x", "since=٣", f"since={10**30}", "since=1&label=zz"]
)
def test_changes_since_nonsense_are_refused(client, query):
    assert client.get(f"/queue/changes?{query}", headers=JSON).status_code == 400


# Search


def sent(client, words: str):
    return client.post("/queue/search", data={"words": words})


def test_the_words_of_a_search_stand_in_no_address_and_no_audit_entry(client, record):
    entry = entered(record, "Wilbraham smashed my window")
    response = sent(client, "Wilbraham window")
    assert response.status_code == 303
    assert "wilbraham" not in response.location.lower()
    page = client.get(response.location)
    assert references(page.text) == [entry.reference]
    assert 'value="Wilbraham window"' in page.text
    links = re.findall(r'(?:href|action)="([^"]*)"', page.text)
    assert not any("wilbraham" in address.lower() for address in links)
    assert "ilbraham" not in str([(one.event, one.detail, one.purpose, one.subject) for one in entries(record)])
    assert [one.event for one in entries(record)] == ["search_viewed"]


def test_a_search_goes_on_by_its_links_and_with_filters(client, record):
    for number in range(PAGE_SIZE + 1):
        entered(record, f"bike {number}", channel="x_dm" if number < 2 else "messenger")
    page = client.get(sent(client, "bike").location).text
    assert len(references(page)) == PAGE_SIZE
    assert len(references(client.get(link(page, "Next page")).text)) == 1
    token = re.findall(r'name="search" value="([^"]+)"', page)[0]
    filtered = client.get("/queue/search", query_string={"search": token, "channel": "x_dm"}).text
    assert len(references(filtered)) == 2
    assert parse_qs(urlsplit(link(filtered, "Clear filters")).query) == {"search": [token]}


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "spaced"])
def test_a_reference_leads_straight_to_its_record(client, record, typed):
    reference = entered(record).reference
    words = {"lower": reference.lower(), "spaced": reference.replace("-", " ")}.get(typed, typed.format(reference))
    assert sent(client, words).location == f"/records/{reference}"


def test_what_only_looks_like_a_reference_is_searched_for(client, record):
    entry = entered(record, "broken street light")
    assert references(client.get(sent(client, "street").location).text) == [entry.reference]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Enter words to search for"),
        ("   ", "Enter words to search for"),
        ("💥", "at least one letter or number"),
        ("a" * 201, "200 characters or fewer"),
        ("a\x00b", "can’t be stored"),
    ],
)
def test_a_search_for_nothing_gets_a_sentence_and_keeps_what_was_typed(client, words, says):
    response = sent(client, words)
    assert response.status_code == 422
    assert says in response.text
    assert Page(response.text).title == "Error: Search – Signpost"
    if words.strip() and "\x00" not in words:
        assert f'value="{words}"' in response.text


def test_another_persons_search_and_yesterdays_are_not_shown(console, client, record):
    entered(record, "Wilbraham smashed it")
    address = sent(client, "Wilbraham").location
    assert console.client("reviewer", username="bob").get(address).status_code == 400
    record.clock.now += timedelta(days=1)
    page = console.client("reviewer", username="ann2").get(address)
    assert page.status_code == 400
    assert "Search again" in page.text
    assert "Wilbraham" not in page.text


def test_the_search_page_alone_holds_the_search(client):
    assert 'name="words"' in client.get("/queue/search").text


def test_nothing_that_matches_says_so(client, record):
    entered(record, "x")
    assert "No record matches" in client.get(sent(client, "xylophone").location).text


# What is logged of a look


def test_a_look_at_the_queue_is_logged_with_its_filters_and_size(client, record):
    for _ in range(2):
        entered(record)
    client.get("/queue?channel=messenger&channel=x_dm&from=2026-11-01")
    (entry,) = entries(record)
    assert (entry.actor, entry.action, entry.event) == ("ann", "consultation", "queue_viewed")
    assert entry.detail == {"filters": {"channel": ["messenger", "x_dm"], "from": ["2026-11-01"]}, "records": 2}


@pytest.mark.parametrize("role", ["trainer", "administrator", "auditor"])
@pytest.mark.parametrize(
    "address", ["/queue", "/queue/next", "/queue/changes?since=0", "/queue/search", "/queue/views"]
)
def test_the_queue_is_for_reviewers(console, role, address):
    assert console.client(role).get(address).status_code == 403


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "under a minute"),
        (59, "under a minute"),
        (60, "1 minute"),
        (7199, "1 hour"),
        (86_400, "1 day"),
        (10**8, "1,157 days"),
    ],
)
def test_a_wait_is_said_in_its_largest_unit(seconds, words):
    assert waiting_time(timedelta(seconds=seconds)) == words
