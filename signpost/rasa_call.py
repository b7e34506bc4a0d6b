"""How `signpost rasa ...` calls Rasa's own commands: with the model in use, and where a trainer plays the public, keeping nothing."""

from collections.abc import Sequence

from signpost.settings import Settings

PLAYED = ("shell", "interactive", "test")
MODEL = ("-m", "--model")


def arguments_for(given: Sequence[str], settings: Settings) -> list[str]:
    """The arguments, with the model in use where the command takes one and none was named."""
    named = any(one.split("=", 1)[0] in MODEL for one in given)
    if is_played(given) and not named and settings.model_file.is_file():
        return [*given, "--model", str(settings.model_file.absolute())]
    return list(given)


def variables_for(given: Sequence[str]) -> dict[str, str]:
    """Variables besides the usual: what is written to these commands is kept in memory alone (docs/decisions/0004)."""
    return {"SIGNPOST_TRACKER_URL": "sqlite://"} if is_played(given) else {}


def is_played(given: Sequence[str]) -> bool:
    """Whether it is one of the commands in which messages are made up."""
    return bool(given) and given[0] in PLAYED
