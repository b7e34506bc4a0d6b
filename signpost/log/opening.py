"""Opens the record as the settings say: database, key and redactor put together for a process."""

from functools import lru_cache

from signpost.log.audit import Trail
from signpost.log.clock import Clock, utc_now
from signpost.log.database import open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.log.escalations import EscalationLog, Redactor
from signpost.settings import Settings


@lru_cache(maxsize=1)
def shared_redactor() -> Redactor:
    """One redactor a process, loaded when first needed: its language model takes a second and 200 MB."""
    from signpost.log.redaction import Redactor as PresidioRedactor

    redactor = PresidioRedactor()
    redactor.redact("Nothing to see here.")
    return redactor


def open_escalation_log(settings: Settings, clock: Clock = utc_now) -> EscalationLog:
    """The log of escalations, for settings that hold their secrets.

    Raises :class:`signpost.mistakes.Mistake` when the key or the database's URL is malformed.
    """
    engine = open_engine(settings.record_url)
    vault = Vault(settings.encryption_key)
    trail = Trail(settings.audit_key)
    return EscalationLog(session_factory(engine), reading(engine), vault, shared_redactor, clock, trail)
