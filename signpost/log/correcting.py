"""What reviewers overturn becomes a proposal for trainers, in the transaction of the review."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.labels import CRIME_REPORT, EMERGENCY, NOT_REPORT
from signpost.log.audit import ALTERATION, Act, Trail
from signpost.log.escalations import WITHHELD
from signpost.log.models import UNKNOWN, Correction, Escalation

OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"
STATES = (OPEN, ACCEPTED, REFUSED)
PROPOSED, WITHDRAWN = "correction_proposed", "correction_withdrawn"
TAKEN, TURNED_DOWN = "correction_accepted", "correction_refused"
"""The audit trail's events."""
_KNOWN = frozenset({"yes", "no"})


class Decided(Exception):
    """The correction isn't as it was when the page was opened: decided, proposed anew, or withdrawn."""


def judged_label(was_report: str | None, was_emergency: str | None) -> str | None:
    """The label that a reviewer's judgement stands for; none where it isn't clear, or nothing was judged.

    An emergency need not tell of a crime (docs/training-data.md: medical, fire, missing people).
    """
    if was_report not in _KNOWN or was_emergency not in _KNOWN:
        return None
    if was_emergency == "yes":
        return EMERGENCY
    return CRIME_REPORT if was_report == "yes" else NOT_REPORT


def may_teach(escalation: Escalation) -> bool:
    """Whether a model may learn from this record at all: it was judged by one, has a redacted text, and isn't X's.

    X's Developer Agreement (27 April 2026) lets its content be changed for display only (II.A.3), forbids derivative works
    (III.A(d)) and names training (III.A(k)); its restricted uses forbid keeping what was inferred of a user's alleged
    crime. What came by X therefore never goes into the training messages.
    """
    text = escalation.redacted_text
    is_xs = escalation.channel.startswith("x_")
    return escalation.label != UNKNOWN and bool(text.strip()) and text != WITHHELD and not is_xs


def propose(  # noqa: PLR0913, PLR0917  # what is judged, and who judged it when
    session: Session, trail: Trail, escalation: Escalation, staff_id: int, username: str, now: datetime
) -> None:
    """Makes, changes or withdraws the record's proposal, as its review now says.

    A proposal that a trainer has decided stays so, unless the review now asks for another label still.
    """
    label = judged_label(escalation.was_report, escalation.was_emergency)
    known = session.scalars(select(Correction).filter_by(escalation_id=escalation.id).with_for_update()).first()
    if label is None or label == escalation.label or not may_teach(escalation):
        if known is not None and known.state == OPEN:
            session.delete(known)
            trail.write(session, Act(username, ALTERATION, WITHDRAWN, escalation.reference), now)
        return
    if known is not None and known.new_label == label:
        return
    if known is None:
        known = Correction(escalation_id=escalation.id)
        session.add(known)
    known.text, known.old_label, known.new_label = escalation.redacted_text, escalation.label, label
    known.proposed_by_id, known.proposed_at, known.state = staff_id, now, OPEN
    known.decided_by_id = known.decided_at = known.intent = known.note = None
    detail = {"old_label": escalation.label, "new_label": label}
    trail.write(session, Act(username, ALTERATION, PROPOSED, escalation.reference, detail=detail), now)


def stamp(correction: Correction) -> str:
    """Tells one proposal from the next for the same record; a form carries it, to be held to what was read."""
    return f"{correction.new_label} {correction.proposed_at.isoformat()}"


def still_open(session: Session, correction_id: int, seen: str) -> Correction:
    """The correction, locked, if it is still the one that was read. Raises :class:`Decided`."""
    query = select(Correction).filter_by(id=correction_id).with_for_update().execution_options(populate_existing=True)
    correction = session.scalars(query).first()
    if correction is None or correction.state != OPEN or stamp(correction) != seen:
        raise Decided
    return correction
