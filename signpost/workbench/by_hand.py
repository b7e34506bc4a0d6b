"""The workbench's jobs at the command line: asked for, stopped, listed, and done where Rasa is and no desk runs."""

import time
from collections.abc import Callable
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from signpost.desk.workshop import Workshop
from signpost.log.audit import SERVICE
from signpost.log.clock import utc_now
from signpost.log.models import WorkbenchJob
from signpost.mistakes import Mistake
from signpost.processes import need_rasa
from signpost.record_opening import open_record, whoever_commands
from signpost.secrets import with_secrets
from signpost.settings import Settings
from signpost.workbench import asking, jobs

LOOK_SECONDS = 1.0
LISTED = 20
LONDON = ZoneInfo("Europe/London")
Row = tuple[str, str, str, datetime, str]


def ask_by_hand(settings: Settings, kind: str) -> str:
    """Asks for a job; its key. Raises :class:`Mistake` when one is under way, or there is no record."""
    record, now = open_record(settings), utc_now()
    with record.sessions.begin() as session:
        try:
            return asking.ask(session, record.trail, kind, _by(), now)
        except jobs.Busy as busy:
            raise Mistake(str(busy)) from None


def stop_by_hand(settings: Settings, key: str) -> bool:
    """Stops a job; false when it had ended. Raises :class:`Mistake` where there is none with this key."""
    record, now = open_record(settings), utc_now()
    with record.sessions.begin() as session:
        found = jobs.job(session, key)
        if found is None:
            raise Mistake(f"There is no job {key!r}. See: signpost jobs list", 2)
        return asking.stop(session, record.trail, found, _by(), now)


def last_jobs(settings: Settings) -> list[Row]:
    """The last :data:`LISTED` jobs: key, kind, state, when it was asked for, and what it is at or came to."""
    with open_record(settings).reads() as session:
        query = select(WorkbenchJob).order_by(WorkbenchJob.asked_at.desc(), WorkbenchJob.id.desc()).limit(LISTED)
        return [(one.key, one.kind, one.state, one.asked_at, _what(one)) for one in session.scalars(query)]


def work_by_hand(settings: Settings, say: Callable[[str], None], *, once: bool) -> None:
    """Does one job after another, until none waits (``once``) or it is interrupted. Raises :class:`Mistake`."""
    need_rasa()
    record = open_record(settings)
    workshop = Workshop(with_secrets(settings, may_make=False), record.sessions, record.reads, utc_now)
    shown = ""
    try:
        while True:
            workshop.look()
            line = _line(record.reads, workshop.key)
            if line and line != shown:
                shown = line
                say(line)
            if once and not workshop.busy() and workshop.popen is None:
                return
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        say("Stopped.")
    finally:
        workshop.close()


def in_london(moment: datetime | None) -> str:
    """A time for people, as in 2026-11-22 14:05."""
    return f"{moment.replace(tzinfo=timezone.utc).astimezone(LONDON):%Y-%m-%d %H:%M}" if moment else "-"


def _line(reads: sessionmaker[Session], key: str) -> str:
    with reads() as session:
        found = jobs.job(session, key) if key else None
        return f"{found.kind}: {found.state}. {_what(found)}".rstrip(". ") if found else ""


def _what(job: WorkbenchJob) -> str:
    if job.fault:
        return job.fault
    verdict = ((job.result or {}).get("comparison") or {}).get("verdict")
    return str(verdict or (job.step or "") + (f" ({job.done} of {job.total})" if job.total else ""))


def _by() -> asking.Asker:
    return asking.Asker(SERVICE, detail={"by": whoever_commands()})
