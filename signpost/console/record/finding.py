"""What an address and a form name: a record, a number. Whatever names nothing is answered with a sentence."""

from flask import abort
from sqlalchemy.orm import Session

from signpost.console.record.reading import find
from signpost.console.record.references import canonical
from signpost.console.signin.guard import staff
from signpost.log.clock import Clock
from signpost.log.models import Escalation
from signpost.log.reviewing import By

NO_SUCH = "There’s no record with this reference. Check each letter and number; a reference has three, a hyphen, and three more."
HIGHEST = 2**31 - 2
"""What a database's whole number holds, with room for one more; a higher one in an address or a form is nobody's."""


def found(session: Session, reference: str) -> Escalation:
    """The record of a reference, however it is typed; the page that says that there is none."""
    meant = canonical(reference)
    return (find(session, meant) if meant else None) or abort(404, NO_SUCH)


def whole_number(text: str | None) -> int:
    """The number; -1, which is no version and no id, for anything else."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(HIGHEST)):
        return -1
    return int(text) if int(text) <= HIGHEST else -1


def by(version: str | None, clock: Clock) -> By:
    """Whoever is signed in, now, having looked at the version that a form tells."""
    someone = staff()
    return By(someone.id, someone.username, whole_number(version), clock())
