"""Where the bench keeps what takes long to make: environments, stock's model, large records. All of it may be deleted."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signpost.mistakes import Mistake

READY = "ready.json"
GIGABYTE = 10**9


@dataclass(frozen=True)
class Cache:
    """``folder`` is made when something is first put there; ``tell`` takes a line about what is being made."""

    folder: Path
    tell: Callable[[str], None]

    def kept(self, name: str) -> dict[str, Any] | None:
        """What was noted about an entry when it was made; none when there is none, or only half of one."""
        try:
            noted = json.loads((self.folder / name / READY).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return noted if isinstance(noted, dict) else None

    def made(
        self, name: str, gigabytes: float, make: Callable[[Path], dict[str, Any]], about: str, needs: str = READY
    ) -> tuple[Path, dict[str, Any]]:
        """The entry's folder and what was noted about it; ``make`` fills the folder and says what to note.

        What was only half made before, or has lost the file it ``needs``, is made anew. Raises :class:`Mistake` where there is
        too little room on the disk.
        """
        folder = self.folder / name
        noted = self.kept(name)
        if noted is None or not (folder / needs).exists():
            self._need(gigabytes, about)
            self.tell(f"{about} (once; it stays in {folder})")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            noted = make(folder)
            (folder / READY).write_text(json.dumps(noted, indent=1) + "\n", "utf-8")
        return folder, noted

    def _need(self, gigabytes: float, about: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as fault:
            raise Mistake(
                f"{self.folder} can't be written: {fault.strerror}. Give another folder with --cache."
            ) from None
        if free < gigabytes * GIGABYTE:
            raise Mistake(
                f"{about}: this needs {gigabytes:.1f} GB in {self.folder}, where {free / GIGABYTE:.1f} GB are free. "
                "Make room, or give another folder with --cache."
            )
