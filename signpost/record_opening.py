"""Opens the record of an installation for a command, and knows who gives it."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import Trail
from signpost.log.audit_anchor import AnchorFile
from signpost.log.database import answers, open_engine, reading, session_factory
from signpost.mistakes import Mistake
from signpost.secrets import RECORD_KEYS, with_secrets
from signpost.settings import Settings


@dataclass(frozen=True)
class OpenRecord:
    """The record with its trail and the trail's anchor file."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    trail: Trail
    anchors: AnchorFile


def open_record(settings: Settings) -> OpenRecord:
    """The record as the settings say. Makes nothing: no folder, no key, no tables.

    Raises :class:`Mistake` when there is none, or it doesn't answer.
    """
    _need_file(settings)
    complete = with_secrets(settings, may_make=False, needed=RECORD_KEYS)
    engine = open_engine(complete.record_url)
    reads = reading(engine)
    if not answers(reads):
        raise Mistake("The record can't be read. Look whether it is there and has its tables: signpost status")
    trail = Trail(complete.audit_key)
    return OpenRecord(session_factory(engine), reads, trail, AnchorFile(complete.anchor_file, trail))


def whoever_commands() -> str:
    """Who is at the command line, for the audit trail; whoever became root by sudo is still told by name."""
    user = pwd.getpwuid(os.getuid()).pw_name
    before = os.environ.get("SUDO_USER") if user == "root" else None
    return f"command: {before} as root" if before else f"command: {user}"


def _need_file(settings: Settings) -> None:
    """A mistyped folder must not look like an empty record, nor make one."""
    try:
        place = make_url(settings.record_url)
    except ArgumentError:
        return  # The engine's own sentence says so.
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        raise Mistake(f"There is no record in {settings.data_folder}. Give its folder with --data.")
