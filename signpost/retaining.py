"""Retention by hand: `signpost retention run`, and what it would do."""

from collections.abc import Callable
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from signpost.log.duties import this_worker
from signpost.log.retention import KINDS, NAMES
from signpost.log.retention_claim import Claim
from signpost.log.retention_opening import open_retention
from signpost.log.retention_run import Retention
from signpost.mistakes import Mistake
from signpost.record_opening import open_record, whoever_commands
from signpost.secrets import RECORD_KEYS, with_secrets
from signpost.settings import Settings

LONDON = ZoneInfo("Europe/London")
Row = tuple[str, str, str, str, str]
COLUMNS = ("what", "kept for", "older than")
"""The first of a row; the others are how many, and the oldest of them."""


def look(settings: Settings) -> list[Row]:
    """What a run would erase now: what, how long it is kept, how many, what is older than, and the oldest of it.

    Raises :class:`Mistake` when the record can't be read.
    """
    retention = _opened(settings)
    now = retention.clock()
    try:
        found = dict(retention.look())
    except SQLAlchemyError as fault:
        raise _unreadable(fault) from None
    return [_row(retention, kind, now, f"{found[kind].count:,}", _day(found[kind].oldest)) for kind in KINDS]


def run(settings: Settings, told: Callable[[str, int], None]) -> list[Row]:
    """Erases what is due, and returns the same with how many are gone. ``told`` hears of each batch.

    Raises :class:`Mistake` when the record can't be written, or a desk is at it already.
    """
    retention = _opened(settings)
    now = retention.clock()
    try:
        counts = _run(retention, told)
    except SQLAlchemyError as fault:
        raise _unreadable(fault) from None
    return [_row(retention, kind, now, f"{counts[kind]:,}", "") for kind in KINDS]


def _run(retention: Retention, told: Callable[[str, int], None]) -> dict[str, int]:
    claim = Claim(retention.sessions, retention.clock, this_worker())
    if not claim.take(early=True):
        raise Mistake("Retention is running already: a desk is at it. Wait until it has ended.")

    def hear(kind: str, count: int) -> None:
        claim.renew()
        told(kind, count)

    done = False
    try:
        counts = retention.run(whoever_commands(), lambda: claim.lost, hear)
        done = not claim.lost
    finally:
        now = retention.clock()
        at = retention.limits.next_run(now) or now
        with retention.sessions.begin() as session:
            claim.finish(session, at) if done else claim.give_up(session, at)
    return counts


def _opened(settings: Settings) -> Retention:
    open_record(settings)
    return open_retention(with_secrets(settings, may_make=False, needed=RECORD_KEYS))


def _row(retention: Retention, kind: str, now: datetime, count: str, oldest: str) -> Row:
    return NAMES[kind], retention.limits.in_words(kind), _day(retention.limits.cutoff(kind, now)), count, oldest


def _day(moment: datetime | None) -> str:
    return f"{moment.replace(tzinfo=timezone.utc).astimezone(LONDON):%Y-%m-%d}" if moment else ""


def _unreadable(fault: SQLAlchemyError) -> Mistake:
    # Not its own words: they may quote what is in the record.
    return Mistake(
        f"The record can't be read or written ({type(fault).__name__}). What was erased so far stays erased; run it again."
    )
