"""The pages' addresses."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from signpost.console.parts import Parts
from signpost.console.roles import open_to_anybody


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages = Blueprint("about", __name__)

    @pages.get("/")
    @open_to_anybody
    def start() -> Response:
        return redirect(url_for("simulator.start"))

    return pages
