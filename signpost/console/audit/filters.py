"""Filters over the audit log, as they stand in an address: codes, days, references and opaque keys, and nobody's name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from signpost.console.audit.wording import EVENTS, event_words
from signpost.console.queue.filters import read_filters
from signpost.console.record.references import canonical
from signpost.console.times import start_of_day
from signpost.console.words import words
from signpost.log.audit import ACTIONS, SERVICE
from signpost.log.models import AuditEntry, StaffAccount

FIELDS: Final = ("action", "event", "actor", "reference", "staff", "from", "to")
"""In the order in which they stand on the page."""
COMMANDS: Final = "command"
"""The value of ``actor`` for whoever typed a command on the machine: those actors begin so."""
HIGHEST: Final = 2**31 - 1
"""That an entry can be numbered."""
SLACK: Final = 1000
"""Entries by which the order of numbers and that of times may differ: clocks of several machines never quite agree."""


@dataclass(frozen=True)
class People:
    """The staff there are or ever were, by key: the username under which the log knows them, and how they are shown."""

    usernames: Mapping[str, str]
    shown: Mapping[str, str]


def people(session: Session) -> People:
    """Everybody with an account, switched off or not."""
    rows = session.execute(
        select(StaffAccount.key, StaffAccount.username, StaffAccount.name).order_by(StaffAccount.name, StaffAccount.id)
    ).all()
    return People({row.key: row.username for row in rows}, {row.key: f"{row.name} ({row.username})" for row in rows})


@dataclass(frozen=True)
class AuditFilters:
    """What is asked for. ``actor`` and ``staff`` are usernames, ``mistakes`` a sentence a field that can't be read."""

    action: str = ""
    event: str = ""
    actor: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None
    args: tuple[tuple[str, str], ...] = ()
    chips: tuple[str, ...] = ()
    """Each filter in words."""
    mistakes: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def line(self, session: Session) -> "Line":
        """Along which index the log is walked, and between which numbers."""
        condition: ColumnElement[bool] = true()
        if self.subject:
            condition = AuditEntry.subject == self.subject
        elif self._one_actor:
            condition = AuditEntry.actor == self.actor
        elif self.action:
            condition = AuditEntry.action == self.action
        first, last = 1, HIGHEST
        if self.first_day:
            found = _at(session, AuditEntry.at >= start_of_day(self.first_day), AuditEntry.at.asc())
            first = max((HIGHEST if found is None else found) - SLACK, 1)
        if self.last_day:
            end = start_of_day(self.last_day + timedelta(days=1))
            last = (_at(session, AuditEntry.at < end, AuditEntry.at.desc()) or 0) + SLACK
        return Line(condition, first, last)

    def where(self) -> list[ColumnElement[bool]]:
        """What the line leaves to be looked through for."""
        found: list[ColumnElement[bool]] = []
        if self.subject and self._one_actor:
            found.append(AuditEntry.actor == self.actor)
        if self.actor == COMMANDS:
            found.append(AuditEntry.actor.startswith(f"{COMMANDS}: ", autoescape=True))
        if self.action and (self.subject or self._one_actor):
            found.append(AuditEntry.action == self.action)
        if self.event:
            found.append(AuditEntry.event == self.event)
        if self.first_day:
            found.append(AuditEntry.at >= start_of_day(self.first_day))
        if self.last_day:
            found.append(AuditEntry.at < start_of_day(self.last_day + timedelta(days=1)))
        return found

    def told(self) -> dict[str, str]:
        """For the audit trail itself."""
        days = {"from": self.first_day, "to": self.last_day}
        codes = {"action": self.action, "event": self.event, "actor": self.actor, "subject": self.subject}
        return {name: str(value) for name, value in (codes | days).items() if value}

    @property
    def _one_actor(self) -> bool:
        return bool(self.actor) and self.actor != COMMANDS


@dataclass(frozen=True)
class Line:
    """Part of the log, within one index: entries that fulfil ``condition``, numbered from ``first`` to ``last``.

    The two bounds are the only ones there may be: of several, SQLite uses the one that comes first.
    """

    condition: ColumnElement[bool]
    first: int
    last: int

    def query(self, *columns: Any) -> Select[Any]:
        """Its entries."""
        return select(*columns).where(self.condition, AuditEntry.sequence.between(self.first, self.last))


def _at(session: Session, condition: ColumnElement[bool], order: Any) -> int | None:
    return session.scalar(select(AuditEntry.sequence).where(condition).order_by(order).limit(1))


def read_audit_filters(args: "MultiDict[str, str]", staff: People) -> AuditFilters:
    """The filters of an address or a form. Whatever can't be read asks for nothing, and is in ``mistakes``."""
    given = {name: args.get(name, "").strip()[:64] for name in FIELDS}
    days = read_filters(MultiDict({"from": given["from"], "to": given["to"]}))
    mistakes = dict(days.mistakes)
    action = _chosen(given["action"], ACTIONS, "action", "Choose what was done from the list", mistakes)
    event = _chosen(given["event"], EVENTS, "event", "Choose the event from the list", mistakes)
    actor = _chosen(
        given["actor"], (SERVICE, COMMANDS, *staff.usernames), "actor", "Choose who did it from the list", mistakes
    )
    about = _chosen(given["staff"], staff.usernames, "staff", "Choose the member of staff from the list", mistakes)
    reference = canonical(given["reference"]) or ""
    if given["reference"] and not reference:
        mistakes["reference"] = "Enter a reference with 6 letters or numbers, such as KMR-4C7"
    if reference and about:
        mistakes["staff"] = "Choose a record or a member of staff: an entry is about one of them"
        about = ""
    first, last = days.first_day, days.last_day
    kept = {
        "action": action,
        "event": event,
        "actor": actor,
        "reference": reference,
        "staff": about,
        "from": first.isoformat() if first else "",
        "to": last.isoformat() if last else "",
    }
    chips = (
        action and f"What: {words(action, 'action')}",
        event and f"Event: {event_words(event)}",
        actor and f"By: {actor_words(actor, staff)}",
        reference and f"About: {reference}",
        about and f"About: {staff.shown[about]}",
        first and f"From {first.day} {first:%B %Y}",
        last and f"Up to {last.day} {last:%B %Y}",
    )
    return AuditFilters(
        action=action,
        event=event,
        actor=staff.usernames.get(actor, actor),
        subject=reference or staff.usernames.get(about, ""),
        first_day=first,
        last_day=last,
        args=tuple((name, value) for name, value in kept.items() if value),
        chips=tuple(chip for chip in chips if chip),
        mistakes=mistakes,
        typed=given,
    )


def actor_words(actor: str, staff: People) -> str:
    """Who may be chosen as the one who did it."""
    return {SERVICE: "Signpost itself", COMMANDS: "The command line"}.get(actor) or staff.shown[actor]


def _chosen(value: str, known: Any, name: str, sentence: str, mistakes: dict[str, str]) -> str:
    if value and value not in known:
        mistakes[name] = sentence
        return ""
    return value
