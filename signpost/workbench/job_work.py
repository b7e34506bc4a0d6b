"""Work as a job does it: what it shows goes to the record, and the record says when it is to stop."""

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from signpost.jobs import KEPT_LINES, MARK
from signpost.log.clock import Clock
from signpost.mistakes import Mistake
from signpost.processes import PROJECT, environment
from signpost.settings import Settings
from signpost.workbench import jobs
from signpost.workbench.work import Stopped

BEAT_SECONDS = 2.0
GRACE_SECONDS = 20.0
"""How long the work has to come to its end once it was asked to stop."""


class JobWork:
    """One job's work in this process. ``give_up`` is called when it doesn't come to an end although it was asked to."""

    def __init__(
        self,
        settings: Settings,
        sessions: sessionmaker[Session],
        mine: tuple[str, str],
        clock: Clock,
        give_up: Callable[[], None],
    ) -> None:
        """``mine``: the job's key, and this worker's name."""
        self._settings = settings
        self._sessions = sessions
        self._key, self._worker = mine
        self._clock = clock
        self._give_up = give_up
        self._lock = threading.Lock()
        self._shown: dict[str, Any] = {}
        self._child: subprocess.Popen[str] | None = None
        self._stop = threading.Event()
        self._over = threading.Event()
        self.result: dict[str, Any] = {}
        """What has come of it so far; kept whatever comes of the rest."""

    def step(self, sentence: str) -> None:
        """See :class:`signpost.workbench.work.Work`."""
        self._show(step=sentence[: jobs.LONGEST_STEP], done=0, total=0)
        self.beat()
        self._need_leave()

    def tell(self, done: int, total: int) -> None:
        """See :class:`signpost.workbench.work.Work`."""
        self._show(done=done, total=total)
        self._need_leave()

    def made(self, model_key: str) -> None:
        """Notes which model it is about."""
        self.result["model"] = model_key
        self._show(model_key=model_key)

    def run(self, command: Sequence[str], sentence: str) -> None:  # noqa: ARG002  # the step says it already
        """See :class:`signpost.workbench.work.Work`."""
        self._need_leave()
        env = {**environment(self._settings), "SIGNPOST_PROGRESS": "1"}
        said: list[str] = []
        with subprocess.Popen(  # noqa: S603  # our own command lines
            command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as child:
            self._child = child
            try:
                # It may have been asked to stop just before there was anything to end.
                self._need_leave()
                for line in child.stdout or ():
                    if line.startswith(MARK):
                        done, total = map(int, line.split()[1:3])
                        self._show(done=done, total=total)
                    elif line.strip():
                        said = [*said[-KEPT_LINES:], line.rstrip()]
            except BaseException:
                child.terminate()
                raise
            finally:
                self._child = None
        self._need_leave()
        if child.returncode != 0:
            stops = [line for line in said if line.startswith(("Training stopped", "There is"))]
            raise Mistake((stops or ["The assistant’s own program failed; it may have run out of memory."])[-1])

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Shows every :data:`BEAT_SECONDS` that the work goes on, and hears whether it is to stop."""
        thread = threading.Thread(target=self._beat_on, name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def beat(self) -> None:
        """Shows how far it is. A record that can't be written for a moment is no reason to stop."""
        with self._lock:
            shown = dict(self._shown)
        with contextlib.suppress(SQLAlchemyError), self._sessions.begin() as session:
            if not jobs.beat(session, self._key, self._worker, self._clock(), **shown):
                self.stop()

    def stop(self) -> None:
        """Ends what it runs; the next thing that the work does raises :class:`Stopped`."""
        self._stop.set()
        child = self._child
        if child is not None:
            child.terminate()

    def _beat_on(self) -> None:
        left = GRACE_SECONDS
        while not self._over.wait(BEAT_SECONDS):
            if not self._stop.is_set():
                self.beat()
                continue
            left -= BEAT_SECONDS
            if left <= 0:
                self._give_up()
                return

    def _show(self, **shown: Any) -> None:
        with self._lock:
            self._shown |= shown

    def _need_leave(self) -> None:
        if self._stop.is_set():
            raise Stopped


def end_group() -> None:
    """Ends this process and all that it started, at once."""
    os.killpg(0, 9)
