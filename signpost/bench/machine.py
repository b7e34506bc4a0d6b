"""Which machine it was: figures of two machines say nothing beside each other."""

import os
import platform
from pathlib import Path
from typing import Any


def machine(folder: Path) -> dict[str, Any]:
    """Processor, cores, memory, system, and the kind of disk that ``folder`` is on."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 10**9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "file_system": file_system(folder),
        "load_before": round(os.getloadavg()[0], 2),
    }


def file_system(folder: Path) -> str:
    """The type of the file system a folder is on, such as ext4 or tmpfs; empty where that can't be told."""
    place, best = str(folder.absolute()), ("", "")
    try:
        lines = Path("/proc/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    for line in lines:
        mounted, kind = line.split()[1:3]
        if (place + "/").startswith(mounted.rstrip("/") + "/") and len(mounted) >= len(best[0]):
            best = (mounted, kind)
    return best[1]


def _first(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
