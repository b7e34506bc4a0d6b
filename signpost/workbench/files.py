"""Files of models: which model one is, whether it is whole, and how one is put in place so that a crash leaves no half."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ABOUT = "metadata.json"
KEY_LENGTH = 32
CHUNK = 1 << 20


def key_of(file: Path) -> str:
    """The model's id, which Rasa wrote into it and messages are logged with; of a file without one, a hash of all of it.

    Raises OSError where it can't be read.
    """
    found = _model_id(file)
    return found or hashlib.sha256(file.read_bytes()).hexdigest()[:KEY_LENGTH]


def is_whole(file: Path) -> bool:
    """Whether the archive can be read to its end and says which model it is."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            for member in archive:
                stream = archive.extractfile(member)
                while stream is not None and stream.read(CHUNK):
                    pass
    except (OSError, EOFError, tarfile.TarError, ValueError):
        return False
    return _model_id(file) is not None


def _model_id(file: Path) -> str | None:
    try:
        with tarfile.open(file, "r:gz") as archive:
            stream = archive.extractfile(ABOUT)
            found = json.loads(stream.read())["model_id"] if stream else None
    except FileNotFoundError:
        raise
    except (OSError, EOFError, tarfile.TarError, KeyError, TypeError, ValueError):
        return None
    # It becomes a file's name.
    return found if isinstance(found, str) and found.isalnum() and len(found) <= 2 * KEY_LENGTH else None


def read_about(file: Path) -> dict[str, Any]:
    """What a model's description says; nothing where there is none, or it is spoilt."""
    try:
        about = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def write_about(file: Path, about: dict[str, Any]) -> None:
    """The description is the old one or the new one, whenever the process or the power goes."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    sync(part)
    part.replace(file)


def put_copy(source: Path, target: Path) -> None:
    """The same file under another name too, whole from the first moment; what was there before is replaced."""
    if target.exists() and target.samefile(source):
        return
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(source, part)
    except OSError:  # not every file system knows a second name
        shutil.copy2(source, part)
        sync(part)
    part.replace(target)


def sync(file: Path) -> None:
    """Returns when what is in the file is on the disk."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Nobody else changes what lies in the folder meanwhile; waits for whoever does."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
