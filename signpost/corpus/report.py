"""Everything there is to say about the training messages, as figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from signpost.corpus.length import Length, length_by_intent, told_by_length
from signpost.corpus.openings import Opening, repeated_openings
from signpost.corpus.personal import Find, personal_data
from signpost.corpus.reading import Example
from signpost.corpus.repeats import INTENTS, LABELS, SAME, Pair, exact_repeats, near_repeats
from signpost.corpus.style import Style, style_by_label, told_by_style
from signpost.corpus.vocabulary import Mark, marks_by_intent


@dataclass(frozen=True)
class Report:
    """The figures. Those called ``told_by``: how often of two messages the report is picked by that alone (0.5: by chance)."""

    files: dict[str, int]
    intents: dict[str, int]
    exact: list[list[Example]]
    near: list[Pair]
    openings: list[Opening]
    lengths: dict[str, Length]
    told_by_length: float
    vocabulary: dict[str, list[Mark]]
    styles: dict[str, Style]
    told_by_style: float
    told_by_style_and_length: float
    personal: list[Find]

    def near_across(self, what: str) -> list[Pair]:
        """The pairs that are nearly the same across ``labels``, across ``intents``, or in the ``same intent``."""
        return [pair for pair in self.near if pair.across == what]

    @property
    def in_order(self) -> bool:
        """Whether no message is there twice, and no report is nearly the same as a message that isn't one."""
        return not self.exact and not self.near_across(LABELS)

    def figures(self) -> dict[str, Any]:
        """All of it as JSON may hold it; messages are named by file and line."""
        return {
            "messages": sum(self.intents.values()),
            "files": self.files,
            "intents": self.intents,
            "exact_repeats": [[_named(example) for example in group] for group in self.exact],
            "near_repeats": {
                what: [
                    {"one": _named(pair.one), "other": _named(pair.other), "likeness": round(pair.likeness, 3)}
                    for pair in self.near_across(what)
                ]
                for what in (LABELS, INTENTS, SAME)
            },
            "openings": [asdict(opening) for opening in self.openings],
            "length": {intent: asdict(length) for intent, length in self.lengths.items()},
            "vocabulary": {intent: [asdict(mark) for mark in marks] for intent, marks in self.vocabulary.items()},
            "style": {name: asdict(style) for name, style in self.styles.items()},
            "told_by": {
                "length": self.told_by_length,
                "style": self.told_by_style,
                "style_and_length": self.told_by_style_and_length,
            },
            "personal_data": [{"kind": find.kind, **_named(find.example)} for find in self.personal],
            "in_order": self.in_order,
        }


def _named(example: Example) -> dict[str, Any]:
    return {"file": example.file, "line": example.line, "intent": example.intent}


def report_on(examples: Sequence[Example]) -> Report:
    """Looks at all messages from all sides; takes some twenty seconds for ten thousand."""
    return Report(
        files=dict(sorted(Counter(example.file for example in examples).items())),
        intents=dict(sorted(Counter(example.intent for example in examples).items())),
        exact=exact_repeats(examples),
        near=near_repeats(examples),
        openings=repeated_openings(examples),
        lengths=length_by_intent(examples),
        told_by_length=told_by_length(examples),
        vocabulary=marks_by_intent(examples),
        styles=style_by_label(examples),
        told_by_style=told_by_style(examples, length=False),
        told_by_style_and_length=told_by_style(examples, length=True),
        personal=personal_data(examples),
    )
