"""Storing messages and reading them back: the only place that knows how an inbound message is kept."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from signpost.log.database import insert_if_absent
from signpost.log.encryption import Vault
from signpost.log.models import FAILED, WAITING, Conversation, InboundMessage, OutboundMessage

GUIDANCE_LASTS = timedelta(hours=1)
"""Whoever had all four statements within this time gets a reminder (the design's rule on repeats)."""
AT_ONCE = 200
"""Rows asked about in one statement; databases limit a statement's parameters."""


@dataclass(frozen=True)
class NewMessage:
    """A message as a platform's module reads it. ``platform_id`` is unique within its channel.

    ``kind`` is one of :data:`signpost.channels.events.KINDS`; ``reply_target`` the platform's id of what a reply answers,
    the message's own when empty; ``edit_of_id`` ours of the message that this is a later wording of.
    """

    channel: str
    account: str
    person: str
    platform_id: str
    visibility: str
    text: str
    received_at: datetime
    kind: str = "text"
    urgency: int = 0
    sent_at: datetime | None = None
    reply_target: str = ""
    edit_of_id: int | None = None


def sealed(vault: Vault, new: NewMessage) -> tuple[NewMessage, bytes]:
    """The message with its text encrypted: done before a transaction begins, so that nobody waits for it."""
    return new, vault.encrypt(new.text)


def store_all(session: Session, messages: Sequence[tuple[NewMessage, bytes]]) -> int:
    """Stores the sealed messages that aren't there yet, and returns how many those were.

    What a platform sends twice, here or in another process at the same time, is stored once.
    """
    if not messages:
        return 0
    conversations = _conversations(session, {(new.channel, new.account, new.person) for new, _token in messages})
    rows = {
        (new.channel, new.platform_id): {
            "key": str(uuid.uuid4()),
            "conversation_id": conversations[new.channel, new.account, new.person],
            "channel": new.channel,
            "account": new.account,
            "platform_id": new.platform_id,
            "visibility": new.visibility,
            "kind": new.kind,
            "reply_target": new.reply_target or new.platform_id,
            "received_at": new.received_at,
            "sent_at": new.sent_at,
            "text_encrypted": token,
            "state": WAITING,
            "urgency": new.urgency,
            "looked_through": False,
            "due_at": new.received_at,
            "attempts": 0,
            "unsure": False,
            "edit_of_id": new.edit_of_id,
        }
        # The first of two with one id counts, as it would have had they come one by one.
        for new, token in reversed(messages)
    }
    known = set(find(session, list(rows)))
    # In the order in which they came: people's messages are answered in order.
    fresh = [rows[key] for key in dict.fromkeys((n.channel, n.platform_id) for n, _ in messages) if key not in known]
    if not fresh:
        return 0
    done = session.execute(insert_if_absent(session, InboundMessage).returning(InboundMessage.id), fresh)
    return len(done.all())


def store_inbound(session: Session, vault: Vault, new: NewMessage) -> tuple[InboundMessage, bool]:
    """The stored message, and whether it is new: a platform that sends twice finds the first one again."""
    is_new = store_all(session, [sealed(vault, new)]) == 1
    message = find_one(session, new.channel, new.platform_id)
    assert message is not None  # noqa: S101  # for the type checker: it was stored, now or before
    return message, is_new


def find(session: Session, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], InboundMessage]:
    """The stored messages of these (channel, platform id), as far as there are any."""
    found: dict[tuple[str, str], InboundMessage] = {}
    for chunk in _chunks(keys):
        query = select(InboundMessage).where(tuple_(InboundMessage.channel, InboundMessage.platform_id).in_(chunk))
        found.update({(one.channel, one.platform_id): one for one in session.scalars(query)})
    return found


def find_one(session: Session, channel: str, platform_id: str) -> InboundMessage | None:
    """The stored message of this platform id, if there is one."""
    return find(session, [(channel, platform_id)]).get((channel, platform_id))


def conversation_of(session: Session, channel: str, account: str, person: str) -> Conversation:
    """The conversation of a person with an account, made when there is none."""
    known = _conversations(session, {(channel, account, person)})
    return session.get_one(Conversation, known[channel, account, person])


def _conversations(session: Session, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    wanted = list(keys)
    found = _known_conversations(session, wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        rows = [
            {"key": str(uuid.uuid4()), "channel": channel, "account": account, "person": person}
            for channel, account, person in missing
        ]
        session.execute(insert_if_absent(session, Conversation), rows)
        found |= _known_conversations(session, missing)
    return found


def _known_conversations(session: Session, keys: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    columns = (Conversation.channel, Conversation.account, Conversation.person)
    return {
        (row[0], row[1], row[2]): row[3]
        for chunk in _chunks(keys)
        for row in session.execute(select(*columns, Conversation.id).where(tuple_(*columns).in_(chunk)))
    }


def _chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def erase_text(message: InboundMessage) -> None:
    """Takes what the person wrote out of the record; what was made of it, and the redacted escalation, stay."""
    message.text_encrypted = None
    message.reasons_encrypted = None


def erase_texts(session: Session, ids: Sequence[int]) -> int:
    """The same for many messages at once; returns how many still had a text."""
    held = InboundMessage.id.in_(ids), InboundMessage.text_encrypted.is_not(None)
    query = update(InboundMessage).where(*held).values(text_encrypted=None, reasons_encrypted=None)
    return len(session.execute(query.returning(InboundMessage.id)).all())


def parts_of(session: Session, message_id: int) -> list[InboundMessage]:
    """The earlier messages of a burst that are understood and answered with this one, oldest first."""
    query = select(InboundMessage).filter_by(part_of_id=message_id).order_by(InboundMessage.id)
    return list(session.scalars(query))


def text_of(message: InboundMessage, parts: Sequence[InboundMessage], vault: Vault) -> str:
    """What the person wrote: the whole burst, a line a message; empty where nothing (any longer) stands."""
    tokens = [one.text_encrypted for one in (*parts, message)]
    return "\n".join(vault.decrypt(token) for token in tokens if token)


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


LANGUAGE = "language"
"""What a "reason" speaks that is no word of the text, but the code of the language that the text is in."""


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
