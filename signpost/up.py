"""Starts every process, restarts one that dies, and stops them all cleanly: `signpost up`."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from signpost.bell import Bell
from signpost.console.build import NOT_BUILT, is_built
from signpost.launch import Popen, is_free, launch, listeners, place, stop_all, wait_until_ready
from signpost.mistakes import Mistake
from signpost.processes import Process, all_processes
from signpost.settings import Settings

LONGEST_PAUSE = 10.0
STEADY_SECONDS = 10.0
"""A process that ran for so long before it stopped is started again at once; one that stops sooner waits longer each time."""

LATER = frozenset({"console"})
"""Which aren't needed for a reply."""


@dataclass
class Running:
    """A process as the supervisor sees it. ``restart_at`` is set while it waits to be started again."""

    process: Process
    popen: Popen
    started: float
    failures: int = 0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """Keeps the processes of one installation running; ``say`` takes the lines a person reads.

    ``first_words`` gives what is to be said once all run: it may hold a password that is told only once.
    """

    settings: Settings
    say: Callable[[str], None]
    first_words: Callable[[], Sequence[str]] = tuple
    running: list[Running] = field(default_factory=list)
    held: dict[str, socket.socket] = field(default_factory=dict)
    """The sockets that outlive the processes that answer on them."""
    bell: Bell = field(default_factory=Bell.hung)
    stopping: bool = False

    def run(self) -> int:
        """Starts all, waits until all answer, keeps them up until SIGTERM or SIGINT. Returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        with listeners(all_processes(self.settings)) as self.held:
            try:
                self._start_all()
                while not self.stopping:
                    self._watch()
                    time.sleep(0.2)
            finally:
                stop_all(one.popen for one in reversed(self.running))
                run_file(self.settings).unlink(missing_ok=True)
                self.bell.close()
        self.say("Signpost has stopped.")
        return 0

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start_all(self) -> None:
        # All that a reply needs at once: none waits for another, and Rasa's start takes as long as all the others' together.
        # The pages come after it: while they loaded, whoever writes would wait longer.
        everything = all_processes(self.settings)
        for together in (
            [one for one in everything if one.name not in LATER],
            [one for one in everything if one.name in LATER],
        ):
            started = [Running(process, self._launch(process), time.monotonic()) for process in together]
            self.running += started
            self._write_run_file()
            for one in started:
                if not wait_until_ready(one.process, one.popen, self.settings, lambda: self.stopping):
                    return
                self.say(f"{one.process.name:<10} {one.process.about:<22} {place(one.process)}".rstrip())
        self.say("")
        self.say(f"Signpost is running. Console: {self.settings.console_url or own_address(self.settings)}")
        for line in self.first_words():
            self.say(line)
        self.say(f"Simulator: {own_address(self.settings)}simulator/")
        if not is_built():
            self.say(NOT_BUILT)
        if self.settings.rehearsal:
            self.say(f"Rehearsal: the small platforms are at http://127.0.0.1:{self.settings.platforms_port}/")
        else:
            self.say(f"Webhooks: http://127.0.0.1:{self.settings.intake_port}/webhooks/ (docs/connecting.md)")
        self.say("Stop it with Ctrl+C.")

    def _watch(self) -> None:
        for one in self.running:
            now = time.monotonic()
            if one.restart_at is None and one.popen.poll() is not None:
                one.failures = 0 if now - one.started > STEADY_SECONDS else one.failures + 1
                pause = min(0.5 * 2**one.failures, LONGEST_PAUSE)
                one.restart_at = now + pause
                self.say(
                    f"{one.process.name} stopped (status {one.popen.returncode}); starting it again in {pause:.1f} s"
                )
            elif one.restart_at is not None and now >= one.restart_at:
                one.popen, one.started, one.restart_at = self._launch(one.process), now, None
                self._write_run_file()

    def _launch(self, process: Process) -> Popen:
        return launch(process, self.settings, self.held.get(process.name), self.bell)

    def _write_run_file(self) -> None:
        contents = {
            "supervisor": os.getpid(),
            "port_base": self.settings.port_base,
            "rehearsal": bool(self.settings.rehearsal),
            "processes": {one.process.name: one.popen.pid for one in self.running},
        }
        part = run_file(self.settings).with_suffix(".part")
        part.write_text(json.dumps(contents), "utf-8")
        part.replace(run_file(self.settings))


def own_address(settings: Settings) -> str:
    """Where the pages are on this machine."""
    return f"http://127.0.0.1:{settings.console_port}/"


def run_file(settings: Settings) -> Path:
    """What runs where, for `signpost status`."""
    return settings.data_folder / "run.json"


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the data folder. Raises :class:`Mistake` when another Signpost has it, or when it can't be written."""
    # It holds what people wrote and the key to it: nobody else on the machine may read any of it.
    os.umask(0o077)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "signpost.lock").open("w")
    except OSError as fault:
        raise Mistake(f"{folder} can't be written: {fault.strerror}. Give another folder with --data.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Mistake(f"Signpost already runs with the data in {folder}. See: signpost status") from None
        yield


def check_ports(settings: Settings) -> None:
    """Raises :class:`Mistake` for the first port that something else listens on."""
    ports = [settings.console_port, settings.intake_port, settings.assistant_port, settings.actions_port]
    for port in [*ports, *([settings.platforms_port] if settings.rehearsal else [])]:
        if not is_free(port):
            raise Mistake(f"Port {port} is taken. Choose others with --port-base, for instance --port-base 9080.")
