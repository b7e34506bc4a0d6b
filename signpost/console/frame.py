"""What stands around every page of the console: who is signed in, where they may go, and how things are said."""

from typing import Any

from flask import Flask, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from signpost.console.build import is_built
from signpost.console.components import add_components
from signpost.console.parts import Parts
from signpost.console.protection import on_this_machine
from signpost.console.roles import ANYBODY, STATIC, access_of
from signpost.console.signin.guard import known_staff
from signpost.console.times import add_times
from signpost.console.words import add_words
from signpost.log.states import MOST_COUNTED, open_alert_count

SIMULATOR = "simulator.start"
PLACES = (
    ("Queue", "queue.page"),
    ("Reports", "reports.page"),
    ("Workbench", "workbench.page"),
    ("Corrections", "corrections.page"),
    ("Exports", "exports.page"),
    ("Alerts", "alerts.page"),
    ("Audit", "audit.page"),
    ("Retention", "retention.page"),
    ("Staff", "staff.page"),
    ("Simulator", SIMULATOR),
)
WITHIN = {"training": "workbench"}
"""Rooms that another one leads to."""
FIRST = ("queue.page", "corrections.page", "staff.page", "audit.page")
"""Where a role's work begins; who has several begins with the first."""
ALERTS = "alerts.page"


def frame(app: Flask, parts: Parts) -> None:
    """Makes ``base.html`` and the components' templates work."""
    add_components(app)
    add_times(app, parts.clock)
    add_words(app, parts.mandate)
    built = is_built()

    @app.context_processor
    def around() -> dict[str, Any]:
        return {
            "staff": known_staff(),
            "now": parts.clock(),
            "force": parts.mandate.force,
            "numbers": {
                "emergency": parts.mandate.emergency_number,
                "non_emergency": parts.mandate.non_emergency_number,
            },
            "built": built,
            "link_to": link_to,
            "navigation": lambda: navigation(parts),
        }


def link_to(endpoint: str, **values: Any) -> str | None:
    """The address of a page, if there is one and whoever asks may open it."""
    if endpoint not in current_app.view_functions or (endpoint == SIMULATOR and not on_this_machine()):
        return None
    someone = known_staff()
    needed = ANYBODY if endpoint == STATIC else access_of(current_app, endpoint)
    if needed != ANYBODY and not (someone and needed & someone.roles):
        return None
    return url_for(endpoint, **values)


def first_place() -> str | None:
    """Where the work of whoever is signed in begins; none when they have no role."""
    mine = (link_to(endpoint) for endpoint in (*FIRST, *(endpoint for _, endpoint in PLACES if endpoint != SIMULATOR)))
    return next((address for address in mine if address), None)


def navigation(parts: Parts) -> list[dict[str, Any]]:
    """The pages that are open to whoever is signed in, as GOV.UK's service navigation takes them."""
    items = []
    for text, endpoint in PLACES:
        address = link_to(endpoint)
        if address is None:
            continue
        here = request.endpoint == endpoint
        inside = not here and WITHIN.get(request.blueprint or "", request.blueprint) == endpoint.split(".")[0]
        item = {"text": text, "href": address, "current": here, "active": inside}
        if endpoint == ALERTS:
            item |= _with_count(text, _alerts_waiting(parts))
        items.append(item)
    return items


def _alerts_waiting(parts: Parts) -> int:
    try:
        with parts.reads() as reads:
            return open_alert_count(reads)
    except SQLAlchemyError:
        return 0  # The page that says so is being made.


def _with_count(text: str, count: int) -> dict[str, Any]:
    if not count:
        return {}
    shown = f"{count:,}+" if count >= MOST_COUNTED else str(count)
    return {
        "html": Markup(
            '{} <span class="moj-notification-badge">{}<span class="govuk-visually-hidden"> open</span></span>'
        ).format(text, shown)
    }
