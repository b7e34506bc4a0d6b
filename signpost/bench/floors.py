"""What the machine itself takes for the parts nobody can do without: an echo, an encoding, a commit."""

import contextlib
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from signpost.bench import processes
from signpost.bench.load import MILLISECONDS, TEXTS
from signpost.bench.posting import Poster
from signpost.bench.product import NoReply
from signpost.launch import is_free
from signpost.mistakes import Mistake
from signpost.processes import PROJECT

START_SECONDS = 60
SENDERS = 16
ECHO = "signpost.bench.floor_echo"


def commit_milliseconds(folder: Path, times: int) -> float:
    """One row, one transaction, on the disk before it returns: WAL and synchronous=FULL, as in the record."""
    file, taken = folder / "floor.db", []
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE row (id INTEGER PRIMARY KEY, text)",
        ):
            database.execute(statement)
        for number in range(times):
            began = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO row (text) VALUES (?)", (TEXTS[number % len(TEXTS)],))
            database.execute("COMMIT")
            taken.append(time.perf_counter() - began)
    for left in folder.glob("floor.db*"):
        left.unlink()
    return median(taken) * MILLISECONDS


def echo(folder: Path, port: int, times: int) -> tuple[float, float]:
    """A bare Sanic server in one process: the median milliseconds of one echo, and how many a second with 16 senders."""
    command = [sys.executable, "-W", "ignore", "-m", ECHO, str(port)]
    log = folder / "echo.log"
    popen = processes.start(command, PROJECT, {**os.environ, "PYTHONPATH": str(PROJECT)}, log)
    try:
        _wait(port, popen, log)
        one = median(_times(Poster(port), times)) * MILLISECONDS
        began = time.monotonic()
        threads = [threading.Thread(target=_times, args=(Poster(port), times), daemon=True) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return one, SENDERS * times / (time.monotonic() - began)
    finally:
        processes.stop([popen])


def encoder_milliseconds(folder: Path, times: int) -> float:
    """The median over the bench's own texts, on one thread, as the assistant encodes them."""
    source = Path(__file__).with_name("floor_encoder.py")
    log = folder / "encoder.log"
    log.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1"}
    processes.run([sys.executable, "-W", "ignore", str(source), str(times)], PROJECT, environment, log)
    return float(log.read_text("utf-8").split()[-1])


def _times(poster: Poster, times: int) -> list[float]:
    taken, body = [], b'{"message": "' + TEXTS[0].encode() + b'"}'
    for _ in range(times):
        began = time.perf_counter()
        poster.post("/", body, {}, START_SECONDS)
        taken.append(time.perf_counter() - began)
    poster.close()
    return taken


def _wait(port: int, popen: processes.Popen, log: Path) -> None:
    _until(lambda: popen.poll() is not None or not is_free(port))
    poster, deadline = Poster(port), time.monotonic() + START_SECONDS
    while popen.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(NoReply):
            poster.post("/", b"{}", {}, 1)
            return
        time.sleep(0.05)
    raise Mistake(f"The bare web server didn't start: {processes.last_words(log)}")


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
