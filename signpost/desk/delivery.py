"""Delivers stored replies, and keeps at it until each has been taken or refused."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, aliased, sessionmaker

from signpost.channels.transport import SENDING_ALERTS, Delivery, DeliveryDelayed, DeliveryRefused, Taken, Transport
from signpost.force.accounts import platform_of
from signpost.log.clock import Clock
from signpost.log.models import WAITING, AccountState, InboundMessage, OutboundMessage
from signpost.log.replies import LATER, key_of, mark_delivered, mark_failed, note_attempt
from signpost.log.states import clear_alerts, raise_alert, rest

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
LEASE = timedelta(seconds=30)
"""How long an attempt whose outcome isn't known keeps others from trying: an echo that proves it arrives before."""
PATIENCE = timedelta(days=3)
"""How long a reply is tried at all. The platforms' own windows are shorter, where there are any."""
JITTER = 0.25
AT_ONCE = 100
log = structlog.get_logger("signpost.desk")


@dataclass(frozen=True)
class Deliverer:
    """Hands replies to the transport of their account. ``spread`` draws the jitter, a factor around 1."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    transport_for: Callable[[str, str], Transport]
    clock: Clock
    spread: Callable[[], float] = lambda: random.uniform(1 - JITTER, 1 + JITTER)

    def deliver_due(self, message_id: int | None = None) -> int:
        """Delivers the replies that are due, of one message or of all; returns how many were dealt with."""
        done = 0
        while True:
            with self.reads() as session:
                due = list(session.scalars(self._due(message_id)))
            dealt = sum(self.deliver(reply_id) for reply_id in due)
            done += dealt
            if not dealt:
                return done

    def deliver_next(self) -> bool:
        """Delivers the most urgent reply that is due; false when there is none."""
        with self.reads() as session:
            due = list(session.scalars(self._due(None)))
        return any(self.deliver(reply_id) for reply_id in due)

    def anything_due(self) -> bool:
        """A look that changes nothing, for idle threads."""
        with self.reads() as session:
            return session.scalars(self._due(None).limit(1)).first() is not None

    def _due(self, message_id: int | None) -> Select[tuple[int]]:
        now = self.clock()
        earlier = aliased(OutboundMessage)
        in_turn = ~exists().where(
            and_(
                earlier.inbound_message_id == OutboundMessage.inbound_message_id,
                earlier.way == OutboundMessage.way,
                earlier.state == WAITING,
                earlier.position < OutboundMessage.position,
            )
        )
        resting = exists().where(and_(AccountState.account == InboundMessage.account, AccountState.rest_until > now))
        query = (
            select(OutboundMessage.id)
            .join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
            .where(OutboundMessage.state == WAITING, OutboundMessage.due_at <= now, in_turn, ~resting)
        )
        if message_id is not None:
            query = query.where(OutboundMessage.inbound_message_id == message_id)
        return query.order_by(InboundMessage.urgency.desc(), OutboundMessage.due_at).limit(AT_ONCE)

    def _claim(self, reply_id: int) -> Delivery | None:
        """Puts the reply off for the time an attempt may take: nobody else takes it, and a crash gives it back."""
        now = self.clock()
        with self.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, reply_id, with_for_update=True)
            if reply.state != WAITING or reply.due_at > now:
                return None
            reply.due_at, reply.attempted_at = now + LEASE, now
            message = session.get_one(InboundMessage, reply.inbound_message_id)
            return Delivery(
                key=key_of(message, reply),
                channel=message.channel,
                account=message.account,
                person=message.conversation.person,
                in_reply_to=message.reply_target,
                text=reply.text,
                way=reply.way,
                said_at=message.sent_at or message.received_at,
            )

    def deliver(self, reply_id: int) -> bool:
        """Makes one attempt at a reply; false when somebody else has it."""
        delivery = self._claim(reply_id)
        if delivery is None:
            return False
        try:
            taken = self.transport_for(delivery.channel, delivery.account).send(delivery)
        except DeliveryRefused as refusal:
            self._failed(reply_id, str(refusal))
            log.error("delivery_refused", reply=delivery.key)
        except DeliveryDelayed as delay:
            self._delayed(reply_id, delivery, delay)
        except Exception as fault:  # noqa: BLE001  # one reply's trouble must not keep the others waiting
            why = f"the reply could not be sent ({type(fault).__name__})"
            self._delayed(reply_id, delivery, DeliveryDelayed(why, unknown=True))
            log.error("delivery_fault", reply=delivery.key, fault=type(fault).__name__)
        else:
            self._taken(reply_id, delivery, taken)
        return True

    def _taken(self, reply_id: int, delivery: Delivery, taken: Taken) -> None:
        now = self.clock()
        with self.sessions.begin() as session:
            mark_delivered(session, session.get_one(OutboundMessage, reply_id), taken.platform_id, now)
            clear_alerts(session, delivery.account, SENDING_ALERTS, now)
            if taken.rest_seconds > 0:
                rest(session, platform_of(delivery.channel), delivery.account, taken.rest_seconds, now)

    def _failed(self, reply_id: int, why: str) -> None:
        with self.sessions.begin() as session:
            mark_failed(session, session.get_one(OutboundMessage, reply_id), why, self.clock())

    def _delayed(self, reply_id: int, delivery: Delivery, delay: DeliveryDelayed) -> None:
        """Tries again later; a reply that may have gone out all the same first waits for its echo."""
        now = self.clock()
        with self.sessions.begin() as session:
            reply = session.get_one(OutboundMessage, reply_id)
            if reply.state != WAITING:
                return  # Its echo was quicker than the answer.
            reply.attempts += 1
            reply.failure = str(delay)
            if now - reply.created_at > PATIENCE:
                mark_failed(session, reply, f"{delay}; it was tried for {PATIENCE.days} days", now)
                log.error("delivery_given_up", reply=delivery.key)
                return
            pause = min(FIRST_PAUSE * 2 ** min(reply.attempts - 1, 12), LONGEST_PAUSE) * self.spread()
            if delay.seconds is not None:
                pause = max(pause, timedelta(seconds=delay.seconds))
            if delay.unknown:
                pause = max(pause, LEASE)
            else:
                reply.attempted_at = None
            reply.due_at = now + pause
            note_attempt(session, reply, LATER, str(delay), now)
            if delay.whole_account:
                rest(session, platform_of(delivery.channel), delivery.account, pause.total_seconds(), now)
            if delay.alert:
                raise_alert(session, delay.alert, delivery.account, str(delay), now)
        log.warning("delivery_delayed", reply=delivery.key, again_in_seconds=round(pause.total_seconds()))
