"""The database as the queue: claiming the most urgent messages, one conversation at a time."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from signpost.channels.events import TEXT
from signpost.desk.case import CASES, Case, made_of
from signpost.log.clock import Clock
from signpost.log.database import table_of
from signpost.log.models import ENDED, WAITING, Conversation, InboundMessage
from signpost.log.reference import new_reference

CLAIM = timedelta(seconds=60)
"""How long a worker may keep a message; one that died gives it up after this."""
BURST_GAP = timedelta(seconds=10)
"""Short messages that follow one another within this are one thing said in pieces."""
LONGEST_BURST = 20
VERY_URGENT = 50
"""A hint from here on is more likely right than wrong: 1 in 110 of the held-back set's other messages reaches it, and 7 in 8 emergencies."""
DRAWS = 20


# The statements are built once: that costs more than to execute them.
_messages = table_of(InboundMessage)
_others = _messages.alias("other")
_message = _messages.c
_now: BindParameter[datetime] = bindparam("now")
_unclaimed = or_(_message.claimed_until.is_(None), _message.claimed_until < _now)
_free = and_(_message.due_at <= _now, _unclaimed)
_due = and_(_message.state == WAITING, _free)
_being_worked_on = exists().where(
    and_(
        _others.c.conversation_id == _message.conversation_id,
        _others.c.state == WAITING,
        _others.c.claimed_until >= _now,
    )
)
_FIRST = (
    select(_message.id, _message.conversation_id)
    .where(~_being_worked_on)
    .limit(1)
    .with_for_update(skip_locked=True, of=_messages)
)
_MOST_URGENT = _FIRST.where(_due).order_by(_message.urgency.desc(), _message.due_at, _message.id)
# "Not settled" and "not ended" as reconcile.py has it, so that the index of what is under way is read in its order, to the first.
_OLDEST = _FIRST.where(_free, ~_message.settled, _message.state != ENDED).order_by(_message.id)
_MOST_URGENT_IN = _MOST_URGENT.where(_message.conversation_id == bindparam("conversation"))
_VERY_URGENT = _MOST_URGENT.where(_message.urgency >= VERY_URGENT)
_VERY_URGENT_IN = _MOST_URGENT_IN.where(_message.urgency >= VERY_URGENT)
_LOCK = (
    select(table_of(Conversation).c.id)
    .where(table_of(Conversation).c.id == bindparam("conversation"))
    .with_for_update(skip_locked=True)
)
_IN_CONVERSATION = (_message.conversation_id == bindparam("conversation"), _message.state == WAITING)
_CLAIMED = select(_message.id).where(*_IN_CONVERSATION, _message.claimed_until >= _now).limit(1)
_WAITING = CASES.where(*_IN_CONVERSATION).order_by(_message.id).limit(LONGEST_BURST)
_claim: dict[str, Any] = {
    "claimed_by": bindparam("worker"),
    "claimed_until": bindparam("until"),
    "part_of_id": bindparam("whole"),
}
_CLAIM_PART = update(_messages).where(_message.id == bindparam("message")).values(_claim)
_CLAIM = _CLAIM_PART.values(reference=bindparam("drawn"))
_ANY_DUE = select(_message.id).where(_due, ~_being_worked_on).limit(1)
_SOONEST = select(
    func.min(
        case(
            (_message.claimed_until >= _now, _message.claimed_until),
            (_message.due_at > _now, _message.due_at),
        )
    )
).where(_message.state == WAITING)


