"""What is looked at before anything starts: one Signpost a data folder, free ports, and words for what is wrong."""

import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from signpost.bell import Bell
from signpost.launch import answers, is_free, last_words, launch, listeners, log_file, place
from signpost.mistakes import Mistake
from signpost.processes import NAMES, all_processes, environment, process
from signpost.settings import Settings
from signpost.status import status
from signpost.up import Supervisor, check_ports, only_one, run_file


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something else listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def settings_in(folder: Path) -> Settings:
    return replace(Settings.from_environment({}), data_folder=folder)


# One at a time


def test_a_second_signpost_with_the_same_data_is_refused(tmp_path):
    with only_one(tmp_path), pytest.raises(Mistake) as refusal, only_one(tmp_path):
        pytest.fail("two at once")
    assert refusal.value.sentence == f"Signpost already runs with the data in {tmp_path}. See: signpost status"


def test_once_the_first_has_stopped_another_may_start(tmp_path):
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_first_that_fell_over_leaves_the_folder_to_the_next(tmp_path):
    with pytest.raises(ZeroDivisionError), only_one(tmp_path):
        _ = 1 / 0
    with only_one(tmp_path):
        pass


def test_two_signposts_with_data_of_their_own_may_run_beside_each_other(tmp_path):
    with only_one(tmp_path / "one"), only_one(tmp_path / "two"):
        assert (tmp_path / "one").is_dir()
        assert (tmp_path / "two").is_dir()


def test_a_data_folder_is_made_with_the_folders_above_it(tmp_path):
    with only_one(tmp_path / "srv" / "signpost"):
        assert (tmp_path / "srv" / "signpost").is_dir()


def test_a_file_in_the_place_of_the_data_folder_is_told_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with (
        pytest.raises(Mistake, match=r"file can't be written: .*\. Give another folder with --data\."),
        only_one(tmp_path / "file"),
    ):
        pytest.fail("it held a file")


def test_a_data_folder_below_a_file_is_told_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with (
        pytest.raises(Mistake, match=r"can't be written: Not a directory\. Give another folder with --data\."),
        only_one(tmp_path / "file" / "data"),
    ):
        pytest.fail("it held a folder in a file")


