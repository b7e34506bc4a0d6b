"""Echoes: what an account said comes back as an event. Ours prove a delivery; a member of staff's own words pause Signpost."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from signpost.channels.events import Echoed
from signpost.channels.transport import METADATA_MARK, PRIVATE_REPLY, PUBLIC_REPLY
from signpost.force.accounts import Account
from signpost.log.messages import conversation_of
from signpost.log.models import BESIDE, DELIVERED, Conversation, InboundMessage, OutboundMessage
from signpost.log.prepared import prepared
from signpost.log.replies import ECHOED, mark_delivered, note_taken, split_key

REMEMBERED = timedelta(days=1)
"""For how long words that come back without our mark are looked for among our own."""
SENT_AGAIN = timedelta(days=2)
"""For how long a platform may still send what it couldn't deliver: Meta gives up after 36 hours."""
_STATE = select(OutboundMessage.id, OutboundMessage.state, OutboundMessage.platform_id).join(
    InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id
)
_STATE_BY_KEY = prepared(
    _STATE.where(InboundMessage.key == bindparam("key"), OutboundMessage.position == bindparam("position"))
)
_STATE_BY_ID = prepared(
    _STATE.join(Conversation, Conversation.id == InboundMessage.conversation_id).where(
        Conversation.channel == bindparam("channel"),
        Conversation.account == bindparam("account"),
        Conversation.person == bindparam("person"),
        OutboundMessage.platform_id == bindparam("id"),
    )
)
OURS, OURS_UNKNOWN, STAFFS = "own_echo", "own_echo_unknown", "staff_reply"


def take_echo(session: Session, echo: Echoed, account: Account, app_ids: frozenset[str], now: datetime) -> str:
    """Settles the reply whose echo this is, or pauses Signpost in the conversation; returns which, for the count."""
    marked = _by_mark(session, echo)
    if marked is not None:
        if not _is_settled(marked):
            note_taken(session.connection(), marked.id, echo.platform_id, now, ECHOED)
        return OURS
    reply = _by_platform_id(session, echo, account, now) or _by_words(session, echo, account, now)
    if reply is not None:
        mark_delivered(session, reply, echo.platform_id, now, ECHOED)
        return OURS
    if echo.metadata.startswith(METADATA_MARK) or (echo.app_id and echo.app_id in app_ids):
        # Sent through our app, though not by the desk: a test message, or a reply whose record is gone.
        return OURS_UNKNOWN
    if _private_words(session, echo, now):
        return OURS_UNKNOWN
    conversation = conversation_of(session, echo.channel, echo.account, echo.person)
    conversation.staff_until = now + timedelta(hours=account.staff_pause_hours)
    return STAFFS


def is_recorded(session: Session, echo: Echoed) -> bool:
    """Whether this is the echo of a reply that is known to have arrived: it tells nothing new then."""
    if echo.metadata.startswith(METADATA_MARK):
        found = _by_mark(session, echo)
    else:
        theirs = {"channel": echo.channel, "account": echo.account, "person": echo.person, "id": echo.platform_id}
        found = session.connection().execute(_STATE_BY_ID, theirs).first() if echo.platform_id else None
    return found is not None and _is_settled(found)


def _is_settled(reply: Row[Any]) -> bool:
    return bool(reply.state == DELIVERED and reply.platform_id)


def _by_mark(session: Session, echo: Echoed) -> Row[Any] | None:
    key = split_key(echo.metadata.removeprefix(METADATA_MARK)) if echo.metadata.startswith(METADATA_MARK) else None
    if key is None:
        return None
    session.flush()
    return session.connection().execute(_STATE_BY_KEY, {"key": key[0], "position": key[1]}).first()


def _by_platform_id(session: Session, echo: Echoed, account: Account, now: datetime) -> OutboundMessage | None:
    if not echo.platform_id:
        return None
    is_it = OutboundMessage.platform_id == echo.platform_id
    # A private reply about a comment goes to a person who has another id there, and so another conversation.
    known = session.scalars(_replies_to(echo, account).where(is_it)).first()
    return known or session.scalars(_replies_beside(echo.account, since=now - SENT_AGAIN).where(is_it)).first()


def _by_words(session: Session, echo: Echoed, account: Account, now: datetime) -> OutboundMessage | None:
    """The oldest of our replies to this person that says just this and hasn't been seen to arrive.

    Instagram's echoes carry no mark, and they may be quicker than the answer to the request they echo.
    """
    query = (
        _replies_to(echo, account)
        .where(
            OutboundMessage.created_at > now - REMEMBERED,
            OutboundMessage.text == echo.text,
            OutboundMessage.platform_id.is_(None),
            or_(OutboundMessage.attempted_at.is_not(None), OutboundMessage.state == DELIVERED),
        )
        .order_by(OutboundMessage.id)
    )
    return session.scalars(query).first() if echo.text else None


def said_by_us(session: Session, account: str, platform_id: str, text: str, now: datetime) -> bool:
    """Whether the account's desk sent this under a post: by its id, or by its words where its id isn't known yet."""
    query = _replies_beside(account, since=now - REMEMBERED).where(
        OutboundMessage.way == PUBLIC_REPLY,
        or_(OutboundMessage.platform_id == platform_id, OutboundMessage.text == text.strip()),
    )
    return session.scalars(query.limit(1)).first() is not None


def _private_words(session: Session, echo: Echoed, now: datetime) -> bool:
    """Whether these are the words of a private reply about a comment, whose reader goes by another id there."""
    query = _replies_beside(echo.account, since=now - REMEMBERED).where(
        OutboundMessage.way == PRIVATE_REPLY, OutboundMessage.text == echo.text
    )
    return bool(echo.text) and session.scalars(query.limit(1)).first() is not None


def _replies_to(echo: Echoed, account: Account) -> Select[tuple[OutboundMessage]]:
    """Ours to this person, on whichever of the account's channels: the few of their conversations, in a record of any size."""
    return (
        select(OutboundMessage)
        .join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
        .join(Conversation, Conversation.id == InboundMessage.conversation_id)
        .where(
            Conversation.channel.in_(account.channels),
            Conversation.account == echo.account,
            Conversation.person == echo.person,
        )
    )


def _replies_beside(account: str, since: datetime) -> Select[tuple[OutboundMessage]]:
    """Ours about what stands under posts, in public or in private: an index holds just these."""
    return (
        select(OutboundMessage)
        .join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
        .where(BESIDE, OutboundMessage.created_at > since, InboundMessage.account == account)
    )
