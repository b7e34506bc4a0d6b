"""The filters' panel: what there is to choose from, as GOV.UK's components take it."""

from collections.abc import Iterable
from typing import Any

from signpost.console.audit.filters import COMMANDS, AuditFilters, People, actor_words
from signpost.console.audit.wording import EVENTS
from signpost.console.words import words
from signpost.log.audit import ACTIONS, SERVICE

Item = dict[str, Any]


def panel(filters: AuditFilters, staff: People) -> dict[str, list[Item]]:
    """The items of each field with a list."""
    typed = filters.typed
    actors = [(one, actor_words(one, staff)) for one in (SERVICE, COMMANDS)]
    return {
        "action": _items("Anything", ((one, words(one, "action")) for one in ACTIONS), typed["action"]),
        "event": _items("Any", sorted(EVENTS.items(), key=lambda one: one[1]), typed["event"]),
        "actor": _items("Anybody", [*actors, *staff.shown.items()], typed["actor"]),
        "staff": _items("Nobody in particular", staff.shown.items(), typed["staff"]),
    }


def _items(none: str, choices: Iterable[tuple[str, str]], chosen: str) -> list[Item]:
    return [{"value": value, "text": text, "selected": value == chosen} for value, text in [("", none), *choices]]
