"""The model is trained when what it is made from has changed, and a person is told when it is older than that."""

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from signpost import training
from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.training import MADE_FROM, fingerprint, kept_by_choice, need_model, train, trained_from
from signpost.workbench.shelf import Shelf

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    files = {
        "config.yml": "language: en\n",
        "domain/intents.yml": "intents: []\n",
        "domain/responses/answers.yml": "responses: {}\n",
        "data/nlu/theft.yml": "nlu: []\n",
        "data/rules/reports.yml": "rules: []\n",
        "data/stories/conversations.yml": "stories: []\n",
        "bot/nlu/classifier.py": "print(1)\n",
        "bot/nlu/tokenizer.json": "{}\n",
        "bot/labels.py": "A = 1\n",
        "bot/text.py": "B = 1\n",
        "requirements.lock": "rasa==3.6.21\n",
        "README.md": "# Signpost\n",
        "signpost/cli.py": "C = 1\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings.from_environment({}), models_folder=tmp_path / "models")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fingerprint of the data, to be changed by a test."""
    now = ["fingerprint-1"]
    monkeypatch.setattr(training, "fingerprint", lambda: now[0])
    return now


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """In the place of Rasa: writes a model where it is told to, and remembers how it was called."""
    called: list[tuple[str, ...]] = []

    def run_job(_settings: Settings, command: tuple[str, ...], _description: str) -> None:
        called.append(command)
        folder, name = command[command.index("--output") + 1], command[command.index("--name") + 1]
        (Path(folder) / name).write_bytes(b"model %d" % len(called))

    monkeypatch.setattr(training, "run_job", run_job)
    monkeypatch.setattr(training, "need_rasa", lambda: None)
    return called


# The fingerprint


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain/intents.yml",
        "domain/responses/answers.yml",
        "data/nlu/theft.yml",
        "data/rules/reports.yml",
        "data/stories/conversations.yml",
        "bot/nlu/classifier.py",
        "bot/nlu/tokenizer.json",
        "bot/labels.py",
        "bot/text.py",
        "requirements.lock",
    ],
)
def test_a_change_to_anything_the_model_is_made_from_changes_the_fingerprint(project, name):
    before = fingerprint(project)
    with (project / name).open("a", encoding="utf-8") as stream:
        stream.write(" ")
    assert fingerprint(project) != before


def test_a_data_file_that_is_new_renamed_moved_or_gone_changes_the_fingerprint(project):
    seen = [fingerprint(project)]
    new = project / "data" / "nlu" / "burglary.yml"
    new.write_text("nlu: []\n", "utf-8")
    seen.append(fingerprint(project))
    new.rename(project / "data" / "nlu" / "robbery.yml")
    seen.append(fingerprint(project))
    (project / "data" / "nlu" / "robbery.yml").rename(project / "data" / "robbery.yml")
    seen.append(fingerprint(project))
    assert len(set(seen)) == 4
    (project / "data" / "robbery.yml").unlink()
    assert fingerprint(project) == seen[0]


def test_two_files_that_swap_what_they_hold_change_the_fingerprint(project):
    one, two = project / "bot" / "labels.py", project / "bot" / "text.py"
    before = fingerprint(project)
    texts = one.read_bytes(), two.read_bytes()
    one.write_bytes(texts[1])
    two.write_bytes(texts[0])
    assert fingerprint(project) != before


def test_the_time_of_a_file_does_not_count(project):
    before = fingerprint(project)
    for file in project.rglob("*"):
        os.utime(file, (1, 1))
    assert fingerprint(project) == before


def test_where_the_project_lies_does_not_count(project, tmp_path):
    shutil.copytree(project, tmp_path / "elsewhere")
    assert fingerprint(tmp_path / "elsewhere") == fingerprint(project)


@pytest.mark.parametrize("name", ["README.md", "signpost/cli.py", "data/nlu/notes.txt", "bot/nlu/x.pyc"])
def test_what_the_model_is_not_made_from_does_not_count(project, name):
    before = fingerprint(project)
    (project / name).write_text("something new", "utf-8")
    assert fingerprint(project) == before


def test_a_data_file_that_ends_in_yaml_counts_because_rasa_reads_it(project):
    before = fingerprint(project)
    (project / "data" / "nlu" / "burglary.yaml").write_text("nlu: []\n", "utf-8")
    assert fingerprint(project) != before


def test_everything_the_model_is_made_from_is_there_in_this_project():
    assert [name for name in MADE_FROM if not (PROJECT / name).exists()] == []
    assert fingerprint() == fingerprint(PROJECT)


# Training


def test_the_first_training_makes_a_model_and_notes_what_it_was_made_from(settings, data, trainer):
    assert train(settings) is True
    assert settings.model_file.read_bytes() == b"model 1"
    assert trained_from(settings) == "fingerprint-1"
    assert sorted(file.name for file in settings.models_folder.iterdir() if file.is_file()) == [
        "signpost.json",
        "signpost.tar.gz",
    ]


def test_training_again_with_the_same_data_does_nothing(settings, data, trainer):
    train(settings)
    assert train(settings) is False
    assert len(trainer) == 1


def test_training_again_with_the_same_data_is_done_when_asked_for(settings, data, trainer):
    train(settings)
    assert train(settings, force=True) is True
    assert settings.model_file.read_bytes() == b"model 2"