def claim_next(  # noqa: PLR0913  # what narrows the choice is named at each call
    connection: Connection,
    clock: Clock,
    worker: str,
    *,
    conversation_id: int | None = None,
    only_urgent: bool = False,
    by_urgency: bool = False,
    draw: Callable[[], str] = new_reference,
) -> Case | None:
    """The next message to understand, now this worker's; none when nothing is due.

    The very urgent first, by the hint from the text, then whatever came first; ``by_urgency``, the most urgent first, however
    small the difference. A conversation belongs to one worker at a time, and within it what was written
    first is answered first: so what is claimed may be an earlier message than the urgent one. Messages of one burst are claimed
    together: the last of them is returned, the others are its parts.
    With ``conversation_id``, only that conversation's messages are looked at; with ``only_urgent``, only the very urgent.
    """
    now = clock()
    candidate = None
    for query in _queries(one_conversation=conversation_id is not None, only_urgent=only_urgent, by_urgency=by_urgency):
        candidate = candidate or connection.execute(query, {"now": now, "conversation": conversation_id}).first()
    if candidate is None or not _lock_conversation(connection, candidate.conversation_id, now):
        return None
    waiting = connection.execute(_WAITING, {"conversation": candidate.conversation_id}).all()
    *parts, message = _burst(waiting)
    claim = {"worker": worker, "until": now + CLAIM}
    if parts:
        connection.execute(_CLAIM_PART, [{"message": one.id, "whole": message.id, **claim} for one in parts])
    claim |= {"message": message.id, "whole": None}
    reference = _claim_with_reference(connection, claim, message.reference, draw)
    return replace(made_of(connection, message, parts), reference=reference)


def _queries(*, one_conversation: bool, only_urgent: bool, by_urgency: bool) -> tuple[Select[Any], ...]:
    """Where to look for the next, in this order."""
    if one_conversation:
        return (_VERY_URGENT_IN if only_urgent else _MOST_URGENT_IN,)
    if by_urgency:
        return (_MOST_URGENT,)
    return (_VERY_URGENT,) if only_urgent else (_VERY_URGENT, _OLDEST)


def anything_due(connection: Connection, clock: Clock) -> bool:
    """A look that locks nothing, for idle workers: whether :func:`claim_next` might find something."""
    return connection.scalar(_ANY_DUE, {"now": clock()}) is not None


def soonest(connection: Connection, clock: Clock) -> datetime | None:
    """When something that isn't due now will be, should nothing change until then: what was put off, or is claimed."""
    found: datetime | None = connection.scalar(_SOONEST, {"now": clock()})
    return found


def _lock_conversation(connection: Connection, conversation_id: int, now: datetime) -> bool:
    """Whether the conversation is this transaction's: on PostgreSQL another may be about to claim another of its messages."""
    if connection.dialect.name == "sqlite":
        return True  # Nobody else writes meanwhile, so what the candidate was chosen by still holds.
    if connection.execute(_LOCK, {"conversation": conversation_id}).first() is None:
        return False
    return connection.execute(_CLAIMED, {"conversation": conversation_id, "now": now}).first() is None


def _burst(waiting: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The first of a conversation's waiting messages with those that followed it at once."""
    burst = [waiting[0]]
    for later in waiting[1:]:
        if not (_joins(burst[-1]) and _joins(later) and later.received_at - burst[-1].received_at <= BURST_GAP):
            break
        burst.append(later)
    return burst


def _joins(message: Row[Any]) -> bool:
    """Public comments each stand under a post of their own, and an edit is judged beside what it was before."""
    return bool(message.visibility == "private" and message.kind == TEXT and message.edit_of_id is None)


def _claim_with_reference(
    connection: Connection, claim: dict[str, Any], known: str | None, draw: Callable[[], str]
) -> str | None:
    """Claims the message, and draws the reference its escalation would have, so that a reply can hold it whoever writes that.

    Where none was free the message is answered without one, and its escalation draws again.
    """
    for _ in range(DRAWS if known is None else 0):
        drawn = draw()
        try:
            # PostgreSQL gives up the whole transaction where SQLite refuses the one statement.
            with nullcontext() if connection.dialect.name == "sqlite" else connection.begin_nested():
                connection.execute(_CLAIM, {**claim, "drawn": drawn})
        except IntegrityError:
            continue  # Taken.
        return drawn
    connection.execute(_CLAIM, {**claim, "drawn": known})
    return known
