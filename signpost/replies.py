"""The list of all replies, for CCE to read and approve: ``python -m signpost.replies`` writes ``docs/replies.md``."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from signpost.conversations.coverage import occurrences
from signpost.conversations.domain import Domain, load_domain
from signpost.conversations.rules import Rule, load_rules
from signpost.force.guard import with_reference
from signpost.force.length import measure
from signpost.force.mandate import EMERGENCY_GUIDANCE, GUIDANCE, Channel, Mandate, load_mandate
from signpost.mistakes import Mistake
from signpost.processes import PROJECT
from signpost.readability import readability

LIST = PROJECT / "docs" / "replies.md"
OLDEST_READER = 10.0
"""The reading age, in years, that no reply's own words may exceed: people of nine are in their tenth year."""
REFERENCE = "ABC-DEF"
"""As long as a reference is, where a channel's replies carry one."""
CANONICAL = "In place of a reply"
_WHEN_CANONICAL = (
    "Sent when a reply fails its last check, when nobody could understand a private message, and for a picture or a"
    " recording without words. An emergency's begins with 999."
)
_UNITS = {"characters": "characters", "bytes": "bytes", "weighted": "weighted characters"}
_HEAD = """# Every reply

This page lists every text that people are sent, for Corporate Communications and Engagement to read aloud and approve. It is made from
`domain/responses/`, `data/rules/` and `force/mandate.yml`; don't edit it. After a change there, make it again with `python -m signpost.replies`.

- **Reading age**: the Flesch-Kincaid grade and five years. It is of our own words, without the policy's four statements, and no reply may be above
  {oldest:g} years. The statements' words are the policy's; they are measured by themselves at the end.
- **Length**: as the platform counts it, against what it allows. On X it includes the reference that follows the reply.
- Words, sentences and reading age of the whole text stand beside it, too. A number in figures, such as 999, counts as a word of one syllable.
"""


@dataclass(frozen=True)
class Text:
    """One text of a response, with the channels that carry it and the age at which it is read."""

    response: str
    text: str
    channels: tuple[Channel, ...]
    own: str

    @property
    def age(self) -> float:
        """The reading age of our own words in years; 0 where all are the policy's."""
        return readability(self.own).age


def texts_of(domain: Domain, rules: Sequence[Rule], mandate: Mandate) -> list[Text]:
    """Every text in the order of the domain, each with every channel on which a rule can say it."""
    found: dict[tuple[str, str], list[Channel]] = {}
    for response, key in occurrences(domain, rules, mandate):
        found.setdefault((response, domain.text(response, key) or ""), []).append(mandate.channels[key])
    for kind in (GUIDANCE, EMERGENCY_GUIDANCE):
        for channel in mandate.channels.values():
            found.setdefault((CANONICAL, mandate.canonical_text(kind, channel)), []).append(channel)
    return [Text(name, text, tuple(channels), own_words(mandate, text)) for (name, text), channels in found.items()]


def own_words(mandate: Mandate, text: str) -> str:
    """The text without the four statements, in whichever wording they stand in it, also in the middle of a sentence of ours."""
    wordings = [one[key].rstrip(".") for one in mandate.statements.values() for key in ("full", "short")]
    for wording in sorted(wordings, key=len, reverse=True):
        text = re.sub(re.escape(wording), "", text, flags=re.IGNORECASE)
    # The short wordings of the last two are joined by a word.
    text = re.sub(r"\s+and\s*\.", "", text)
    own = "\n".join(line for line in map(str.strip, text.split("\n")) if line.strip(". "))
    return re.sub(r"(\s*\.)+(?=\s|$)", ".", own)


def page(domain: Domain, rules: Sequence[Rule], mandate: Mandate) -> str:
    """The page, as Markdown."""
    texts = texts_of(domain, rules, mandate)
    head = _HEAD.format(oldest=OLDEST_READER)
    parts = (_summary(texts), _each(texts, rules), _routes(mandate), _statements(mandate))
    return "\n".join([head, *(line for part in parts for line in part)])


def _summary(texts: Iterable[Text]) -> Iterator[str]:
    yield from ("## In short", "", "| reply | channels | words | reading age |", "|---|---|---|---|")
    for one in texts:
        link = f"[{one.response}](#{_anchor(one.response)})"
        yield f"| {link} | {_names(one)} | {readability(one.text).words} | {_age(one)} |"
    yield ""


def _each(texts: Sequence[Text], rules: Sequence[Rule]) -> Iterator[str]:
    for response in dict.fromkeys(one.response for one in texts):
        yield from (f"## {response}", "")
        said = [rule.title for rule in rules if response in rule.responses]
        if response == CANONICAL:
            said = [_WHEN_CANONICAL]
        yield from (*(f"- {title}" for title in said), "")
        for one in texts:
            if one.response == response:
                yield from _one(one)


def _one(one: Text) -> Iterator[str]:
    counts = readability(one.text)
    yield from (f"> {line}".rstrip() for line in one.text.split("\n"))
    yield ""
    yield from (f"{_length(one.text, channel)}  " for channel in one.channels)
    yield f"{counts.words} words, {counts.sentences} sentences; reading age {_age(one)}, of the whole text {counts.age:.1f}"
    yield ""


def _routes(mandate: Mandate) -> Iterator[str]:
    yield from ("## Said after a reply, where there is room", "")
    if not mandate.routes:
        yield from ("Nothing: none of the routes in `force/helplines.yml` is approved.", "")
    for response, routes in mandate.routes.items():
        yield from (f"After {response}:", "", *(f"> {says}  " for says in routes), "")


def _statements(mandate: Mandate) -> Iterator[str]:
    yield from ("## The policy's four statements", "")
    yield from ("| statement | wording | words | reading age |", "|---|---|---|---|")
    for one in mandate.statements.values():
        for wording in ("full", "short"):
            counts = readability(one[wording])
            yield f"| {one[wording]} | {wording} | {counts.words} | {counts.age:.1f} |"
    yield ""


def _length(text: str, channel: Channel) -> str:
    length = measure(with_reference(channel, text, REFERENCE), channel.unit)
    return f"{channel.name}: {length} of {channel.limit:,} {_UNITS[channel.unit]}"


def _names(one: Text) -> str:
    return ", ".join(channel.name for channel in one.channels)


def _age(one: Text) -> str:
    return f"{one.age:.1f}" if one.own else "the policy's words alone"


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def write(target: Path = LIST, project: Path = PROJECT, force: Path = PROJECT / "force") -> None:
    """Writes the page. Raises :class:`Mistake` where the responses, the rules or the mandate can't be read."""
    domain, rules = load_domain(project / "domain"), load_rules(project / "data" / "rules")
    target.write_text(page(domain, rules, load_mandate(force)), "utf-8")


def main() -> int:
    """Exit status 0 when the page was written."""
    try:
        write()
    except Mistake as mistake:
        sys.stderr.write(f"{mistake.sentence}\n")
        return mistake.exit_status
    sys.stdout.write(f"Written: {LIST}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