@pytest.mark.skipif(os.geteuid() == 0, reason="to the superuser no folder is read-only")
def test_a_read_only_data_folder_is_told_with_what_to_do(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with (
            pytest.raises(Mistake, match=r"can't be written: Permission denied\. Give another folder with --data\."),
            only_one(tmp_path),
        ):
            pytest.fail("it wrote there")
    finally:
        tmp_path.chmod(0o700)


def test_a_lock_that_cannot_be_written_is_told_even_to_the_superuser(tmp_path):
    (tmp_path / "signpost.lock").mkdir()
    with (
        pytest.raises(Mistake, match=r"can't be written: Is a directory\. Give another folder with --data\."),
        only_one(tmp_path),
    ):
        pytest.fail("it locked a folder")


# Ports


def test_a_port_somebody_listens_on_is_not_free_and_is_free_once_they_stop():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


@pytest.mark.parametrize("offset", [0, 2, 3])
def test_a_port_that_is_taken_is_told_whichever_it_is(tmp_path, monkeypatch, taken, offset):
    settings = replace(settings_in(tmp_path), port_base=taken - offset)
    monkeypatch.setattr("signpost.up.is_free", lambda port: port not in {taken, 0})
    with pytest.raises(Mistake) as refusal:
        check_ports(settings)
    assert refusal.value.sentence == (
        f"Port {taken} is taken. Choose others with --port-base, for instance --port-base 9080."
    )


def test_a_port_that_is_really_taken_is_told(tmp_path, taken):
    with pytest.raises(Mistake, match=f"Port {taken} is taken"):
        check_ports(replace(settings_in(tmp_path), port_base=taken))


def test_ports_that_are_all_free_are_in_order(tmp_path, monkeypatch):
    looked: list[int] = []
    monkeypatch.setattr("signpost.up.is_free", lambda port: looked.append(port) or True)
    check_ports(replace(settings_in(tmp_path), port_base=9080))
    assert looked == [9080, 9081, 9082, 9083]


# Processes


def test_the_processes_are_started_in_their_order_and_each_says_what_it_is_for(tmp_path):
    processes = all_processes(settings_in(tmp_path))
    assert tuple(one.name for one in processes) == NAMES
    assert all(one.about for one in processes)


def test_every_process_listens_on_this_machine_alone(tmp_path):
    for one in all_processes(settings_in(tmp_path)):
        assert one.health is None or one.health.startswith("http://127.0.0.1:")
        assert "0.0.0.0" not in " ".join(one.command)  # noqa: S104  # that it isn't there is the fact


def test_a_process_nobody_knows_is_told_with_those_there_are(tmp_path):
    with pytest.raises(
        Mistake, match=r"There is no process 'web'\. There are: platforms, actions, assistant, desk"
    ) as refusal:
        process("web", settings_in(tmp_path))
    assert refusal.value.exit_status == 2


def test_no_secret_stands_in_a_command_line_where_every_user_could_read_it(tmp_path):
    settings = replace(
        settings_in(tmp_path), encryption_key="the-key", assistant_token="the-token", session_secret="the-secret"
    )
    for one in all_processes(settings):
        assert not [word for word in one.command if "the-" in word]


def test_a_process_is_given_every_setting_with_folders_that_hold_wherever_it_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = environment(
        replace(Settings.from_environment({}), encryption_key="k", assistant_token="t", session_secret="s")
    )
    read = Settings.from_environment(given)
    assert read.data_folder == tmp_path / "var"
    assert read.models_folder == tmp_path / "models"
    assert read.force_folder == tmp_path / "force"
    assert read.record_url == f"sqlite:///{tmp_path}/var/signpost.db"
    assert (read.encryption_key, read.assistant_token, read.session_secret) == ("k", "t", "s")
    assert given["RASA_TELEMETRY_ENABLED"] == "false"


def test_where_a_process_listens_is_said_without_the_rest_of_its_address(tmp_path):
    assert place(process("assistant", settings_in(tmp_path))) == "127.0.0.1:8082"
    assert place(process("desk", settings_in(tmp_path))) == ""


# Logs


def test_the_last_words_of_a_process_are_its_last_line_with_anything_in_it(tmp_path):
    file = tmp_path / "desk.log"
    file.write_bytes(b"first\n  The key is wrong.\n\n   \n")
    assert last_words(file) == f"The key is wrong. (the rest is in {file})"


@pytest.mark.parametrize("nothing", [b"", b"\n \n"])
def test_a_process_that_said_nothing_is_told_to_have(tmp_path, nothing):
    file = tmp_path / "desk.log"
    file.write_bytes(nothing)
    assert last_words(file) == f"it left no word in {file}"


def test_last_words_that_are_no_text_do_no_harm(tmp_path):
    file = tmp_path / "desk.log"
    file.write_bytes(b"\xff\xfe broken")
    assert "broken" in last_words(file)


def test_a_log_that_has_grown_large_is_put_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.launch.LOG_BYTES", 10)
    settings = settings_in(tmp_path)
    file = log_file(process("desk", settings), settings)
    file.write_text("more than ten bytes", "utf-8")
    assert log_file(process("desk", settings), settings) == file
    assert not file.exists()
    assert (tmp_path / "logs" / "desk.log.1").read_text("utf-8") == "more than ten bytes"


# What runs


def test_nothing_runs_where_nothing_was_started(tmp_path):
    assert status(settings_in(tmp_path)) is None


@pytest.mark.parametrize(
    "contents",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"supervisor": 1}',
        "null",
        '{"supervisor": "1", "processes": {}, "port_base": 8080}',
        '{"supervisor": 1, "processes": [], "port_base": 8080}',
        '{"supervisor": 1, "processes": {"desk": "2"}, "port_base": 8080}',
        '{"supervisor": 1, "processes": {}, "port_base": null}',
        '{"supervisor": 99999999999999999999, "processes": {}, "port_base": 8080}',
    ],
)
def test_a_spoilt_note_of_what_runs_counts_as_nothing_running(tmp_path, contents):
    run_file(settings_in(tmp_path)).write_text(contents, "utf-8")
    assert status(settings_in(tmp_path)) is None


