"""Tells whether webhooks can be stored: ``/health``."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker

from signpost.intake.errors import error_answer
from signpost.log.database import answers


def health(reads: sessionmaker[Session]) -> Blueprint:
    """The one address, for ``signpost up``, ``signpost status`` and whatever watches the service."""
    pages = Blueprint("health", __name__)

    @pages.get("/health")
    def check() -> ResponseReturnValue:
        if not answers(reads):
            return error_answer(503, "The database doesn't answer: signpost status says more.")
        return jsonify(ready=True)

    return pages
