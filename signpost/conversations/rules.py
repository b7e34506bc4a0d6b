"""The rules of ``data/rules/``, and which of them answered a message."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signpost.conversations.domain import contents_of
from signpost.mistakes import Mistake

UTTER = "utter_"
LISTEN = "action_listen"


@dataclass(frozen=True)
class Rule:
    """One rule: on these intents, where every slot of ``condition`` has its value, these actions are taken in order."""

    title: str
    file: str
    condition: tuple[tuple[str, str], ...]
    intents: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def responses(self) -> tuple[str, ...]:
        """What it says; empty for silence."""
        return tuple(action for action in self.actions if action.startswith(UTTER))

    @property
    def logs(self) -> bool:
        """Whether it writes an escalation."""
        return any(not action.startswith(UTTER) and action != LISTEN for action in self.actions)

    def applies(self, intent: str, slots: Mapping[str, str]) -> bool:
        """Whether it answers this intent in such a state."""
        return intent in self.intents and all(slots.get(name) == value for name, value in self.condition)


def load_rules(folder: Path) -> list[Rule]:
    """Every rule, by file and then as they stand there. Raises :class:`Mistake` for one that can't be understood."""
    return [
        _rule(entry, file.name) for file, contents in contents_of(folder) for entry in _entries(contents, file.name)
    ]


def rule_that_answered(
    rules: Iterable[Rule], intent: str, slots: Mapping[str, str], said: Sequence[str]
) -> Rule | None:
    """The rule that the assistant's answer came from; none where it came from no rule, but from the fallback.

    ``intent`` and ``slots`` are what the assistant understood, ``said`` the responses it gave. Rasa refuses to train rules
    that contradict each other, so of two that apply both say the same, and the more particular one is named.
    """
    matching = [rule for rule in rules if rule.applies(intent, slots) and rule.responses == tuple(said)]
    return max(matching, key=lambda rule: len(rule.condition), default=None)


def _entries(contents: dict[str, Any], name: str) -> list[Any]:
    entries = contents.get("rules") or []
    if not isinstance(entries, list):
        raise Mistake(f"{name}: rules should be a list.")
    return entries


def _rule(entry: Any, name: str) -> Rule:
    try:
        steps = list(entry["steps"])
        said = [one for step in steps for one in step.get("or", [step])]
        return Rule(
            " ".join(str(entry["rule"]).split()),
            name,
            tuple(_slots(entry.get("condition") or [])),
            tuple(str(one["intent"]) for one in said if "intent" in one),
            tuple(str(step["action"]) for step in steps if "action" in step),
        )
    except (TypeError, KeyError, AttributeError, ValueError) as fault:
        raise Mistake(f"{name}: a rule there has a shape that isn't understood ({fault}).") from None


def _slots(condition: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in condition:
        for slot in one.get("slot_was_set") or []:
            yield from ((str(name), str(value)) for name, value in slot.items())
