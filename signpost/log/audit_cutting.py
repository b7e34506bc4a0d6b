"""Taking the oldest entries out of the audit trail at the end of their retention, so that the rest still verifies."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from signpost.log.audit import ERASURE, SERVICE, Act, Trail
from signpost.log.models import AuditCut, AuditEntry

CUT = "audit_entries_erased"
AT_ONCE = 20_000
"""Entries one call takes, so that nobody waits long for the database."""
SUBJECTS_AT_ONCE = 500


def cut(  # noqa: PLR0913  # what is taken, and what is not
    session: Session,
    trail: Trail,
    before: datetime,
    now: datetime,
    *,
    held: Collection[str] = (),
    most: int = AT_ONCE,
) -> int:
    """Takes up to ``most`` of the oldest entries, all of them older than ``before``; call again until it returns 0.

    The chain can lose its beginning, but have no holes: so nothing from the first entry on that is about one of the
    ``held`` subjects (records under a legal hold). The database refuses to give up what is younger than a year
    (:class:`sqlalchemy.exc.IntegrityError`), whatever ``before`` says. The erasure is itself audited.
    """
    last_cut = session.scalar(select(func.max(AuditCut.sequence))) or 0
    until = _last_older(session, before, last_cut, min(last_cut + most, _before_held(session, held)))
    if until <= last_cut:
        return 0
    digest = session.execute(select(AuditEntry.digest).filter_by(sequence=until)).scalar_one()
    seal = trail.cut_seal(last_cut, until, digest, now)
    session.add(AuditCut(sequence=until, digest=digest, at=now, seal=seal))
    session.flush()
    session.execute(delete(AuditEntry).where(AuditEntry.sequence <= until))
    count = until - last_cut
    trail.write(session, Act(SERVICE, ERASURE, CUT, detail={"from": last_cut + 1, "to": until, "count": count}), now)
    return count


def _last_older(session: Session, before: datetime, last_cut: int, most: int) -> int:
    """The last entry, up to ``most``, of the oldest that are all older than ``before``: clocks can go backwards."""
    newest_old = session.scalar(
        select(AuditEntry.sequence)
        .where(AuditEntry.at < before)
        .order_by(AuditEntry.at.desc(), AuditEntry.sequence.desc())
        .limit(1)
    )
    until = min(newest_old or 0, most)
    younger = session.scalar(
        select(func.min(AuditEntry.sequence)).where(
            AuditEntry.sequence > last_cut, AuditEntry.sequence <= until, AuditEntry.at >= before
        )
    )
    return until if younger is None else younger - 1


def _before_held(session: Session, held: Collection[str]) -> int:
    """The last entry before the first one that is about a held subject; beyond any entry where there is none."""
    first = [
        session.scalar(select(func.min(AuditEntry.sequence)).where(AuditEntry.subject.in_(chunk)))
        for chunk in _chunks(held)
    ]
    return min((one for one in first if one is not None), default=2**62) - 1


def _chunks(subjects: Collection[str]) -> Iterator[Sequence[str]]:
    rest = iter(subjects)
    while chunk := list(islice(rest, SUBJECTS_AT_ONCE)):
        yield chunk
