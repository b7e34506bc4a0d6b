"""The conversation as it was: the messages around one of them, with our replies.

What a person wrote is shown as it was redacted for their record; a message without a record is shown by its kind and time
alone. Nothing is redacted or decrypted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from signpost.channels.events import ATTACHMENT, POSTBACK, STORY_REPLY, UNREADABLE
from signpost.channels.text import storable
from signpost.channels.transport import PRIVATE_REPLY, PUBLIC_REPLY
from signpost.log.erasing import is_erased
from signpost.log.models import SILENT, WAITING, Escalation, InboundMessage, OutboundMessage

BEFORE, AFTER = 8, 4
"""Messages shown before and after the record's own."""
AT_ONCE = 20
"""Messages shown when one goes further back, or on."""
KINDS = {
    POSTBACK: "a press on a button of ours",
    STORY_REPLY: "an answer to a story",
    ATTACHMENT: "a picture, recording or file, without words",
    UNREADABLE: "an encrypted message, which Signpost can’t read",
}

WAYS = {PUBLIC_REPLY: "in public", PRIVATE_REPLY: "in a private message about it"}
"""How a reply travelled, where that isn't how the message came."""


@dataclass(frozen=True)
class Window:
    """Which part of the conversation: around the record's message, or from one on, by our own ids."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Line:
    """One message of the person's, and what became of it.

    ``text`` is the redacted text where it has a record of its own; ``notes`` say in words whatever else is to be known.
    """

    key: str
    at: datetime
    is_this: bool
    is_part: bool
    """Whether it was understood with a later message, where its text is."""
    text: str | None
    reference: str | None
    label: str | None
    erased_at: datetime | None
    """When its record, text and all, was erased; none while it is there."""
    notes: tuple[str, ...]
    replies: tuple[OutboundMessage, ...]


@dataclass(frozen=True)
class Conversation:
    """A part of it, in order; ``earlier`` and ``later`` are the ids from which there is more, if there is."""

    lines: tuple[Line, ...]
    earlier: int | None
    later: int | None
    is_around: bool
    """Whether this is the part around the record's own message."""


def conversation_around(session: Session, escalation: Escalation, window: Window) -> Conversation:
    """The part that was asked for. However long the conversation, only so many messages are read."""
    messages, earlier, later = _part(session, escalation.message, window)
    known = {message.id: message for message in messages}
    related = {
        one for message in messages for one in (message.part_of_id, message.edit_of_id) if one and one not in known
    }
    if related:
        query = select(InboundMessage).where(InboundMessage.id.in_(related))
        known |= {one.id: one for one in session.scalars(query.options(selectinload(InboundMessage.escalation)))}
    return Conversation(
        lines=tuple(_line(message, known, escalation) for message in messages),
        earlier=messages[0].id if messages and earlier else None,
        later=messages[-1].id if messages and later else None,
        is_around=window == Window(),
    )


def _part(session: Session, message: InboundMessage, window: Window) -> tuple[list[InboundMessage], bool, bool]:
    """The messages in order, and whether there are earlier and later ones."""
    if window.before is not None:
        found, more = _before(session, message, window.before, AT_ONCE)
        return found, more, True
    if window.after is not None:
        found, more = _after(session, message, window.after, AT_ONCE)
        return found, True, more
    before, earlier = _before(session, message, message.id, BEFORE)
    after, later = _after(session, message, message.id - 1, AFTER + 1)
    return [*before, *after], earlier, later


def _before(session: Session, message: InboundMessage, limit: int, most: int) -> tuple[list[InboundMessage], bool]:
    query = _messages(message).where(InboundMessage.id < limit).order_by(InboundMessage.id.desc())
    found = list(session.scalars(query.limit(most + 1)))
    return found[:most][::-1], len(found) > most


def _after(session: Session, message: InboundMessage, limit: int, most: int) -> tuple[list[InboundMessage], bool]:
    query = _messages(message).where(InboundMessage.id > limit).order_by(InboundMessage.id)
    found = list(session.scalars(query.limit(most + 1)))
    return found[:most], len(found) > most


def _messages(message: InboundMessage) -> Select[tuple[InboundMessage]]:
    loads = (selectinload(InboundMessage.replies), selectinload(InboundMessage.escalation))
    return select(InboundMessage).filter_by(conversation_id=message.conversation_id).options(*loads)


def _line(message: InboundMessage, known: dict[int, InboundMessage], escalation: Escalation) -> Line:
    own = message.escalation
    return Line(
        key=message.key,
        at=message.received_at,
        is_this=own is not None and own.id == escalation.id,
        is_part=message.part_of_id is not None,
        text=storable(own.redacted_text) if own is not None else None,
        reference=own.reference if own is not None else None,
        label=message.label,
        erased_at=own.original_erased_at if own is not None and is_erased(own) else None,
        notes=tuple(_notes(message, known)),
        replies=tuple(message.replies),
    )


def _notes(message: InboundMessage, known: dict[int, InboundMessage]) -> Sequence[str]:
    notes = []
    if message.kind in KINDS:
        notes.append(f"This is {KINDS[message.kind]}.")
    if message.edit_of_id is not None:
        notes.append("This is a later wording of a message before it.")
    if message.part_of_id is not None:
        lead = known.get(message.part_of_id)
        record = lead.escalation if lead is not None else None
        where = f" Its text is shown there, with record {record.reference}." if record is not None else ""
        notes.append(f"It was understood and answered together with the message that followed it at once.{where}")
    elif message.state == WAITING:
        notes.append("It hasn’t been answered yet.")
    elif message.end == SILENT:
        notes.append(f"Signpost sent no reply: {message.end_reason or 'none is due'}.")
    elif not message.replies:
        notes.append(f"Signpost could not answer: {message.end_reason or 'no reason was kept'}.")
    return notes
