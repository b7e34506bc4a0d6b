"""Models on the shelf: promoted, gone back to, discarded; and whatever line a process dies at, a whole one runs."""

import itertools
import json
import os
import pathlib
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.workbench import files
from signpost.workbench import shelf as shelves
from signpost.workbench.files import is_whole, key_of
from signpost.workbench.shelf import CANDIDATE, FORMER, KEPT, PROMOTED, ROLLED_BACK, RUNNING, Shelf
from tests.models import small_model


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings.from_environment({}), models_folder=tmp_path / "models")


@pytest.fixture
def shelf(settings: Settings, clock) -> Shelf:
    return Shelf(settings, clock)


def install(shelf: Shelf, tmp_path: Path, key: str) -> None:
    shelf.install(small_model(tmp_path / "trained.tar.gz", key), f"made-of-{key}", "command")


def add(shelf: Shelf, tmp_path: Path, key: str):
    return shelf.add(small_model(tmp_path / "trained.tar.gz", key), f"made-of-{key}", "job")


def keys(shelf: Shelf) -> tuple[str | None, list[str], list[str]]:
    running = shelf.running()
    return running.key if running else None, [m.key for m in shelf.candidates()], [m.key for m in shelf.former()]


# What there is


def test_without_a_model_there_is_none(shelf):
    assert keys(shelf) == (None, [], [])
    assert shelf.all() == []
    with pytest.raises(Mistake, match=r"There is no model in .*Run: signpost train"):
        shelf.find("current")


def test_the_first_model_runs_and_says_what_it_was_made_from(shelf, tmp_path, clock):
    install(shelf, tmp_path, "one")
    running = shelf.running()
    assert (running.key, running.fingerprint, running.made_by, running.state) == (
        "one",
        "made-of-one",
        "command",
        RUNNING,
    )
    assert (running.trained_at, running.chosen, running.fit) == (clock(), None, None)


def test_a_model_of_an_older_signpost_which_noted_no_key_has_the_one_inside_it(shelf, settings, tmp_path):
    install(shelf, tmp_path, "one")
    (settings.models_folder / "signpost.json").write_text(
        json.dumps({"fingerprint": "f", "trained_at": "2026-11-22T21:27:00+00:00"})
    )
    running = shelf.running()
    assert (running.key, running.fingerprint, running.trained_at.isoformat()) == ("one", "f", "2026-11-22T21:27:00")


