"""Files that the console writes into the project: one writer at a time, and whole, whatever breaks off."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One writer at a time, of all processes on this machine; on disk at the end. The lock leaves no file behind.

    Raises OSError where the folder isn't there or can't be written.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_whole(path: Path, contents: str) -> None:
    """All or nothing: a reader finds the old contents or the new, also after a power cut. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        if path.exists():
            shutil.copymode(path, part)
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def stamp_of(contents: str) -> str:
    """Stands for the contents that somebody was shown, to find whether they have changed since."""
    return hashlib.sha256(contents.encode("utf-8", "replace")).hexdigest()
