"""The pages' addresses."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import open_to_anybody


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages = Blueprint("signin", __name__)

    @pages.get("/sign-in")
    @open_to_anybody
    def start() -> ResponseReturnValue:
        return "Sign in"

    return pages
