"""Erasure on request: a conversation's words and whose they were, in one transaction with the audit trail's entries."""

from datetime import datetime

from sqlalchemy.orm import Session

from signpost.console.exports.conversation import Outline
from signpost.log.audit import ERASURE, Act, Trail
from signpost.log.erasing import CONVERSATION_ERASED, erase_conversation


def erase_on_request(  # noqa: PLR0913, PLR0917  # what, by whom, why and when
    session: Session, trail: Trail, outline: Outline, actor: str, reason: str, now: datetime
) -> int:
    """Erases the conversation and logs it under the reference of each of its records. Returns how many texts are gone.

    Raises :class:`signpost.log.erasing.Held` and :class:`signpost.log.erasing.UnderWay`; then nothing is erased.
    """
    texts = erase_conversation(session, outline.conversation_id, now)
    for reference in outline.references:
        detail = {"asked_with": outline.reference, "records": len(outline.references), "messages": outline.messages}
        act = Act(actor, ERASURE, CONVERSATION_ERASED, reference, purpose=reason, detail={**detail, "texts": texts})
        trail.write(session, act, now)
    return texts
