"""Delivers stored replies, and keeps at it until each has been taken or refused."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import and_, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from signpost.channels.transport import SENDING_ALERTS, Delivery, DeliveryDelayed, DeliveryRefused, Taken, Transport
from signpost.force.accounts import platform_of
from signpost.log.clock import Clock
from signpost.log.database import session_in, table_of, transaction
from signpost.log.models import WAITING, AccountState, Conversation, InboundMessage, OutboundMessage
from signpost.log.replies import LATER, mark_failed, note_attempt, note_taken
from signpost.log.states import clear_alerts, raise_alert, rest

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
LEASE = timedelta(seconds=30)
"""How long an attempt whose outcome isn't known keeps others from trying: an echo that proves it arrives before."""
PATIENCE = timedelta(days=3)
"""How long a reply is tried at all. The platforms' own windows are shorter, where there are any."""
JITTER = 0.25
MOST_COUNTED = 1000
log = structlog.get_logger("signpost.desk")

_replies, _message = table_of(OutboundMessage), table_of(InboundMessage).c
_reply, _other = _replies.c, _replies.alias("other").c
_state, _conversation = table_of(AccountState).c, table_of(Conversation).c
_in_turn = ~exists().where(
    and_(
        _other.inbound_message_id == _reply.inbound_message_id,
        _other.way == _reply.way,
        _other.state == WAITING,
        _other.position < _reply.position,
    )
)
_another_waits = exists().where(
    and_(
        _other.inbound_message_id == _reply.inbound_message_id,
        _other.way == _reply.way,
        _other.state == WAITING,
        _other.position > _reply.position,
    )
)
_resting = exists().where(and_(_state.account == _message.account, _state.rest_until > bindparam("now")))
_ALL_DUE = (
    select(
        _reply.id,
        _reply.position,
        _reply.way,
        _reply.text,
        _message.key,
        _message.channel,
        _message.account,
        _message.reply_target,
        _message.sent_at,
        _message.received_at,
        _conversation.person,
        _another_waits.label("another_waits"),
    )
    .join_from(_replies, table_of(InboundMessage), _message.id == _reply.inbound_message_id)
    .join(table_of(Conversation), _conversation.id == _message.conversation_id)
    .where(_reply.state == WAITING, _reply.due_at <= bindparam("now"), _in_turn, ~_resting)
    .order_by(_message.urgency.desc(), _reply.due_at, _reply.id)
)
_NUMBER_DUE = select(func.count()).select_from(
    _ALL_DUE.with_only_columns(_reply.id).order_by(None).limit(MOST_COUNTED).subquery()
)
_DUE = _ALL_DUE.limit(1).with_for_update(skip_locked=True, of=_replies)
_DUE_TO_ONE = _DUE.where(_message.id == bindparam("message"))
_PUT_OFF = (
    update(_replies)
    .where(_reply.id == bindparam("reply"))
    .values(due_at=bindparam("until"), attempted_at=bindparam("now"))
)


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
        while self.deliver_one(message_id) is not None:
            done += 1
        return done

    def number_due(self) -> int:
        """How many replies are due, :data:`MOST_COUNTED` at most: a look that changes nothing."""
        with transaction(self.reads) as connection:
            return connection.scalar(_NUMBER_DUE, {"now": self.clock()}) or 0

    def deliver_one(self, message_id: int | None = None) -> bool | None:
        """Makes an attempt at the most urgent reply that is due, of one message or of all.

        None when there is none; else whether another reply to the same message has waited for it.
        """
        claimed = self._claim(message_id)
        if claimed is None:
            return None
        reply_id, delivery, another_waits = claimed
        self._deliver(reply_id, delivery)
        return another_waits

    def _claim(self, message_id: int | None) -> tuple[int, Delivery, bool] | None:
        """The most urgent reply that is due, put off for the time an attempt may take.

        So nobody else takes it, and a crash gives it back.
        """
        now = self.clock()
        query = _DUE if message_id is None else _DUE_TO_ONE
        with transaction(self.sessions) as connection:
            row = connection.execute(query, {"now": now, "message": message_id}).first()
            if row is None:
                return None
            connection.execute(_PUT_OFF, {"reply": row.id, "until": now + LEASE, "now": now})
        delivery = Delivery(
            key=f"{row.key}-{row.position}",
            channel=row.channel,
            account=row.account,
            person=row.person,
            in_reply_to=row.reply_target,
            text=row.text,
            way=row.way,
            said_at=row.sent_at or row.received_at,
        )
        return row.id, delivery, bool(row.another_waits)

    def _deliver(self, reply_id: int, delivery: Delivery) -> None:
        """Makes one attempt at a reply that is ours, and keeps what came of it."""
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

    def _taken(self, reply_id: int, delivery: Delivery, taken: Taken) -> None:
        now = self.clock()
        with transaction(self.sessions) as connection:
            alerted = note_taken(connection, reply_id, taken.platform_id, now)
            if not alerted and taken.rest_seconds <= 0:
                return
            with session_in(connection) as session:
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
