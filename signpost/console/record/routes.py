"""The pages' addresses."""

from flask import Blueprint

from signpost.console.parts import Parts


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    return Blueprint("record", __name__)
