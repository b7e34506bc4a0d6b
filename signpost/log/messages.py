"""Storing messages and reading them back: the only place that knows how an inbound message is kept."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from signpost.log.encryption import Vault
from signpost.log.models import FAILED, WAITING, Conversation, InboundMessage, OutboundMessage

GUIDANCE_LASTS = timedelta(hours=1)
"""Whoever had all four statements within this time gets a reminder (the design's rule on repeats)."""


@dataclass(frozen=True)
class NewMessage:
    """A message as a platform's module reads it. ``platform_id`` is unique within its channel."""

    channel: str
    account: str
    person: str
    platform_id: str
    visibility: str
    text: str
    received_at: datetime


def store_inbound(session: Session, vault: Vault, new: NewMessage) -> tuple[InboundMessage, bool]:
    """The stored message, and whether it is new: a platform that sends twice finds the first one again."""
    known = _find(session, new)
    if known is not None:
        return known, False
    message = InboundMessage(
        key=str(uuid.uuid4()),
        conversation=_conversation(session, new),
        channel=new.channel,
        account=new.account,
        platform_id=new.platform_id,
        visibility=new.visibility,
        received_at=new.received_at,
        due_at=new.received_at,
        text_encrypted=vault.encrypt(new.text),
    )
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        # Another process stored it between our look and our write.
        known = _find(session, new)
        if known is None:
            raise
        return known, False
    return message, True


def _find(session: Session, new: NewMessage) -> InboundMessage | None:
    return session.scalars(select(InboundMessage).filter_by(channel=new.channel, platform_id=new.platform_id)).first()


def _conversation(session: Session, new: NewMessage) -> Conversation:
    query = select(Conversation).filter_by(channel=new.channel, account=new.account, person=new.person)
    known = session.scalars(query).first()
    if known is not None:
        return known
    try:
        with session.begin_nested():
            session.add(
                Conversation(key=str(uuid.uuid4()), channel=new.channel, account=new.account, person=new.person)
            )
    except IntegrityError:
        pass  # Another process was first; the query below finds its row.
    return session.scalars(query).one()


def guidance_given(session: Session, message: InboundMessage, full_kinds: frozenset[str]) -> str | None:
    """The last kind of full guidance this person had in the hour before the message came, or none."""
    since = message.received_at - GUIDANCE_LASTS
    return session.scalars(
        select(OutboundMessage.kind)
        .join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
        .where(
            InboundMessage.conversation_id == message.conversation_id,
            OutboundMessage.kind.in_(full_kinds),
            OutboundMessage.state != FAILED,
            OutboundMessage.created_at > since,
        )
        .order_by(OutboundMessage.id.desc())
        .limit(1)
    ).first()


def keep_reasons(message: InboundMessage, vault: Vault, reasons: list[dict[str, str]]) -> None:
    """Stores the words that weighed most, encrypted like the text they come from."""
    message.reasons_encrypted = vault.encrypt(json.dumps(reasons))


def reasons_of(message: InboundMessage, vault: Vault) -> list[dict[str, str]]:
    """The words that weighed most, heaviest first; empty when there are none (any more)."""
    if message.reasons_encrypted is None:
        return []
    return [reason for reason in json.loads(vault.decrypt(message.reasons_encrypted)) if "word" in reason]


def waiting(session: Session) -> int:
    """How many messages haven't come to their end."""
    return session.scalar(select(func.count()).select_from(InboundMessage).filter_by(state=WAITING)) or 0
