"""Reads files of one JSON object a line, and says which line is wrong and why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from signpost.mistakes import Mistake

SHOWN = 5


def read_jsonl(file: Path, check: Callable[[dict[str, Any]], str | None]) -> list[dict[str, Any]]:
    """The file's objects. ``check`` returns what is wrong with one, or none.

    Raises :class:`Mistake` (exit status 2) that names the first wrong lines; nothing is half read.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.", exit_status=2) from None
    items: list[dict[str, Any]] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        item, why = _read_line(line, check)
        if why:
            wrong.append(f"line {number}: {why}")
        else:
            items.append(item)
    if wrong:
        more = f", and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise Mistake(f"{file}: {'; '.join(wrong[:SHOWN])}{more}. Nothing was done.", exit_status=2)
    if not items:
        raise Mistake(f"{file} holds no line of JSON. Nothing was done.", exit_status=2)
    return items


def _read_line(line: bytes, check: Callable[[dict[str, Any]], str | None]) -> tuple[dict[str, Any], str | None]:
    try:
        item = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return {}, "it is not UTF-8"
    except (ValueError, RecursionError):
        return {}, "it is not valid JSON"
    if not isinstance(item, dict):
        return {}, "it is not a JSON object"
    return item, check(item)


def check_id(item: dict[str, Any]) -> str | None:
    """An id is a string or a whole number."""
    if isinstance(item.get("id"), bool) or not isinstance(item.get("id"), (str, int)):
        return "id is missing, or is neither a string nor a whole number"
    return None


def write_target(target: Path) -> Path:
    """The target, once it is certain that it can be written. Raises :class:`Mistake` (exit status 2)."""
    if not target.parent.is_dir():
        raise Mistake(f"The folder {target.parent} doesn't exist.", exit_status=2)
    was_there = target.exists()
    try:
        with target.open("a", encoding="utf-8"):
            pass
        if not was_there:
            # Nothing is left behind when what comes next goes wrong.
            target.unlink()
    except OSError as fault:
        raise Mistake(f"{target} can't be written: {fault.strerror}.", exit_status=2) from None
    return target
