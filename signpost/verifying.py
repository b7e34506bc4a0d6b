"""Verifies the audit trail by hand: `signpost verify-log`."""

from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from signpost.log.audit_anchor import anchor, note_restore
from signpost.log.audit_faults import Verdict
from signpost.log.audit_verifying import Progress, verified, verify
from signpost.log.clock import utc_now
from signpost.mistakes import Mistake
from signpost.record_opening import OpenRecord, open_record, whoever_commands
from signpost.settings import Settings

UNREADABLE = "The audit log can't be read ({}). Look whether the record is there and has its tables: signpost status"


def verify_log(settings: Settings, progress: Progress) -> Verdict:
    """Verifies all of it, notes the outcome in the log itself, and appends its end to the anchor file.

    Raises :class:`Mistake` when it can't be read.
    """
    record = open_record(settings)
    try:
        verdict = verify(record.reads, record.trail, record.anchors, progress=progress)
    except SQLAlchemyError as fault:
        raise Mistake(UNREADABLE.format(type(fault).__name__)) from None
    return replace(verdict, notes=(*verdict.notes, *_note(record, verdict)))


def restored(settings: Settings, reason: str) -> None:
    """Notes that a backup was put in the record's place. Raises :class:`Mistake` where that can't be written."""
    record = open_record(settings)
    try:
        note_restore(record.sessions, record.anchors, whoever_commands(), reason, utc_now())
    except SQLAlchemyError as fault:
        raise Mistake(f"The audit log can't be written ({type(fault).__name__}).") from None


def _note(record: OpenRecord, verdict: Verdict) -> list[str]:
    """What went wrong in noting it; nothing of it changes the verdict."""
    now = utc_now()
    notes = []
    try:
        with record.sessions.begin() as session:
            record.trail.write(session, verified(verdict, whoever_commands()), now)
    except SQLAlchemyError as fault:
        notes.append(f"This verification could not be noted in the log itself ({type(fault).__name__}).")
    if verdict.holds and (wrong := anchor(record.reads, record.anchors, now, logged=False)):
        notes.append(wrong)
    return notes


def in_words(verdict: Verdict) -> list[str]:
    """The outcome, a line a sentence; what is broken comes first."""
    lines = [fault.sentence for fault in verdict.faults]
    if verdict.fault_count > len(verdict.faults):
        lines.append(f"And {verdict.fault_count - len(verdict.faults):,} more.")
    if verdict.first_at and verdict.last_at:
        extent = f"{verdict.entries:,} entries, first {verdict.first_at:%Y-%m-%d}, last {verdict.last_at:%Y-%m-%d}"
    else:
        extent = "No entries"
    outcome = "the chain holds" if verdict.holds else f"the chain is broken in {_places(verdict.fault_count)}"
    return [*lines, f"{extent}: {outcome}."]


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"
