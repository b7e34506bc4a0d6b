"""How the record stands at a moment: what waits, what failed, what people must see to. For whoever watches the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.log.messages import waiting
from signpost.log.models import FAILED, WAITING, AccountState, Alert, InboundMessage, OutboundMessage


@dataclass(frozen=True)
class Standing:
    """``oldest_waiting_seconds`` is 0 when nothing waits. ``alerts_open`` is by kind.

    ``last_received`` is by platform and the platform's id of the account: UTC without a zone.
    """

    messages_waiting: int
    oldest_waiting_seconds: float
    replies_waiting: int
    replies_failed: int
    alerts_open: Mapping[str, int]
    last_received: Mapping[tuple[str, str], datetime]


def standing(session: Session, now: datetime) -> Standing:
    """Looks, and changes nothing. Raises :class:`sqlalchemy.exc.SQLAlchemyError` when the database doesn't answer."""
    oldest = session.scalar(select(func.min(InboundMessage.received_at)).filter_by(state=WAITING))
    replies = session.execute(
        select(OutboundMessage.state, func.count())
        .where(OutboundMessage.state.in_((WAITING, FAILED)))
        .group_by(OutboundMessage.state)
    )
    replies_by_state = dict(replies.tuples().all())
    alerts = session.execute(select(Alert.kind, func.count()).filter_by(cleared_at=None).group_by(Alert.kind))
    states = session.scalars(select(AccountState).where(AccountState.last_received_at.is_not(None)))
    return Standing(
        messages_waiting=waiting(session),
        oldest_waiting_seconds=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        replies_waiting=replies_by_state.get(WAITING, 0),
        replies_failed=replies_by_state.get(FAILED, 0),
        alerts_open=dict(alerts.tuples().all()),
        last_received={(one.platform, one.account): one.last_received_at for one in states if one.last_received_at},
    )
