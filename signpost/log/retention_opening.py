"""Opens retention as the settings say: the record, its trail, and Rasa's own store beside it."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from signpost.log.audit import Trail
from signpost.log.clock import Clock, utc_now
from signpost.log.database import open_engine, reading, session_factory
from signpost.log.retention import limits_of
from signpost.log.retention_dialogues import Dialogues
from signpost.log.retention_run import Retention
from signpost.mistakes import Mistake
from signpost.settings import Settings


def open_retention(settings: Settings, clock: Clock = utc_now) -> Retention:
    """Retention for settings that hold their secrets. Raises :class:`Mistake` where they won't do."""
    engine = open_engine(settings.record_url)
    return Retention(
        session_factory(engine),
        reading(engine),
        Trail(settings.audit_key),
        limits_of(settings),
        open_dialogues(settings.conversations_url),
        clock,
    )


def open_dialogues(url: str) -> Dialogues:
    """Rasa's store at this address. A file that isn't there yet isn't made. Raises :class:`Mistake`."""
    try:
        place = make_url(url)
    except ArgumentError:
        raise Mistake("SIGNPOST_TRACKER_URL is not a database URL such as postgresql://user@host/name.") from None
    if place.get_backend_name() == "sqlite":
        return Dialogues(open_engine(url) if place.database and Path(place.database).exists() else None)
    # Rasa takes psycopg2 where no driver is named; this project brings psycopg 3.
    named = place if "+" in place.drivername else place.set(drivername=f"{place.drivername}+psycopg")
    return Dialogues(open_engine(named.render_as_string(hide_password=False)))
