"""The reports: what they say, for whom, of which days, and as a spreadsheet."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from console_staff import Console, console_of
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from test_console_pages import Page, parts_for
from test_figures import Writer, utc

from signpost.console.reports.cells import Seconds, Share, duration, plain, shown
from signpost.console.reports.charts import bars, columns, nice_scale, shares
from signpost.force.accounts import Account, Accounts
from signpost.log.models import AuditEntry
from signpost.mistakes import Mistake
from signpost.office_hours import OfficeHours, office_hours

NOW = utc(2026, 11, 22, 12)
ODD = '=1+1 <b>"Calne\'s" & co'
ACCOUNTS = Accounts((Account("calne", "facebook", "page", ODD, ("messenger",)),))


@pytest.fixture
def writer(record) -> Writer:
    record.clock.now = NOW
    return Writer(record)


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """A page counts all there is to count, however slow the machine."""
    monkeypatch.setattr("signpost.console.reports.routes.PATIENCE_SECONDS", float("inf"))


@pytest.fixture
def console(writer, mandate) -> Console:
    return console_of(parts_for(writer.record, mandate, accounts=ACCOUNTS))


def page(console: Console, path: str = "/reports", role: str = "reviewer") -> Any:
    found = re.sub(r"\s+", " ", console.client(role, username=f"{role}{id(path)}").get(path).text)
    return Shown(found)


class Shown(str):
    """A page's HTML, with its tables as lists of what stands in their cells."""

    __slots__ = ()

    def table(self, caption: str) -> list[list[str]]:
        for table in re.findall(r"<table.*?</table>", self):
            if f">{caption}</caption>" in table:
                rows = re.findall(r"<tr.*?</tr>", table)
                return [
                    [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
                    for row in rows
                ]
        raise AssertionError(caption)


def some(writer: Writer) -> None:
    """Three messages on Friday the 20th: one in office hours, one in the evening, and one that is nothing."""
    writer.report(utc(2026, 11, 20, 9, 10), crime_kind="burglary")
    writer.report(utc(2026, 11, 20, 21), person="q", label="emergency", channel="x_dm", account="x")
    writer.message(utc(2026, 11, 20, 21, 40), person="r")


# For whom


@pytest.mark.parametrize("role", ["reviewer", "trainer", "administrator"])
def test_those_who_lead_and_do_the_work_read_them(console, role):
    assert console.client(role).get("/reports").status_code == 200
    assert console.client(role, username="other").get("/reports.csv").status_code == 200


def test_an_auditor_does_not_and_a_stranger_signs_in_first(console):
    assert console.client("auditor").get("/reports").status_code == 403
    assert console.client("auditor", username="other").get("/reports.csv").status_code == 403
    assert console.client().get("/reports").status_code == 302


# What they say


def test_they_say_how_much_came_in(console, writer):
    some(writer)
    found = page(console, "/reports?days=7")
    assert found.table("Messages and escalations by day")[1:6:4] == [
        ["16 Nov 2026", "0", "0", "–"],
        ["20 Nov 2026", "3", "2", "66.7%"],
    ]
    assert len(found.table("Messages and escalations by day")) == 8
    assert found.table("Messages and escalations by channel") == [
        ["Channel", "Messages", "Escalations", "Share escalated"],
        ["Facebook Messenger", "2", "1", "50.0%"],
        ["X message", "1", "1", "100.0%"],
    ]
    assert found.table("Messages and escalations in and outside office hours")[1:] == [
        ["Outside office hours", "2", "66.7%", "1", "50.0%"],
        ["In office hours", "1", "33.3%", "1", "50.0%"],
    ]
    hours = {row[0]: row[1:3] for row in found.table("Messages and escalations by hour of the day, UK time")}
    assert hours["21:00 to 21:59"] == ["2", "1"]
    assert found.table("Escalations: by kind of crime")[1:] == [
        ["Burglary", "1", "50.0%"],
        ["No kind recorded", "1", "50.0%"],
    ]
    assert found.table("Escalations: how they were understood")[1:] == [
        ["Emergency", "1", "50.0%"],
        ["Report of a crime", "1", "50.0%"],
    ]


def test_they_say_how_soon_people_were_answered_and_looked_at(console, writer):
    at = utc(2026, 11, 20, 9)
    for seconds in (0.5, 0.5, 5, 100):
        writer.report(at, delivered_at=at + timedelta(seconds=seconds), reviewed_at=at + timedelta(hours=seconds))
    found = page(console)
    replies = {row[0]: row[1:] for row in found.table("Time to reply")[1:]}
    assert replies["Median"] == ["0.5 seconds", ""]
    assert replies["95% arrived within"][0] in {"98 seconds", "99 seconds", "100 seconds", "101 seconds", "102 seconds"}
    assert replies["Within 1 second"] == ["2", "50.0%"]
    assert replies["Within 1 minute"] == ["3", "75.0%"]
    reviews = {row[0]: row[1:] for row in found.table("Time to review")[1:]}
    assert reviews["Not yet reviewed"] == ["0", ""]
    assert reviews["Within 1 hour"] == ["2", "50.0%"]
    assert reviews["Within 7 days"] == ["4", "100.0%"]


def test_they_say_what_reviewers_overturned_with_how_sure_that_is(console, writer):
    for was_report in ("yes", "yes", "yes", "no"):
        writer.report(utc(2026, 11, 20, 9), was_report=was_report, was_emergency="no", reviewed_at=NOW)
    rows = page(console).table("Decisions that reviewers overturned, by what the message was understood as")
    assert rows[1:] == [["Report of a crime", "4", "1", "25.0%", "4.6%", "69.9%"]]


def test_they_say_how_many_wrote_again_of_those_who_have_had_their_week(console, writer):
    for day in (10, 12):
        writer.report(utc(2026, 11, day, 9))
    writer.report(utc(2026, 11, 20, 9), person="new")
    found = page(console)
    assert found.table("Conversations with a further report within 7 days of guidance")[1][1:4] == ["2", "1", "50.0%"]
    assert "days after 14 November 2026 aren’t counted yet" in found


def test_a_longer_time_is_told_in_weeks_and_a_very_long_one_in_months(console, writer):
    some(writer)
    weeks = page(console, "/reports?days=year").table("Messages and escalations by week")
    assert weeks[1][0] == "Week from 23 Nov 2025 (1 day)"
    assert weeks[-1] == ["Week from 16 Nov 2026", "3", "2", "66.7%"]
    own = "days=own&first-day=5&first-month=1&first-year=2024&last-day=22&last-month=11&last-year=2026"
    months = page(console, f"/reports?{own}").table("Messages and escalations by month")
    assert months[1][0] == "January 2024 (27 days)"
    assert months[2][0] == "February 2024"
    assert months[-1] == ["November 2026 (22 days)", "3", "2", "66.7%"]


def test_a_channel_or_an_account_can_be_looked_at_alone(console, writer):
    some(writer)
    assert page(console, "/reports?channel=x_dm").table("Messages and escalations by channel")[1:] == [
        ["X message", "1", "1", "100.0%"]
    ]
    assert len(page(console, "/reports?account=page").table("Messages and escalations by channel")) == 2
    assert "Nothing came in on these days" in page(console, "/reports?account=page&channel=x_dm")


def test_the_simulator_is_left_out(console, writer):
    some(writer)
    writer.report(utc(2026, 11, 20, 9), account="simulator")
    found = page(console)
    assert ["page", "2", "1"] not in found.table("Messages and escalations by account")
    assert sum(int(row[2]) for row in found.table("Messages and escalations by account")[1:]) == 2


def test_office_hours_are_as_the_settings_say(writer, mandate):
    some(writer)
    office = OfficeHours(first_day=0, last_day=6, begin=0, end=48)
    found = page(console_of(parts_for(writer.record, mandate, office=office)))
    assert found.table("Messages and escalations in and outside office hours")[1][1] == "0"
    assert "Monday to Sunday, 00:00 to 24:00" in found


# Whole and readable


def test_every_chart_says_what_it_shows_and_has_its_table(console, writer):
    some(writer)
    writer.report(utc(2026, 11, 20, 9), was_report="no", was_emergency="no", reviewed_at=NOW)
    found = page(console)
    charts = re.findall(r"<svg.*?</svg>", found)
    assert len(charts) >= 10
    for chart in charts:
        assert 'role="img"' in chart
        ids = re.search(r'aria-labelledby="([\w-]+) ([\w-]+)"', chart).groups()
        assert all(f'id="{one}"' in chart for one in ids)
        assert "style=" not in chart
    titles = re.findall(r"<title id=.*?>(.*?)</title>", found)
    assert len(set(titles)) == len(titles)
    whole = Page(found)
    ids = [one["id"] for _tag, one in whole.tags if one.get("id")]
    assert len(ids) == len(set(ids))
    assert len(whole.all("h1")) == 1
    assert len(whole.all("caption")) == len(whole.all("table"))
    assert all(one["scope"] in {"col", "row"} for one in whole.all("th"))


def test_names_are_shown_as_they_are_and_never_run(console, writer):
    some(writer)
    found = page(console)
    assert "<b>" not in found
    assert "=1+1 &lt;b&gt;" in found


def test_a_page_without_anything_says_when_there_will_be_something(console):
    found = page(console)
    assert "Nothing has come in yet" in found
    assert "<table" not in found


def test_days_without_anything_say_so(console, writer):
    writer.report(utc(2026, 5, 1, 9))
    console.client("reviewer").get("/reports?days=year")
    found = page(console, "/reports?days=7")
    assert "Nothing came in on these days. The first message came in on 1 May 2026." in found


def test_messages_without_any_escalation_have_no_further_parts(console, writer):
    writer.message(utc(2026, 11, 20, 9))
    found = page(console)
    assert found.table("Messages and escalations by day")[-3][1:] == ["1", "0", "0.0%"]
    assert "Time to reply" not in found


# Which days


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("days=own", "Enter a day in From, or choose other days above"),
        ("days=own&first-day=31&first-month=2&first-year=2026", "From must be a real day: February 2026 has 28 days"),
        ("days=own&first-day=1&first-month=1&first-year=99999", "From must have a year from 1900 to 2100"),
        (
            "days=own&first-day=1&first-month=1&first-year=2027&last-day=2&last-month=1&last-year=2027",
            "From must be today or earlier",
        ),
        (
            "days=own&first-day=2&first-month=2&first-year=2026&last-day=1&last-month=2&last-year=2026",
            "To must be the same as or after 2 February 2026",
        ),
        (
            "days=own&first-day=1&first-month=1&first-year=1950&last-day=1&last-month=1&last-year=2026",
            "To must be within 5 years of From",
        ),
        ("days=100", "Choose one of the answers"),
        ("channel=pigeon", "Choose one of the answers"),
        ("account=%3Cscript%3E", "Choose one of the answers"),
    ],
)
def test_absurd_days_and_filters_get_a_sentence(console, writer, query, sentence):
    some(writer)
    for path in ("/reports", "/reports.csv"):
        answer = console.client("reviewer", username=f"someone{path}").get(f"{path}?{query}")
        assert answer.status_code == 422
        assert sentence in answer.text.replace("&#39;", "'")
        assert "There is a problem" in answer.text
        assert "<title>Error: Reports" in answer.text


