"""Echoes: what an account said comes back as an event. Ours prove a delivery; a member of staff's own words pause Signpost."""

from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from signpost.channels.events import Echoed
from signpost.channels.transport import METADATA_MARK, PRIVATE_REPLY, PUBLIC_REPLY
from signpost.force.accounts import Account
from signpost.log.messages import conversation_of
from signpost.log.models import DELIVERED, Conversation, InboundMessage, OutboundMessage
from signpost.log.replies import ECHOED, mark_delivered, reply_by_key

REMEMBERED = timedelta(days=1)
"""For how long words that come back without our mark are looked for among our own."""
OURS, OURS_UNKNOWN, STAFFS = "own_echo", "own_echo_unknown", "staff_reply"


def take_echo(session: Session, echo: Echoed, account: Account, app_ids: frozenset[str], now: datetime) -> str:
    """Settles the reply whose echo this is, or pauses Signpost in the conversation; returns which, for the count."""
    reply = _by_metadata(session, echo) or _by_platform_id(session, echo) or _by_words(session, echo, now)
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


def _by_metadata(session: Session, echo: Echoed) -> OutboundMessage | None:
    if not echo.metadata.startswith(METADATA_MARK):
        return None
    return reply_by_key(session, echo.metadata.removeprefix(METADATA_MARK))


def _by_platform_id(session: Session, echo: Echoed) -> OutboundMessage | None:
    query = _replies_of(echo.account).where(OutboundMessage.platform_id == echo.platform_id)
    return session.scalars(query).first() if echo.platform_id else None


def _by_words(session: Session, echo: Echoed, now: datetime) -> OutboundMessage | None:
    """The oldest of our replies to this person that says just this and hasn't been seen to arrive.

    Instagram's echoes carry no mark, and they may be quicker than the answer to the request they echo.
    """
    query = (
        _replies_of(echo.account, since=now - REMEMBERED)
        .join(Conversation, Conversation.id == InboundMessage.conversation_id)
        .where(
            Conversation.person == echo.person,
            OutboundMessage.text == echo.text,
            OutboundMessage.platform_id.is_(None),
            or_(OutboundMessage.attempted_at.is_not(None), OutboundMessage.state == DELIVERED),
        )
        .order_by(OutboundMessage.id)
    )
    return session.scalars(query).first() if echo.text else None


def said_by_us(session: Session, account: str, platform_id: str, text: str, now: datetime) -> bool:
    """Whether the account's desk sent this under a post: by its id, or by its words where its id isn't known yet."""
    query = _replies_of(account, since=now - REMEMBERED).where(
        OutboundMessage.way == PUBLIC_REPLY,
        or_(OutboundMessage.platform_id == platform_id, OutboundMessage.text == text.strip()),
    )
    return session.scalars(query.limit(1)).first() is not None


def _private_words(session: Session, echo: Echoed, now: datetime) -> bool:
    """Whether these are the words of a private reply about a comment, whose reader goes by another id there."""
    query = _replies_of(echo.account, since=now - REMEMBERED).where(
        OutboundMessage.way == PRIVATE_REPLY, OutboundMessage.text == echo.text
    )
    return bool(echo.text) and session.scalars(query.limit(1)).first() is not None


def _replies_of(account: str, since: datetime | None = None) -> Select[tuple[OutboundMessage]]:
    query = (
        select(OutboundMessage)
        .join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
        .where(InboundMessage.account == account)
    )
    return query if since is None else query.where(OutboundMessage.created_at > since)
