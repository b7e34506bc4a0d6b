"""Compares what people said and what the platforms were sent with what stands in the record."""

from collections import Counter
from dataclasses import asdict, dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from signpost.log.causes import LABELS
from signpost.log.models import DELIVERED, ENDED, FAILED, REPORT, WAITING, Escalation, InboundMessage, OutboundMessage


@dataclass
class Verdict:
    """The figures of one run. ``duplicates``: replies that a platform took more than once, by channel and way.

    ``escalations`` are reports; what is logged for another cause, such as a doubt, stands in ``logged_besides``.
    """

    said: int = 0
    stored: int = 0
    lost: int = 0
    stored_twice: int = 0
    without_end: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    escalations: int = 0
    logged_besides: dict[str, int] = field(default_factory=dict)
    escalations_missing: int = 0
    escalations_double: int = 0
    escalations_incomplete: int = 0
    replies: int = 0
    replies_undelivered: int = 0
    replies_failed: dict[str, int] = field(default_factory=dict)
    replies_never_sent: int = 0
    duplicates: dict[str, int] = field(default_factory=dict)
    assistant_unseen: int = 0

    @property
    def good(self) -> bool:
        """Nothing lost, nothing without an end, no escalation missing or double, no duplicate on Messenger or X.

        Instagram's echo is known by its words alone and may be late, and public comments have none (docs/decisions/0007).
        """
        known = sum(n for place, n in self.duplicates.items() if place.startswith(("messenger", "x_")))
        wrong = (self.lost, self.stored_twice, self.without_end, self.escalations_missing, self.escalations_double)
        return not any((*wrong, self.escalations_incomplete, self.replies_undelivered, self.replies_never_sent, known))

    def as_dict(self) -> dict:
        return {"good": self.good, **asdict(self)}


def settled(session: Session) -> bool:
    """Whether nothing waits any more: no message without an end or unsettled, no reply under way, nothing to complete."""
    unsettled = InboundMessage.settled.is_(False)
    waiting = select(func.count()).select_from(InboundMessage).where(or_(InboundMessage.state != ENDED, unsettled))
    sending = select(func.count()).select_from(OutboundMessage).where(OutboundMessage.state == WAITING)
    return not any((session.scalar(waiting), session.scalar(sending), _unlogged(session), _incomplete(session)))


def judge(session: Session, said: set[str], sent: list[dict]) -> Verdict:
    """``said``: the platforms' ids of what people said; ``sent``: every send a platform took."""
    messages = list(session.scalars(select(InboundMessage)))
    ids = Counter(message.platform_id for message in messages)
    replies = list(session.scalars(select(OutboundMessage)))
    verdict = Verdict(said=len(said), stored=len(messages))
    verdict.lost = len(said - ids.keys())
    verdict.stored_twice = sum(1 for number in ids.values() if number > 1)
    verdict.without_end = sum(message.state != ENDED for message in messages)
    verdict.ends = dict(Counter(str(message.end) for message in messages))
    verdict.labels = dict(Counter(str(message.label) for message in messages))
    verdict.assistant_unseen = sum("without it" in (message.end_reason or "") for message in messages)
    causes = Counter(session.scalars(select(Escalation.cause)))
    verdict.escalations = causes.pop(REPORT, 0)
    verdict.logged_besides = dict(causes)
    verdict.escalations_missing = _unlogged(session)
    reported = sum(message.label in LABELS for message in messages)
    verdict.escalations_double = max(verdict.escalations - reported + verdict.escalations_missing, 0)
    verdict.escalations_incomplete = _incomplete(session)
    verdict.replies = len(replies)
    verdict.replies_undelivered = sum(reply.state == WAITING for reply in replies)
    verdict.replies_failed = dict(Counter(str(reply.failure) for reply in replies if reply.state == FAILED))
    taken = Counter((one["in_reply_to"], one["person"], one["text"], one["way"], one["channel"]) for one in sent)
    delivered = sum(reply.state == DELIVERED for reply in replies)
    verdict.replies_never_sent = max(delivered - sum(taken.values()), 0)
    repeated = Counter(f"{one['channel']} {one['way']}" for one in sent if one["count"] > 1)
    verdict.duplicates = dict(repeated)
    return verdict


def _unlogged(session: Session) -> int:
    """Reports without an escalation."""
    query = (
        select(func.count())
        .select_from(InboundMessage)
        .outerjoin(Escalation, and_(Escalation.inbound_message_id == InboundMessage.id, Escalation.cause == REPORT))
        .where(InboundMessage.label.in_(LABELS), Escalation.id.is_(None))
    )
    return session.scalar(query) or 0


def _incomplete(session: Session) -> int:
    """Escalations that nobody completed with the reply and its time."""
    query = select(func.count()).select_from(Escalation).where(Escalation.answered_at.is_(None))
    return session.scalar(query) or 0