def test_what_was_typed_stays_in_the_boxes(console):
    query = "days=own&first-day=31&first-month=feb&first-year=2026"
    found = page(console, f"/reports?{query}")
    assert 'value="31"' in found
    assert 'value="feb"' in found


def test_boxes_count_only_where_the_answer_above_them_says_so(console):
    assert console.client("reviewer").get("/reports?days=7&first-day=xx&last-year=9").status_code == 200


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "26 October to 22 November 2026"),
        ("days=7", "16 to 22 November 2026"),
        ("days=90", "25 August to 22 November 2026"),
        ("days=year", "23 November 2025 to 22 November 2026"),
        ("days=own&first-day=1&first-month=may&first-year=2026&last-day=1&last-month=5&last-year=2026", "1 May 2026"),
    ],
)
def test_the_days_are_said_in_words(console, query, title):
    assert f"<title>Reports: {title} – Signpost</title>" in page(console, f"/reports?{query}")


def test_a_year_before_a_leap_day_is_a_year(writer, mandate):
    writer.record.clock.now = utc(2028, 2, 29, 12)
    found = page(console_of(parts_for(writer.record, mandate)), "/reports?days=year")
    assert "1 March 2027 to 29 February 2028" in found


# Counted meanwhile


def test_what_is_left_to_count_is_said_and_counted_in_the_background(console, writer, monkeypatch):
    some(writer)
    monkeypatch.setattr("signpost.console.reports.routes.PATIENCE_SECONDS", 0)
    done: list[str] = []
    monkeypatch.setattr("signpost.console.reports.background.Background.start", lambda self: done.append("begun"))
    found = page(console)
    assert "still being counted" in found
    assert done == ["begun"]
    assert "Nothing came in" not in found
    assert "Nothing has come in" not in found


