"""A whole Signpost in rehearsal, started for this check in a folder of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from signpost.launch import is_free

PROJECT = Path(__file__).parents[2]
PORTS = 5


@dataclass(frozen=True)
class Product:
    """Where it runs, and how it is spoken to."""

    data: Path
    base: int
    popen: subprocess.Popen[bytes]
    client: httpx.Client

    def control(self, name: str, **body: object) -> dict:
        answer = self.client.post(f"http://127.0.0.1:{self.base + 4}/control/{name}", json=body, timeout=120)
        answer.raise_for_status()
        return answer.json()

    def told(self, name: str) -> dict:
        return self.client.get(f"http://127.0.0.1:{self.base + 4}/control/{name}", timeout=120).json()

    def kill(self, name: str) -> bool:
        """Ends the process and those it started with SIGKILL; false when it isn't there just now."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            # Each was started as the first of a group of its own; gunicorn's worker is in its master's.
            os.killpg(json.loads((self.data / "run.json").read_text("utf-8"))["processes"][name], signal.SIGKILL)
            return True
        return False


@contextlib.contextmanager
def running(data: Path) -> Iterator[Product]:
    """Starts it with small platforms, and stops it at the end."""
    base = next(n for n in range(20_100, 21_000, 10) if all(is_free(n + k) for k in range(PORTS)))
    command = [sys.executable, "-m", "signpost.cli", "up", "--data", str(data), "--port-base", str(base)]
    log = (data / "up.log").open("wb")
    popen = subprocess.Popen([*command, "--with-fake-platforms"], cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(data / "up.log", popen)
        with httpx.Client(trust_env=False) as client:
            yield Product(data, base, popen, client)
    finally:
        popen.terminate()
        popen.wait(60)
        log.close()


def _wait(log: Path, popen: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while "Stop it with" not in log.read_text("utf-8"):
        if popen.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"Signpost did not start:\n{log.read_text('utf-8')}")
        time.sleep(0.1)
