"""What an escalation says of its message once that has ended: filled in by the desk, or by the action where it comes later."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from signpost.log.causes import Outcome, cause_of, outcome_of
from signpost.log.encryption import Vault
from signpost.log.messages import LANGUAGE, reasons_of
from signpost.log.models import DELIVERED, FAILED, REPORT, WAITING, InboundMessage, OutboundMessage

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Told:
    """What the desk knows of a message that has ended. ``reasons`` are none where none were kept, or they are erased."""

    outcome: Outcome
    ended_at: datetime | None
    scores: dict[str, Any] | None = None
    model: str | None = None
    crime_kind: str | None = None
    reasons: list[dict[str, str]] | None = None
    replies: list[str] = field(default_factory=list)


def told_of(message: InboundMessage, replies: Sequence[OutboundMessage], vault: Vault) -> Told:
    """What a stored message that has ended tells, with its replies in their order; rows with their columns will do."""
    return Told(
        outcome_of(message, replies),
        message.ended_at,
        message.scores,
        message.model,
        message.crime_kind,
        None if message.reasons_encrypted is None else reasons_of(message, vault),
        [reply.text for reply in replies],
    )


def completed(cause: str, reasons: list[Any] | None, redacted: str, told: Told) -> dict[str, Any]:
    """The columns of the escalation that change, given its cause, reasons and redacted text.

    What staff said about it is theirs and stays.
    """
    columns: dict[str, Any] = {}
    if cause != REPORT:
        # What was logged for a doubt or a failure may have been understood since.
        columns["cause"] = cause_of(told.outcome) or cause
    label = told.outcome.label
    if label is not None:
        columns |= {"label": label, "scores": told.scores, "model": told.model, "crime_kind": told.crime_kind}
        columns["confidence"] = (told.scores or {}).get(label)
    if reasons is None or told.reasons is not None:
        columns["reasons"] = _without_personal_data(told.reasons or [], redacted)
    # The same words may travel in public and in private.
    reply = "\n\n".join(dict.fromkeys(told.replies)) or None
    return columns | {"unsure": told.outcome.unsure, "answered_at": told.ended_at, "reply": reply}


def _without_personal_data(reasons: Iterable[dict[str, str]], redacted: str) -> list[dict[str, str]]:
    """The reasons whose word survived redaction: a name may move a decision, but it isn't for the log."""
    kept = set(_WORDS.findall(redacted.casefold()))
    return [
        reason
        for reason in reasons
        if reason.get("speaks") == LANGUAGE or set(_WORDS.findall(reason["word"].casefold())) <= kept
    ]


def delivery_of(replies: Sequence[tuple[str, datetime | None]]) -> tuple[str, datetime | None]:
    """Any under way, else any that arrived, else failed; and when the first arrived."""
    states = {state for state, _at in replies}
    state = next(one for one in (WAITING, DELIVERED, FAILED) if one in states)
    return state, min((at for _state, at in replies if at), default=None)
