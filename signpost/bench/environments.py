"""Makes environments of Python 3.10 from files of pinned packages, with the project's uv."""

import os
import shutil
import sys
from pathlib import Path

from signpost.bench import processes
from signpost.mistakes import Mistake
from signpost.processes import PROJECT

VERSION = (3, 10)


def build(folder: Path, requirements: Path, *, hashed: bool = True) -> Path:
    """Makes an environment in ``folder`` with exactly these packages; its Python. ``hashed``: every one of them has a hash.

    Raises :class:`Mistake` where that fails.
    """
    uv, log = _uv(), folder.parent / f"{folder.name}.log"
    # Copies rather than links: an environment's size must not depend on what else is on the machine.
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    environment |= {"UV_LINK_MODE": "copy", "VIRTUAL_ENV": str(folder.absolute())}
    # Not this project's own overrides: they keep TensorFlow out.
    command = [str(uv.absolute()), "--no-config"]
    venv = [*command, "venv", "--quiet", "--python", str(_python()), str(folder.absolute())]
    processes.run(venv, PROJECT, environment, log)
    try:
        sync = [*command, "pip", "sync", "--quiet", *(["--require-hashes"] if hashed else [])]
        sync.append(str(requirements.absolute()))
        processes.run(sync, PROJECT, environment, log)
    except Mistake as fault:
        raise Mistake(
            f"The packages of {requirements.name} could not be installed. They come from a package index, so the first "
            f"run needs a network; later ones don't. {fault.sentence}"
        ) from None
    return folder / "bin" / "python"


def _uv() -> Path:
    found = PROJECT / ".uv" / "bin" / "uv"
    other = shutil.which("uv")
    if not found.exists() and other is None:
        raise Mistake("uv isn't there, which makes the environments. Run `make setup`, which gets it.")
    return found if found.exists() else Path(str(other))


def _python() -> Path:
    if sys.version_info[:2] != VERSION:
        raise Mistake(
            f"Rasa 3.6 needs Python 3.10, and this is {sys.version_info[0]}.{sys.version_info[1]}. "
            "Run `make setup` and use .venv/bin/signpost."
        )
    return Path(sys.executable)
