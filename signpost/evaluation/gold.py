"""Messages with the answer a person gave: what a model is held to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from signpost.jsonl import check_id, read_jsonl
from signpost.mistakes import Mistake

EMERGENCY, CRIME_REPORT, NOT_REPORT, UNSURE = "emergency", "crime_report", "not_report", "unsure"
LABELS = (EMERGENCY, CRIME_REPORT, NOT_REPORT)
REPORTS = frozenset({EMERGENCY, CRIME_REPORT})

NEVER_A_FIELD = frozenset({"id", "text", "label"})
USUAL_FIELDS = ("source", "kind", "lang", "dialect", "speech")
"""What messages are broken down by, where they have it, when nobody names fields."""
MOST_VALUES = 60
LONGEST_VALUE = 60

MessageId = str | int


@dataclass(frozen=True)
class Message:
    """One message. ``near_miss``: no report, but it talks of crime; none where nobody said.

    ``fields``: whatever else the line says in a word, a whole number or yes and no, by name.
    """

    id: MessageId
    text: str
    label: str
    near_miss: bool | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_report(self) -> bool:
        """Whether it is an emergency or a report of a crime."""
        return self.label in REPORTS


def read_gold(file: Path) -> list[Message]:
    """The messages in the file's order, those labelled ``unsure`` (no right answer) among them.

    Each line is ``{id, text, label}`` with ``near_miss`` and any other fields. Raises :class:`Mistake` (exit status
    2) that names the wrong lines, or says which of reports and other messages there is none of.
    """
    seen: set[MessageId] = set()

    def check(item: dict[str, Any]) -> str | None:
        return _fault(item) or twice(item["id"], seen)

    messages = [_message(item) for item in read_jsonl(file, check)]
    if not any(message.is_report for message in messages):
        raise Mistake(f"{file} holds no emergency and no crime_report: nothing can be said of what is missed.", 2)
    if not any(message.label == NOT_REPORT for message in messages):
        raise Mistake(f"{file} holds no not_report: nothing can be said of false alarms.", 2)
    return messages


def fields_to_part_by(file: Path, messages: Sequence[Message], asked: Sequence[str]) -> tuple[str, ...]:
    """The fields asked for, or those of :data:`USUAL_FIELDS` that the messages can be broken down by.

    Raises :class:`Mistake` (exit status 2) for a field asked for that they can't be broken down by.
    """
    values: dict[str, set[str]] = {}
    for message in messages:
        for name, value in message.fields.items():
            values.setdefault(name, set()).add(value)
    fit = {n for n, v in values.items() if len(v) <= MOST_VALUES and max(map(len, v)) <= LONGEST_VALUE}
    for name in asked:
        if name not in fit:
            offer = f"There are: {', '.join(sorted(fit))}" if fit else "Its messages have no field for that"
            raise Mistake(
                f"{file} can't be broken down by {name!r}: that needs a field of at most {MOST_VALUES} different "
                f"values, each of at most {LONGEST_VALUE} characters. {offer}.",
                2,
            )
    return tuple(dict.fromkeys(asked)) or tuple(name for name in USUAL_FIELDS if name in fit)


def twice(one: MessageId, seen: set[MessageId]) -> str | None:
    """What is wrong with an id that stood on an earlier line; it is remembered for the lines to come."""
    if one in seen:
        return "this id stands on an earlier line as well"
    seen.add(one)
    return None


def _fault(item: dict[str, Any]) -> str | None:
    if not isinstance(item.get("text"), str):
        return "text is missing or not a string"
    if item.get("label") not in (*LABELS, UNSURE):
        return f"label is missing, or is none of {', '.join((*LABELS, UNSURE))}"
    if not isinstance(item.get("near_miss"), bool | None):
        return "near_miss is neither true nor false"
    return check_id(item)


def _message(item: dict[str, Any]) -> Message:
    fields = {name: _shown(value) for name, value in item.items() if name not in NEVER_A_FIELD}
    said = {name: value for name, value in fields.items() if value}
    return Message(item["id"], item["text"], item["label"], item.get("near_miss"), said)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip() if isinstance(value, str | int) else ""
