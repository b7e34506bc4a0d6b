"""Delivers stored replies, and keeps at it until each has been taken or refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, aliased, sessionmaker

from signpost.channels.transport import Delivery, DeliveryDelayed, DeliveryRefused, Transport
from signpost.log.clock import Clock
from signpost.log.escalations import escalation_of
from signpost.log.models import DELIVERED, FAILED, WAITING, InboundMessage, OutboundMessage

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
LEASE = timedelta(seconds=60)
log = structlog.get_logger("signpost.desk")


@dataclass(frozen=True)
class Deliverer:
    """Hands replies to the transport of their account."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    transport_for: Callable[[str, str], Transport]
    clock: Clock

    def deliver_due(self, message_id: int | None = None) -> int:
        """Delivers the replies that are due, of one message or of all; returns how many were dealt with."""
        with self.reads() as session:
            due = list(session.scalars(self._due(message_id)))
        for reply_id in due:
            self._deliver(reply_id)
        return len(due)

    def _due(self, message_id: int | None) -> Select[tuple[int]]:
        earlier = aliased(OutboundMessage)
        in_turn = ~exists().where(
            and_(
                earlier.inbound_message_id == OutboundMessage.inbound_message_id,
                earlier.state == WAITING,
                earlier.position < OutboundMessage.position,
            )
        )
        query = select(OutboundMessage.id).where(
            OutboundMessage.state == WAITING, OutboundMessage.due_at <= self.clock(), in_turn
        )
        if message_id is not None:
            query = query.where(OutboundMessage.inbound_message_id == message_id)
        return query.order_by(OutboundMessage.due_at).limit(100)

    def _claim(self, reply_id: int) -> bool:
        """Puts the reply off for the time an attempt may take: nobody else takes it, and a crash gives it back."""
        now = self.clock()
        with self.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, reply_id, with_for_update=True)
            if reply.state != WAITING or reply.due_at > now:
                return False
            reply.due_at = now + LEASE
            return True

    def _deliver(self, reply_id: int) -> None:
        if not self._claim(reply_id):
            return
        with self.reads() as session:
            reply = session.get_one(OutboundMessage, reply_id)
            message = session.get_one(InboundMessage, reply.inbound_message_id)
            delivery = Delivery(
                key=f"{message.key}-{reply.position}",
                channel=message.channel,
                account=message.account,
                person=message.conversation.person,
                in_reply_to=message.platform_id,
                text=reply.text,
            )
        try:
            platform_id = self.transport_for(message.channel, message.account).send(delivery)
        except DeliveryRefused as refusal:
            self._record(reply_id, FAILED, failure=str(refusal))
            log.error("delivery_refused", message=message.key)
        except DeliveryDelayed as delay:
            self._later(reply_id, str(delay))
        except Exception as fault:  # noqa: BLE001  # one reply's trouble must not keep the others waiting
            self._later(reply_id, f"the reply could not be sent ({type(fault).__name__})")
            log.error("delivery_fault", message=message.key, fault=type(fault).__name__)
        else:
            self._record(reply_id, DELIVERED, platform_id=platform_id)

    def _record(self, reply_id: int, state: str, *, platform_id: str | None = None, failure: str | None = None) -> None:
        with self.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, reply_id)
            reply.state, reply.platform_id, reply.failure = state, platform_id, failure
            reply.delivered_at = self.clock() if state == DELIVERED else None
            escalation = escalation_of(session, reply.inbound_message_id)
            if escalation is not None:
                escalation.delivery_state, escalation.delivered_at = state, reply.delivered_at

    def _later(self, reply_id: int, why: str) -> None:
        with self.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, reply_id)
            reply.attempts += 1
            reply.failure = why
            reply.due_at = self.clock() + min(FIRST_PAUSE * 2 ** min(reply.attempts - 1, 12), LONGEST_PAUSE)
