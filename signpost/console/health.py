"""Tells whether the pages can work: ``/health``."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import open_to_anybody
from signpost.log.database import answers


def health(parts: Parts) -> Blueprint:
    """The one address, for ``signpost up``, ``signpost status`` and whatever watches the service."""
    pages = Blueprint("health", __name__)

    @pages.get("/health")
    @open_to_anybody
    def check() -> ResponseReturnValue:
        if not answers(parts.reads):
            return jsonify(ready=False, error="The database doesn't answer. See: signpost status"), 503
        return jsonify(ready=True)

    return pages
