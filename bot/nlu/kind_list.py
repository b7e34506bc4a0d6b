"""The kinds of crime that the record may name, as ``bot/kinds.yml`` lists them, and the reports that teach each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.labels import NOT_REPORT, label_of_intent
from bot.text import clean

KINDS_FILE = Path(__file__).parent.parent / "kinds.yml"
NOT_GIVEN = "not given"
"""The answer in place of a kind: no report, not sure enough, or nothing that is asked of this channel."""
NEVER = "x_"
"""So begin the channels of X, whose developer terms forbid to infer anything about the alleged commission of a crime."""


@dataclass(frozen=True)
class KindList:
    """What ``bot/kinds.yml`` says: every kind's name, the kind of each topic file, where a kind may be given, how sure."""

    names: tuple[str, ...]
    topics: dict[str, str]
    channels: frozenset[str]
    precision: float


def load_kinds(path: Path = KINDS_FILE) -> KindList:
    """The list. Raises ``ValueError`` when a file teaches two kinds, X is among the channels or the share isn't one."""
    contents = yaml.safe_load(path.read_text("utf-8"))
    topics: dict[str, str] = {}
    for kind, files in [*contents["kinds"].items(), (NOT_GIVEN, contents["no_kind"])]:
        for topic in files:
            if topic in topics:
                raise ValueError(f"{path.name}: {topic} stands under {topics[topic]} and under {kind}.")
            topics[topic] = kind
    channels = frozenset(contents["channels"])
    if forbidden := sorted(channel for channel in channels if channel.startswith(NEVER)):
        raise ValueError(f"{path.name}: X's terms forbid a kind of crime on {', '.join(forbidden)}.")
    precision = float(contents["precision"])
    if not 0 < precision < 1:
        raise ValueError(f"{path.name}: precision is {precision}; it must lie between 0 and 1.")
    return KindList(tuple(contents["kinds"]), topics, channels, precision)


def labelled_reports(kinds: KindList, folder: Path) -> dict[str, str]:
    """Each report in the topic files, as :func:`bot.text.clean` leaves it, with its kind (or ``not given``).

    Raises ``ValueError`` when a topic has no file in the folder (``data/nlu``).
    """
    labelled: dict[str, str] = {}
    for topic, kind in kinds.topics.items():
        file = folder / f"{topic}.yml"
        if not file.is_file():
            raise ValueError(f"bot/kinds.yml: {kind} is taught by {topic}, and {file} doesn't exist.")
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            if label_of_intent(block["intent"]) != NOT_REPORT:
                lines = (line.strip() for line in block["examples"].splitlines())
                labelled.update((clean(line[1:]), kind) for line in lines if line.startswith("-"))
    return labelled
