"""Writes the report's files, each whole or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path

from signpost.evaluation.figures import Figures, as_json
from signpost.mistakes import Mistake

REPORT, FIGURES, PREDICTIONS = "report.html", "figures.json", "predictions.jsonl"
OWNER_ONLY, ALL_MAY_READ = 0o600, 0o644


def make_folder(folder: Path) -> None:
    """Makes it where it is missing, and tries it. Raises :class:`Mistake` (exit status 2) when it can't be written."""
    probe = folder / ".write-test"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise Mistake(f"{folder} can't be written: {fault.strerror}. Give another folder with --out.", 2) from None


def write_report(folder: Path, figures: Figures, page: str, drawn: Mapping[str, str], *, with_texts: bool) -> Path:
    """Writes the page, the pictures and the figures; the page's place. With texts only its owner may read it."""
    try:
        for name, svg in drawn.items():
            _write(folder / f"{name}.svg", svg)
        _write(folder / FIGURES, json.dumps(as_json(figures), indent=1, allow_nan=False) + "\n")
        _write(folder / REPORT, page, OWNER_ONLY if with_texts else ALL_MAY_READ)
    except OSError as fault:
        raise Mistake(f"The report can't be written to {folder}: {fault.strerror}.") from None
    return folder / REPORT


def keep_predictions(judged: Path, folder: Path) -> None:
    """Keeps ids, labels and scores for a later ``--compare``; the reasons are words of the messages and stay out."""
    items = (json.loads(line) for line in judged.read_text("utf-8").split("\n") if line)
    lines = (json.dumps({name: item[name] for name in ("id", "label", "scores")}) + "\n" for item in items)
    try:
        _write(folder / PREDICTIONS, "".join(lines))
    except OSError as fault:
        raise Mistake(f"The predictions can't be written to {folder}: {fault.strerror}.") from None


def _write(file: Path, contents: str, mode: int = ALL_MAY_READ) -> None:
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=mode)
    # Half a character, as some phones send it, has no place in UTF-8.
    part.write_bytes(contents.encode("utf-8", "replace"))
    part.replace(file)
