"""What the desk must know of a message to ask about it and to end it, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select
from sqlalchemy.sql.expression import false

from signpost.force.mandate import FULL_KINDS
from signpost.log.database import table_of
from signpost.log.encryption import Vault
from signpost.log.messages import GUIDANCE_LASTS
from signpost.log.models import FAILED, Conversation, InboundMessage, OutboundMessage

RANK = {"not_report": 0, "crime_report": 1, "emergency": 2}
_messages = table_of(InboundMessage)
_message, _lead = _messages.c, _messages.alias("lead")
_conversation = table_of(Conversation).c
_reply = table_of(OutboundMessage).c


@dataclass(frozen=True)
class Guided:
    """The full guidance that a person had last: its kind, when, and what the message was understood as that it answered."""

    kind: str
    at: datetime
    label: str | None


@dataclass(frozen=True)
class Case:
    """A message with its conversation and the parts of its burst.

    ``texts`` are encrypted, oldest first. ``answered_as`` is the most urgent label that the earlier wordings of an edited
    message had; none for what is no edit.
    """

    id: int
    key: str
    conversation_id: int
    conversation_key: str
    channel: str
    account: str
    visibility: str
    kind: str
    received_at: datetime
    edit_of_id: int | None
    attempts: int
    reference: str | None
    erased: bool
    replies_off: bool
    staff_until: datetime | None
    parts: tuple[int, ...]
    texts: tuple[bytes, ...]
    last_guided: Guided | None
    answered_as: str | None

    @property
    def guided(self) -> str | None:
        """The kind of full guidance this person had last in the hour before the message came, or none."""
        last = self.last_guided
        return last.kind if last and last.at > self.received_at - GUIDANCE_LASTS else None

    def text(self, vault: Vault) -> str:
        """What the person wrote: the whole burst, a line a message; empty where nothing (any longer) stands."""
        return "\n".join(vault.decrypt(one) for one in self.texts)


CASES = select(
    _message.id,
    _message.key,
    _message.conversation_id,
    _conversation.key.label("conversation_key"),
    _message.channel,
    _message.account,
    _message.visibility,
    _message.kind,
    _message.received_at,
    _message.edit_of_id,
    _message.attempts,
    _message.reference,
    _message.text_encrypted,
    _conversation.replies_off_at,
    _conversation.staff_until,
).join_from(_messages, table_of(Conversation), _conversation.id == _message.conversation_id)
"""What :func:`made_of` makes cases of; whoever uses it says of which messages."""
_ONE = CASES.where(_message.id == bindparam("message"))
_PARTS = (
    select(_message.id, _message.text_encrypted)
    .where(_message.part_of_id == bindparam("message"))
    .order_by(_message.id)
)
# Newest message first, as the index on the conversation has it: most often the first that is looked at decides.
_GUIDED = (
    select(_reply.kind, _reply.created_at, _message.label)
    .join_from(_messages, table_of(OutboundMessage), _reply.inbound_message_id == _message.id)
    .where(
        _message.conversation_id == bindparam("conversation"),
        or_(false(), *(_reply.kind == kind for kind in sorted(FULL_KINDS))),
        _reply.state != FAILED,
    )
    .order_by(_message.id.desc(), _reply.id.desc())
    .limit(1)
)
_WORDINGS = (
    select(_message.label, _lead.c.label)
    # What was a part of a burst has no label of its own, but that of the burst.
    .join_from(_messages, _lead, _lead.c.id == _message.part_of_id, isouter=True)
    .where(
        or_(_message.id == bindparam("first"), _message.edit_of_id == bindparam("first")),
        _message.id < bindparam("message"),
    )
)


def case_of(connection: Connection, message_id: int) -> Case:
    """The message's case as it stands. Raises :class:`sqlalchemy.exc.NoResultFound` where there is no such message."""
    row = connection.execute(_ONE, {"message": message_id}).one()
    return made_of(connection, row, connection.execute(_PARTS, {"message": message_id}).all())


def made_of(connection: Connection, row: Row[Any], parts: Sequence[Row[Any]]) -> Case:
    """The case of one of :data:`CASES` with its burst's parts, oldest first; what else it needs is read."""
    last = connection.execute(_GUIDED, {"conversation": row.conversation_id}).first()
    return Case(
        id=row.id,
        key=row.key,
        conversation_id=row.conversation_id,
        conversation_key=row.conversation_key,
        channel=row.channel,
        account=row.account,
        visibility=row.visibility,
        kind=row.kind,
        received_at=row.received_at,
        edit_of_id=row.edit_of_id,
        attempts=row.attempts,
        reference=row.reference,
        erased=row.text_encrypted is None,
        replies_off=row.replies_off_at is not None,
        staff_until=row.staff_until,
        parts=tuple(one.id for one in parts),
        texts=tuple(one.text_encrypted for one in (*parts, row) if one.text_encrypted),
        last_guided=Guided(*last) if last else None,
        answered_as=_answered_as(connection, row.edit_of_id, row.id) if row.edit_of_id is not None else None,
    )


def _answered_as(connection: Connection, first: int, message_id: int) -> str:
    rows = connection.execute(_WORDINGS, {"first": first, "message": message_id}).all()
    return max((label for row in rows for label in row if label), key=RANK.__getitem__, default="not_report")
