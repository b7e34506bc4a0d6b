"""The audit trail: what was done, by whom and when (Data Protection Act 2018 s.62), each entry chained to the one before."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.log.database import insert_if_absent
from signpost.log.models import AuditEntry, AuditHead

COLLECTION, ALTERATION, CONSULTATION = "collection", "alteration", "consultation"
DISCLOSURE, COMBINATION, ERASURE = "disclosure", "combination", "erasure"
ADMINISTRATION = "administration"
ACTIONS = (COLLECTION, ALTERATION, CONSULTATION, DISCLOSURE, COMBINATION, ERASURE, ADMINISTRATION)
"""The six of s.62(1), and what is done to the service itself: sign-ins, staff accounts, models."""
SERVICE = "signpost"
"""The actor of what the service does by itself."""
FIRST = "0" * 64


@dataclass(frozen=True)
class Act:
    """One act to be logged. ``detail`` holds ids, counts and choices, and never anything a person wrote in a message."""

    actor: str
    action: str
    event: str
    subject: str | None = None
    purpose: str | None = None
    detail: dict[str, Any] | None = None


class Trail:
    """Writes acts to the chain, in the transaction of what they tell of: either both are on disk, or neither."""

    def __init__(self, key: str) -> None:
        """``key`` seals the entries; whoever lacks it can't forge one."""
        self._key = hashlib.sha256(b"signpost audit " + key.encode()).digest()

    def write(self, session: Session, act: Act, now: datetime) -> int:
        """The sequence number of the new entry. The chain's end is locked until the session commits."""
        head = self._head(session)
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=now,
            actor=act.actor,
            action=act.action,
            event=act.event,
            subject=act.subject,
            purpose=act.purpose,
            detail=act.detail,
        )
        entry.digest = self.digest(head.digest, entry)
        session.add(entry)
        head.sequence, head.digest = entry.sequence, entry.digest
        head.seal = self.seal(head.sequence, head.digest)
        session.flush()
        return entry.sequence

    def digest(self, before: str, entry: AuditEntry) -> str:
        """The entry's digest, given the one of the entry before."""
        content = json.dumps(
            [
                before,
                entry.sequence,
                entry.at.isoformat(),
                entry.actor,
                entry.action,
                entry.event,
                entry.subject,
                entry.purpose,
                entry.detail,
            ],
            ensure_ascii=True,
            sort_keys=True,
            separators=(",", ":"),
        )
        return self._mac(content)

    def seal(self, sequence: int, digest: str) -> str:
        """The seal of a chain that ends, or was cut, at this entry."""
        return self._mac(f"seal {sequence} {digest}")

    def _mac(self, content: str) -> str:
        return hmac.new(self._key, content.encode(), hashlib.sha256).hexdigest()

    def _head(self, session: Session) -> AuditHead:
        query = select(AuditHead).filter_by(id=1).with_for_update().execution_options(populate_existing=True)
        head = session.scalars(query).first()
        if head is None:
            row = {"id": 1, "sequence": 0, "digest": FIRST, "seal": self.seal(0, FIRST)}
            session.execute(insert_if_absent(session, AuditHead), row)
            head = session.scalars(query).one()
        return head
