"""Starts the workbench's jobs where the assistant is: each in a process of its own, which goes behind the desk's own work."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session, sessionmaker

from signpost.launch import log_file
from signpost.log.clock import Clock
from signpost.log.duties import worker_with
from signpost.processes import PROJECT, Process, environment
from signpost.settings import Settings
from signpost.workbench import jobs

STOP_SECONDS = 8.0
"""How long a job's process has to end, once the desk stops, before it is ended."""
NOT_BEGUN = "It couldn’t be begun. What is wrong stands in logs/workbench.log in the data folder."
CUT_OFF = "It was stopped before its end, because Signpost was stopped. Start it again."
log = structlog.get_logger("signpost.desk")


def has_rasa() -> bool:
    """Whether jobs can be done here; looked up without loading it."""
    return importlib.util.find_spec("rasa") is not None


@dataclass
class Workshop:
    """Looks for a job that waits, and sees to the process that does one."""

    settings: Settings
    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    clock: Clock
    popen: subprocess.Popen[bytes] | None = None
    key: str = ""

    def look(self) -> None:
        """Starts the job that waits, if none is being done here; ends in the record what has died."""
        if self.popen is not None:
            if self.popen.poll() is None:
                return
            self._ended(jobs.DIED)
        now = self.clock()
        with self.reads() as session:
            key, dead = jobs.next_waiting(session), jobs.any_dead(session, now)
        if dead:
            with self.sessions.begin() as session:
                jobs.end_dead(session, now)
        if key is not None:
            self._start(key)

    def busy(self) -> bool:
        """Whether a job is being done here."""
        return self.popen is not None and self.popen.poll() is None

    def close(self) -> None:
        """Ends the process that does a job, and all that it started."""
        if self.popen is None:
            return
        assert self.popen.stdin is not None  # noqa: S101  # for the type checker: PIPE was asked for
        with contextlib.suppress(OSError):
            self.popen.stdin.close()
        try:
            self.popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
        self._ended(CUT_OFF)

    def _start(self, key: str) -> None:
        command = (sys.executable, "-W", "ignore", "-m", "signpost.workbench", key)
        process = Process("workbench", "trainings and conversation tests", command, None)
        with log_file(process, self.settings).open("ab") as file:
            self.popen = subprocess.Popen(  # noqa: S603  # our own command line
                command,
                cwd=PROJECT,
                env=environment(self.settings),
                # Held open for as long as this process lives: its end tells the job's process to end too.
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.key = key
        log.info("job_started", job=key, process=self.popen.pid)

    def _ended(self, fault: str) -> None:
        assert self.popen is not None  # noqa: S101  # for the type checker: both callers have looked
        if self.popen.stdin is not None:
            with contextlib.suppress(OSError):
                self.popen.stdin.close()
        worker, key = worker_with(self.popen.pid), self.key
        log.info("job_ended", job=key, process=self.popen.pid, status=self.popen.returncode)
        self.popen = None
        with self.sessions.begin() as session:
            found = jobs.job(session, key)
            never_taken = found is not None and found.started_at is None
            jobs.fail(session, key, worker, self.clock(), NOT_BEGUN if never_taken else fault)
