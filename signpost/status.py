"""Says what runs where: `signpost status`."""

import json
import os

from signpost.launch import answers, place
from signpost.processes import all_processes
from signpost.settings import Settings
from signpost.up import run_file


def status(settings: Settings) -> list[tuple[str, str, str, str]] | None:
    """(name, state, process id, place) of each process, or none when nothing runs with this data folder."""
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
    running = Settings.from_environment(given)
    rows = []
    for process in all_processes(running):
        number = ids.get(process.name)
        state = "stopped" if not (number and _lives(number)) else "running" if answers(process) else "not answering"
        rows.append((process.name, state, str(number or ""), place(process)))
    return rows


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
