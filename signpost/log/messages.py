"""Storing messages and reading them back: the only place that knows how an inbound message is kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from signpost.log.encryption import Vault
from signpost.log.models import WAITING, Conversation, InboundMessage, new_key
from signpost.log.prepared import prepared

GUIDANCE_LASTS = timedelta(hours=1)
"""Whoever had all four statements within this time gets a reminder (the design's rule on repeats)."""
AT_ONCE = 200
"""Rows asked about in one statement; databases limit a statement's parameters."""
_ADD_CONVERSATION = prepared(
    insert(Conversation)
    .values({name: bindparam(name) for name in ("key", "channel", "account", "person")})
    .on_conflict_do_nothing()
)
_ADD_MESSAGE = prepared(
    insert(InboundMessage)
    .values(
        conversation_id=select(Conversation.id)
        .where(
            Conversation.channel == bindparam("channel"),
            Conversation.account == bindparam("account"),
            Conversation.person == bindparam("person"),
        )
        .scalar_subquery(),
        **{
            name: bindparam(name)
            for name in (
                *("key", "channel", "account", "platform_id", "visibility", "kind", "reply_target", "received_at"),
                *("sent_at", "text_encrypted", "state", "urgency", "looked_through", "due_at", "attempts", "unsure"),
                *("settled", "edit_of_id"),
            )
        },
    )
    .on_conflict_do_nothing()
)


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


def store_all(session: Session, messages: Sequence[tuple[NewMessage, bytes]]) -> list[bool]:
    """Stores the sealed messages that aren't there yet, and says of each whether it is new.

    What a platform sends twice, here or in another process at the same time, is stored once.
    """
    if not messages:
        return []
    # The first of two with one id counts. In the order in which they came: people's messages are answered in order.
    firsts: dict[tuple[str, str], tuple[NewMessage, bytes]] = {}
    for new, token in messages:
        firsts.setdefault((new.channel, new.platform_id), (new, token))
    rows = {key: _row(*first) for key, first in firsts.items()}
    connection = session.connection()
    # In one order everywhere: two processes that make the same two conversations would wait for each other otherwise.
    people = sorted({(new.channel, new.account, new.person) for new, _token in firsts.values()})
    connection.execute(_ADD_CONVERSATION, [_conversation_row(*person) for person in people])
    done = connection.execute(_ADD_MESSAGE, list(rows.values()))
    fresh = {row["key"] for row in rows.values()}
    if done.rowcount != len(rows):
        fresh = _stored(session, list(fresh))
    stored = []
    for new, _token in messages:
        row = rows.pop((new.channel, new.platform_id), None)
        stored.append(row is not None and row["key"] in fresh)
    return stored


def _stored(session: Session, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        found.update(
            session.scalars(select(InboundMessage.key).where(InboundMessage.key.in_(keys[start : start + AT_ONCE])))
        )
    return found


def _row(new: NewMessage, token: bytes) -> dict[str, Any]:
    return {
        "key": new_key(),
        "channel": new.channel,
        "account": new.account,
        "person": new.person,
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
        "settled": False,
        "edit_of_id": new.edit_of_id,
    }


def _conversation_row(channel: str, account: str, person: str) -> dict[str, Any]:
    return {"key": new_key(), "channel": channel, "account": account, "person": person}


def store_inbound(session: Session, vault: Vault, new: NewMessage) -> tuple[InboundMessage, bool]:
    """The stored message, and whether it is new: a platform that sends twice finds the first one again."""
    (is_new,) = store_all(session, [sealed(vault, new)])
    message = find_one(session, new.channel, new.platform_id)
    assert message is not None  # noqa: S101  # for the type checker: it was stored, now or before
    return message, is_new


def find_one(session: Session, channel: str, platform_id: str) -> InboundMessage | None:
    """The stored message of this platform id, if there is one."""
    return session.scalars(select(InboundMessage).filter_by(channel=channel, platform_id=platform_id)).first()


def conversation_of(session: Session, channel: str, account: str, person: str) -> Conversation:
    """The conversation of a person with an account, made when there is none."""
    query = select(Conversation).filter_by(channel=channel, account=account, person=person)
    known = session.scalars(query).first()
    if known is not None:
        return known
    session.connection().execute(_ADD_CONVERSATION, _conversation_row(channel, account, person))
    return session.scalars(query).one()


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


LANGUAGE = "language"
"""What a "reason" speaks that is no word of the text, but the code of the language that the text is in."""


def sealed_reasons(vault: Vault, reasons: list[dict[str, str]]) -> bytes:
    """The words that weighed most, encrypted as :func:`reasons_of` reads them."""
    return vault.encrypt(json.dumps(reasons))


def reasons_of(message: InboundMessage, vault: Vault) -> list[dict[str, str]]:
    """The words that weighed most, heaviest first; empty when there are none (any more)."""
    if message.reasons_encrypted is None:
        return []
    return [reason for reason in json.loads(vault.decrypt(message.reasons_encrypted)) if "word" in reason]


def waiting(session: Session) -> int:
    """How many messages haven't come to their end."""
    return session.scalar(select(func.count()).select_from(InboundMessage).filter_by(state=WAITING)) or 0
