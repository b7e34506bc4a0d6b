"""Other routes to the police that CCE approved (``force/helplines.yml``), said after the replies they belong to."""

from pathlib import Path
from typing import Any

import yaml

from signpost.force.length import measure

REFERENCE_ROOM = len(" Ref ABC-DEF")
"""What is left free on channels whose replies carry a reference."""


def load_routes(folder: Path) -> dict[str, tuple[str, ...]]:
    """What may be said after which response: only what names its approval.

    What can't be understood is approved by nobody; ``signpost check`` and the start say what is wrong with it.
    """
    try:
        contents = yaml.safe_load((folder / "helplines.yml").read_text("utf-8"))
        routes: dict[str, tuple[str, ...]] = {}
        for route in ((contents or {}).get("helplines") or {}).values():
            for response in (route.get("said_with") or []) if _approved(route) else []:
                routes[response] = (*routes.get(response, ()), route["says"].strip())
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError):
        return {}
    return routes


def with_routes(text: str, routes: tuple[str, ...], *, limit: int, unit: str, reference: bool) -> str:
    """The text with as many of the routes, in order, as there is room for; ``limit`` is in ``unit``."""
    room = limit - REFERENCE_ROOM * reference
    for says in routes:
        longer = f"{text} {says}"
        text = longer if measure(longer, unit) <= room else text
    return text


def _approved(route: dict[str, Any]) -> bool:
    """An approval is a sentence that says who gave it; whatever else stands there is none."""
    return all(isinstance(route.get(name), str) and route[name].strip() for name in ("approved", "says"))
