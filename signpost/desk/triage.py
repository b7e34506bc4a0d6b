"""In a flood, looks through what waits before answering it: the hint of urgency is cheap, and the assistant knows better."""

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import structlog
from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from signpost.desk.assistant import Assistant, AssistantAway, AssistantRefused
from signpost.desk.hint import log_odds_of, urgency_of
from signpost.desk.queue import VERY_URGENT
from signpost.log.clock import Clock
from signpost.log.database import table_of, transaction
from signpost.log.encryption import Vault
from signpost.log.models import WAITING, InboundMessage

FLOOD = 50
"""When more than this wait unseen, all that wait are looked through; fewer are answered about as fast as looked through."""
AT_ONCE = 32
HINTS_SHARE = 0.6
PAUSE_SECONDS = 10.0
CALM_SECONDS = 0.5
CROWD = FLOOD
"""Fewer are answered within a second or two, so that whoever came first may go first without harm to anybody."""
OLDEST_EVERY = 4
"""In a crowd each fourth turn is for who has waited longest: while more urgent ones keep coming, nobody waits for ever."""
log = structlog.get_logger("signpost.desk")

_messages = table_of(InboundMessage)
_message = _messages.c
_unseen = and_(_message.state == WAITING, _message.looked_through.is_(False))
_HOW_MANY = select(func.count()).select_from(select(_message.id).where(_unseen).limit(FLOOD + 1).subquery())
_A_CROWD = select(_message.id).where(_message.state == WAITING).offset(CROWD).limit(1)
_NEXT_UNSEEN = (
    select(_message.id, _message.urgency, _message.text_encrypted)
    .where(_unseen)
    .order_by(_message.urgency.desc(), _message.id)
    .limit(AT_ONCE)
)
_LOOKED_THROUGH = (
    update(_messages).where(_message.id == bindparam("message")).values(looked_through=True, urgency=bindparam("both"))
)


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
    crowded: bool = False
    count_again: float = 0.0
    turns: Iterator[int] = field(default_factory=lambda: count(1))

    def goes_by_urgency(self) -> bool:
        """Whether the next turn is the most urgent message's, rather than the one's that has waited longest: in a crowd, mostly."""
        return self._is_crowded() and next(self.turns) % OLDEST_EVERY > 0

    def _is_crowded(self) -> bool:
        """Whether more wait than are answered at once, as of half a second ago at most."""
        now = self.clock().timestamp()
        if now >= self.count_again:
            with transaction(self.reads) as connection:
                self.crowded = connection.scalar(_A_CROWD) is not None
            self.count_again = now + CALM_SECONDS
        return self.crowded

    def is_behind(self) -> bool:
        """Whether so much waits unseen that it should be looked through first."""
        now = self.clock().timestamp()
        if now < max(self.away_until, self.calm_until):
            return False
        with transaction(self.reads) as connection:
            unseen = connection.scalar(_HOW_MANY) or 0
        # Once begun, to the last: an emergency may be among the fifty that are left.
        self.looking = unseen > (0 if self.looking else FLOOD)
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
        with transaction(self.reads) as connection:
            unseen = connection.execute(_NEXT_UNSEEN).all()
        texts = [self.vault.decrypt(one.text_encrypted) if one.text_encrypted else "" for one in unseen]
        found = self.assistant.urgency_of(texts)
        changed = [
            {"message": one.id, "both": together(one.urgency, urgency)}
            for one, urgency in zip(unseen, found, strict=True)
        ]
        if changed:
            with transaction(self.sessions) as connection:
                connection.execute(_LOOKED_THROUGH, changed)
        log.info("looked_through", messages=len(found))
        return bool(found)


def together(hint: int, found: int) -> int:
    """The hint's urgency and the assistant's chance, in hundredths, as one urgency: odds multiplied, the hint's counting for less.

    The two miss different things. What the hint took for very urgent is never lowered.
    """
    share = min(max(found, 1), 99) / 100
    both = urgency_of(math.log(share / (1 - share)) + HINTS_SHARE * log_odds_of(hint))
    return max(both, hint) if hint >= VERY_URGENT else both
