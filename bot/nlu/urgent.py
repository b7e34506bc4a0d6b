"""Words that always count as urgent (bot/urgent.yml): a short list that backs the model up, and never lowers a label."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

LIST = Path(__file__).parent.parent / "urgent.yml"


@dataclass(frozen=True)
class Urgent:
    """One entry: ``pattern`` finds it, ``unless`` says when it means something else, ``reason`` tells staff why."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    reason: str
    meets: tuple[str, ...]
    leaves: tuple[str, ...]

    def found_in(self, text: str) -> str | None:
        """The words found, as they were written, or none."""
        said = plain(text)
        found = self.pattern.search(said)
        if found is None or (self.unless is not None and self.unless.search(said)):
            return None
        return found[0].strip()


def plain(text: str) -> str:
    """The text in small letters, with straight apostrophes and single spaces."""
    return " ".join(text.replace("\u2019", "'").casefold().split())


def load_urgent(path: Path = LIST) -> list[Urgent]:
    """The list. Raises ``ValueError`` when a pattern isn't one."""
    entries = []
    for entry in yaml.safe_load(path.read_text("utf-8"))["urgent"]:
        try:
            pattern = re.compile(rf"\b(?:{entry['pattern']})")
            unless = re.compile(rf"\b(?:{entry['unless']})") if "unless" in entry else None
        except re.error as fault:
            raise ValueError(f"{path.name}: {entry['pattern']}: {fault}") from None
        entries.append(Urgent(pattern, unless, entry["reason"], tuple(entry["meets"]), tuple(entry["leaves"])))
    return entries


def urgent_words(entries: list[Urgent], text: str) -> tuple[str, str] | None:
    """The first urgent words in the text and why they count, or none."""
    for entry in entries:
        words = entry.found_in(text)
        if words:
            return words, entry.reason
    return None