def test_new_data_is_trained_on(settings, data, trainer):
    train(settings)
    data[0] = "fingerprint-2"
    assert train(settings) is True
    assert trained_from(settings) == "fingerprint-2"


def test_data_that_changes_while_it_is_trained_on_is_trained_on_again(settings, data, trainer, monkeypatch):
    run = training.run_job

    def run_while_somebody_edits(*arguments: object) -> None:
        run(*arguments)
        data[0] = "fingerprint-2"

    monkeypatch.setattr(training, "run_job", run_while_somebody_edits)
    train(settings)
    assert train(settings) is True


def test_training_that_fails_leaves_the_old_model_with_its_description(settings, data, trainer, monkeypatch):
    train(settings)
    data[0] = "fingerprint-2"

    def fails(*_arguments: object) -> None:
        raise Mistake("Training stopped: a rule contradicts a story.")

    monkeypatch.setattr(training, "run_job", fails)
    with pytest.raises(Mistake, match="contradicts a story"):
        train(settings)
    assert settings.model_file.read_bytes() == b"model 1"
    assert trained_from(settings) == "fingerprint-1"


@pytest.mark.parametrize("at", range(1, 3))
def test_a_crash_while_the_description_is_written_leaves_a_model_that_is_trained_again(
    settings, data, trainer, monkeypatch, at
):
    train(settings)
    data[0] = "fingerprint-2"
    written: list[object] = []
    write = Path.write_text

    class Crash(BaseException):
        pass

    def crash(*arguments: object, **named: object) -> None:
        written.append(arguments)
        if len(written) == at:
            raise Crash
        write(*arguments, **named)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_text", crash)
        with pytest.raises(Crash):
            train(settings)
    assert trained_from(settings) != "fingerprint-2"
    assert train(settings) is True
    assert trained_from(settings) == "fingerprint-2"


# A model that a person chose


def choose(settings: Settings) -> None:
    about = json.loads((settings.models_folder / "signpost.json").read_text())
    (settings.models_folder / "signpost.json").write_text(json.dumps({**about, "chosen": "promoted"}))


def test_a_model_that_a_person_chose_stays_though_the_data_has_changed_and_a_person_is_told(settings, data, trainer):
    train(settings)
    choose(settings)
    assert kept_by_choice(settings) is None
    data[0] = "fingerprint-2"
    assert train(settings) is False
    assert settings.model_file.read_bytes() == b"model 1"
    assert kept_by_choice(settings).startswith("The model that runs was promoted by a person, so it stays")
    assert need_model(settings) == kept_by_choice(settings)


def test_a_model_that_a_person_chose_is_replaced_when_that_is_asked_for(settings, data, trainer):
    train(settings)
    choose(settings)
    data[0] = "fingerprint-2"
    assert train(settings, force=True) is True
    assert trained_from(settings) == "fingerprint-2"
    data[0] = "fingerprint-3"
    assert train(settings) is True


def test_the_model_that_a_training_replaces_is_kept_to_go_back_to(settings, data, trainer):
    train(settings)
    data[0] = "fingerprint-2"
    train(settings)
    (former,) = Shelf(settings).former()
    assert (former.fingerprint, former.file.read_bytes()) == ("fingerprint-1", b"model 1")


def test_a_models_folder_that_cannot_be_written_is_told_before_any_training(tmp_path, data, trainer):
    (tmp_path / "file").write_text("", "utf-8")
    settings = replace(Settings.from_environment({}), models_folder=tmp_path / "file")
    with pytest.raises(Mistake, match=r"file can't be written: .*\. Set SIGNPOST_MODELS to a folder that can\."):
        train(settings)
    assert trainer == []


def test_training_runs_in_the_same_python(settings, data, trainer):
    train(settings)
    assert trainer[0][0] == sys.executable
    assert "bot.train" in trainer[0]


# What is said of a model


def test_without_a_model_a_person_is_told_what_to_run(settings, data):
    with pytest.raises(Mistake) as refusal:
        need_model(settings)
    assert refusal.value.sentence == f"There is no model in {settings.models_folder}. Run: signpost train"


def test_a_description_without_its_model_is_no_model(settings, data, trainer):
    train(settings)
    settings.model_file.unlink()
    with pytest.raises(Mistake, match="There is no model"):
        need_model(settings)


def test_of_a_model_that_is_up_to_date_nothing_is_said(settings, data, trainer):
    train(settings)
    assert need_model(settings) is None


def test_a_model_older_than_its_data_is_told_and_still_used(settings, data, trainer):
    train(settings)
    data[0] = "fingerprint-2"
    assert need_model(settings) == "The model is older than its data. Run: signpost train"


@pytest.mark.parametrize(
    "about", ["", "not json", "[]", "{}", json.dumps({"fingerprint": "another"}), b"\xff\xfe", None]
)
def test_a_model_whose_description_is_lost_or_spoilt_counts_as_older_than_its_data(settings, data, trainer, about):
    train(settings)
    file = settings.models_folder / "signpost.json"
    file.unlink()
    if about is not None:
        file.write_bytes(about if isinstance(about, bytes) else about.encode())
    assert need_model(settings) == "The model is older than its data. Run: signpost train"
    assert train(settings) is True
