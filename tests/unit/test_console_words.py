"""Codes in plain words, and times on the clocks of Great Britain."""

from datetime import date, datetime, timedelta, timezone

import pytest
from console_staff import console_of
from flask import render_template_string
from test_console_pages import parts_for

from signpost.console.times import ago, day, day_and_time, in_london, machine_time, start_of_day
from signpost.console.words import TABLES, words
from signpost.log.audit import ACTIONS
from signpost.log.models import CAUSES

NOW = datetime(2026, 11, 22, 3, 0)  # noqa: DTZ001  # the record keeps UTC without a zone


def said(record, mandate, template: str, **values: object) -> str:
    console = console_of(parts_for(record, mandate))
    with console.app.test_request_context("/", base_url="http://127.0.0.1:8080"):
        return render_template_string(template, **values)


def test_every_code_of_a_kind_has_words():
    assert set(TABLES["cause"]) == set(CAUSES)
    assert set(TABLES["action"]) == set(ACTIONS)
    assert set(TABLES["priority"]) == {"0", "1", "2"}
    assert set(TABLES["role"]) == {"reviewer", "trainer", "administrator", "auditor"}
    assert set(TABLES["outcome"]) == {"signposted", "control_room", "niche", "block_considered", "no_action"}


@pytest.mark.parametrize(
    ("code", "table", "expected"),
    [
        ("crime_report", "label", "Report of a crime"),
        (None, "label", "Not understood"),
        ("", "outcome", "Not recorded"),
        (None, "delivery", "None"),
        (0, "priority", "Urgent"),
        ("quite_new", "label", "quite new"),
    ],
)
def test_a_code_is_said_in_words_and_a_new_one_breaks_nothing(code, table: str, expected: str):
    assert words(code, table) == expected


def test_a_table_that_does_not_exist_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        words("report", "labels")


def test_templates_say_codes_and_the_mandate_s_channels(record, mandate):
    assert said(record, mandate, '{{ "emergency" | words("label") }}') == "Emergency"
    assert said(record, mandate, '{{ "x_dm" | words("channel") }}') == mandate.channel("x_dm").name


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 1, 9, 23, 5), "9 January 2026, 23:05"),  # noqa: DTZ001
        (datetime(2026, 7, 9, 23, 5), "10 July 2026, 00:05"),  # noqa: DTZ001
        (datetime(2026, 3, 29, 0, 59), "29 March 2026, 00:59"),  # noqa: DTZ001
        (datetime(2026, 3, 29, 1, 0), "29 March 2026, 02:00"),  # noqa: DTZ001
        (datetime(2026, 10, 25, 0, 30), "25 October 2026, 01:30"),  # noqa: DTZ001
        (datetime(2026, 10, 25, 1, 30), "25 October 2026, 01:30"),  # noqa: DTZ001
    ],
)
def test_a_moment_is_told_by_the_clocks_of_great_britain(when: datetime, expected: str):
    assert day_and_time(when) == expected
    assert expected.startswith(day(when))


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29), "29 days ago"),
        (timedelta(days=30), "23 October 2026"),
        (-timedelta(hours=2), "22 November 2026, 05:00"),
    ],
)
def test_how_long_ago(passed: timedelta, expected: str):
    assert ago(NOW - passed, NOW) == expected


def test_a_day_begins_at_midnight_in_great_britain():
    for one in (date(2026, 7, 9), date(2026, 1, 9), date(2026, 3, 29), date(2026, 10, 25)):
        start = start_of_day(one)
        assert start.tzinfo is None
        assert (in_london(start).date(), in_london(start).hour) == (one, 0)
        assert in_london(start - timedelta(seconds=1)).date() == one - timedelta(days=1)
    assert start_of_day(date(2026, 7, 9)) == datetime(2026, 7, 8, 23, 0)  # noqa: DTZ001


def test_templates_make_time_elements_that_machines_read(record, mandate, clock):
    shown = said(record, mandate, "{{ when | ago }}", when=clock() - timedelta(minutes=3))
    assert shown == ('<time datetime="2026-11-22T02:57:00Z" title="22 November 2026, 02:57">3 minutes ago</time>')
    assert said(record, mandate, "{{ when | day }}", when=clock()) == (
        '<time datetime="2026-11-22T03:00:00Z">22 November 2026</time>'
    )
    assert said(record, mandate, "{{ none | day_and_time }}") == ""
    assert datetime.fromisoformat(machine_time(clock())[:-1]).replace(tzinfo=timezone.utc)
