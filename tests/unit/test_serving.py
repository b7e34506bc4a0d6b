"""A web application is served as gunicorn serves it, by a process that may be started again without anybody noticing."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from signpost.serving import LISTENER, listen

PROJECT = Path(__file__).parents[2]
APPLICATION = """
import os, time
from signpost.mistakes import Mistake

def application():
    if os.path.exists("broken"):
        raise Mistake("The key is wrong.")
    return answer

def answer(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        open("asked", "w").close()
        while not os.path.exists("go on"):
            time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with listen("127.0.0.1", 0) as held:
        yield held


@pytest.fixture
def start(tmp_path: Path, listener: socket.socket) -> Iterator[Start]:
    """Starts the application of this test on the socket that the test holds."""
    (tmp_path / "served_here.py").write_text(APPLICATION, "utf-8")
    started: list[subprocess.Popen[str]] = []

    def run() -> "subprocess.Popen[str]":
        number = listener.fileno()
        started.append(serving(tmp_path, "127.0.0.1:0", {LISTENER: str(number)}, number))
        return started[-1]

    yield run
    for popen in started:
        popen.kill()
        popen.communicate()


def serving(folder: Path, address: str, more: dict[str, str], *held: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "signpost.serving", "served_here", address],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{folder}", **more},
        pass_fds=held,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(listener: socket.socket, path: str = "/") -> int:
    """Which process answers."""
    connection = http.client.HTTPConnection(*listener.getsockname(), timeout=60)
    connection.request("GET", path)
    return int(connection.getresponse().read())


def wait_for(file: Path) -> None:
    while not file.exists():
        time.sleep(0.01)


def test_who_asks_while_it_is_started_again_waits_and_is_answered(start, listener):
    first = start()
    assert ask(listener) == first.pid
    first.kill()
    first.wait()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(ask, listener)
        second = start()
        assert answer.result(60) == second.pid


def test_who_is_being_answered_when_it_is_stopped_has_the_answer(start, listener, tmp_path):
    popen = start()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(ask, listener, "/slow")
        wait_for(tmp_path / "asked")
        popen.send_signal(signal.SIGTERM)
        (tmp_path / "go on").touch()
        assert answer.result(60) == popen.pid
    assert popen.wait(60) == 0


def test_eight_are_answered_at_once(start, listener, tmp_path):
    start()
    ask(listener)
    answers = [threading.Thread(target=ask, args=(listener, "/slow"), daemon=True) for _ in range(7)]
    for one in answers:
        one.start()
    wait_for(tmp_path / "asked")
    ask(listener)
    (tmp_path / "go on").touch()
    for one in answers:
        one.join(60)


def test_an_application_that_cannot_start_says_why_in_its_last_words(start, tmp_path):
    (tmp_path / "broken").touch()
    popen = start()
    _, said = popen.communicate(timeout=60)
    assert (popen.returncode, said) == (1, "The key is wrong.\n")


def test_a_port_that_is_taken_is_told(start, listener, tmp_path):
    host, port = listener.getsockname()
    popen = serving(tmp_path, f"{host}:{port}", {})
    _, said = popen.communicate(timeout=60)
    assert popen.returncode == 1
    assert "Address already in use" in said


def test_an_answer_is_not_held_back_for_another_packet(listener):
    with socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
