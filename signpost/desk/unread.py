"""How a message ends that has no words to understand, or that the assistant couldn't be asked about."""

from datetime import datetime

from signpost.channels.events import ATTACHMENT, UNREADABLE
from signpost.desk.case import Case
from signpost.desk.ending import End
from signpost.desk.silence import STAFF, staff_has
from signpost.force.guard import Reply
from signpost.force.mandate import GUIDANCE, Mandate
from signpost.log.models import ANSWERED, FAILED, SILENT

NO_WORDS = "it holds no text"
TAKEN_BACK = "it was taken back before it was read"
ONLY_ATTACHMENT = "it holds a picture, a recording or the like and no words"
NOT_READABLE = "it can't be read here (encrypted, or of a form the platform doesn't pass on); read it on the platform"


def end_of_wordless(case: Case, mandate: Mandate, now: datetime) -> End:
    """A picture may be of a crime, and a recording a call for help: in private their sender is told whom to call."""
    if case.erased:
        return End(SILENT, TAKEN_BACK)
    if case.kind == UNREADABLE:
        return End(FAILED, NOT_READABLE)
    if case.kind != ATTACHMENT or case.visibility != "private":
        return End(SILENT, NO_WORDS)
    if case.guided:
        return End(SILENT, f"{ONLY_ATTACHMENT}; its sender has had the guidance")
    if staff_has(case.staff_until, now):
        return End(SILENT, f"{ONLY_ATTACHMENT}; {STAFF}")
    return _guided_unseen(case, mandate, ONLY_ATTACHMENT)


def end_of_unseen(case: Case, mandate: Mandate, reason: str) -> End:
    """For a message that nobody could understand: a private one gets the guidance all the same.

    Guidance that wasn't called for is a small harm, and an emergency answered by silence is a great one. In
    public it stays silent, since everybody reads it; staff see the message among the failed.
    """
    return _guided_unseen(case, mandate, reason) if case.visibility == "private" else End(FAILED, reason)


def _guided_unseen(case: Case, mandate: Mandate, reason: str) -> End:
    text = mandate.canonical_text(GUIDANCE, mandate.channel(case.channel))
    return End(
        ANSWERED, f"{reason}; the guidance was sent without it", (Reply(text, GUIDANCE, "canonical", (reason,)),)
    )
