"""The processes Signpost is made of: how each is started, and how one can tell that it answers."""

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from signpost.mistakes import Mistake
from signpost.rehearsal import variables
from signpost.settings import Settings

PROJECT = Path(__file__).parents[1]
NAMES = ("actions", "assistant", "desk", "intake", "console")
"""In the order in which they are started; stopped in the opposite order."""
REHEARSAL_NAMES = ("platforms", *NAMES)


@dataclass(frozen=True)
class Process:
    """One process: its command, what it is for, and the address that answers once it is up (none for the desk).

    ``listens``: host and port of the socket that `signpost up` holds for it; none where it opens its own, or needs none.
    """

    name: str
    about: str
    command: tuple[str, ...]
    health: str | None
    listens: tuple[str, int] | None = None


def all_processes(settings: Settings) -> list[Process]:
    """The processes of one installation, in starting order."""
    return [_MAKERS[name](settings) for name in (REHEARSAL_NAMES if settings.rehearsal else NAMES)]


def process(name: str, settings: Settings) -> Process:
    """The process of that name. Raises :class:`Mistake` when there is none."""
    if name not in _MAKERS:
        raise Mistake(f"There is no process {name!r}. There are: {', '.join(REHEARSAL_NAMES)}.", exit_status=2)
    return _MAKERS[name](settings)


def environment(settings: Settings) -> dict[str, str]:
    """The environment that every process is started with: the settings, complete, and quiet libraries."""
    return {
        **os.environ,
        # With the accounts' tokens, which are no settings.
        **(variables(settings.platforms_port) if settings.rehearsal else {}),
        **_as_variables(settings),
        "SIGNPOST_DATABASE_URL": settings.record_url,
        "SIGNPOST_TRACKER_URL": settings.conversations_url,
        "SIGNPOST_ACTIONS_PORT": str(settings.actions_port),
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SIGNPOST_VECTOR_CACHE": str((settings.models_folder / "vectors.npz").absolute()),
        "OMP_NUM_THREADS": "1",
        # Each thread would keep memory of its own back, eight times as many as there are cores.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")])),
    }


def _as_variables(settings: Settings) -> dict[str, str]:
    """Every setting under its variable's name; paths absolute, since processes run in the project's folder."""
    values = ((one.metadata["variable"], getattr(settings, one.name)) for one in fields(settings))
    return {
        variable: str(value.absolute() if isinstance(value, Path) and value != Path() else value)
        for variable, value in values
        if value not in ("", Path())
    }


def need_rasa() -> None:
    """Raises :class:`Mistake` when this Python has no Rasa."""
    if importlib.util.find_spec("rasa") is None:
        version = ".".join(map(str, sys.version_info[:2]))
        raise Mistake(
            f"Rasa isn't installed in this Python ({version}). Rasa 3.6 needs Python 3.10: run `make run`, "
            "which sets it up in .venv, and use .venv/bin/signpost."
        )


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-W", "ignore", *arguments)


def _actions(settings: Settings) -> Process:
    port = settings.actions_port
    return Process("actions", "custom actions", _python("-m", "actions", str(port)), f"http://127.0.0.1:{port}/health")


def _assistant(settings: Settings) -> Process:
    port = settings.assistant_port
    command = _python("-m", "bot.serve", "--model", str(settings.model_file.absolute()), "--port", str(port))
    return Process("assistant", "Rasa", command, f"http://127.0.0.1:{port}/webhooks/signpost/")


def _desk(_settings: Settings) -> Process:
    return Process("desk", "answers and delivers", _python("-m", "signpost.desk"), None)


def _intake(settings: Settings) -> Process:
    return _served("intake", "platforms' webhooks", settings.intake_bind, settings.intake_port)


def _platforms(settings: Settings) -> Process:
    port = settings.platforms_port
    command = _python(
        *("-m", "tests.platform_fake", "--port", str(port), "--intake", f"http://127.0.0.1:{settings.intake_port}"),
        *("--data", str(settings.data_folder.absolute()), "--strangers"),
    )
    return Process("platforms", "small platforms", command, f"http://127.0.0.1:{port}/control/state")


def _console(settings: Settings) -> Process:
    return _served("console", "pages", "127.0.0.1", settings.console_port)


def _served(name: str, about: str, host: str, port: int) -> Process:
    command = _python("-m", "signpost.serving", f"signpost.{name}.app", f"{host}:{port}")
    return Process(name, about, command, f"http://127.0.0.1:{port}/health", (host, port))


_MAKERS: dict[str, Callable[[Settings], Process]] = {
    "actions": _actions,
    "assistant": _assistant,
    "desk": _desk,
    "intake": _intake,
    "platforms": _platforms,
    "console": _console,
}
