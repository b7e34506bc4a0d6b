"""How long work tells how far it is, and runs the assistant's own programs: one way for a job, one for a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from signpost.jobs import run_job
from signpost.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Stopped(Exception):
    """The work was asked to stop, or is no longer this process's."""


class Work(Protocol):
    """What does the work is given this; each of it raises :class:`Stopped` when the work is to stop."""

    def step(self, sentence: str) -> None:
        """Something else begins: a sentence for people, without a full stop."""

    def tell(self, done: int, total: int) -> None:
        """How far it is."""

    def run(self, command: Sequence[str], sentence: str) -> None:
        """Runs a program of ours to its end. Raises :class:`signpost.mistakes.Mistake` with its words when it fails."""


class TerminalWork:
    """Work for somebody at a terminal, with a bar."""

    def __init__(self, settings: Settings, progress: "Progress") -> None:
        self._settings = settings
        self._progress = progress
        self._task: TaskID | None = None

    def step(self, sentence: str) -> None:
        """The bar of what was done goes, and another begins."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(sentence, total=None)

    def tell(self, done: int, total: int) -> None:
        """Moves the bar on."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def run(self, command: Sequence[str], sentence: str) -> None:
        """Runs it with a bar of its own, in the place of this one."""
        self._progress.stop()
        run_job(self._settings, command, sentence)
        self._progress.start()