def test_the_background_counts_all_there_is(writer, monkeypatch):
    from signpost.console.reports.background import Background

    some(writer)
    background = Background(writer.keeper)
    background.start()
    with background._busy:
        assert writer.stale() == []


def test_a_record_that_others_write_to_is_shown_as_it_was_counted(console, writer, monkeypatch):
    some(writer)
    client = console.client("reviewer")
    client.get("/reports")
    writer.message(utc(2026, 11, 20, 12))

    def locked(*_args: Any, **_more: Any) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr("signpost.log.figures_keeping.FigureKeeper.count", locked)
    monkeypatch.setattr("signpost.console.reports.background.Background.start", lambda self: None)
    answer = client.get("/reports")
    assert answer.status_code == 200
    assert "One day of these is still being counted" in re.sub(r"\s+", " ", answer.text)


# As a spreadsheet


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_all_tables_come_as_a_spreadsheet(console, writer):
    some(writer)
    answer = console.client("reviewer").get("/reports.csv?days=7")
    rows = rows_of(answer)
    assert ["2026-11-20", "3", "2", "0.6667"] in rows
    assert ["Messages and escalations by hour of the day, UK time"] in rows
    assert ["Conversations with a further report within 7 days of guidance"] in rows
    assert 'filename="signpost-report-2026-11-16-to-2026-11-22.csv"' in answer.headers["Content-Disposition"]
    assert answer.get_data().startswith(b"\xef\xbb\xbf"), "so that Excel reads it as UTF-8"


