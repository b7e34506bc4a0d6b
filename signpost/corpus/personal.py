"""Looks for what could be somebody's own: telephone numbers, e-mail addresses, registration marks, postcodes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from signpost.corpus.reading import Example
from signpost.log.redaction.base import BritishRecognizer
from signpost.log.redaction.kinds import label
from signpost.log.redaction.online import EmailRecognizer
from signpost.log.redaction.phones import PhoneRecognizer
from signpost.log.redaction.places import PostcodeRecognizer
from signpost.log.redaction.plain import plain
from signpost.log.redaction.vehicles import RegistrationRecognizer

_ORGANISATIONS = re.compile(r"0(?:800|808|30\d)")
"""Freephone and 03 numbers, which only organisations and helplines have (Ofcom, National Telephone Numbering Plan)."""


@dataclass(frozen=True)
class Find:
    """What something looks like, and the message it stands in. What was found is not repeated."""

    kind: str
    example: Example


def personal_data(examples: Iterable[Example]) -> list[Find]:
    """The messages that hold what looks like personal data, once a kind, by the same patterns that take it out of the record.

    Short codes such as 999, 101 and 111 and the numbers of helplines aren't anybody's own, and are left.
    """
    recognizers = [PhoneRecognizer(), EmailRecognizer(), RegistrationRecognizer(), PostcodeRecognizer()]
    return [
        Find(label(recognizer.kind), example)
        for example in examples
        for recognizer in recognizers
        if _found(recognizer, plain(example.text))
    ]


def _found(recognizer: BritishRecognizer, text: str) -> bool:
    found = (text[one.start : one.end] for one in recognizer.analyze(text, []))
    return any(not _ORGANISATIONS.match(re.sub(r"\D", "", one)) for one in found)
