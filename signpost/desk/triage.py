"""In a flood, looks through what waits before answering it: the hint of urgency is cheap, and the assistant knows better."""

import math
import threading
from dataclasses import dataclass, field

import structlog
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, sessionmaker

from signpost.desk.assistant import Assistant, AssistantAway, AssistantRefused
from signpost.desk.hint import log_odds_of, urgency_of
from signpost.desk.queue import VERY_URGENT
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.models import WAITING, InboundMessage

FLOOD = 50
"""When more than this wait unseen, all that wait are looked through; fewer are answered about as fast as looked through."""
AT_ONCE = 32
HINTS_SHARE = 0.6
PAUSE_SECONDS = 10.0
CALM_SECONDS = 0.5
log = structlog.get_logger("signpost.desk")


@dataclass
class Triage:
    """Asks the assistant for nothing but the urgency of many messages at once. One thread does it for all."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    assistant: Assistant
    clock: Clock
    busy: threading.Lock = field(default_factory=threading.Lock)
    away_until: float = 0.0
    calm_until: float = 0.0
    looking: bool = False

    def is_behind(self) -> bool:
        """Whether so much waits unseen that it should be looked through first."""
        now = self.clock().timestamp()
        if now < max(self.away_until, self.calm_until):
            return False
        with self.reads() as session:
            unseen = session.scalars(select(InboundMessage.id).where(_unseen()).limit(FLOOD + 1)).all()
        # Once begun, to the last: an emergency may be among the fifty that are left.
        self.looking = len(unseen) > (0 if self.looking else FLOOD)
        if not self.looking:
            # Looking for what isn't there takes longest when much waits, so not before every message.
            self.calm_until = now + CALM_SECONDS
        return self.looking

    def look_through(self) -> bool:
        """Looks at the next messages; false when another thread is at it, or the assistant can't tell just now."""
        if not self.busy.acquire(blocking=False):
            return False
        try:
            return self._look()
        except (AssistantAway, AssistantRefused):
            # Without it the hint decides, as it does when there is no flood.
            self.looking = False
            self.away_until = self.clock().timestamp() + PAUSE_SECONDS
            return False
        finally:
            self.busy.release()

    def _look(self) -> bool:
        query = select(InboundMessage).where(_unseen()).order_by(InboundMessage.urgency.desc(), InboundMessage.id)
        with self.reads() as session:
            unseen = session.scalars(query.limit(AT_ONCE)).all()
        texts = [self.vault.decrypt(one.text_encrypted) if one.text_encrypted else "" for one in unseen]
        found = dict(zip((one.id for one in unseen), self.assistant.urgency_of(texts), strict=True))
        with self.sessions.begin() as session:
            for message in session.scalars(select(InboundMessage).where(InboundMessage.id.in_(found))):
                message.urgency = together(message.urgency, found[message.id])
                message.looked_through = True
        log.info("looked_through", messages=len(found))
        return bool(found)


def together(hint: int, found: int) -> int:
    """The hint's urgency and the assistant's chance, in hundredths, as one urgency: odds multiplied, the hint's counting for less.

    The two miss different things. What the hint took for very urgent is never lowered.
    """
    share = min(max(found, 1), 99) / 100
    both = urgency_of(math.log(share / (1 - share)) + HINTS_SHARE * log_odds_of(hint))
    return max(both, hint) if hint >= VERY_URGENT else both


def _unseen() -> ColumnElement[bool]:
    return and_(InboundMessage.state == WAITING, InboundMessage.looked_through.is_(False))
