"""Holds every request to who may open what: nothing is looked at before this has let it through."""

from datetime import timedelta

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from signpost.console.parts import Parts
from signpost.console.roles import ANYBODY, STATIC, access_of
from signpost.console.signin.sessions import Limits, Staff, find

TOKEN = "sign_in"  # noqa: S105  # the name of a field in the signed cookie
LIMITS = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=10))


def staff() -> Staff:
    """Whoever is signed in. For views that need a sign-in; nobody else gets there."""
    return known_staff() or abort(403)


def known_staff() -> Staff | None:
    """Whoever is signed in, if anybody is: for the page's frame."""
    return g.get("staff")


def guard(app: Flask, parts: Parts) -> None:
    """Asks for a sign-in where one is needed, and refuses those who lack the role."""

    @app.before_request
    def look() -> Response | None:
        token = session.get(TOKEN)
        if token:
            with parts.reads() as reads:
                g.staff = find(reads, token, parts.clock(), LIMITS)
        if request.endpoint is None or request.endpoint == STATIC:
            return None
        needed = access_of(app, request.endpoint)
        if needed == ANYBODY:
            return None
        someone = known_staff()
        if someone is None:
            return redirect(url_for("signin.start", next=request.full_path))
        if not needed & someone.roles:
            abort(403)
        return None
