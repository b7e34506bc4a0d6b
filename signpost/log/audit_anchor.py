"""The anchor: where the audit trail ended at a time, kept outside the database, so that a shortened one can be told.

A chain whose last entries were taken away, and whose head was put back to what it once was, holds in itself. The service
therefore appends the chain's end to ``audit-anchor.jsonl`` in the data folder, about once an hour, under a seal of its own.
Each line is ``{"kind": "end", "sequence", "digest", "at", "seal"}``. Keep copies where the database's administrators
can't write: what is only on this machine can be changed on this machine.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import ADMINISTRATION, Act, Trail
from signpost.log.models import AuditEntry, AuditHead
from signpost.mistakes import Mistake

RESTORE_NOTED = "restore_noted"
END, RESTORED = "end", "restored"
"""The chain's end; and the chain's end after a backup was restored, which voids all lines before it."""
TAIL = 65_536
"""Bytes of the file's end, in which its last line is looked for."""
LOOK = "Run: signpost verify-log"
log = structlog.get_logger("signpost.log")


@dataclass(frozen=True)
class Anchor:
    """One line. ``at`` is UTC in ISO 8601, without a zone."""

    line: int
    kind: str
    sequence: int
    digest: str
    at: str


@dataclass(frozen=True)
class AnchorFile:
    """The file, and the trail whose key seals its lines."""

    path: Path
    trail: Trail

    def exists(self) -> bool:
        """Whether there is one yet."""
        return self.path.exists()

    def lines(self) -> Iterator[Anchor | int]:
        """The lines, oldest first; the number of the line where one is damaged or its seal is wrong.

        Raises :class:`Mistake` when the file can't be read.
        """
        try:
            with self.path.open("rb") as stream:
                for number, line in enumerate(stream, start=1):
                    yield self._read(number, line)
        except FileNotFoundError:
            return
        except OSError as fault:
            raise self._unreadable(fault) from None

    def last(self) -> Anchor | None:
        """The newest line that is whole; its number isn't told, for only the file's end is read.

        Raises :class:`Mistake` when the file can't be read.
        """
        try:
            with self.path.open("rb") as stream:
                stream.seek(max(stream.seek(0, os.SEEK_END) - TAIL, 0))
                lines = stream.read().splitlines()
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise self._unreadable(fault) from None
        whole = (self._read(0, line) for line in reversed(lines))
        return next((one for one in whole if isinstance(one, Anchor)), None)

    def append(self, kind: str, sequence: int, digest: str, now: datetime) -> None:
        """Adds a line; it is on disk when this returns. Raises :class:`Mistake` when that isn't possible."""
        at = now.isoformat()
        content = {"kind": kind, "sequence": sequence, "digest": digest, "at": at}
        line = json.dumps({**content, "seal": self.trail.anchor_seal(kind, sequence, digest, at)}) + "\n"
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(handle).st_size
                # A line that a power cut tore off stays a line of its own.
                torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
                os.write(handle, (("\n" if torn else "") + line).encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as fault:
            raise Mistake(f"{self.path} can't be written: {fault.strerror}.") from None

    def _unreadable(self, fault: OSError) -> Mistake:
        return Mistake(f"{self.path} can't be read: {fault.strerror}.")

    def _read(self, number: int, line: bytes) -> Anchor | int:
        try:
            found: Any = json.loads(line)
            one = Anchor(number, str(found["kind"]), int(found["sequence"]), str(found["digest"]), str(found["at"]))
            sound = found["seal"] == self.trail.anchor_seal(one.kind, one.sequence, one.digest, one.at)
        except (ValueError, KeyError, TypeError):
            return number
        return one if sound else number


def anchor(reads: sessionmaker[Session], file: AnchorFile, now: datetime, *, logged: bool = True) -> str | None:
    """Appends the chain's end to the anchor file, if it moved; for the hourly work and for ``verify-log``.

    Returns none when all is well, and a sentence for an alert when the log is shorter than it once was, or can't be
    anchored: then nothing is appended. ``logged`` is false for a command, whose output is for people.
    """
    with reads() as session:
        head = session.scalars(select(AuditHead).filter_by(id=1)).first()
    try:
        last = file.last()
        if last is not None and (head is None or head.sequence < last.sequence):
            return f"The audit log is shorter than on {last.at[:10]}: entries are gone from its end. {LOOK}"
        if head is None or head.sequence == 0:
            return None
        if last is not None and head.sequence == last.sequence and head.digest != last.digest:
            return f"The audit log's last entry is another one than on {last.at[:10]}. {LOOK}"
        if head.seal != file.trail.head_seal(head.sequence, head.digest):
            return f"The audit log's end is forged, or the key is another one. {LOOK}"
        if last is None or head.sequence > last.sequence:
            file.append(END, head.sequence, head.digest, now)
            if logged:
                # The logs are a second place to hold it against, and often leave the machine.
                log.info("audit_anchored", sequence=head.sequence, digest=head.digest)
    except Mistake as mistake:
        return f"The audit log's end could not be noted down. {mistake.sentence}"
    return None


def note_restore(sessions: sessionmaker[Session], file: AnchorFile, actor: str, reason: str, now: datetime) -> None:
    """Notes that a backup was put in the record's place, so that what was anchored before isn't held against the log.

    The note stands in the log and in the file for good. Raises :class:`Mistake` when the file can't be written.
    """
    last = file.last()
    with sessions.begin() as session:
        detail = {"anchored": last.sequence if last else None}
        act = Act(actor, ADMINISTRATION, RESTORE_NOTED, purpose=reason, detail=detail)
        entry = session.get_one(AuditEntry, file.trail.write(session, act, now))
        file.append(RESTORED, entry.sequence, entry.digest, now)
