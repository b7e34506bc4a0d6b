"""The part of ``requirements.lock`` that runs the product: without what only its developers' tools need."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOTS = {"signpost (pyproject.toml)", "signpost (pyproject.toml:bot)"}
"""Whom the lock names as wanting a package: the product itself, and its group with Rasa; the group ``dev`` isn't one."""


@dataclass(frozen=True)
class Pinned:
    """One package as the lock has it: its name, its lines, and for whom it is there."""

    name: str
    lines: tuple[str, ...]
    wanted_by: frozenset[str]


def runtime_part(lock: Path) -> str:
    """The lines of the packages that the product or its assistant needs, directly or through others."""
    pinned = list(_packages(lock.read_text("utf-8").splitlines()))
    needed: set[str] = set()
    while True:
        found = {one.name for one in pinned if one.wanted_by & (ROOTS | needed)}
        if found == needed:
            return "".join(f"{line}\n" for one in pinned if one.name in needed for line in one.lines)
        needed = found


def _packages(lines: Iterable[str]) -> Iterator[Pinned]:
    block: list[str] = []
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" ") and block:
            yield _pinned(block)
            block = []
        block.append(line)
    if block:
        yield _pinned(block)


def _pinned(block: list[str]) -> Pinned:
    comments = [line.strip().removeprefix("#").strip() for line in block if line.strip().startswith("#")]
    wanted_by = {comment.removeprefix("via").strip() for comment in comments}
    name = block[0].split("==")[0].split(";")[0].split("[")[0].strip()
    return Pinned(name, tuple(block), frozenset(wanted_by - {""}))
