"""Gives back what somebody was typing when their sign-in ended."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import ROLES, open_to
from signpost.console.signin.guard import staff
from signpost.console.signin.kept import MARK, drop, kept_form

GONE = "What was kept here isn’t there any more, or it is somebody else’s. It is kept for a day, for whoever typed it."


def add(pages: Blueprint, parts: Parts) -> None:
    """The views, on the room's blueprint."""

    @pages.get("/sign-in/kept/<uuid:key>")
    @open_to(*ROLES)
    def kept(key: UUID) -> ResponseReturnValue:
        """Everything that was typed, to be sent now or let go."""
        found = kept_form(parts, str(key), staff().id)
        if found is None:
            abort(404, GONE)
        return render_template(
            "signin/again.html", address=found.address, fields=found.fields, kept=found.key, mark=MARK
        )

    @pages.post("/sign-in/kept/<uuid:key>/drop")
    @open_to(*ROLES)
    def drop_kept(key: UUID) -> ResponseReturnValue:
        """Keeps it no longer."""
        drop(parts, str(key), staff().id)
        flash("What was kept is gone.", "success")
        return redirect(url_for("about.start"), 303)
