"""Says what runs where: `signpost status`."""

import json
import os

import httpx

from signpost.launch import answers, place
from signpost.processes import all_processes
from signpost.settings import Settings
from signpost.up import run_file
from signpost.workbench.shelf import Shelf
from signpost.workbench.standing import ask_assistant, in_words


def status(settings: Settings) -> list[tuple[str, str, str, str]] | None:
    """(name, state, process id, place) of each process, or none when nothing runs with this data folder."""
    found = _running(settings)
    if found is None:
        return None
    running, ids = found
    rows = []
    for process in all_processes(running):
        number = ids.get(process.name)
        state = "stopped" if not (number and _lives(number)) else "running" if answers(process) else "not answering"
        rows.append((process.name, state, str(number or ""), place(process)))
    return rows


def model_line(settings: Settings) -> str | None:
    """Which model should run, and whether it does; none when nothing runs with this data folder."""
    found = _running(settings)
    if found is None:
        return None
    model = Shelf(settings).running()
    with httpx.Client(trust_env=False) as client:
        words = in_words(model, ask_assistant(client, found[0].assistant_port))
    return f"Model {model.short}: {words}" if model else f"Model: {words}"


def _running(settings: Settings) -> tuple[Settings, dict[str, int]] | None:
    """The settings of what runs, and the ids of its processes."""
    try:
        contents = json.loads(run_file(settings).read_text("utf-8"))
        supervisor, base = contents["supervisor"], contents["port_base"]
        rehearsal = "1" if contents.get("rehearsal") is True else "0"
        ids = dict(contents["processes"].items())
        if not all(isinstance(number, int) for number in (supervisor, base, *ids.values())):
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if not _lives(supervisor):
        return None
    given = {**os.environ, "SIGNPOST_PORT_BASE": str(base), "SIGNPOST_REHEARSAL": rehearsal}
    return Settings.from_environment(given), ids


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
