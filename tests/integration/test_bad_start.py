"""What goes wrong before Signpost runs gets a sentence that says what to do, and a status that isn't 0."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from signpost.launch import is_free

pytestmark = pytest.mark.rasa
PROJECT = Path(__file__).parents[2]


def signpost(*arguments, **environment):
    import os

    command = [sys.executable, "-m", "signpost.cli", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, timeout=120, check=False)


def refused(outcome, says):
    assert outcome.returncode in {1, 2}
    assert says in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_taken_port_is_named(tmp_path):
    base = next(base for base in range(20_100, 21_000, 10) if all(is_free(base + k) for k in range(4)))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 2))
        taken.listen()
        outcome = signpost("up", "--data", str(tmp_path), "--port-base", str(base))
    refused(outcome, f"Port {base + 2} is taken. Choose others with --port-base")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")
    refused(signpost("up", "--data", str(file / "data")), "can't be written")


def test_a_malformed_key_is_named(tmp_path):
    outcome = signpost("up", "--data", str(tmp_path), "--port-base", "20900", SIGNPOST_ENCRYPTION_KEY="abc")
    refused(outcome, "SIGNPOST_ENCRYPTION_KEY is not a valid key")


def test_another_key_than_the_databases_is_named(tmp_path):
    from cryptography.fernet import Fernet

    from signpost.settings import Settings
    from signpost.start import make_ready

    make_ready(Settings.from_environment({"SIGNPOST_DATA": str(tmp_path)}))
    other = Fernet.generate_key().decode()
    outcome = signpost("up", "--data", str(tmp_path), "--port-base", "20900", SIGNPOST_ENCRYPTION_KEY=other)
    refused(outcome, "is not the key this database was written with")


def test_a_missing_model_is_named(tmp_path):
    outcome = signpost("up", "--data", str(tmp_path), "--port-base", "20900", SIGNPOST_MODELS=str(tmp_path / "none"))
    refused(outcome, "Run: signpost train")


def test_a_misprinted_mandate_stops_the_start(tmp_path):
    import shutil

    force = shutil.copytree(PROJECT / "force", tmp_path / "force")
    mandate = force / "mandate.yml"
    mandate.write_text(mandate.read_text().replace('non_emergency: "101"', 'non_emergency: "111"'))
    outcome = signpost("up", "--data", str(tmp_path / "data"), "--port-base", "20900", SIGNPOST_FORCE=str(force))
    refused(outcome, "the numbers must be 999 (emergency) and 101 (non-emergency)")


def test_a_damaged_model_is_named(tmp_path):
    (tmp_path / "signpost.tar.gz").write_bytes(b"not a model")
    outcome = signpost("up", "--data", str(tmp_path / "data"), "--port-base", "20900", SIGNPOST_MODELS=str(tmp_path))
    refused(outcome, "signpost train --force")


@pytest.mark.parametrize(
    ("command", "lines", "says"),
    [
        ("classify", "", "holds no line of JSON"),
        ("classify", "{nonsense", "line 1: it is not valid JSON"),
        ("classify", '{"id": 1, "text": "a"}\n{"id": 2}', "line 2: text is missing"),
        ("classify", '{"text": "a"}', "line 1: id is missing"),
        ("classify", "[1]", "line 1: it is not a JSON object"),
        ("converse", '{"id": 1, "channel": "telex", "turns": [{"texts": ["a"]}]}', "There is no channel 'telex'"),
        ("converse", '{"id": 1, "channel": "messenger", "turns": []}', "turns is missing"),
        ("converse", '{"id": 1, "channel": "messenger", "turns": [{"texts": []}]}', "each turn needs texts"),
        (
            "converse",
            '{"id": 1, "channel": "messenger", "turns": [{"texts": ["a"], "gap_hours": -1}]}',
            "gap_hours must be a number",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_line_and_nothing_is_done(tmp_path, command, lines, says):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(lines)
    refused(signpost(command, str(source), str(target)), says)
    assert not target.exists()


def test_texts_that_no_platform_should_send_are_judged_all_the_same(tmp_path):
    import json

    texts = ["", "  ", "\x00\x00", "\ud800", "😀😀😀", "a" * 20_000, "word " * 4_000, "/restart", "مرحبا", "<b>hi</b>"]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts)))
    outcome = signpost("classify", str(source), str(target))
    assert outcome.returncode == 0, outcome.stderr
    judged = [json.loads(line) for line in target.read_text().splitlines()]
    assert [one["id"] for one in judged] == list(range(len(texts)))
    assert {one["label"] for one in judged} <= {"emergency", "crime_report", "not_report"}
    assert all(abs(sum(one["scores"].values()) - 1) < 0.001 for one in judged)
