"""Urgent words of other languages (bot/urgent_other_languages.yml): they raise a label as those of English do."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.language_list import folded
from bot.nlu.urgent import Urgent, load_urgent, plain

LIST = Path(__file__).parent.parent / "urgent_other_languages.yml"


@dataclass(frozen=True)
class Found:
    """The code of the language, its urgent words as they were written, in small letters, and why they count."""

    language: str
    words: str
    reason: str


def load_urgent_elsewhere(path: Path = LIST) -> dict[str, list[Urgent]]:
    """The list by language. Raises ``ValueError`` when a pattern isn't one."""
    languages = [entry["language"] for entry in yaml.safe_load(path.read_text("utf-8"))["urgent"]]
    entries: dict[str, list[Urgent]] = {language: [] for language in languages}
    for language, entry in zip(languages, load_urgent(path), strict=True):
        entries[language].append(entry)
    return entries


def urgent_elsewhere(entries: dict[str, list[Urgent]], text: str, among: frozenset[str]) -> Found | None:
    """The first urgent words in the text of one of these languages, or none."""
    tried = [(language, entry) for language in sorted(among) for entry in entries.get(language, ())]
    if not tried:
        return None
    written = plain(text).split()
    unaccented = " ".join(folded(word) for word in written)
    for language, entry in tried:
        words = entry.found_in(unaccented)
        if words:
            first = unaccented[: unaccented.index(words)].count(" ")
            return Found(language, " ".join(written[first : first + len(words.split())]), entry.reason)
    return None
