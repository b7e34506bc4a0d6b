"""All that happened to a record, newest first: to the message, to its replies, and what staff did."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.record.happenings import OPENED, happening
from signpost.console.times import day_and_time
from signpost.log.audit import ERASURE, SERVICE
from signpost.log.escalations import LOGGED
from signpost.log.models import AuditEntry, DeliveryAttempt, Escalation, OutboundMessage, StaffAccount

MOST_ACTS = 50
"""Entries of the audit trail that are shown, the newest; whoever may read the audit log finds the rest there."""
MOST_ATTEMPTS = 50
ATTEMPTS = {"delivered": "Reply delivered", "later": "Delivery put off", "failed": "Delivery failed"}


@dataclass(frozen=True)
class Moment:
    """One thing that happened. ``by`` is the name of whoever did it, none for the service and the person."""

    at: datetime
    title: str
    text: str = ""
    by: str | None = None


@dataclass(frozen=True)
class Timeline:
    """The moments, newest first; ``more`` says that older acts of staff aren't among them."""

    moments: tuple[Moment, ...]
    more: bool


def attempts_at(session: Session, replies: Iterable[OutboundMessage]) -> Mapping[int, list[DeliveryAttempt]]:
    """The newest attempts to deliver each reply, oldest first, by the reply's id."""
    found: dict[int, list[DeliveryAttempt]] = {}
    for reply in replies:
        query = select(DeliveryAttempt).filter_by(outbound_message_id=reply.id).order_by(DeliveryAttempt.id.desc())
        found[reply.id] = list(session.scalars(query.limit(MOST_ATTEMPTS)))[::-1]
    return found


def timeline_of(session: Session, escalation: Escalation, attempts: Mapping[int, list[DeliveryAttempt]]) -> Timeline:
    """The record's timeline."""
    query = select(AuditEntry).filter_by(subject=escalation.reference).order_by(AuditEntry.sequence.desc())
    acts = list(session.scalars(query.limit(MOST_ACTS + 1)))
    shown = acts[:MOST_ACTS]
    names = _names(session, {act.actor for act in shown} - {SERVICE})
    # The last first, also among those of one moment.
    moments = [
        *(_act(same, names) for same in _together(shown)),
        *(_attempt(attempt) for tried in attempts.values() for attempt in reversed(tried)),
        *reversed(list(_message(escalation, {act.event for act in shown}, {act.action for act in shown}))),
    ]
    return Timeline(tuple(sorted(moments, key=lambda one: one.at, reverse=True)), len(acts) > MOST_ACTS)


def _attempt(attempt: DeliveryAttempt) -> Moment:
    return Moment(attempt.at, ATTEMPTS.get(attempt.outcome, attempt.outcome), attempt.detail or "")


def _message(escalation: Escalation, events: set[str], actions: set[str]) -> Iterator[Moment]:
    """What the record itself tells, as far as the audit trail's own entries don't."""
    message = escalation.message
    if message.sent_at is not None and message.sent_at != message.received_at:
        yield Moment(message.sent_at, "Sent by the person", "The time is the platform’s.")
    yield Moment(message.received_at, "Received")
    if message.ended_at is not None:
        answered = message.end == "answered"
        why = "" if answered or not message.end_reason else f"{message.end_reason[0].upper()}{message.end_reason[1:]}."
        yield Moment(message.ended_at, "Understood and answered" if answered else "Ended without an answer", why)
    if LOGGED not in events:
        yield Moment(escalation.logged_at, "Logged for review")
    if escalation.original_erased_at is not None and ERASURE not in actions:
        yield Moment(escalation.original_erased_at, "Original text erased")


def _together(acts: list[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """The acts, looks of one person one after another taken together: whoever reads on looks again and again."""
    for _, same in groupby(acts, key=lambda act: (act.actor, act.event) if act.event == OPENED else act.sequence):
        yield list(same)


def _act(same: list[AuditEntry], names: Mapping[str, str]) -> Moment:
    act = same[0]
    title, text = happening(act.event, act.detail or {}, act.purpose)
    if len(same) > 1:
        text = f"{len(same)} times, the first on {day_and_time(same[-1].at)}"
    return Moment(act.at, title, text, None if act.actor == SERVICE else names.get(act.actor, act.actor))


def _names(session: Session, usernames: set[Any]) -> dict[str, str]:
    if not usernames:
        return {}
    query = select(StaffAccount.username, StaffAccount.name).where(StaffAccount.username.in_(usernames))
    return dict(session.execute(query).tuples().all())
