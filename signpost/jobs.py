"""Runs a job of the assistant's in a process of its own and shows how far it is."""

import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

from signpost.mistakes import Mistake
from signpost.processes import PROJECT, environment
from signpost.settings import Settings

if TYPE_CHECKING:
    # It takes 14 MB, and most processes show nobody a bar.
    from rich.console import Console
    from rich.progress import Progress

MARK = "signpost-progress"
KEPT_LINES = 40


def progress_bar(console: "Console") -> "Progress":
    """The bar every command shows for work over two seconds; on standard error, so that output can be piped."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def stderr_console() -> "Console":
    """A console on standard error."""
    from rich.console import Console

    return Console(stderr=True)


def run_job(settings: Settings, command: Sequence[str], description: str) -> None:
    """Runs ``command`` with a bar. Raises :class:`Mistake` with the job's last words when it fails."""
    env = {**environment(settings), "SIGNPOST_PROGRESS": "1"}
    said: list[str] = []
    with progress_bar(stderr_console()) as progress:
        task = progress.add_task(description, total=None)
        with subprocess.Popen(  # noqa: S603  # our own command lines
            command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as popen:
            assert popen.stdout is not None  # noqa: S101  # for the type checker: PIPE was asked for
            for line in popen.stdout:
                if line.startswith(MARK):
                    done, total = map(int, line.split()[1:3])
                    progress.update(task, completed=done, total=total)
                elif line.strip():
                    said = [*said[-KEPT_LINES:], line.rstrip()]
    if popen.returncode != 0:
        stops = [line for line in said if line.startswith(("Training stopped", "There is"))]
        raise Mistake((stops or said or ["It left no word."])[-1])
