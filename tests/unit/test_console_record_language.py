"""A record's page says in words which language the message seems to be in, and that the scores say little of it."""

import pytest
from console_records import report
from console_staff import Console, console_of
from test_console_pages import Page, check_page, parts_for


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


def page_of(console) -> str:
    response = console.client("reviewer").get("/records/KMR-4C7")
    check_page(Page(response.text), response)
    return response.text


@pytest.mark.parametrize(
    ("code", "name"), [("pl", "Polish"), ("cy", "Welsh"), ("other", "a language other than English")]
)
def test_the_page_says_which_language_it_seems_to_be(console, record, code, name):
    reasons = [{"word": "rower", "speaks": "for"}, {"word": code, "speaks": "language"}]
    report(record, "ktoś ukradł mi rower", label="not_report", unsure=True, cause="unsure", reasons=reasons)
    page = page_of(console)
    assert f"The message seems to be in <b>{name}</b>." in page
    assert f'dir="auto">{code}</span>' not in page
    assert 'dir="auto">rower</span>' in page


def test_of_english_it_says_nothing(console, record):
    report(record)
    assert "seems to be in" not in page_of(console)
