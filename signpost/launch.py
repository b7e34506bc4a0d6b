"""Starts one process with its log, tells when it answers, and stops it: the parts `up` and `converse` share."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from signpost import bell
from signpost.bell import Bell
from signpost.mistakes import Mistake
from signpost.processes import PROJECT, Process, environment
from signpost.serving import LISTENER, listen
from signpost.settings import Settings

READY_SECONDS = 120
STOP_SECONDS = 15
LOG_BYTES = 10_000_000
ANSWER_SECONDS = 2.0
LONGEST_LINE = 1000
PARENT_DIED = 1  # prctl's PR_SET_PDEATHSIG

Popen = subprocess.Popen[bytes]


def launch(
    process: Process, settings: Settings, listener: socket.socket | None = None, desk_bell: Bell | None = None
) -> Popen:
    """Starts the process, with the socket and the bell that are held for it; what it writes goes to its log in the data folder."""
    held = {} if listener is None else {LISTENER: str(listener.fileno())}
    ends = () if desk_bell is None else desk_bell.ends
    if ends:
        held[bell.VARIABLE] = ",".join(map(str, ends))
    with log_file(process, settings).open("ab") as log:
        return subprocess.Popen(  # noqa: S603  # our own command lines
            process.command,
            cwd=PROJECT,
            env={**environment(settings), **held},
            pass_fds=[*([] if listener is None else [listener.fileno()]), *ends],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # runs before any thread of ours; an orphan would keep the ports
        )


def log_file(process: Process, settings: Settings) -> Path:
    """The process's log; a large one is put aside first."""
    folder = settings.data_folder / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{process.name}.log"
    if file.exists() and file.stat().st_size > LOG_BYTES:
        file.replace(file.with_suffix(".log.1"))
    return file


def wait_until_ready(process: Process, popen: Popen, settings: Settings, given_up: Callable[[], bool]) -> bool:
    """True once the process answers, false when ``given_up`` says so. Raises :class:`Mistake` when it died or never does."""
    deadline = time.monotonic() + READY_SECONDS
    while not given_up():
        if popen.poll() is not None or time.monotonic() > deadline:
            what = "stopped at its start" if popen.poll() is not None else "didn't answer in time"
            raise Mistake(f"{process.name} {what}: {last_words(log_file(process, settings))}")
        if answers(process):
            return True
        time.sleep(0.1)
    return False


def stop_all(popens: Iterable[Popen]) -> None:
    """Asks each to stop, and ends those that don't within :data:`STOP_SECONDS`."""
    living = [popen for popen in popens if popen.poll() is None]
    for popen in living:
        popen.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for popen in living:
        try:  # each is waited for on its own
            popen.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait()


def answers(process: Process) -> bool:
    """Whether the process answers at its address; a process without one counts as soon as it runs."""
    if process.health is None:
        return True
    parts = urlsplit(process.health)
    # Over the bare socket: an HTTP library takes more memory than all else that `signpost up` needs.
    asked = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((str(parts.hostname), parts.port or 80), ANSWER_SECONDS) as connection:
            connection.sendall(asked.encode())
            with connection.makefile("rb") as answer:
                return answer.readline(LONGEST_LINE).split()[1:2] == [b"200"]
    except OSError:
        return False


@contextlib.contextmanager
def listeners(processes: Iterable[Process]) -> Iterator[dict[str, socket.socket]]:
    """Sockets for those that are given one, by their names. Raises :class:`Mistake` where one can't be opened."""
    with contextlib.ExitStack() as stack:
        opened = {}
        for process in processes:
            if process.listens is not None:
                opened[process.name] = stack.enter_context(_listening(process.name, *process.listens))
        yield opened


def _listening(name: str, host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as fault:
        why = os.strerror(fault.errno) if fault.errno else str(fault)
        raise Mistake(f"{name} can't listen on {host}, port {port}: {why}.") from None


def place(process: Process) -> str:
    """Where the process listens, for people."""
    return process.health.split("/", 3)[2] if process.health else ""


def is_free(port: int) -> bool:
    """Whether nothing listens on the port of this machine's loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def last_words(file: Path) -> str:
    """The last line a process wrote before it stopped."""
    lines = [line for line in file.read_text("utf-8", "replace").splitlines() if line.strip()]
    return f"{lines[-1].strip()} (the rest is in {file})" if lines else f"it left no word in {file}"


def _die_with_parent() -> None:
    """A supervisor that is killed takes its processes with it (Linux); elsewhere they are found by their ports."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)
