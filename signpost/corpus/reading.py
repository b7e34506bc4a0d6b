"""Reads the training messages, each with the file and line where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.labels import NOT_REPORT, label_of_intent
from signpost.checking import ENDINGS
from signpost.mistakes import Mistake

try:
    # Ten times as fast on a few thousand messages, where libyaml is there.
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


@dataclass(frozen=True)
class Example:
    """One training message. ``file`` is its path in the folder; ``line`` is counted from 1."""

    text: str
    intent: str
    file: str
    line: int

    @property
    def label(self) -> str:
        """``emergency``, ``crime_report`` or ``not_report``."""
        return label_of_intent(self.intent)

    @property
    def is_report(self) -> bool:
        """Whether guidance is due: an emergency or a report of a crime."""
        return self.label != NOT_REPORT

    @property
    def place(self) -> str:
        """Where it stands, for people: ``theft.yml:12``."""
        return f"{self.file}:{self.line}"


def read_corpus(folder: Path) -> list[Example]:
    """Every message, in the order of the files. The format is Rasa's: blocks of an intent and its examples, one a line.

    Raises :class:`Mistake` (exit status 2) where there is nothing to read, or a file has another shape.
    """
    if not folder.is_dir():
        raise Mistake(
            f"There is no folder {folder}. Give the one that holds the messages with --folder.", exit_status=2
        )
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in ENDINGS]
    examples = [example for file in files for example in read_file(file, str(file.relative_to(folder)))]
    if not examples:
        raise Mistake(f"{folder} holds no message: no .yml file in it has examples.", exit_status=2)
    return examples


def read_file(file: Path, name: str) -> Iterator[Example]:
    """The messages of one file, in their order; ``name`` is how they call it. Raises :class:`Mistake` as above."""
    try:
        # The tree of nodes knows each line; the values alone don't.
        root = yaml.compose(file.read_text("utf-8"), Loader=Loader)
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.", exit_status=2) from None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise Mistake(f"{file}{where}: this isn't valid YAML.", exit_status=2) from None
    if root is None:
        return
    blocks = _part(root, "nlu")
    if not isinstance(root, yaml.MappingNode) or not isinstance(blocks, yaml.SequenceNode):
        raise Mistake(f"{file}: this file should hold a mapping with a list named nlu.", exit_status=2)
    for block in blocks.value:
        intent, examples = _part(block, "intent"), _part(block, "examples")
        if not isinstance(intent, yaml.ScalarNode) or not isinstance(examples, yaml.ScalarNode):
            line = block.start_mark.line + 1
            raise Mistake(
                f"{file}, line {line}: a block should hold an intent and its examples as text.", exit_status=2
            )
        for line, text in _lines(examples):
            yield Example(text, intent.value, name, line)


def _part(node: Any, key: str) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _lines(examples: yaml.ScalarNode) -> Iterator[tuple[int, str]]:
    # A block of text (`|`) begins on the line below its mark; any other text has no lines of its own.
    first, step = (examples.start_mark.line + 2, 1) if examples.style == "|" else (examples.start_mark.line + 1, 0)
    for number, line in enumerate(examples.value.splitlines()):
        text = line.strip()
        if text.startswith("-") and text[1:].strip():
            yield first + number * step, text[1:].strip()
