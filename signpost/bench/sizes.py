"""How much room things take on the disk."""

import os
from pathlib import Path

MEGABYTE = 10**6
LEFT_OUT = {"__pycache__"}
"""Made anew by Python as it runs, and so no part of what is installed."""


def megabytes(*places: Path) -> float:
    """The bytes of all files at these places, in millions; links and compiled files aren't counted."""
    return sum(map(_bytes, places)) / MEGABYTE


def _bytes(place: Path) -> int:
    if place.is_file():
        return place.stat().st_size
    total = 0
    for folder, folders, files in os.walk(place):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in files if not _is_link(folder, name))  # noqa: PTH118  # thousands of files
    return total


def _is_link(folder: str, name: str) -> bool:
    return os.path.islink(os.path.join(folder, name))  # noqa: PTH114, PTH118  # as above
