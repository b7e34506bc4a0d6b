"""Stores a message's end with its replies, in one transaction, and the ends of the parts it was understood with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy.orm import Session

from signpost.desk.causes import cause_of
from signpost.force.guard import Reply, with_reference
from signpost.force.mandate import Mandate
from signpost.log.clock import Clock
from signpost.log.messages import parts_of
from signpost.log.models import ENDED, SILENT, WAITING, InboundMessage, OutboundMessage

Ways = Callable[[str, str], tuple[str, ...]]
"""How a reply travels from an account (second) on a channel (first): :data:`signpost.channels.transport.WAYS`."""
TOGETHER = "it was understood and answered together with the message after it"


@dataclass(frozen=True)
class End:
    """How a message ends: one of the ends of :mod:`signpost.log.models`, a reason for staff, and the replies."""

    end: str
    reason: str | None = None
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Ending:
    """What is needed to end messages."""

    mandate: Mandate
    ways: Ways
    clock: Clock

    def store(self, session: Session, message: InboundMessage, end: End) -> None:
        """Ends the message and its parts. The replies are due at once; nothing is sent here.

        What nobody needs to look at is settled by that; the rest is left to :mod:`signpost.desk.reconcile`.
        """
        now = self.clock()
        _end(message, end.end, end.reason, now)
        message.settled = cause_of(message, ()) is None and message.escalation is None
        for part in parts_of(session, message.id):
            if part.state == WAITING:
                _end(part, SILENT, TOGETHER, now)
                part.settled = True
        ways = self.ways(message.channel, message.account)
        for position, (reply, way) in enumerate(product(end.replies, ways)):
            session.add(self._stored(message, position, reply, way, now))

    def _stored(self, message: InboundMessage, position: int, reply: Reply, way: str, now: datetime) -> OutboundMessage:
        return OutboundMessage(
            inbound_message_id=message.id,
            position=position,
            way=way,
            kind=reply.kind,
            response=reply.response,
            text=with_reference(self.mandate.channel(message.channel), reply.text, message.reference),
            faults=list(reply.faults) or None,
            created_at=now,
            due_at=now,
        )


def _end(message: InboundMessage, end: str, reason: str | None, now: datetime) -> None:
    message.state, message.end, message.end_reason, message.ended_at = ENDED, end, reason, now
    message.claimed_by, message.claimed_until = None, None
