"""The commands: each shows an example, says what is wrong in a sentence, and ends with a status that tells."""

import inspect
import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from signpost import cli
from signpost.mistakes import Mistake
from signpost.settings import Settings, documented

PROJECT = Path(__file__).parents[2]
SHOWN = [name for name, command in cli.main.commands.items() if not command.hidden]


@pytest.fixture
def signpost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command with data and models in an empty folder; no process of its own is ever started."""
    for variable, _default, _about in documented():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("SIGNPOST_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("SIGNPOST_FORCE", str(PROJECT / "force"))
    monkeypatch.setattr(os, "execve", lambda *arguments: pytest.fail(f"it started {arguments[1]}"))
    monkeypatch.setattr("signpost.processes.need_rasa", lambda: None)
    monkeypatch.setattr("signpost.classifying.need_rasa", lambda: None)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])

    return run


def sentence(result: Result, status: int) -> str:
    """What a command said when it ended with a status, once it is certain that no traceback was shown."""
    assert isinstance(result.exception, SystemExit) or result.exception is None, repr(result.exception)
    assert "Traceback" not in result.output
    assert result.exit_code == status, result.output
    return result.output.strip()


def messages(folder: Path, *items: dict[str, Any]) -> Path:
    file = folder / "in.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in items), "utf-8")
    return file


# Help


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "rasa"])
def test_the_help_of_every_command_says_what_it_does_and_has_an_example(signpost, name):
    text = sentence(signpost(name, "--help"), 0)
    assert f"Example: signpost {name}" in text
    assert sentence(signpost(name, "-h"), 0) == text


def test_the_command_that_hands_everything_to_rasa_has_an_example_as_well():
    command = cli.main.commands["rasa"]
    with click.Context(command, info_name="rasa") as context:
        assert "Example: signpost rasa" in command.get_help(context)


@pytest.mark.parametrize("name", SHOWN)
def test_the_list_of_commands_says_of_each_what_it_does(signpost, name):
    line = next(line for line in sentence(signpost("--help"), 0).splitlines() if line.strip().startswith(name))
    assert len(line.split()) > 2


def test_an_example_can_be_typed_as_it_stands():
    """Every option in an example exists."""
    for name in SHOWN:
        command = cli.main.commands[name]
        example = shlex.split((command.help or "").split("Example: ")[1].splitlines()[0])
        assert example[:2] == ["signpost", name]
        if name != "rasa":
            command.make_context(name, example[2:])


def test_every_command_takes_the_options_it_shows():
    """A command whose function doesn't know one of its own options falls over however it is called."""
    seen: dict[str, set[str]] = {}
    for name, command in cli.main.commands.items():
        function = command.callback.__wrapped__
        names = function.__code__.co_varnames[: function.__code__.co_argcount + function.__code__.co_kwonlyargcount]
        shown = {parameter.name for parameter in command.params if parameter.expose_value}
        takes_more = function.__code__.co_flags & inspect.CO_VARKEYWORDS
        seen[name] = set(names) - shown if takes_more else shown ^ set(names)
    assert {name: differences for name, differences in seen.items() if differences} == {}


def test_the_version_is_told(signpost):
    assert sentence(signpost("--version"), 0).startswith("signpost, version ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["launch"],
        ["up", "--port-base", "0"],
        ["up", "--port-base", "65501"],
        ["up", "--port-base", "http"],
        ["up", "--loud"],
        ["classify"],
        ["classify", "one.jsonl"],
        ["converse", "one.jsonl"],
        ["converse", "one.jsonl", "two.jsonl", "three.jsonl"],
        ["train", "now"],
        ["status", "now"],
    ],
    ids=" ".join,
)
def test_a_command_called_wrongly_says_how_it_is_called_and_ends_with_status_2(signpost, arguments):
    assert "Usage:" in sentence(signpost(*arguments), 2)


# up


def test_up_without_a_model_says_what_to_run(signpost, tmp_path):
    text = sentence(signpost("up", "--data", tmp_path / "data", "--port-base", "23450"), 1)
    assert text == f"There is no model in {tmp_path / 'models'}. Run: signpost train"


def test_up_takes_messages_from_the_simulator_when_asked_to(signpost, tmp_path):
    text = sentence(signpost("up", "--data", tmp_path / "data", "--port-base", "23450", "--with-fake-platforms"), 1)
    assert text == f"There is no model in {tmp_path / 'models'}. Run: signpost train"


