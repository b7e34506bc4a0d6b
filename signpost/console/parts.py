"""What the pages need, handed to them whole."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from signpost.force.mandate import Mandate
from signpost.log.audit import Trail
from signpost.log.clock import Clock
from signpost.log.encryption import Vault


@dataclass(frozen=True)
class Parts:
    """The record, the force's words, the audit trail and the secret that signs forms. Tests make their own."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    mandate: Mandate
    clock: Clock
    session_secret: str
    trail: Trail
    page_waits: float = 1.5
    """Seconds a page waits for a reply before it is shown without one, for browsers without JavaScript."""