def test_a_candidate_lies_on_the_shelf_and_does_not_run(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    change = add(shelf, tmp_path, "two")
    assert (change.model.key, change.model.state, change.model.made_by) == ("two", CANDIDATE, "job")
    assert keys(shelf) == ("one", ["two"], [])
    assert not (tmp_path / "trained.tar.gz").exists()


def test_a_file_that_is_cut_off_is_no_candidate(shelf, tmp_path):
    whole = small_model(tmp_path / "trained.tar.gz", "two")
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(Mistake, match="damaged"):
        shelf.add(whole, "f", "job")
    assert keys(shelf) == (None, [], [])


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b garbage"])
def test_what_is_no_model_is_not_whole_and_has_a_key_of_its_content(tmp_path, content):
    file = tmp_path / "x.tar.gz"
    file.write_bytes(content)
    assert is_whole(file) is False
    assert len(key_of(file)) == 32


def test_an_id_that_would_lead_out_of_the_shelf_is_not_taken(shelf, tmp_path):
    evil = small_model(tmp_path / "trained.tar.gz", "../../evil")
    assert is_whole(evil) is False
    with pytest.raises(Mistake):
        shelf.add(evil, "f", "job")


def test_a_model_is_found_by_the_beginning_of_its_key(shelf, tmp_path):
    install(shelf, tmp_path, "aa11")
    add(shelf, tmp_path, "aa22")
    add(shelf, tmp_path, "bb")
    assert shelf.find("aa1").key == "aa11"
    assert shelf.find("bb").key == "bb"
    assert shelf.find("current").key == "aa11"
    for unclear, words in (("aa", "More than one"), ("cc", "There is no model 'cc'"), ("", "There is no model")):
        with pytest.raises(Mistake, match=words):
            shelf.find(unclear)


# Promoting and going back


def test_a_promoted_model_runs_and_the_one_before_is_kept(shelf, settings, tmp_path):
    install(shelf, tmp_path, "one")
    add(shelf, tmp_path, "two")
    content = shelf.find("two").file.read_bytes()
    change = shelf.promote("two")
    assert (change.model.key, change.before.key, change.dropped) == ("two", "one", ())
    assert keys(shelf) == ("two", [], ["one"])
    assert shelf.running().chosen == PROMOTED
    assert shelf.running().fingerprint == "made-of-two"
    assert settings.model_file.read_bytes() == content
    assert key_of(shelf.former()[0].file) == "one"


def test_each_promotion_is_seen_as_another_file(shelf, settings, tmp_path):
    install(shelf, tmp_path, "one")
    seen = []
    for key in ("two", "six"):
        add(shelf, tmp_path, key)
        seen.append(settings.model_file.stat().st_ino)
        shelf.promote(key)
    seen.append(settings.model_file.stat().st_ino)
    shelf.roll_back()
    seen.append(settings.model_file.stat().st_ino)
    assert all(a != b for a, b in itertools.pairwise(seen))


def test_going_back_puts_the_last_former_model_in_its_place_and_the_other_among_the_candidates(shelf, tmp_path, clock):
    install(shelf, tmp_path, "one")
    for key in ("two", "three"):
        add(shelf, tmp_path, key)
        clock.advance(seconds=1)
        shelf.promote(key)
        clock.advance(seconds=1)
    assert keys(shelf) == ("three", [], ["two", "one"])
    assert shelf.roll_back().model.key == "two"
    assert shelf.running().chosen == ROLLED_BACK
    clock.advance(seconds=1)
    assert shelf.roll_back().model.key == "one"
    assert keys(shelf) == ("one", ["two", "three"], [])
    with pytest.raises(Mistake, match="no former model"):
        shelf.roll_back()
    assert shelf.promote("three").model.key == "three"


def test_a_former_model_can_be_promoted_by_its_key(shelf, tmp_path, clock):
    install(shelf, tmp_path, "one")
    for key in ("two", "three"):
        add(shelf, tmp_path, key)
        clock.advance(seconds=1)
        shelf.promote(key)
    clock.advance(seconds=1)
    shelf.promote("one")
    assert keys(shelf) == ("one", [], ["three", "two"])


def test_a_model_that_was_chosen_is_no_longer_so_once_another_runs(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    add(shelf, tmp_path, "two")
    shelf.promote("two")
    install(shelf, tmp_path, "three")
    assert (shelf.running().key, shelf.running().chosen) == ("three", None)
    assert shelf.former()[0].chosen is None


def test_what_runs_cannot_be_promoted_nor_discarded(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    with pytest.raises(Mistake, match="runs already"):
        shelf.promote("one")
    with pytest.raises(Mistake, match="runs"):
        shelf.discard("one")
    assert keys(shelf) == ("one", [], [])


def test_a_model_that_was_damaged_on_the_shelf_is_not_promoted(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    add(shelf, tmp_path, "two")
    file = shelf.find("two").file
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(Mistake, match="damaged"):
        shelf.promote("two")
    assert keys(shelf)[0] == "one"
    assert shelf.running().chosen is None


def test_a_discarded_model_is_gone(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    add(shelf, tmp_path, "two")
    assert shelf.discard("two").key == "two"
    assert keys(shelf) == ("one", [], [])
    assert [file.name for file in shelf.folder.iterdir()] == []


def test_what_a_comparison_came_to_is_kept_with_the_model_wherever_it_goes(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    add(shelf, tmp_path, "two")
    shelf.note("two", fit=True, verdict="Better.")
    shelf.note("gone", fit=False, verdict="?")
    assert (shelf.find("two").fit, shelf.find("two").verdict) == (True, "Better.")
    shelf.promote("two")
    assert (shelf.running().fit, shelf.running().verdict) == (True, "Better.")
    shelf.note("two", fit=False, verdict="Worse.")
    assert shelf.running().fit is False


def test_the_oldest_are_dropped_and_told(shelf, tmp_path, clock):
    install(shelf, tmp_path, "one")
    dropped = []
    for number in range(KEPT[CANDIDATE] + 2):
        clock.advance(seconds=1)
        dropped += add(shelf, tmp_path, f"new{number}").dropped
    assert dropped == ["new0", "new1"]
    assert len(shelf.candidates()) == KEPT[CANDIDATE]
    for number in range(2, KEPT[FORMER] + 3):
        clock.advance(seconds=1)
        dropped += shelf.promote(f"new{number}").dropped
    assert dropped == ["new0", "new1", "one"]
    assert len(shelf.former()) == KEPT[FORMER]


def test_what_is_spoilt_on_the_shelf_is_passed_over(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    add(shelf, tmp_path, "two")
    for name, content in (("a.json", "{"), ("b.json", "[]"), ("c.json", '{"key": "other", "state": "candidate"}')):
        (shelf.folder / name).write_text(content)
    assert keys(shelf) == ("one", ["two"], [])


# Dying at any line


class Died(BaseException):
    """The process was killed here."""


CALLS = (
    (files, "write_about"),
    (shelves, "write_about"),
    (shelves, "put_copy"),
    (shelves, "sync"),
    (pathlib.Path, "replace"),
    (pathlib.Path, "unlink"),
    (pathlib.Path, "write_text"),
    (files.os, "link"),
)
"""Whatever the shelf does to files goes through these."""


def deaths(monkeypatch, after: int):
    """Dies before or in the middle of the n-th thing done to a file."""
    left, write_text = [after], pathlib.Path.write_text

    def dying(call):
        def act(*arguments, **named):
            left[0] -= 1
            if left[0] == 0:
                if call is write_text:
                    call(arguments[0], arguments[1][: len(arguments[1]) // 2], "utf-8")
                raise Died
            return call(*arguments, **named)

        return act

    for place, name in CALLS:
        monkeypatch.setattr(place, name, dying(getattr(place, name)))


ACTS = {
    "add": lambda shelf, folder: shelf.add(folder / "made.tar.gz", "made-of-new", "job"),
    "install": lambda shelf, folder: shelf.install(folder / "made.tar.gz", "made-of-new", "command"),
    "promote": lambda shelf, _folder: shelf.promote("two"),
    "roll_back": lambda shelf, _folder: shelf.roll_back(),
    "discard": lambda shelf, _folder: shelf.discard("two"),
    "note": lambda shelf, _folder: shelf.note("two", fit=True, verdict="Better."),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_process_that_dies_at_any_line_leaves_a_whole_model_running_and_everything_as_before_or_after(
    settings, tmp_path, monkeypatch, act
):
    before = Shelf(replace(settings, models_folder=tmp_path / "before"))
    install(before, tmp_path, "zero")
    install(before, tmp_path, "one")
    add(before, tmp_path, "two")
    reached = 0
    for after in range(1, 200):
        folder = tmp_path / f"run-{after}"
        shutil.copytree(tmp_path / "before", folder)
        small_model(folder / "made.tar.gz", "new")
        shelf = Shelf(replace(settings, models_folder=folder))
        with monkeypatch.context() as broken:
            deaths(broken, after)
            try:
                ACTS[act](shelf, folder)
            except Died:
                reached += 1
            else:
                break
        running = shelf.running()
        assert running is not None
        assert is_whole(running.file)
        assert key_of(running.file) == running.key
        # Never under another's description: of an installed one it may be lost, and then it is trained again.
        assert running.fingerprint in ({f"made-of-{running.key}"} | ({""} if act == "install" else set()))
        if act in ("promote", "roll_back") and running.key != "one":
            assert running.chosen is not None
        for model in (*shelf.candidates(), *shelf.former()):
            assert is_whole(model.file)
            assert key_of(model.file) == model.key
        everything = {model.key for model in shelf.all()}
        assert {"zero", "one"} <= everything
        if act != "discard":
            assert "two" in everything
        # Whoever comes next finds it in order, and clears away what was left.
        shelf.discard("two") if "two" in {m.key for m in shelf.candidates()} else None
        small_model(folder / "more.tar.gz", "more")
        shelf.add(folder / "more.tar.gz", "made-of-more", "job")
        assert shelf.promote("more").model.key == "more"
        assert shelf.running().fingerprint == "made-of-more"
        left = {file.name for file in shelf.folder.iterdir()}
        known = {f"{m.key}{end}" for m in shelf.all() if m.state != RUNNING for end in (".json", ".tar.gz")}
        assert {name for name in left if not name.endswith(".part")} == known
    assert reached >= 2


def test_what_a_training_left_that_died_is_swept_away_in_time(shelf, tmp_path):
    with shelf.making() as folder:
        assert folder.is_dir()
    assert not folder.exists()
    for name in (".new-1", ".new-2"):
        (shelf.folder / name).mkdir()
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(shelf.folder / ".new-1", (long_ago, long_ago))
    install(shelf, tmp_path, "one")
    assert [file.name for file in shelf.folder.iterdir()] == [".new-2"]


def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path):
    (tmp_path / "models").write_text("")
    with pytest.raises(Mistake, match="can't be written"):
        Shelf(settings).roll_back()


def test_two_who_change_it_at_once_take_turns(shelf, tmp_path):
    install(shelf, tmp_path, "one")
    for number in range(4):
        add(shelf, tmp_path, f"new{number}")
    faults: list[BaseException] = []

    def promote(key: str) -> None:
        try:
            shelf.promote(key)
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)

    threads = [threading.Thread(target=promote, args=(f"new{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    running = shelf.running()
    assert key_of(running.file) == running.key
    assert len(shelf.former()) == KEPT[FORMER]
