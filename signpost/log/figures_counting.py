"""Counts one day of the record, channel by channel and account by account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from signpost.log import figures as names
from signpost.log.causes import LABELS
from signpost.log.correcting import judged_label
from signpost.log.figures import Tally, add, bucket, count
from signpost.log.figures_days import WEEK, bounds, half_hour_of, is_over
from signpost.log.models import REPORT, UNKNOWN, UNSURE, Escalation, InboundMessage

ALL = ""
"""In the place of a channel or an account: all of them."""
REPORTING = (REPORT, UNSURE)
"""The causes of escalations whose sender says something to the police, as far as anybody can tell."""
AT_ONCE = 200
"""Conversations asked about in one statement."""

Place = tuple[str, str]
"""Channel and account, or :data:`ALL`."""


@dataclass(frozen=True)
class Day:
    """A day's figures by place; ``over``: the week in which people may write again was over when it was counted."""

    day: date
    over: bool
    places: dict[Place, Tally]


def count_day(session: Session, day: date, now: datetime, left_out: frozenset[str]) -> Day:
    """Counts a day in London. ``left_out`` are the accounts that nobody outside writes to."""
    start, end = bounds(day)
    places: dict[Place, Tally] = {}
    over = is_over(day, now)
    rows = session.execute(_escalations(start, end, left_out)).all()
    for row in rows:
        _count_escalation(places.setdefault((row.channel, row.account), {}), row)
    for channel, account, half_hour, number in _messages(session, start, end, left_out):
        tally = places.setdefault((channel, account), {})
        count(tally, names.MESSAGES, half_hour, number)
        count(tally, names.MESSAGE_CHANNEL, channel, number)
        count(tally, names.MESSAGE_ACCOUNT, account, number)
    if over:
        _count_those_who_wrote_again(session, rows, places)
    return Day(day, over, _with_sums(places))


def _escalations(start: datetime, end: datetime, left_out: frozenset[str]) -> Any:
    one = Escalation
    return (
        select(
            *(one.channel, one.account, one.received_at, one.delivered_at, one.cause, one.label, one.crime_kind),
            *(one.reviewed_at, one.was_report, one.was_emergency, InboundMessage.conversation_id),
        )
        .join(InboundMessage, InboundMessage.id == one.inbound_message_id)
        .where(one.received_at >= start, one.received_at < end, one.account.not_in(left_out))
    )


def _count_escalation(tally: Tally, row: Any) -> None:
    count(tally, names.ESCALATIONS, half_hour_of(row.received_at))
    count(tally, names.CHANNEL, row.channel)
    count(tally, names.ACCOUNT, row.account)
    count(tally, names.LABEL, row.label)
    count(tally, names.CAUSE, row.cause)
    if row.crime_kind:
        count(tally, names.KIND, row.crime_kind)
    if row.delivered_at is not None:
        seconds = (row.delivered_at - row.received_at).total_seconds()
        count(tally, names.REPLY_TIME, bucket(seconds))
        for limit in names.PROMPT:
            if seconds <= limit:
                count(tally, names.REPLIED_WITHIN, limit)
    if row.reviewed_at is not None:
        _count_review(tally, row)


def _count_review(tally: Tally, row: Any) -> None:
    seconds = (row.reviewed_at - row.received_at).total_seconds()
    count(tally, names.REVIEW_TIME, bucket(seconds))
    for limit in names.TIMELY:
        if seconds <= limit:
            count(tally, names.REVIEWED_WITHIN, limit)
    if row.label != UNKNOWN:
        judged = judged_label(row.was_report, row.was_emergency)
        if judged is not None:
            count(tally, names.JUDGED, row.label)
            if judged != row.label:
                count(tally, names.OVERTURNED, row.label)


def _messages(
    session: Session, start: datetime, end: datetime, left_out: frozenset[str]
) -> Iterator[tuple[str, str, int, int]]:
    """(channel, account, half hour, messages): grouped by the database, for there may be very many."""
    one = InboundMessage
    # Both clocks turn their halves of an hour together, so any time of the group stands for the group.
    group = (
        one.channel,
        one.account,
        extract("day", one.received_at),
        extract("hour", one.received_at),
        extract("minute", one.received_at) >= 30,  # noqa: PLR2004  # half of an hour
    )
    query = (
        select(one.channel, one.account, func.min(one.received_at), func.count())
        .where(one.received_at >= start, one.received_at < end, one.account.not_in(left_out))
        .group_by(*group)
    )
    for channel, account, first, number in session.execute(query):
        yield channel, account, half_hour_of(first), number


def _count_those_who_wrote_again(session: Session, rows: Sequence[Any], places: dict[Place, Tally]) -> None:
    """Each conversation counts once a day, from its first report that day to which guidance was delivered."""
    redirected: dict[int, Any] = {}
    for row in sorted(rows, key=lambda row: row.received_at):
        if row.delivered_at is not None and row.label in LABELS:
            redirected.setdefault(row.conversation_id, row)
    again = _wrote_again(session, redirected)
    for conversation, row in redirected.items():
        tally = places[row.channel, row.account]
        count(tally, names.AGAIN, names.REDIRECTED)
        if conversation in again:
            count(tally, names.AGAIN, names.WROTE_AGAIN)


def _wrote_again(session: Session, redirected: dict[int, Any]) -> set[int]:
    conversations, again = list(redirected), set[int]()
    if not redirected:
        return again
    earliest = min(row.delivered_at for row in redirected.values())
    latest = max(row.received_at for row in redirected.values()) + WEEK
    message = InboundMessage
    for at in range(0, len(conversations), AT_ONCE):
        query = (
            select(message.conversation_id, Escalation.received_at)
            .join(Escalation, Escalation.inbound_message_id == message.id)
            .where(
                message.conversation_id.in_(conversations[at : at + AT_ONCE]),
                message.received_at > earliest,
                message.received_at <= latest,
                Escalation.cause.in_(REPORTING),
            )
        )
        for conversation, received in session.execute(query):
            first = redirected[conversation]
            if first.delivered_at < received <= first.received_at + WEEK:
                again.add(conversation)
    return again


def _with_sums(places: dict[Place, Tally]) -> dict[Place, Tally]:
    """The same with those of all accounts, of all channels, and of both together."""
    sums: dict[Place, Tally] = {}
    for (channel, account), tally in places.items():
        for place in ((channel, account), (channel, ALL), (ALL, account), (ALL, ALL)):
            add(sums.setdefault(place, {}), tally)
    return sums
