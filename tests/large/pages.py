"""The pages that are measured, each asked for again and again with other parameters."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.log.models import Escalation, InboundMessage, StaffAccount
from tests.large.force import ACCOUNTS, KINDS, LONG_CONVERSATION
from tests.large.people import LONG_FROM
from tests.large.words import COMMON, RARE

UNKNOWN_WORDS = ("xylophone", "quagga", "gramophone", "tarantella", "velocipede")
FEW = 40
"""Of each thing that is looked up so many are known beforehand."""


@dataclass(frozen=True)
class Known:
    """What there is to ask for."""

    references: tuple[str, ...]
    unreviewed: tuple[str, ...]
    of_long: tuple[str, ...]
    staff: tuple[str, ...]

    @classmethod
    def of(cls, session: Session, chance: Random) -> "Known":
        """Looks some up, from all over the record."""
        last = session.scalar(select(func.max(Escalation.id))) or 0
        ids = [chance.randint(1, last) for _ in range(FEW)]
        references = session.scalars(select(Escalation.reference).where(Escalation.id.in_(ids))).all()
        waiting = select(Escalation.reference).where(Escalation.review_state == "unreviewed").limit(FEW)
        messages = session.scalar(select(func.max(InboundMessage.id))) or 0
        longest = session.scalar(
            select(InboundMessage.conversation_id)
            .where(InboundMessage.id > LONG_FROM * messages)
            .group_by(InboundMessage.conversation_id)
            .order_by(func.count().desc())
            .limit(1)
        )
        of_long = (
            select(Escalation.reference)
            .join(InboundMessage, InboundMessage.id == Escalation.inbound_message_id)
            .where(InboundMessage.conversation_id == longest)
        )
        return cls(
            tuple(references),
            tuple(session.scalars(waiting)),
            tuple(session.scalars(of_long))[:LONG_CONVERSATION],
            tuple(session.scalars(select(StaffAccount.key))),
        )


@dataclass(frozen=True)
class Measured:
    """A page under its name, opened by somebody with the role; ``addresses`` are those to ask for, without end."""

    name: str
    role: str
    addresses: Callable[[Random, Known], Iterator[str]]
    words: tuple[str, ...] = ()
    """Searched for, in place of an address."""
    link: str = ""
    """What a link reads, as a pattern, that leads from one request to the next."""


def _list(path: str, **filters: tuple[str, ...]) -> Callable[[Random, Known], Iterator[str]]:
    def addresses(chance: Random, _known: Known) -> Iterator[str]:
        while True:
            query = urlencode({name: chance.choice(values) for name, values in filters.items()})
            yield f"{path}?{query}" if query else path

    return addresses


def _records(which: str) -> Callable[[Random, Known], Iterator[str]]:
    def addresses(chance: Random, known: Known) -> Iterator[str]:
        while True:
            yield f"/records/{chance.choice(getattr(known, which))}"

    return addresses


def _days() -> Callable[[Random, Known], Iterator[str]]:
    def addresses(chance: Random, _known: Known) -> Iterator[str]:
        while True:
            first = {"first-day": str(chance.randint(1, 28)), "first-month": "12", "first-year": "2024"}
            last = {"last-day": str(chance.randint(1, 21)), "last-month": "11", "last-year": "2026"}
            place = {"channel": chance.choice(("", "messenger")), "account": chance.choice(("", next(iter(ACCOUNTS))))}
            yield f"/reports?{urlencode({'days': 'own', **first, **last, **place})}"

    return addresses


def _audit(**filters: str) -> Callable[[Random, Known], Iterator[str]]:
    """``filters``: what of all that is known each is one of, or what it is."""

    def addresses(chance: Random, known: Known) -> Iterator[str]:
        while True:
            chosen = {name: chance.choice(getattr(known, value, (value,))) for name, value in filters.items()}
            yield f"/audit?{urlencode(chosen)}"

    return addresses


CHANNELS = tuple(channel for _name, channels, _weight in ACCOUNTS.values() for channel in channels)
PAGES = (
    Measured("queue: first page", "reviewer", _list("/queue")),
    Measured("queue: further pages", "reviewer", _list("/queue"), link="Older|Next|Further|Later"),
    Measured("queue: by channel", "reviewer", _list("/queue", channel=CHANNELS)),
    Measured("queue: by account and label", "reviewer", _list("/queue", account=tuple(ACCOUNTS), label=("emergency", "crime_report"))),
    Measured("queue: by kind", "reviewer", _list("/queue", kind=tuple(KINDS))),
    Measured("queue: by confidence", "reviewer", _list("/queue", confidence_max=("35", "50", "65"))),
    Measured("queue: by rare cause and failed reply", "reviewer", _list("/queue", cause=("unreadable", "failed"), delivery=("failed", "waiting"))),
    Measured("queue: reviewed", "reviewer", _list("/queue", state=("reviewed",))),
    Measured("queue: reviewed, by kind and channel", "reviewer", _list("/queue", state=("reviewed",), kind=tuple(KINDS), channel=CHANNELS)),
    Measured("queue: what is new", "reviewer", _list("/queue/changes", since=("1", "999000"))),
    Measured("queue: the next one", "reviewer", _list("/queue/next")),
    Measured("search: common word", "reviewer", _list(""), words=COMMON),
    Measured("search: two common words", "reviewer", _list(""), words=("police street", "street again", '"this street"')),
    Measured("search: rare word", "reviewer", _list(""), words=RARE),
    Measured("search: no match", "reviewer", _list(""), words=UNKNOWN_WORDS),
    Measured("record: any", "reviewer", _records("references")),
    Measured("record: to review", "reviewer", _records("unreviewed")),
    Measured("record: in a conversation of 200", "reviewer", _records("of_long")),
    Measured("reports: last 28 days", "reviewer", _list("/reports")),
    Measured("reports: last 12 months", "reviewer", _list("/reports", days=("year",), channel=("", "messenger", "x_dm"))),
    Measured("reports: two years", "reviewer", _days()),
    Measured("reports: spreadsheet of 12 months", "reviewer", _list("/reports.csv", days=("year",))),
    Measured("audit: newest", "auditor", _list("/audit")),
    Measured("audit: further pages", "auditor", _list("/audit"), link="Older|Next|Further"),
    Measured("audit: by actor", "auditor", _audit(actor="staff")),
    Measured("audit: by record", "auditor", _audit(reference="references")),
    Measured("audit: by member of staff", "auditor", _audit(staff="staff")),
    Measured("audit: by action", "auditor", _list("/audit", action=("disclosure", "erasure", "consultation"))),
    Measured("audit: by actor and rare action", "auditor", _audit(actor="staff", action="disclosure")),
    Measured("audit: by record and actor", "auditor", _audit(reference="references", actor="staff")),
    Measured("audit: chain", "auditor", _list("/audit/chain")),
    Measured("alerts", "reviewer", _list("/alerts")),
    Measured("exports: first page", "reviewer", _list("/exports")),
    Measured("requests", "administrator", _list("/requests")),
    Measured("corrections", "trainer", _list("/corrections")),
    Measured("retention", "administrator", _list("/retention")),
    Measured("staff", "administrator", _list("/staff")),
)  # fmt: skip


def link_to(html: str, words: str) -> str | None:
    """The address of the link that reads one of these words, if the page has it."""
    for link in re.finditer(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL):
        if re.search(rf"\b({words})\b", re.sub(r"<.*?>", " ", link.group(2))):
            return link.group(1).replace("&amp;", "&")
    return None


def token_of(html: str) -> str:
    """The token of the page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    return found.group(1) if found else ""
