"""The words of a notice: plain text, the same by e-mail and by webhook."""

from collections.abc import Iterator
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from signpost.alerts.kinds import kind_of
from signpost.alerts.notice import Notice, Told

LONDON = ZoneInfo("Europe/London")
MOST_LISTED = 20
"""Of many alerts told at once, so many are listed and the others counted: Teams refuses a card above 28 KB."""
MOST_CHARACTERS = 120
TEST = "This is a test. Nothing has happened, and there is nothing to do."
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def subject(notice: Notice) -> str:
    """One line, without anything that a person or a platform wrote."""
    if not notice.alerts:
        return "Signpost: a test of the alerts"
    first = most_pressing(notice)[0]
    again = f", notice {first.number}" if first.number > 1 else ""
    if len(notice.alerts) == 1:
        what = kind_of(first.kind).title
        return one_line(f"Signpost: {what}{f' ({first.reference})' if first.reference else ''}{again}")
    urgent = sum(one.urgent for one in notice.alerts)
    return f"Signpost: {len(notice.alerts)} alerts, {urgent or 'none'} urgent"


def text(notice: Notice) -> str:
    """The whole notice as plain text."""
    return "\n".join(_lines(notice)) + "\n"


def _lines(notice: Notice) -> Iterator[str]:
    if not notice.alerts:
        yield TEST
        yield ""
        yield "When an alert opens in Signpost, its notice comes the same way as this one."
        return
    listed = most_pressing(notice)[:MOST_LISTED]
    said: set[str] = set()
    for one in listed:
        yield kind_of(one.kind).title
        yield from (f"  {name}: {value}" for name, value in facts(one, notice))
        if one.kind not in said:
            yield f"  What to do: {kind_of(one.kind).to_do}"
            said.add(one.kind)
        yield ""
    if len(notice.alerts) > len(listed):
        yield f"And {len(notice.alerts) - len(listed)} more. The alerts' page in Signpost lists all of them."
        yield ""
    yield from how_to_acknowledge(notice)
    yield ""
    yield "This notice holds no personal data. Alert ids, with how often each has been told:"
    yield from (f"{one.id} {one.number}" for one in listed)


def facts(one: Told, notice: Notice) -> list[tuple[str, str]]:
    """What is told of one alert, name by name."""
    link = notice.link(one.reference) if one.reference else ""
    pairs = (
        ("Reference", one_line(one.reference)),
        ("Channel", one_line(one.channel)),
        ("Account", one_line(one.account)),
        ("When", when(one.raised_at, notice.now)),
        ("Open it", link),
    )
    return [(name, value) for name, value in pairs if value]


def how_to_acknowledge(notice: Notice) -> list[str]:
    """How these notices are stopped, and when the next one comes."""
    place = notice.link()
    minutes = "every minute" if notice.repeat_minutes == 1 else f"every {notice.repeat_minutes} minutes"
    until = minutes if notice.urgent else "again from time to time"
    return [
        f"To stop these notices, acknowledge the alert in Signpost{f': {place}' if place else ', on the page Alerts.'}",
        f"Until somebody does, you are told {until}.",
    ]


def most_pressing(notice: Notice) -> list[Told]:
    """The alerts, urgent ones first, then the newest."""
    return sorted(notice.alerts, key=lambda one: (not one.urgent, -one.raised_at.timestamp(), one.id))


def when(raised_at: datetime, now: datetime) -> str:
    """Such as 4 minutes ago (22 November 2026, 03:04)."""
    local = raised_at.replace(tzinfo=timezone.utc).astimezone(LONDON)
    return f"{_ago((now - raised_at).total_seconds())} ({local.day} {local:%B %Y, %H:%M})"


def _ago(seconds: float) -> str:
    for length, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def one_line(value: str) -> str:
    """The text on one line, without control characters and not too long: safe in a header, and in a card."""
    plain = "".join(character if character.isprintable() else " " for character in value)
    return " ".join(plain.split())[:MOST_CHARACTERS]
