"""The audit trail: what was done, by whom and when (Data Protection Act 2018 s.62), each entry chained to the one before.

The database refuses to change or delete an entry (migration 0006). Whoever gets round that lacks the key, and
:mod:`signpost.log.audit_verifying` finds what they did.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import structlog
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from signpost.log.database import insert_if_absent
from signpost.log.models import AuditEntry, AuditHead, Base

COLLECTION, ALTERATION, CONSULTATION = "collection", "alteration", "consultation"
DISCLOSURE, COMBINATION, ERASURE = "disclosure", "combination", "erasure"
ADMINISTRATION = "administration"
ACTIONS = (COLLECTION, ALTERATION, CONSULTATION, DISCLOSURE, COMBINATION, ERASURE, ADMINISTRATION)
"""The six of s.62(1), and what is done to the service itself: sign-ins, staff accounts, models."""
SERVICE = "signpost"
"""The actor of what the service does by itself."""
FIRST = "0" * 64
"""The digest before the first entry."""
MAKING_THE_HEAD = 7_410_362
"""The number of PostgreSQL's advisory lock under which the chain's end is made; any that nobody else uses."""
LONGEST = {"actor": 160, "event": 48, "subject": 160}
"""Characters, as the columns hold them."""
log = structlog.get_logger("signpost.log")
_CONTENT = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))
"""One way to write an entry down, made once: verifying writes millions."""
_HEAD_TABLE, _TABLE = (Base.metadata.tables[model.__tablename__] for model in (AuditHead, AuditEntry))
# Made once: to build a statement costs as much as to run it.
_HEAD = select(_HEAD_TABLE.c.sequence, _HEAD_TABLE.c.digest).where(_HEAD_TABLE.c.id == 1).with_for_update()
_NEWEST = select(func.max(_TABLE.c.sequence))
_LAST = select(_TABLE.c.sequence, _TABLE.c.digest).order_by(_TABLE.c.sequence.desc()).limit(1)
_ADD = insert(_TABLE)
_MOVE_HEAD = (
    update(_HEAD_TABLE)
    .where(_HEAD_TABLE.c.id == 1)
    .values({name: bindparam(f"new_{name}") for name in ("sequence", "digest", "seal")})
)


@dataclass(frozen=True)
class Act:
    """One act to be logged. ``detail`` holds ids, counts and choices, and never anything a person wrote in a message.

    Raises ValueError for an action that the law's list and ours lack, or a field that is longer than its column.
    """

    actor: str
    action: str
    event: str
    subject: str | None = None
    purpose: str | None = None
    detail: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"{self.action!r} is no action of the audit trail")
        for name, longest in LONGEST.items():
            if len(getattr(self, name) or "") > longest:
                raise ValueError(f"the {name} of an audit entry has at most {longest} characters")


class Trail:
    """Writes acts to the chain, in the transaction of what they tell of: either both are on disk, or neither."""

    def __init__(self, key: str) -> None:
        """``key`` seals the entries; whoever lacks it can't forge one."""
        self._key = hashlib.sha256(b"signpost audit " + key.encode()).digest()

    def write(self, session: Session, act: Act, now: datetime) -> int:
        """The sequence number of the new entry.

        The chain's end is locked until the session commits, so that no number is given twice: write last, commit soon.
        """
        return self.write_all(session, (act,), now)

    def write_all(self, session: Session, acts: Iterable[Act], now: datetime) -> int:
        """As :meth:`write`, several at once, in their order; the sequence number of the last."""
        # What is told of goes before what tells of it, also where the session hasn't written it yet.
        session.flush()
        connection = session.connection()
        head_sequence, head_digest = self._head(session)
        # Beyond whatever somebody may have put there: a forged entry is found, and must not keep others from being made.
        newest = connection.execute(_NEWEST).scalar() or 0
        sequence, digest = max(head_sequence, newest), head_digest
        rows: list[dict[str, Any]] = []
        for act in acts:
            sequence += 1
            entry = SimpleNamespace(
                sequence=sequence,
                at=now,
                actor=_storable(act.actor),
                action=act.action,
                event=act.event,
                subject=_storable(act.subject),
                purpose=_storable(act.purpose),
                detail=_as_read_back(act.detail),
            )
            digest = self.digest(digest, entry)
            rows.append({**vars(entry), "digest": digest})
        if rows:
            connection.execute(_ADD, rows)
        # After the entries: the database lets the head follow an entry and nothing else.
        if (sequence, digest) != (head_sequence, head_digest):
            seal = self.head_seal(sequence, digest)
            connection.execute(_MOVE_HEAD, {"new_sequence": sequence, "new_digest": digest, "new_seal": seal})
        return sequence

    def digest(self, before: str, entry: Any, sequence: int | None = None) -> str:
        """The digest of an entry, or of a row with its columns, given the one of the entry before.

        ``sequence`` is what it would have at another place.
        """
        content = [
            before,
            entry.sequence if sequence is None else sequence,
            entry.at.isoformat(),
            entry.actor,
            entry.action,
            entry.event,
            entry.subject,
            entry.purpose,
            entry.detail,
        ]
        return self._mac(_CONTENT.encode(content))

    def head_seal(self, sequence: int, digest: str) -> str:
        """The seal of a chain that ends at this entry."""
        return self._mac(f"head {sequence} {digest}")

    def cut_seal(self, before: int, sequence: int, digest: str, at: datetime) -> str:
        """The seal of a cut that took the entries after ``before``, the cut before this one, up to ``sequence``."""
        return self._mac(f"cut {before} {sequence} {digest} {at.isoformat()}")

    def anchor_seal(self, kind: str, sequence: int, digest: str, at: str) -> str:
        """The seal of a line in the anchor file (:mod:`signpost.log.audit_anchor`)."""
        # Each seal begins with what it seals: the end of yesterday's chain is no licence to cut it there.
        return self._mac(f"anchor {kind} {sequence} {digest} {at}")

    def _mac(self, content: str) -> str:
        return hmac.digest(self._key, content.encode(), "sha256").hex()

    def _head(self, session: Session) -> tuple[int, str]:
        """The number and the digest at the chain's end, which is locked until the transaction ends."""
        connection = session.connection()
        head = connection.execute(_HEAD).first()
        if head is None and connection.dialect.name == "postgresql":
            # There is no row yet to lock: one process makes it, and the others look again once it is there.
            connection.execute(select(func.pg_advisory_xact_lock(MAKING_THE_HEAD)))
            head = connection.execute(_HEAD).first()
        if head is None:
            last = connection.execute(_LAST).first()
            sequence, digest = last or (0, FIRST)
            if sequence:
                # Somebody took it away. What they took with it, the anchor file tells.
                log.error("audit_head_gone", sequence=sequence)
            row = {"id": 1, "sequence": sequence, "digest": digest, "seal": self.head_seal(sequence, digest)}
            session.execute(insert_if_absent(session, AuditHead), row)
            head = connection.execute(_HEAD).one()
        return head.sequence, head.digest


def _storable(text: Any) -> Any:
    """The text without NUL, which PostgreSQL stores nowhere; a form may hold one."""
    return text.replace("\0", "") if text else text


def _as_read_back(detail: dict[str, Any] | None) -> dict[str, Any] | None:
    """The detail as the database will give it back, so that the digest is the same then."""
    read: dict[str, Any] | None = json.loads(json.dumps(detail, allow_nan=False))
    return read
