"""A line for everything that happened, so that a check can be made after all else was killed."""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO


class Journal:
    """Appends to ``platforms.jsonl`` in the folder; without a folder it keeps nothing.

    Each line is ``{"at", "what", ...}``, ``what`` being one of said, acted, acknowledged, failed, lost, sent, refused,
    unsubscribed, webhook. It quotes texts: rehearsals have none but invented ones.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._file: TextIO | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / "platforms.jsonl").open("a", encoding="utf-8", buffering=1)

    def write(self, what: str, at: datetime, **facts: Any) -> None:
        if self._file is None:
            return
        line = json.dumps({"at": at.isoformat(), "what": what, **facts}, ensure_ascii=False)
        with self._lock:
            if not self._file.closed:
                self._file.write(line + "\n")

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