def test_a_spreadsheet_tells_each_day_where_the_page_tells_weeks(console, writer):
    some(writer)
    rows = rows_of(console.client("reviewer").get("/reports.csv?days=year"))
    assert sum(bool(re.fullmatch(r"\d{4}-\d\d-\d\d", row[0])) for row in rows if row) == 365


def test_no_cell_is_a_formula(console, writer):
    some(writer)
    answer = console.client("reviewer").get("/reports.csv")
    cells = [cell for row in rows_of(answer) for cell in row]
    assert f"'{ODD}" in cells, "an account's name may begin with anything"
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_link_asks_for_what_the_page_shows(console, writer):
    some(writer)
    found = page(console, "/reports?days=7&channel=x_dm")
    address = re.search(r'href="(/reports\.csv[^"]*)"', found).group(1).replace("&amp;", "&")
    asked = parse_qs(urlparse(address).query)
    assert asked["first-day"] == ["16"]
    assert asked["channel"] == ["x_dm"]
    assert ["X message", "1", "1", "1.0000"] in rows_of(console.client("reviewer").get(address))


def entries(record: Any) -> list[AuditEntry]:
    with record.reads() as session:
        return [one for one in session.scalars(select(AuditEntry)) if one.event.startswith("report")]


def test_a_spreadsheet_is_a_disclosure_and_a_look_is_not(console, writer):
    some(writer)
    client = console.client("reviewer", username="kim")
    client.get("/reports")
    assert entries(writer.record) == []
    client.get("/reports.csv?days=7&channel=x_dm")
    (entry,) = entries(writer.record)
    assert (entry.actor, entry.action, entry.event) == ("kim", "disclosure", "report_exported")
    assert entry.detail == {"first": "2026-11-16", "last": "2026-11-22", "channel": "x_dm", "account": "all"}


