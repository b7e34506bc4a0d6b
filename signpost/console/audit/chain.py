"""How the audit log's chain stands, and a check of its newest entries on the spot."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.parts import Parts
from signpost.log.audit_anchor import Anchor, AnchorFile
from signpost.log.audit_faults import Verdict
from signpost.log.audit_verifying import CHAIN, VERIFIED, verified, verify
from signpost.log.models import AuditCut, AuditEntry, AuditHead
from signpost.mistakes import Mistake

NEWEST: Final = 10_000
"""Entries that are verified on the spot; all of them by ``signpost verify-log``, which may take minutes."""


@dataclass(frozen=True)
class Chain:
    """``checked``: the newest verification there is an entry of. ``anchor``: none where this machine has no file."""

    head: AuditHead | None
    cut: AuditCut | None
    checked: AuditEntry | None
    anchor: Anchor | None
    sealed: bool
    """Whether the head bears the trail's own seal."""


def look_at_chain(session: Session, parts: Parts) -> Chain:
    """The chain as it stands; nothing but its end is verified."""
    head = session.get(AuditHead, 1)
    cut = session.scalars(select(AuditCut).order_by(AuditCut.sequence.desc()).limit(1)).first()
    checked = session.scalars(
        select(AuditEntry).filter_by(subject=CHAIN, event=VERIFIED).order_by(AuditEntry.sequence.desc()).limit(1)
    ).first()
    sealed = head is not None and head.seal == parts.trail.head_seal(head.sequence, head.digest)
    return Chain(head, cut, checked, _last_anchor(parts), sealed)


def verify_newest(parts: Parts, username: str) -> Verdict:
    """Verifies the newest entries, and notes it in the log."""
    file = anchor_file(parts)
    verdict = verify(parts.reads, parts.trail, file if file and file.exists() else None, newest=NEWEST)
    with parts.sessions.begin() as session:
        parts.trail.write(session, verified(verdict, username), parts.clock())
    return verdict


def anchor_file(parts: Parts) -> AnchorFile | None:
    """The anchor file, where the console knows of one."""
    return AnchorFile(parts.anchor_file, parts.trail) if parts.anchor_file else None


def _last_anchor(parts: Parts) -> Anchor | None:
    file = anchor_file(parts)
    try:
        return file.last() if file else None
    except Mistake:
        return None
