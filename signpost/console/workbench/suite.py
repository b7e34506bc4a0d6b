"""The conversation tests as the page lists them: by file, each with what came of it in the last run."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from signpost.console.workbench.last_run import LastRun
from signpost.conversations.expanding import on_channels
from signpost.conversations.outcome import Outcome
from signpost.conversations.reading import Conversation, load_suite
from signpost.force.mandate import Mandate

PASSED, FAILED, NOT_HELD = "passed", "failed", "not held"


@dataclass(frozen=True)
class Row:
    """One test with the keys of its channels. ``key`` stands for it in addresses."""

    key: str
    test: Conversation
    channels: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    is_held: bool
    """Whether it was held in the last run, even if only its failures were kept."""

    @property
    def failed_on(self) -> tuple[str, ...]:
        """The channels on which it failed."""
        return tuple(one.channel for one in self.outcomes if not one.passed)

    @property
    def state(self) -> str:
        """``failed`` when it failed on any channel."""
        if self.failed_on:
            return FAILED
        return PASSED if self.is_held else NOT_HELD


@dataclass(frozen=True)
class Group:
    """The tests of one file, in their order."""

    file: str
    rows: tuple[Row, ...]


def read_rows(folder: Path, mandate: Mandate, run: LastRun | None) -> list[Row]:
    """Every test. Raises :class:`signpost.mistakes.Mistake` where a file is broken."""
    suite = load_suite(folder)
    # What isn't among the failures of a training passed in it, if the tests are the same ones still.
    passed_unseen = run is not None and not run.is_whole and run.total == len(on_channels(suite, mandate))
    rows = []
    for test in suite:
        channels = tuple(case.channel.key for case in on_channels([test], mandate))
        outcomes = run.of(test.file, test.title) if run else ()
        rows.append(Row(key_of(test.file, test.title), test, channels, outcomes, bool(outcomes) or passed_unseen))
    return rows


def groups(rows: Iterable[Row]) -> list[Group]:
    """The same by file."""
    kept = list(rows)
    return [
        Group(file, tuple(row for row in kept if row.test.file == file))
        for file in dict.fromkeys(row.test.file for row in kept)
    ]


def key_of(file: str, title: str) -> str:
    """What stands for a test: it changes when the test is renamed."""
    return hashlib.sha256(f"{file}\n{title}".encode()).hexdigest()[:12]
