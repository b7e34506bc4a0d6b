"""An escalation that is written after its message has ended, since the reply didn't wait for it, is whole at once."""

from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from signpost.log.completing import completed, delivery_of, told_of
from signpost.log.database import table_of
from signpost.log.encryption import Vault
from signpost.log.models import ENDED, InboundMessage, OutboundMessage

_messages = table_of(InboundMessage)
_message, _reply = _messages.c, table_of(OutboundMessage).c
_ENDED = (
    select(
        _message.kind,
        _message.end,
        _message.ended_at,
        _message.label,
        _message.intent,
        _message.unsure,
        _message.scores,
        _message.model,
        _message.crime_kind,
        _message.reasons_encrypted,
        _message.state,
        _message.settled,
    )
    .where(_message.id == bindparam("message"))
    .with_for_update()
)
_REPLIES = (
    select(_reply.text, _reply.state, _reply.delivered_at)
    .where(_reply.inbound_message_id == bindparam("message"))
    .order_by(_reply.position)
)
_SETTLE = update(_messages).where(_message.id == bindparam("message")).values(settled=True)


def taken_from_end(
    connection: Connection, message_id: int, cause: str, redacted: str, vault: Vault
) -> dict[str, Any] | None:
    """The columns that a new escalation takes from its message's end; none where that is still to come.

    Within a transaction that writes: whichever of the two comes second, end or escalation, sees the other and completes it.
    """
    message: Any = connection.execute(_ENDED, {"message": message_id}).one()
    if message.state != ENDED or message.settled or message.label is None:
        return None
    replies: list[Any] = [*connection.execute(_REPLIES, {"message": message_id})]
    columns = completed(cause, None, redacted, told_of(message, replies, vault))
    if replies:
        state, at = delivery_of([(one.state, one.delivered_at) for one in replies])
        columns |= {"delivery_state": state, "delivered_at": at}
    return columns


def settle(connection: Connection, message_ids: list[int]) -> None:
    """Marks the messages as ones of which the log has all it should."""
    if message_ids:
        connection.execute(_SETTLE, [{"message": one} for one in message_ids])
