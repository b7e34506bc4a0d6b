"""Accepting and refusing corrections: the training messages first, then the record, so that a crash loses neither."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.labels import NOT_REPORT, label_of_intent
from signpost.console.corrections.known import KnownMessages
from signpost.console.corrections.reviewed import NAME, Reviewed
from signpost.console.parts import Parts
from signpost.console.signin.sessions import Staff
from signpost.corpus.nearest import Like
from signpost.corpus.reading import Example
from signpost.corpus.repeats import NEAR
from signpost.log.audit import ALTERATION, Act
from signpost.log.correcting import ACCEPTED, REFUSED, TAKEN, TURNED_DOWN, still_open
from signpost.log.models import Correction, Escalation


@dataclass(frozen=True)
class Decision:
    """What a trainer decided about the proposal they had read: its stamp is ``seen``. ``text`` is one line."""

    correction_id: int
    seen: str
    by: Staff
    note: str | None
    text: str = ""
    intent: str = ""


def accept(parts: Parts, decision: Decision) -> None:
    """Writes the message to the training messages and marks the correction accepted.

    In this order, and the file's part the same however often it is done: what breaks off in between is still open, and
    accepting it again changes nothing in the file but what was decided otherwise. Raises
    :class:`signpost.log.correcting.Decided` and :class:`signpost.console.corrections.reviewed.NotWritten`.
    """
    with parts.sessions.begin() as session:
        correction = still_open(session, decision.correction_id, decision.seen)
        reference = reference_of(session, correction)
        Reviewed(parts.training_folder).write(mark_of(correction.id, reference), decision.intent, decision.text)
        correction.text, correction.intent = decision.text, decision.intent
        _decide(parts, session, correction, ACCEPTED, decision)


def refuse(parts: Parts, decision: Decision) -> None:
    """Marks the correction refused, and takes out of the file what an attempt that broke off may have left there.

    Raises as :func:`accept`.
    """
    with parts.sessions.begin() as session:
        correction = still_open(session, decision.correction_id, decision.seen)
        Reviewed(parts.training_folder).remove(mark_of(correction.id, reference_of(session, correction)))
        _decide(parts, session, correction, REFUSED, decision)


def faults_in(parts: Parts, known: KnownMessages, decision: Decision, reference: str | None) -> list[str]:
    """Why the message can't be among the training messages, as :func:`faults_of`. Raises :class:`NotWritten` as well."""
    own = Reviewed(parts.training_folder).text_of(mark_of(decision.correction_id, reference))
    return faults_of(known, decision.text, decision.intent, own)


def faults_of(known: KnownMessages, text: str, intent: str, own: str | None = None) -> list[str]:
    """Why the message can't be among the training messages, a sentence each: `signpost corpus` would say the same.

    ``own`` is what stands for it in the file already, if anything does. Raises :class:`signpost.mistakes.Mistake` where
    they can't be read.
    """
    faults = []
    kinds = personal_kinds(text)
    if kinds:
        faults.append(f"It holds what looks like somebody’s own: {', '.join(kinds)}. Invent another, or leave it out")
    like = [one for one in known.like(text, NEAR) if not _is_own(one, own)]
    same = next((one for one in like if one.is_same), None)
    if same is not None:
        return [
            *faults,
            f"It is there already, in {same.example.file}, line {same.example.line}. Change it, or leave it out",
        ]
    label = label_of_intent(intent)
    conflict = next((one for one in like if one.example.is_report != (label != NOT_REPORT)), None)
    if conflict is not None:
        what = "a report" if conflict.example.is_report else "no report"
        where = f"{conflict.example.file}, line {conflict.example.line}"
        faults.append(f"It is nearly the same as a message that is {what}, in {where}. Change one of the two")
    return faults


def personal_kinds(text: str) -> list[str]:
    """The kinds of personal data that the text seems to hold, by their patterns."""
    # Loads the redaction's library, which takes seconds the first time: nobody but trainers should wait for it.
    from signpost.corpus.personal import personal_data

    return [find.kind for find in personal_data([Example(text, "", NAME, 0)])]


def reference_of(session: Session, correction: Correction) -> str | None:
    """The reference of the correction's record, while there is one."""
    record = session.get(Escalation, correction.escalation_id) if correction.escalation_id is not None else None
    return record.reference if record is not None else None


def mark_of(correction_id: int, reference: str | None) -> str:
    """What stands for the correction in the file: the same at every attempt, and telling nothing of the record."""
    return hashlib.sha256(f"correction {correction_id} {reference}".encode()).hexdigest()[:12]


def _is_own(like: Like, own: str | None) -> bool:
    return like.example.file == NAME and like.example.text == own


def _decide(parts: Parts, session: Session, correction: Correction, state: str, decision: Decision) -> None:
    now = parts.clock()
    correction.state, correction.decided_by_id, correction.decided_at = state, decision.by.id, now
    correction.note = decision.note
    detail = {"correction": correction.id, "old_label": correction.old_label, "new_label": correction.new_label}
    event = TURNED_DOWN
    if state == ACCEPTED:
        event, detail = TAKEN, {**detail, "intent": decision.intent}
    act = Act(decision.by.username, ALTERATION, event, reference_of(session, correction), detail=detail)
    parts.trail.write(session, act, now)