# Its parts


@pytest.mark.parametrize(
    ("cell", "page_says", "sheet_says"),
    [
        (1234, "1,234", "1234"),
        (Share(0.12341), "12.3%", "0.1234"),
        (Share(None), "–", ""),
        (Share.of(1, 0), "–", ""),
        (Seconds(90.0), "90 seconds", "90.0000"),
        (Seconds(None), "–", ""),
        (date(2026, 3, 7), "7 March 2026", "2026-03-07"),
        (None, "", ""),
        ("words", "words", "words"),
    ],
)
def test_a_cell_reads_one_way_on_a_page_and_another_in_a_spreadsheet(cell, page_says, sheet_says):
    assert shown(cell) == page_says
    assert plain(cell) == sheet_says


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.01, "0 seconds"),
        (0.84, "0.8 seconds"),
        (1, "1 second"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (121, "2 minutes"),
        (3600, "1 hour"),
        (2.5 * 3600, "2.5 hours"),
        (24 * 3600, "1 day"),
        (12 * 86_400, "12 days"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize("highest", [0, 1, 3, 5, 9, 10, 17, 99, 100, 4711, 50_000, 123_456])
def test_a_scale_has_round_steps_and_room_for_the_highest(highest):
    end, step = nice_scale(highest)
    assert end >= highest
    assert 1 <= end / step <= 5
    assert str(int(step)).rstrip("0") in {"1", "2", "5"}


def test_charts_of_nothing_are_still_drawn():
    assert "<svg" in columns("a", "A", [])
    assert "<svg" in bars("a", "A", [("x", 0.0, "0")])
    assert "<svg" in shares("a", "A", [])


def test_no_bar_is_longer_than_its_frame():
    drawn = str(shares("a", "A", [("x", 1.0, 0.9, 1.0)])) + str(bars("a", "A", [("x", 7.0, "7"), ("y", 3.0, "3")]))
    for left, width in re.findall(r'x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn):
        assert float(left) + float(width) <= 392.01


@pytest.mark.parametrize("text", ["", "9-5", "Mon-Fri", "Mon-Fri 08:15-18:00", "Mon-Fri 18:00-08:00", "Foo-Fri 08:00-18:00", "Mon-Fri 08:00-24:30"])  # fmt: skip
def test_office_hours_that_cannot_be_read_are_refused_with_a_sentence(text):
    with pytest.raises(Mistake, match="must look like Mon-Fri 08:00-18:00"):
        office_hours(text)


def test_a_week_may_begin_on_any_day():
    office = office_hours("sun-thu 09:30-17:00")
    assert str(office) == "Sunday to Thursday, 09:30 to 17:00"
    nine_thirty = 19
    assert [office.are_in(day * 48 + nine_thirty) for day in range(7)] == [True, True, True, True, False, False, True]
    assert not office.are_in(nine_thirty - 1)
    assert not office.are_in(34)
    assert office_hours("Mon-Sun 00:00-24:00").are_in(335)


def test_usual_office_hours_are_those_of_the_setting():
    assert office_hours("Mon-Fri 08:00-18:00") == OfficeHours()


def test_an_hour_that_comes_twice_counts_twice(console, writer):
    writer.record.clock.now = datetime(2026, 11, 1, 12)  # noqa: DTZ001
    writer.report(utc(2026, 10, 25, 0, 30))
    writer.report(utc(2026, 10, 25, 1, 30))
    hours = page(console).table("Messages and escalations by hour of the day, UK time")
    assert hours[2][:3] == ["01:00 to 01:59", "2", "2"]
