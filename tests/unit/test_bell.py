"""A bell calls whoever waits, once for each ring, and never holds anybody up."""

import os
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from signpost.bell import SILENCE, VARIABLE, Bell, bell


@pytest.fixture
def hung():
    with closing(Bell.hung()) as one:
        yield one


def test_each_ring_is_heard_once_also_by_who_comes_later(hung):
    hung.ring(2)
    assert [hung.wait(0) for _ in range(3)] == [True, True, False]


def test_who_waits_is_called(hung):
    threading.Timer(0.05, hung.ring).start()
    assert hung.wait(30)


def test_what_nobody_has_heard_can_be_forgotten(hung):
    hung.ring(5)
    hung.hush()
    assert not hung.wait(0)
    hung.hush()


def test_ringing_for_nobody_ends_when_the_pipe_is_full_and_holds_nobody_up(hung):
    for _ in range(100):
        hung.ring(10_000)
    assert hung.wait(0)


def test_a_process_that_was_given_a_bell_rings_it(hung):
    code = "from signpost.bell import bell; bell().ring()"
    given = {**os.environ, VARIABLE: ",".join(map(str, hung.ends))}
    subprocess.run([sys.executable, "-c", code], env=given, pass_fds=hung.ends, check=True)
    assert hung.wait(0)


def test_without_a_bell_nobody_is_called(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert bell() is SILENCE
    bell().ring()
    assert not bell().wait(0)
    bell().hush()
