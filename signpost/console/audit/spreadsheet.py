"""The audit log as a spreadsheet."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import Row

from signpost.console.audit.wording import event_words
from signpost.console.exports.cells import MARK, line
from signpost.console.words import words

HEAD: Final = ("Number", "Time (UTC)", "Who", "Action", "Event", "About", "Why", "More", "Digest")


def spreadsheet(entries: Iterable[Row[Any]]) -> Iterator[str]:
    """CSV, a line an entry, for Excel and for others."""
    yield MARK + line(HEAD)
    for one in entries:
        yield line(
            (
                one.sequence,
                f"{one.at.isoformat()}Z",
                one.actor,
                words(one.action, "action"),
                event_words(one.event),
                one.subject,
                one.purpose,
                json.dumps(one.detail, ensure_ascii=False) if one.detail else "",
                one.digest,
            )
        )
