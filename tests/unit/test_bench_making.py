"""What a bench makes before it measures: the stock project, environments, records, and the cache they stay in."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from signpost.bench import cache as caches
from signpost.bench import environments, processes
from signpost.bench.cache import Cache
from signpost.bench.installing import STOCK_PACKAGES
from signpost.bench.journal import Journal
from signpost.bench.large import stock_record
from signpost.bench.machine import file_system, machine
from signpost.bench.product import NoReply
from signpost.bench.running import work_folder
from signpost.bench.runtime_lock import runtime_part
from signpost.bench.sizes import megabytes
from signpost.bench.stock.project import fingerprint, reduced, write_project
from signpost.bench.training_time import Epochs, first_epochs, missing_seconds
from signpost.conversations.rules import load_rules
from signpost.mistakes import Mistake
from signpost.processes import PROJECT


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture(scope="module")
def stock(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    write_project(folder, PROJECT, 100)
    return folder


def contents(file: Path) -> dict:
    return yaml.safe_load(file.read_text("utf-8"))


def test_stock_says_what_we_say_to_a_first_private_message(stock):
    rules = {one["steps"][0]["intent"]: one["steps"][1:] for one in contents(stock / "data" / "rules.yml")["rules"]}
    assert rules["report_crime"] == [{"action": "utter_guidance"}, {"action": "action_log_escalation"}]
    assert rules["risk_to_life"] == [{"action": "utter_emergency_guidance"}, {"action": "action_log_escalation"}]
    assert rules["abuse"] == [{"action": "action_listen"}]
    domain = contents(stock / "domain.yml")
    assert "condition" not in (stock / "data" / "rules.yml").read_text("utf-8")
    assert set(rules) <= {*domain["intents"], "nlu_fallback"}
    assert "confidentiality" in domain["responses"]["utter_guidance"][0]["text"]


def test_stock_is_trained_on_all_of_our_data_and_on_stories_that_its_rules_allow(stock):
    names = {file.name for file in (PROJECT / "data" / "nlu").glob("*.yml")}
    assert {file.name for file in (stock / "data" / "nlu").glob("*.yml")} == names
    rules = reduced(load_rules(PROJECT / "data" / "rules"))
    for story in contents(stock / "data" / "stories.yml")["stories"]:
        intent, said = "", []
        for step in [*story["steps"], {"intent": ""}]:
            if "intent" in step:
                assert not intent or tuple(said) == tuple(one for one in rules[intent] if one != "action_listen")
                intent, said = step["intent"], []
            else:
                said.append(step["action"])


def test_its_model_is_named_by_what_it_is_made_from(stock, tmp_path):
    write_project(tmp_path, PROJECT, 100)
    assert fingerprint(tmp_path, STOCK_PACKAGES) == fingerprint(stock, STOCK_PACKAGES)
    (tmp_path / "actions" / "actions.py").write_text("", "utf-8")
    assert fingerprint(tmp_path) == fingerprint(stock), "the action is no part of the model"
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    write_project(tmp_path, PROJECT, 5)
    assert fingerprint(tmp_path) != fingerprint(stock)
    pipeline = {one["name"]: one for one in contents(tmp_path / "config.yml")["pipeline"]}
    assert (pipeline["DIETClassifier"]["epochs"], pipeline["ResponseSelector"]["epochs"]) == (5, 100)


def test_the_stock_environment_is_pinned_with_hashes_and_names_no_place():
    pinned = STOCK_PACKAGES.read_text("utf-8")
    assert "rasa==3.6.21" in pinned
    assert "\ntensorflow==2.12.0" in pinned
    assert "://" not in pinned
    assert pinned.count("--hash=sha256:") > pinned.count("==")


def test_the_runtime_has_the_bot_and_not_the_developers_tools():
    names = {
        line.split("==")[0].split(" ;")[0]
        for line in runtime_part(PROJECT / "requirements.lock").splitlines()
        if not line.startswith(" ")
    }
    assert {"rasa", "flask", "sqlalchemy", "onnxruntime", "bot/standin", "click"} <= names
    assert not names & {"pytest", "mypy", "ruff", "hypothesis", "playwright", "pre-commit"}


def test_what_is_in_the_cache_is_made_once_and_half_of_it_is_made_anew(tmp_path):
    said: list[str] = []
    cache = Cache(tmp_path, said.append)
    made: list[Path] = []

    def make(folder: Path) -> dict:
        assert not list(folder.iterdir())
        made.append(folder)
        (folder / "part").touch()
        return {"seconds": len(made)}

    assert cache.made("thing", 0.0, make, "Making a thing")[1] == {"seconds": 1}
    assert cache.made("thing", 0.0, make, "Making a thing")[1] == {"seconds": 1}
    (tmp_path / "thing" / caches.READY).unlink()
    assert cache.made("thing", 0.0, make, "Making a thing")[1] == {"seconds": 2}
    assert len(said) == 2


def test_too_little_room_is_told_with_how_much_it_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(caches.shutil, "disk_usage", lambda _folder: Usage(10**12, 0, 10**9))
    with pytest.raises(Mistake, match=r"this needs 4\.0 GB in .*, where 1\.0 GB are free"):
        Cache(tmp_path, print).made("thing", 4.0, lambda _folder: {}, "Making a thing")


def test_another_python_is_told_which_one_is_needed(monkeypatch, tmp_path):
    monkeypatch.setattr(environments.sys, "version_info", (3, 13, 0))
    monkeypatch.setattr(environments, "_uv", lambda: Path("uv"))
    with pytest.raises(Mistake, match=r"needs Python 3\.10, and this is 3\.13"):
        environments.build(tmp_path / "env", tmp_path / "requirements.txt")


def test_packages_that_cannot_be_had_are_told(monkeypatch, tmp_path):
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\ncase "$2" in venv) exit 0;; esac\necho "no such host" >&2\nexit 1\n', "utf-8")
    uv.chmod(0o755)
    monkeypatch.setattr(environments, "_uv", lambda: uv)
    monkeypatch.setattr(environments, "_python", lambda: Path(sys.executable))
    with pytest.raises(Mistake, match=r"the first run needs a network.*no such host"):
        environments.build(tmp_path / "env", tmp_path / "requirements.txt")


def test_stocks_large_databases_have_the_tables_that_its_parts_make(tmp_path):
    folder = stock_record(Cache(tmp_path, lambda _line: None), 50)
    for file, table in (("conversations.db", "events"), ("reports.db", "report")):
        with closing(sqlite3.connect(folder / file)) as database:
            assert database.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (50,)


def test_epochs_are_read_from_a_trainings_log():
    log = "Processed trackers: 100%| | 13/13 [00:00<00:00, 1.2it/s]\nEpochs:   0%| | 0/2 [00:00<?, ?it/s]\rEpochs:  50%| | 1/2 [01:10<01:10]\rEpochs: 100%| | 2/2 [02:20<00:00]\n 100/100 [00:09<00:00]"
    assert first_epochs(log) == Epochs(2, 140)
    assert first_epochs("nothing of the kind") is None
    assert first_epochs("Epochs:   7%| | 7/100 [1:02:03<9:00:00") == Epochs(7, 3723)


def test_what_few_epochs_leave_out_is_reckoned_with_the_batches_that_many_would_have():
    assert missing_seconds(Epochs(100, 100), 100) == 0.0
    assert 70 * 98 < missing_seconds(Epochs(2, 200), 100) < 100 * 98
    assert missing_seconds(Epochs(0, 0), 100) == 0.0


def test_compiled_files_and_links_are_no_part_of_a_size(tmp_path):
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"1" * 1000)
    (tmp_path / "a.py").write_bytes(b"1" * 500_000)
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    assert megabytes(tmp_path) == 0.5
    assert megabytes(tmp_path / "a.py", tmp_path) == 1.0


def test_the_journal_gives_each_person_the_replies_that_arrived_for_them(tmp_path):
    file = tmp_path / "platforms.jsonl"
    journal = Journal(file)
    journal.open()
    try:
        journal.expect("1")
        line = {"at": "2026-01-01T00:00:01.500000", "what": "sent", "number": 1, "person": "1", "text": "Call 101"}
        file.write_text(json.dumps({**line, "person": "2"}) + "\n" + json.dumps(line)[:60], "utf-8")
        time.sleep(0.1)
        with file.open("a", encoding="utf-8") as more:
            more.write(json.dumps(line)[60:] + "\n")
        arrived = journal.next_for("1", 10)
        assert (arrived.at, arrived.text) == (1767225601.5, "Call 101")
        with pytest.raises(NoReply, match="no reply came"):
            journal.next_for("1", 0.01)
    finally:
        journal.close()


def test_a_process_is_ended_with_all_that_it_started(tmp_path):
    code = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    popen = processes.start([sys.executable, "-c", code], tmp_path, {}, tmp_path / "log")
    deadline = time.monotonic() + 20
    while len(processes.with_children([popen.pid])) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    both = processes.with_children([popen.pid])
    assert len(both) == 2
    taken = processes.memory(both)
    assert 0 < taken.pss <= taken.rss
    processes.stop([popen])
    while processes.with_children(both) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes.with_children(both)


def test_a_process_that_fails_is_told_with_its_last_words(tmp_path):
    with pytest.raises(Mistake, match=r"failed \(status 3\): it is broken"):
        processes.run([sys.executable, "-c", "print('it is broken'); exit(3)"], tmp_path, {}, tmp_path / "log")


def test_the_work_goes_on_the_caches_disk_and_is_kept_where_it_is_asked_for(tmp_path):
    with work_folder(tmp_path / "cache", None) as work:
        assert work.parent == tmp_path / "cache"
    assert not work.exists()
    with work_folder(tmp_path / "cache", tmp_path / "kept") as work:
        (work / "log").touch()
    assert (tmp_path / "kept" / "log").exists()
    with pytest.raises(Mistake, match="isn't empty"), work_folder(tmp_path / "cache", tmp_path / "kept"):
        pass


def test_a_machine_is_told_by_what_makes_figures_of_it_differ(tmp_path):
    assert {"processor", "cores", "memory_gigabytes", "file_system", "load_before"} <= machine(tmp_path).keys()
    assert file_system(Path("/proc")) == "proc"


def test_the_command_refuses_what_it_does_not_know():
    said = subprocess.run(
        [sys.executable, "-m", "signpost.cli", "bench", "--only", "colour"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2
    assert "'throughput'" in said.stderr
