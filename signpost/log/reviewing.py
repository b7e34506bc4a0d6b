"""What a reviewer decides about a record, saved so that nobody's decision is lost under somebody else's."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from signpost.log.audit import ALTERATION, Act, Trail
from signpost.log.correcting import propose
from signpost.log.models import REVIEWED, Escalation
from signpost.log.states import acknowledge_for

YES, NO, UNCLEAR = "yes", "no", "unclear"
ANSWERS = (YES, NO, UNCLEAR)
SIGNPOSTED, CONTROL_ROOM, NICHE, BLOCK_CONSIDERED, NO_ACTION = (
    "signposted",
    "control_room",
    "niche",
    "block_considered",
    "no_action",
)
OUTCOMES = (SIGNPOSTED, CONTROL_ROOM, NICHE, BLOCK_CONSIDERED, NO_ACTION)
"""What became of the message. Intelligence is recorded in Niche by an officer, and CCE is consulted before anybody is
blocked (Social Media and Internet Messaging Policy, version 4.0)."""
SAVED, HOLD_SET, HOLD_LIFTED = "review_saved", "hold_set", "hold_lifted"
"""The audit trail's events."""
WRITTEN = frozenset({"niche_reference", "notes"})
"""What people type themselves: the audit trail says that it changed, never what it says."""


@dataclass(frozen=True)
class Review:
    """One review. The three judgements are one of :data:`ANSWERS` each, or none: not judged."""

    outcome: str | None
    was_report: str | None = None
    was_emergency: str | None = None
    reply_right: str | None = None
    niche_reference: str | None = None
    notes: str | None = None


@dataclass(frozen=True)
class By:
    """Who changes a record, when (UTC without a zone), and at which version of it they had looked."""

    staff_id: int
    username: str
    version: int
    at: datetime


class Outdated(Exception):
    """Somebody else changed the record since the form was opened: nothing was saved."""


def review_of(escalation: Escalation) -> Review:
    """The review as it stands; empty for a record that nobody has reviewed."""
    return Review(**{one.name: getattr(escalation, one.name) for one in fields(Review)})


def save_review(session: Session, trail: Trail, escalation: Escalation, review: Review, by: By) -> None:
    """Saves the review, its audit entry, and the correction that follows from it. Raises :class:`Outdated`.

    What arrives twice (a double press) is saved once.
    """
    before = review_of(escalation)
    if escalation.version != by.version and before == review and escalation.reviewer_id == by.staff_id:
        return
    values = {**asdict(review), "review_state": REVIEWED, "reviewer_id": by.staff_id, "reviewed_at": by.at}
    _change(session, escalation, by, values)
    detail = {"changed": _changes(before, review), "version": escalation.version}
    trail.write(session, Act(by.username, ALTERATION, SAVED, escalation.reference, detail=detail), by.at)
    propose(session, trail, escalation, by.staff_id, by.username, by.at)
    # Whoever reviews it has seen it: nobody needs to be told of it again.
    acknowledge_for(session, escalation.id, by.staff_id, by.at)


def set_hold(session: Session, trail: Trail, escalation: Escalation, reason: str, by: By) -> None:
    """Keeps everything of the record from being erased until the hold is lifted. Raises :class:`Outdated`, also under a hold.

    DPA 2018 s.47(2): where personal data must be kept as evidence, processing is restricted in place of erasure.
    """
    if escalation.hold_reason is not None:
        raise Outdated
    _change(session, escalation, by, {"hold_reason": reason, "hold_by_id": by.staff_id, "hold_at": by.at})
    trail.write(session, Act(by.username, ALTERATION, HOLD_SET, escalation.reference, purpose=reason), by.at)


def lift_hold(session: Session, trail: Trail, escalation: Escalation, reason: str, by: By) -> None:
    """Ends the hold; ``reason`` is kept in the audit trail. Raises :class:`Outdated`, also where there is none."""
    if escalation.hold_reason is None:
        raise Outdated
    _change(session, escalation, by, {"hold_reason": None, "hold_by_id": None, "hold_at": None})
    trail.write(session, Act(by.username, ALTERATION, HOLD_LIFTED, escalation.reference, purpose=reason), by.at)


def _change(session: Session, escalation: Escalation, by: By, values: dict[str, Any]) -> None:
    changed = session.execute(
        update(Escalation)
        .where(Escalation.id == escalation.id, Escalation.version == by.version)
        .values(**values, version=by.version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an update's result has one
        raise Outdated
    session.refresh(escalation)


def _changes(before: Review, after: Review) -> dict[str, Any]:
    """Old and new choice of each field that differs; of what was typed, only that it differs."""
    old, new = asdict(before), asdict(after)
    return {name: "changed" if name in WRITTEN else [old[name], new[name]] for name in new if old[name] != new[name]}
