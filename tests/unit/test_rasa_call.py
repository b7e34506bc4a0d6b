"""`signpost rasa ...`: the model in use, and nothing kept where a trainer plays the public."""

from pathlib import Path

import pytest

from signpost.rasa_call import arguments_for, variables_for
from signpost.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"SIGNPOST_MODELS": str(tmp_path)})


@pytest.mark.parametrize("given", [("shell",), ("test", "core", "--stories", "a.yml"), ("interactive",)])
def test_the_model_in_use_is_named_where_none_is(settings, given):
    assert arguments_for(given, settings) == list(given)
    settings.model_file.touch()
    assert arguments_for(given, settings) == [*given, "--model", str(settings.model_file)]


@pytest.mark.parametrize(
    "given",
    [("shell", "-m", "b.tar.gz"), ("test", "--model=b"), ("test", "nlu", "--model", "b"), ("data", "validate"), ()],
)
def test_what_names_a_model_or_takes_none_stays_as_it_is(settings, given):
    settings.model_file.touch()
    assert arguments_for(given, settings) == list(given)


def test_what_a_trainer_writes_is_kept_in_memory_alone():
    assert variables_for(("shell",)) == variables_for(("interactive", "core")) == {"SIGNPOST_TRACKER_URL": "sqlite://"}
    assert variables_for(("run",)) == variables_for(()) == {}
