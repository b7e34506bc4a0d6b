"""What reviewers thought of it, and whether people who were told where to report wrote again."""

from datetime import date, timedelta

from markupsafe import Markup

from signpost.console.reports.breakdown import Word
from signpost.console.reports.cells import Cell, Share, shown
from signpost.console.reports.charts import shares
from signpost.console.reports.tables import Section, Table
from signpost.estimates import Estimate, share
from signpost.log import figures as names
from signpost.log.figures import Tally

HEAD = ("Share", "Lowest likely", "Highest likely")
INTERVAL = "The true share lies between the lowest and the highest likely one, with 95% confidence."


def overturned(tally: Tally, word: Word) -> Section:
    """Of the decisions that reviewers judged, those they judged otherwise."""
    judged, otherwise = tally.get(names.JUDGED, {}), tally.get(names.OVERTURNED, {})
    estimates = [
        (word(names.LABEL, label), share(otherwise.get(label, 0), judged[label]))
        for label in sorted(judged, key=lambda label: -judged[label])
    ]
    if len(estimates) > 1:
        estimates.append(("All", share(sum(otherwise.values()), sum(judged.values()))))
    return Section(
        "overturned",
        "Decisions that reviewers overturned",
        Table(
            "Decisions that reviewers overturned, by what the message was understood as",
            ("Understood as", "Judged", "Overturned", *HEAD),
            [(words, one.of, one.hits, *_interval(one)) for words, one in estimates],
        ),
        _chart("overturned", "Share of decisions that reviewers overturned", estimates),
        (
            "A decision is overturned where the reviewer’s answers make it something else than it was understood as.",
            "Reviews in which the reviewer can’t tell aren’t counted.",
            INTERVAL,
        ),
    )


def wrote_again(tally: Tally, last_over: date) -> Section:
    """Of those who were redirected, those who reported again within a week."""
    counts = tally.get(names.AGAIN, {})
    one = share(counts.get(names.WROTE_AGAIN, 0), counts.get(names.REDIRECTED, 0))
    return Section(
        "again",
        "Redirected people who wrote again",
        Table(
            "Conversations with a further report within 7 days of guidance",
            ("Conversations", "Redirected", "Wrote again", *HEAD),
            [("All", one.of, one.hits, *_interval(one))],
        ),
        _chart("again", "Share of redirected people who wrote again", [("Wrote again within 7 days", one)]),
        (
            "A conversation counts once a day, from its first report of the day whose guidance arrived.",
            f"Each has 7 days to write again, so days after {shown(last_over)} aren’t counted yet.",
            "People are told apart by their account on the platform: somebody who then rang 101 isn’t known.",
            INTERVAL,
        ),
    )


def last_day_over(today: date) -> date:
    """The last day whose people have all had their week by now."""
    return today - timedelta(days=8)


def _interval(one: Estimate) -> tuple[Cell, ...]:
    return Share(one.value), Share(one.low), Share(one.high)


def _chart(name: str, title: str, estimates: list[tuple[str, Estimate]]) -> Markup | None:
    known = [(words, one.value, one.low, one.high) for words, one in estimates if one.value is not None]
    return shares(name, title, known) if known else None
