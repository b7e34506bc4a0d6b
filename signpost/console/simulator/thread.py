"""A conversation as its channel would show it: what the person wrote, what came back, and what is still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from signpost.channels.text import storable
from signpost.log.causes import LABELS
from signpost.log.encryption import Vault
from signpost.log.models import DELIVERED, FAILED, SILENT, WAITING, InboundMessage, OutboundMessage

MOST_MESSAGES = 50
DESK_SECONDS = timedelta(seconds=10)
"""A message that has waited longer than this gets a note that says why."""


@dataclass(frozen=True)
class Line:
    """One bubble, comment or note. ``who`` is ``person``, ``force``, ``note`` (the simulator speaks) or ``typing``."""

    key: str
    who: str
    text: str
    at: datetime
    trouble: bool = False
    """A note about something that somebody has to put right."""


@dataclass(frozen=True)
class Exchange:
    """A message and what followed from it."""

    said: Line
    followed: tuple[Line, ...]


@dataclass(frozen=True)
class Thread:
    """The newest exchanges of a conversation, in order."""

    exchanges: tuple[Exchange, ...]
    settled: bool
    """Nothing more will come of any message: each has its end, its delivery and, if it is due, its escalation."""

    @property
    def in_time(self) -> list[Line]:
        """All lines as they came, for channels that show one message after another; who types is always last."""
        lines: Iterator[Line] = (line for one in self.exchanges for line in (one.said, *one.followed))
        return sorted(lines, key=lambda line: (line.who == "typing", line.at))


def newest_messages(session: Session, conversation_id: int) -> list[InboundMessage]:
    """The conversation's newest messages in order, each with its replies and its escalation."""
    query = (
        select(InboundMessage)
        .filter_by(conversation_id=conversation_id)
        .order_by(InboundMessage.id.desc())
        .limit(MOST_MESSAGES)
        .options(selectinload(InboundMessage.replies), selectinload(InboundMessage.escalation))
    )
    return list(session.scalars(query))[::-1]


def is_settled(message: InboundMessage) -> bool:
    """Whether nothing more will come of the message."""
    if message.state == WAITING or any(reply.state == WAITING for reply in message.replies):
        return False
    escalated = message.escalation is not None and message.escalation.answered_at is not None
    return escalated or message.label not in LABELS


def thread_of(messages: list[InboundMessage], vault: Vault, now: datetime) -> Thread:
    """The thread that the messages make."""
    exchanges = tuple(_exchange(message, vault, now) for message in messages)
    return Thread(exchanges, all(map(is_settled, messages)))


def text_of(message: InboundMessage, vault: Vault) -> str:
    """What the person wrote; a sentence in its place once it has been deleted."""
    if message.text_encrypted is None:
        return "This message was deleted, as the time for which it may be kept is over."
    return storable(vault.decrypt(message.text_encrypted))


def _exchange(message: InboundMessage, vault: Vault, now: datetime) -> Exchange:
    said = Line(message.key, "person", text_of(message, vault), message.received_at)
    return Exchange(said, tuple(_followed(message, now)))


def _followed(message: InboundMessage, now: datetime) -> Iterator[Line]:
    if message.state == WAITING:
        waits = _why_it_waits(message, now)
        if waits:
            yield Line(f"{message.key}-waits", "note", waits, message.received_at, trouble=True)
        else:
            yield Line(f"{message.key}-typing", "typing", "", message.received_at)
        return
    at = message.ended_at or message.received_at
    for reply in message.replies:
        yield from _reply(message, reply)
    if message.end == SILENT:
        yield Line(f"{message.key}-end", "note", f"Signpost sends no reply: {message.end_reason or 'none is due'}.", at)
    elif message.end == FAILED:
        why = message.end_reason or "no reason was kept"
        yield Line(
            f"{message.key}-end", "note", f"Signpost could not answer: {why}. It counts as failed.", at, trouble=True
        )


def _reply(message: InboundMessage, reply: OutboundMessage) -> Iterator[Line]:
    key = f"{message.key}-{reply.position}"
    if reply.state == DELIVERED:
        yield Line(key, "force", reply.text, reply.delivered_at or reply.created_at)
    elif reply.state == FAILED:
        why = reply.failure or "the platform gave no reason"
        yield Line(f"{key}-failed", "note", f"The reply could not be delivered: {why}.", reply.created_at, trouble=True)
    else:
        yield Line(f"{key}-typing", "typing", "", reply.created_at)


def _why_it_waits(message: InboundMessage, now: datetime) -> str | None:
    if now - message.received_at < DESK_SECONDS:
        return None
    if message.attempts:
        return "The assistant isn't answering; the desk keeps asking. See: signpost status"
    if message.claimed_until is not None and message.claimed_until > now:
        return "The desk is still at work on this message."
    return "The desk isn't running. See: signpost status"
