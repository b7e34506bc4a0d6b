"""The training messages, and how they are varied so that the encoder learns what is meant and not how it is typed."""

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LABEL_OF = {"report_emergency": 0, "risk_to_life": 0, "report_crime": 1}
NOT_REPORT = 2
SURROUNDINGS = (
    "everyday_talk",
    "opinion_or_news",
    "ask_general_policing",
    "not_meant_literally",
    "past_or_settled_crime",
    "council_or_other_agency",
)
"""Talk in the midst of which a report may stand: a report stays one whatever is said around it."""

LONGEST_WORDS = 110
_INTENT = re.compile(r"- intent: (\w+)")
_EXAMPLE = re.compile(r"    - (.*)$")


@dataclass(frozen=True)
class Example:
    """One message and what the person does in it."""

    text: str
    intent: str


def examples(folder: Path = PROJECT / "data" / "nlu") -> list[Example]:
    """Every message of the corpus, in the order of the files."""
    found = []
    for file in sorted(folder.glob("*.yml")):
        intent = ""
        for line in file.read_text("utf-8").splitlines():
            if match := _INTENT.match(line):
                intent = match[1]
            elif match := _EXAMPLE.match(line):
                found.append(Example(match[1].strip(), intent))
    return found


def fingerprint(found: list[Example]) -> str:
    """A hash of the messages and their intents."""
    total = hashlib.sha256()
    for example in found:
        total.update(f"{example.intent}\0{example.text}\0".encode())
    return total.hexdigest()


class Variation:
    """Varies messages: typing mistakes, missing punctuation, and reports set among other talk."""

    def __init__(self, found: list[Example], share: float, source: random.Random) -> None:
        """``share``: how many messages out of 1 are set among other talk."""
        self._random = source
        self._share = share
        self._talk = [example.text for example in found if example.intent in SURROUNDINGS]
        self._by_intent: dict[str, list[str]] = {}
        for example in found:
            self._by_intent.setdefault(example.intent, []).append(example.text)

    def epoch(self, found: list[Example]) -> Iterator[Example]:
        """Each message once, varied anew."""
        for example in found:
            text = self._among_talk(example) if self._random.random() < self._share else example.text
            yield Example(self._mistyped(text), example.intent)

    def _among_talk(self, example: Example) -> str:
        text, other, draw = example.text, self._random.choice(self._talk), self._random.random()
        if example.intent in LABEL_OF:
            if len(text.split()) + len(other.split()) >= LONGEST_WORDS:
                return text
            if draw < 0.45:  # noqa: PLR2004  # as often before as after
                return f"{other} {text}"
            if draw < 0.9:  # noqa: PLR2004  # and now and then in the middle
                return f"{text} {other}"
            return f"{other} {text} {self._random.choice(self._talk)}"
        if example.intent in SURROUNDINGS and draw < 0.5:  # noqa: PLR2004  # so that length alone says nothing
            return f"{text} {self._random.choice(self._by_intent[example.intent])}"
        return text

    def _mistyped(self, text: str) -> str:
        if self._random.random() < 0.5:  # noqa: PLR2004  # half of all messages are typed with care
            return text
        if self._random.random() < 0.5:  # noqa: PLR2004  # half of the rest keeps its punctuation
            text = re.sub(r"[.,!?'’]", "", text)
        for _ in range(max(1, len(text) // 60)):
            text = self._one_mistake(text)
        return text

    def _one_mistake(self, text: str) -> str:
        if len(text) < 8:  # noqa: PLR2004  # a mistake in a word of four letters makes another word
            return text
        place, draw = self._random.randrange(len(text) - 2), self._random.random()
        if draw < 0.4:  # noqa: PLR2004  # a letter left out
            return text[:place] + text[place + 1 :]
        if draw < 0.8:  # noqa: PLR2004  # two letters swapped
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        return text[:place] + text[place] + text[place:]