def test_up_with_a_file_for_its_data_folder_says_so(signpost, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    text = sentence(signpost("up", "--data", tmp_path / "file"), 1)
    assert text.startswith(f"{tmp_path / 'file'} can't be written: ")
    assert text.endswith("Give another folder with --data.")


def test_up_where_another_runs_already_says_so(signpost, tmp_path):
    from signpost.up import only_one

    with only_one(tmp_path / "data"):
        text = sentence(signpost("up", "--data", tmp_path / "data"), 1)
    assert text == f"Signpost already runs with the data in {tmp_path / 'data'}. See: signpost status"


def test_up_on_a_port_that_is_taken_says_which(signpost, tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.up.is_free", lambda port: port != 23452)
    text = sentence(signpost("up", "--data", tmp_path / "data", "--port-base", "23450"), 1)
    assert text == "Port 23452 is taken. Choose others with --port-base, for instance --port-base 9080."


def test_up_ends_with_the_supervisors_status(signpost, tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.training.need_model", lambda _settings: "The model is older than its data.")
    monkeypatch.setattr("signpost.start.make_ready", lambda settings: settings)
    monkeypatch.setattr("signpost.up.Supervisor.run", lambda _self: 3)
    text = sentence(signpost("up", "--data", tmp_path / "data", "--port-base", "23450"), 3)
    first, second = text.splitlines()
    assert first == "Note: The model is older than its data."
    assert second.startswith("Note: Nobody is told of alerts")


# status


def test_status_where_nothing_runs_says_how_to_start_it(signpost, tmp_path):
    text = sentence(signpost("status"), 1)
    assert text == "Signpost isn't running. Start it with: signpost up"
    assert sentence(signpost("status", "--data", tmp_path / "nowhere"), 1) == text


def test_status_lists_each_process_and_ends_with_0_when_all_run(signpost, monkeypatch):
    monkeypatch.setattr("signpost.status.status", lambda _settings: [("desk", "running", "12", "")])
    assert "desk" in sentence(signpost("status"), 0)


def test_status_ends_with_1_when_one_does_not_run(signpost, monkeypatch):
    rows = [("desk", "running", "12", ""), ("assistant", "not answering", "13", "127.0.0.1:8082")]
    monkeypatch.setattr("signpost.status.status", lambda _settings: rows)
    text = sentence(signpost("status"), 1)
    assert "not answering" in text
    assert "127.0.0.1:8082" in text


# check


def test_check_says_that_all_is_in_order(signpost, monkeypatch):
    monkeypatch.setattr("signpost.checking.check", lambda _settings, _project: [])
    assert sentence(signpost("check"), 0) == ("The mandate, the responses, the data and the settings are in order.")


def test_check_lists_each_mistake_and_how_many_there_are(signpost, monkeypatch):
    monkeypatch.setattr("signpost.checking.check", lambda _settings, _project: ["One is wrong.", "Two is wrong."])
    assert sentence(signpost("check"), 1).splitlines() == ["One is wrong.", "Two is wrong.", "2 to put right."]


def test_check_of_a_force_folder_that_is_not_there_says_so(signpost, tmp_path, monkeypatch):
    monkeypatch.setenv("SIGNPOST_FORCE", str(tmp_path / "nowhere"))
    assert f"{tmp_path}/nowhere/mandate.yml can't be read: No such file or directory" in sentence(signpost("check"), 1)


def test_check_of_helplines_that_are_no_yaml_says_so(signpost, tmp_path, monkeypatch):
    (tmp_path / "mandate.yml").write_bytes((PROJECT / "force" / "mandate.yml").read_bytes())
    (tmp_path / "helplines.yml").write_text("helplines: [\n", "utf-8")
    monkeypatch.setenv("SIGNPOST_FORCE", str(tmp_path))
    assert "helplines.yml, line 2: this isn't valid YAML" in sentence(signpost("check"), 1)


@pytest.mark.parametrize("command", [["check"], ["status"], ["train"], ["up"]], ids=" ".join)
def test_a_setting_that_cannot_be_used_is_told_by_every_command_that_reads_it(signpost, monkeypatch, command):
    monkeypatch.setenv("SIGNPOST_PORT_BASE", "eighty")
    assert sentence(signpost(*command), 1) == "SIGNPOST_PORT_BASE is 'eighty'; it must be a whole number."


# train


def test_train_says_where_the_model_is(signpost, tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.training.train", lambda _settings, *, force: not force)
    assert sentence(signpost("train"), 0) == f"Trained: {tmp_path / 'models' / 'signpost.tar.gz'}"
    assert sentence(signpost("train", "--force"), 0) == "Nothing has changed since the last training."


def test_train_passes_on_what_stopped_it(signpost, monkeypatch):
    def stopped(_settings: Settings, *, force: bool) -> bool:
        raise Mistake("Training stopped: a rule contradicts a story.")

    monkeypatch.setattr("signpost.training.train", stopped)
    assert sentence(signpost("train"), 1) == "Training stopped: a rule contradicts a story."


# classify and converse


@pytest.mark.parametrize("command", ["classify", "converse"])
def test_a_file_that_is_not_there_is_told(signpost, tmp_path, command):
    text = sentence(signpost(command, tmp_path / "none.jsonl", tmp_path / "out.jsonl"), 2)
    assert text == f"{tmp_path}/none.jsonl can't be read: No such file or directory."
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("command", ["classify", "converse"])
def test_a_folder_in_the_place_of_the_file_is_told(signpost, tmp_path, command):
    assert "Is a directory" in sentence(signpost(command, tmp_path, tmp_path / "out.jsonl"), 2)


@pytest.mark.parametrize(
    ("command", "item"),
    [
        ("classify", {"id": 1, "text": "a"}),
        ("converse", {"id": 1, "channel": "messenger", "turns": [{"texts": ["a"]}]}),
    ],
)
def test_a_target_whose_folder_does_not_exist_is_told(signpost, tmp_path, command, item):
    source = messages(tmp_path, item)
    text = sentence(signpost(command, source, tmp_path / "nowhere" / "out.jsonl"), 2)
    assert text == f"The folder {tmp_path / 'nowhere'} doesn't exist."


@pytest.mark.parametrize(
    ("command", "item", "why"),
    [
        ("classify", {"id": 1}, "text is missing or not a string"),
        ("classify", {"id": 1, "text": None}, "text is missing or not a string"),
        ("classify", {"text": "a"}, "id is missing, or is neither a string nor a whole number"),
        ("converse", {"id": 1, "channel": "messenger"}, "turns is missing, or not a list with something in it"),
        ("converse", {"id": 1, "channel": "fax", "turns": []}, "There is no channel 'fax'."),
    ],
)
def test_a_line_that_is_wrong_is_told_and_nothing_is_written(signpost, tmp_path, command, item, why):
    text = sentence(signpost(command, messages(tmp_path, item), tmp_path / "out.jsonl"), 2)
    assert f"line 1: {why}" in text
    assert text.endswith("Nothing was done.")
    assert not (tmp_path / "out.jsonl").exists()


def test_classify_for_a_channel_that_does_not_exist_is_told_with_those_that_do(signpost, tmp_path):
    source = messages(tmp_path, {"id": 1, "text": "a"})
    text = sentence(signpost("classify", source, tmp_path / "out.jsonl", "--channel", "fax"), 2)
    assert text.startswith("There is no channel 'fax'. There are: messenger, ")


def test_classify_without_a_model_says_what_to_run(signpost, tmp_path):
    source = messages(tmp_path, {"id": 1, "text": "a"})
    text = sentence(signpost("classify", source, tmp_path / "out.jsonl"), 1)
    assert text == f"There is no model in {tmp_path / 'models'}. Run: signpost train"


def test_converse_without_a_model_says_what_to_run(signpost, tmp_path):
    source = messages(tmp_path, {"id": 1, "channel": "messenger", "turns": [{"texts": ["a"]}]})
    text = sentence(signpost("converse", source, tmp_path / "out.jsonl"), 1)
    assert text == f"There is no model in {tmp_path / 'models'}. Run: signpost train"


def test_classify_says_where_the_judgements_are(signpost, tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.classifying.classify", lambda *_arguments: "The model is older than its data.")
    text = sentence(signpost("classify", "in.jsonl", "out.jsonl"), 0)
    assert text.splitlines() == ["Note: The model is older than its data.", "Judged: out.jsonl"]


# settings, rasa and process


def test_settings_lists_every_variable_with_its_default(signpost):
    text = sentence(signpost("settings"), 0)
    words = "".join(text.split())
    for variable, default, about in documented():
        # In a narrow table a name may be broken over two lines.
        assert f"{variable}{default or '-'}{about}".replace(" ", "") in words


def test_rasa_is_given_its_own_arguments_as_they_are(signpost, monkeypatch):
    started: list[tuple[Any, ...]] = []
    monkeypatch.setattr(os, "execve", lambda *arguments: started.append(arguments))
    monkeypatch.setattr("signpost.start.make_ready", lambda settings: settings)
    sentence(signpost("rasa", "data", "validate", "--help", "--domain", "domain"), 0)
    ((program, arguments, environment),) = started
    assert program == sys.executable
    assert arguments[-5:] == ["data", "validate", "--help", "--domain", "domain"]
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_process_runs_the_one_that_is_asked_for(signpost, tmp_path, monkeypatch):
    started: list[tuple[Any, ...]] = []
    monkeypatch.setattr(os, "execve", lambda *arguments: started.append(arguments))
    monkeypatch.setattr("signpost.start.make_ready", lambda settings: settings)
    sentence(signpost("process", "desk", "--data", tmp_path / "data"), 0)
    ((_program, arguments, environment),) = started
    assert arguments[-2:] == ["-m", "signpost.desk"]
    assert environment["SIGNPOST_DATA"] == str(tmp_path / "data")


def test_a_process_nobody_knows_is_told(signpost, monkeypatch):
    monkeypatch.setattr("signpost.start.make_ready", lambda settings: settings)
    assert sentence(signpost("process", "web"), 2).startswith("There is no process 'web'. There are: ")
