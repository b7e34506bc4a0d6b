"""Puts a report together from what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signpost.console.reports.breakdown import TITLES, Word, by_code, by_kind, by_place
from signpost.console.reports.cells import Seconds, Share, shown
from signpost.console.reports.people import last_day_over, overturned, wrote_again
from signpost.console.reports.period import Asked
from signpost.console.reports.tables import Report, Section
from signpost.console.reports.timing import replies, reviews
from signpost.console.reports.volume import by_day, by_hour, outside, outside_share
from signpost.log import figures as names
from signpost.log.figures import Tally, times, total
from signpost.log.figures_reading import DayCount
from signpost.office_hours import OfficeHours


@dataclass(frozen=True)
class Reporter:
    """Makes reports. ``word`` gives the words for a code."""

    office: OfficeHours
    word: Word

    def report(self, asked: Asked, tally: Tally, days: Sequence[DayCount], today: date) -> Report:
        """The report on these figures; without figures and sections where nothing happened."""
        if not tally:
            return Report(asked.words)
        first, last = asked.extent.first, asked.extent.last
        sections: list[Section] = [by_day(days, first, last, today), by_hour(tally), outside(tally, self.office)]
        for name, of_messages in ((names.CHANNEL, names.MESSAGE_CHANNEL), (names.ACCOUNT, names.MESSAGE_ACCOUNT)):
            sections.append(by_place(tally, name, of_messages, self.word))
        if total(tally, names.ESCALATIONS):
            sections += [by_code(tally, name, title, column, self.word) for name, title, column in TITLES]
            sections.append(by_kind(tally, self.word))
            sections += [replies(tally), reviews(tally), overturned(tally, self.word)]
            sections.append(wrote_again(tally, min(last, last_day_over(today))))
        return Report(asked.words, _figures(tally, self.office), sections)


def _figures(tally: Tally, office: OfficeHours) -> list[tuple[str, str, str]]:
    messages, escalations = total(tally, names.MESSAGES), total(tally, names.ESCALATIONS)
    replied, reviewed = times(tally.get(names.REPLY_TIME, {})), times(tally.get(names.REVIEW_TIME, {}))
    out, _all = outside_share(tally, names.ESCALATIONS, office)
    judged, otherwise = total(tally, names.JUDGED), total(tally, names.OVERTURNED)
    found = [
        ("Messages", shown(messages), "came in"),
        ("Escalations", shown(escalations), f"{shown(Share.of(escalations, messages))} of messages"),
    ]
    if escalations:
        found += [
            ("Time to reply", shown(Seconds(replied.median)), f"median; 95% within {shown(Seconds(replied.most))}"),
            (
                "Time to review",
                shown(Seconds(reviewed.median)),
                f"median; {shown(escalations - reviewed.count)} not yet reviewed",
            ),
            ("Overturned", shown(Share.of(otherwise, judged)), f"of {shown(judged)} judged by reviewers"),
            ("Outside office hours", shown(Share.of(out, escalations)), "of escalations"),
        ]
    return found
