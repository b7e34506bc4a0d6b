"""Who may open what: every view says so itself, and a view that doesn't say keeps the application from starting."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask

REVIEWER, TRAINER, ADMINISTRATOR, AUDITOR = "reviewer", "trainer", "administrator", "auditor"
ROLES = (REVIEWER, TRAINER, ADMINISTRATOR, AUDITOR)
ANYBODY: frozenset[str] = frozenset()
"""The access of a view that needs no sign-in."""
STATIC = "static"
"""Flask's own view of styles, scripts and pictures, which anybody may load."""

View = TypeVar("View", bound=Callable[..., object])
_MARK = "_signpost_access"


def open_to(*roles: str) -> Callable[[View], View]:
    """Only those who have one of these roles; ``open_to(*ROLES)`` is everybody who is signed in."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"no such roles: {sorted(unknown)}")

    def mark(view: View) -> View:
        setattr(view, _MARK, frozenset(roles))
        return view

    return mark


def open_to_anybody(view: View) -> View:
    """No sign-in needed: sign-in itself, help, and what the service's own watchers ask."""
    setattr(view, _MARK, ANYBODY)
    return view


def access_of(app: Flask, endpoint: str) -> frozenset[str]:
    """The roles a view is open to; :data:`ANYBODY` when it needs no sign-in. Raises KeyError when it doesn't say."""
    view = app.view_functions[endpoint]
    access: frozenset[str] | None = getattr(view, _MARK, None)
    if access is None:
        raise KeyError(endpoint)
    return access


def check_access_is_said(app: Flask) -> None:
    """Raises RuntimeError naming each view that doesn't say who may open it."""
    silent = [one for one, view in app.view_functions.items() if one != STATIC and getattr(view, _MARK, None) is None]
    if silent:
        raise RuntimeError(f"these views don't say who may open them: {', '.join(sorted(silent))}")
