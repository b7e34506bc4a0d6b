"""Starts a product's processes, says what they take of the machine, and ends every one of them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from signpost.mistakes import Mistake

STOP_SECONDS = 30
PARENT_DIED = 1  # prctl's PR_SET_PDEATHSIG
TICKS = os.sysconf("SC_CLK_TCK")
Popen = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Memory:
    """Megabytes. ``pss`` counts a page that several processes share once in all, ``rss`` counts it for each of them."""

    pss: float
    rss: float


def start(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Popen:
    """Starts a process in a group of its own, which ends with this one; what it says goes to ``log``."""
    with log.open("ab") as said:
        return subprocess.Popen(  # noqa: S603  # our own command lines
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  # runs before any thread of the child's
        )


def stop(popens: Iterable[Popen]) -> None:
    """Asks each to stop and waits; ends those that don't, with all they started."""
    living = [popen for popen in popens if popen.poll() is None]
    for popen in living:
        popen.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for popen in living:
        with contextlib.suppress(subprocess.TimeoutExpired):
            popen.wait(max(deadline - time.monotonic(), 0.1))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(popen.pid, signal.SIGKILL)
        popen.wait()


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> float:
    """Runs it to its end; the seconds it took. Raises :class:`Mistake` with its last words where it fails."""
    began = time.monotonic()
    popen = start(command, folder, environment, log)
    try:
        status = popen.wait()
    finally:
        stop([popen])
    if status:
        raise Mistake(f"{Path(command[0]).name} failed (status {status}): {last_words(log)}")
    return time.monotonic() - began


def last_words(log: Path) -> str:
    """The last line that was written, and where the rest is."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return f"{lines[-1][:300] if lines else 'it left no word'} ({log})"


def with_children(pids: Iterable[int]) -> list[int]:
    """These processes and all that they started, as far as they live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: dict[int, None] = {}
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found and _stat(pid):
            found[pid] = None
            waiting += children.get(pid, [])
    return list(found)


def memory(pids: Iterable[int]) -> Memory:
    """What these processes hold together, from ``/proc/PID/smaps_rollup``."""
    pss = rss = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
                if line.startswith("Pss:"):
                    pss += int(line.split()[1])
                elif line.startswith("Rss:"):
                    rss += int(line.split()[1])
    return Memory(pss / 1024, rss / 1024)


def cpu_seconds(pids: Iterable[int]) -> float:
    """The processor's time these processes have used so far, in ticks of usually ten milliseconds."""
    return sum((int(fields[11]) + int(fields[12])) / TICKS for fields in map(_stat, pids) if fields)


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the third on; empty when the process is gone or is a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
    return [] if fields[0] == "Z" else fields


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)