def _nobody() -> int:
    """The id of a process that was and is no more."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_a_note_left_by_a_supervisor_that_was_killed_counts_as_nothing_running(tmp_path):
    note = {"supervisor": _nobody(), "processes": {}, "port_base": 8080}
    run_file(settings_in(tmp_path)).write_text(json.dumps(note), "utf-8")
    assert status(settings_in(tmp_path)) is None


def test_each_process_is_told_as_running_not_answering_or_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.status.answers", lambda one: one.name != "assistant")
    ids = {"actions": _nobody(), "assistant": os.getpid(), "desk": os.getpid()}
    note = {"supervisor": os.getpid(), "processes": ids, "port_base": 9080}
    run_file(settings_in(tmp_path)).write_text(json.dumps(note), "utf-8")
    rows = status(settings_in(tmp_path))
    assert rows is not None
    assert [(name, state) for name, state, _id, _place in rows] == [
        ("actions", "stopped"),
        ("assistant", "not answering"),
        ("desk", "running"),
        ("intake", "stopped"),
        ("console", "stopped"),
    ]
    assert rows[0][3] == "127.0.0.1:9083"


# Starting


def test_the_pages_start_once_all_that_a_reply_needs_answers(tmp_path, monkeypatch):
    happened: list[str] = []
    stopped = SimpleNamespace(poll=lambda: 0, pid=1, returncode=0)
    monkeypatch.setattr("signpost.up.listeners", lambda _processes: contextlib.nullcontext({}))
    monkeypatch.setattr("signpost.up.launch", lambda one, *_rest: happened.append(f"start {one.name}") or stopped)
    monkeypatch.setattr("signpost.up.wait_until_ready", lambda one, *_rest: happened.append(f"wait {one.name}") or True)
    # What is told once all run is where this test ends it.
    supervisor = Supervisor(
        settings_in(tmp_path), lambda _line: None, lambda: os.kill(os.getpid(), signal.SIGTERM) or ()
    )
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert supervisor.run() == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    needed = [name for name in NAMES if name != "console"]
    assert happened == [
        *(f"start {name}" for name in needed),
        *(f"wait {name}" for name in needed),
        "start console",
        "wait console",
    ]


def test_a_process_is_handed_the_socket_that_is_held_for_it(tmp_path, monkeypatch):
    settings = replace(settings_in(tmp_path), port_base=next(n for n in range(24_000, 25_000) if is_free(n)))
    with listeners([process("console", settings), process("desk", settings)]) as held:
        assert list(held) == ["console"]
        assert held["console"].getsockname() == ("127.0.0.1", settings.port_base)
        with pytest.raises(Mistake, match=f"console can't listen on 127.0.0.1, port {settings.port_base}: Address"):
            listeners([process("console", settings)]).__enter__()
        tell = (sys.executable, "-c", "import os; print(os.fstat(int(os.environ['SIGNPOST_LISTENER'])).st_ino)")
        one = replace(process("console", settings), command=tell)
        launch(one, settings, held["console"]).wait(60)
        assert last_words(log_file(one, settings)).startswith(str(os.fstat(held["console"].fileno()).st_ino))
    assert is_free(settings.port_base)


def test_a_process_is_handed_the_bell(tmp_path):
    settings = settings_in(tmp_path)
    tell = (sys.executable, "-c", "from signpost.bell import bell; bell().ring()")
    with contextlib.closing(Bell.hung()) as bell:
        assert launch(replace(process("desk", settings), command=tell), settings, None, bell).wait(60) == 0
        assert bell.wait(0)


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"HTTP/1.1 404 200\r\n\r\n", False),
        (b"200" * 10_000, False),
        (b"\xff\r\n", False),
        (b"", False),
    ],
)
def test_a_process_answers_where_it_says_200(tmp_path, answer, good):
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:
        health = f"http://127.0.0.1:{server.getsockname()[1]}/health"
        told = pool.submit(answers, replace(process("intake", settings_in(tmp_path)), health=health))
        connection, _ = server.accept()
        with connection:
            assert connection.recv(1000).startswith(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:")
            connection.sendall(answer)
        assert told.result(10) is good
    assert not answers(replace(process("intake", settings_in(tmp_path)), health=health))
